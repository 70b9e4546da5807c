"""A publication of a yes or no to a text says what its page says, in every case, and never speaks of an order."""

import re

import pytest

from outcomes import document
from outcomes.actions import outcome_of_round
from outcomes.nodes import Bars, Document, Paragraph, Table, texts
from tests import factories as make
from tests.outcomes.told import WORDS, a_round, a_snapshot

YES, NO, NEITHER = [1, 0], [0, 1], [-1, -1]


def composed(ballots: list[list[int]], helices: list[str] | None = None, headline: str = "The headline") -> Document:
    told = a_round(ballots, helices or ["business"] * len(ballots), on_text=True, headline=headline)
    return document.compose(a_snapshot(told), WORDS)


def said(told: Document) -> list[str]:
    return [block.text for block in told.sections[0].blocks if isinstance(block, Paragraph)]


def test_the_sections_of_a_vote_know_no_order() -> None:
    told = composed([YES] * 12 + [NO] * 4)
    assert [section.heading for section in told.sections][:5] == [
        "What was found",
        "The text",
        "Who was asked, and who voted",
        "How the helices answered",
        "How it was counted",
    ]
    bars, table = told.sections[0].blocks[1:3]
    assert isinstance(bars, Bars)
    assert isinstance(table, Table)
    assert table.rows == (("Option 0", "12", "75 %"), ("Option 1", "4", "25 %"), ("Neither side", "0", "0 %"))


@pytest.mark.parametrize(
    ("ballots", "sentences"),
    [
        (
            [YES] * 12 + [NO] * 4,
            ["Leaving out any one ballot keeps the lead.", "5 members changing sides would turn it."],
        ),
        (
            [YES] * 8 + [NO] * 7,
            [
                "Drawing the ballots anew, the lead holds in fewer than nine of ten draws.",
                "There is a ballot without which the lead would end.",
                "1 member changing sides would turn it.",
            ],
        ),
        ([YES] * 6 + [NO] * 6, []),
        ([YES] * 7, ["Fewer than ten ballots take a side, so no numbers are published."]),
    ],
    ids=["clear", "narrow", "even", "few"],
)
def test_each_sentence_holds_for_its_ballots(ballots: list[list[int]], sentences: list[str]) -> None:
    alike = "If each helix weighed the same, the result would stay as it is."
    assert said(composed(ballots)) == [
        f"The headline. {len(ballots)} of {len(ballots)} electors voted.",
        *sentences,
        alike,
    ]


def test_another_weighting_is_told_with_its_lead() -> None:
    told = composed([YES] * 20 + [NO] * 10, ["government"] * 20 + ["business"] * 5 + ["academia"] * 5)
    assert said(told)[-1] == "If each helix weighed the same: “Option 1” leads."
    helices = next(section for section in told.sections if section.anchor.startswith("helices")).blocks[0]
    assert isinstance(helices, Table)
    assert [row[1:] for row in helices.rows] == [
        ("“Option 0” leads", "20"),
        ("“Option 1” leads", "5"),
        ("“Option 1” leads", "5"),
        ("not shown: fewer than five", "–"),
    ]


def test_without_five_on_a_side_only_the_headline_stands() -> None:
    assert said(composed([YES] * 3 + [NEITHER] * 4)) == ["The headline. 7 of 7 electors voted."]


@pytest.mark.parametrize("ballots", [[YES] * 12 + [NO] * 4, [YES] * 7, [YES] * 3 + [NEITHER] * 4])
def test_nothing_in_it_speaks_of_challenges_or_ranks(ballots: list[list[int]]) -> None:
    words = " ".join(texts(composed(ballots)))
    assert re.findall(r"\w*(?:challenge|rank|tier|top three)\w*", words, re.IGNORECASE) == []


@pytest.mark.django_db
def test_the_draft_that_begins_by_itself_is_titled_as_a_vote() -> None:
    round_ = make.published_round(
        make.group(name="Ports"), *[YES] * 12, *[NO] * 3, options=[], wordings=["Yes", "No"], title="One call"
    )
    edition = outcome_of_round(round_id=round_.pk)
    assert edition
    assert (edition.title, edition.abstract) == (
        "One call: how the members voted",
        "Ports asked its members for a yes or no to a text. More say “Yes” than “No”. 15 of 15 electors voted.",
    )
