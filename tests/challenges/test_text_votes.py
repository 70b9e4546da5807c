"""What is said of a yes or no to a text: never an order of challenges, and never more than the ballots say."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges import actions
from challenges.disclosure import charts
from challenges.disclosure.cells import FEW
from challenges.disclosure.finding import Finding, Kind, finding
from challenges.disclosure.published import Influence, Published, Reason
from challenges.disclosure.remarks import Weights
from challenges.disclosure.text_votes import Counts, HelixVote, Lead, Vote, vote
from challenges.models import RankingRound
from people.models import User
from tests import factories as make
from tests.challenges.rounds import helices_of, published

YES, NO, NEITHER = [1, 0], [0, 1], [-1, -1]


def shown(
    yes: int, no: int, neither: int = 0, *, helices: Sequence[str] | None = None, policy: str = "breakdown"
) -> Published:
    """Options A (yes) and B (no); ballots in this order."""
    return published([YES] * yes + [NO] * no + [NEITHER] * neither, helices, on_text=True, policy=policy)


def of(yes: int, no: int, neither: int = 0) -> Finding:
    return finding(shown(yes, no, neither))


def read(published: Published) -> Vote:
    found = vote(published)
    assert found
    return found


def text(template: str, **context: object) -> str:
    html = re.sub(r"<[^>]*>", " ", render_to_string(f"challenges/{template}.html", context))
    return " ".join(html.split())


CASES = {
    "clear": ((12, 3), Kind.AHEAD, "More say “A” than “B”"),
    "clearly no": ((2, 13), Kind.AHEAD, "More say “B” than “A”"),
    "narrow": ((8, 7), Kind.NARROW, "More say “A” than “B”, by a narrow lead"),
    "even": ((7, 7), Kind.EVEN, "As many say “A” as “B”"),
    "few, clear": ((7, 0), Kind.AHEAD, "More say “A” than “B”"),
    "few, even": ((3, 3), Kind.EVEN, "As many say “A” as “B”"),
    "too few": ((4, 0), Kind.WITHHELD, "No result: fewer than five ballots"),
    "too few take a side": ((3, 1, 8), Kind.NO_OPINIONS, "No result: fewer than five ballots hold an opinion"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_headline_says_which_answer_leads_and_how_clearly(name: str) -> None:
    ballots, kind, sentence = CASES[name]
    found = of(*ballots)
    assert (found.kind, text("_finding", finding=found), text("_finding_short", finding=found)) == (
        kind,
        sentence,
        sentence,
    )


@pytest.mark.parametrize(
    ("ballots", "notes"),
    [
        ((12, 3, 2), "17 of 17 members voted. 12 say “A”, 3 say “B”, 2 take neither side."),
        (
            (1, 12, 1),
            "14 of 14 members voted. 1 says “A”, 12 say “B”, 1 takes neither side.",
        ),
        (
            (8, 7),
            (
                "15 of 15 members voted. 8 say “A”, 7 say “B”, 0 take neither side. Drawing the ballots anew, the lead "
                "holds in fewer than nine of ten draws. A single ballot less could end the lead."
            ),
        ),
        ((6, 6), "12 of 12 members voted. 6 say “A”, 6 say “B”, 0 take neither side."),
        ((7, 0), "7 of 7 members voted. With fewer than ten ballots no numbers are published."),
        ((6, 0, 6), "12 of 12 members voted. Fewer than ten take a side, so no numbers are published."),
    ],
)
def test_numbers_stand_beside_it_where_they_may_be_shown(ballots: tuple[int, ...], notes: str) -> None:
    assert text("_finding_notes", finding=of(*ballots)) == notes


def test_two_answers_with_few_ballots_have_neither_numbers_nor_remarks() -> None:
    found = read(shown(5, 2))
    assert (found.counts, found.one_less, found.minds, found.lead) == (None, None, None, Lead("A", clear=True))


def test_a_lead_of_five_is_turned_by_three() -> None:
    found = read(shown(10, 5))
    assert (found.counts, found.minds, found.one_less) == (Counts((("A", 10), ("B", 5)), 0), 3, False)
    assert text("_vote_remarks", vote=replace(found, weights=None)) == (
        "Leaving out any one ballot keeps the lead. "
        "3 members who change from “A” to “B” would be enough to turn the lead."
    )


def test_of_an_even_vote_no_lead_is_discussed() -> None:
    found = replace(read(shown(7, 7)), weights=None)
    assert (text("_vote_remarks", vote=found), of(7, 7).fragile) == ("", False)


def test_one_ballot_that_ends_the_lead_is_named() -> None:
    alone = replace(shown(10, 5), influence=Influence(first=True, top_three=True, order=True))
    assert (finding(alone).fragile, "without which the lead would end" in text("_vote_remarks", vote=read(alone))) == (
        True,
        True,
    )


def test_disagreeing_weightings_are_said_with_what_the_other_one_gives() -> None:
    helices = helices_of(government=20, business=5, academia=5)
    found = finding(published([YES] * 20 + [NO] * 10, helices, on_text=True))
    assert found.vote
    assert (found.other_weights, found.vote.weights, found.vote.equal) == (True, Weights.OTHER, Lead("B", clear=True))
    assert "When every helix weighs the same, this is no longer so; see below." in text("_finding_notes", finding=found)
    assert "When every helix weighs the same: “B” leads ." in text("_vote_remarks", vote=found.vote)


def test_agreeing_weightings_and_hidden_ones_are_said_too() -> None:
    agreeing = read(shown(12, 0, helices=helices_of(government=6, business=6)))
    hidden = read(shown(12, 0, helices=helices_of(government=9, business=3)))
    assert [found.weights for found in (agreeing, hidden)] == [Weights.SAME, Weights.HIDDEN]
    assert "the result stays as it is" in text("_vote_remarks", vote=agreeing)
    assert "No reading with helices weighing the same" in text("_vote_remarks", vote=hidden)


def test_a_helix_tells_its_lead_only_where_five_of_it_take_a_side() -> None:
    helices = helices_of(government=7, business=6, academia=2)
    ballots = [YES] * 5 + [NO] * 2 + [NO] * 4 + [NEITHER] * 2 + [YES] * 2
    government, business, academia, civil_society = read(published(ballots, helices, on_text=True)).helices
    assert government == HelixVote("government", 7, Lead("A", clear=True), None)
    assert (business.n, business.lead, business.reason) == (None, None, Reason.PROTECTS_ANOTHER)
    assert (academia.lead, academia.reason) == (None, Reason.FEWER_THAN_FIVE)
    assert (civil_society.lead, civil_society.n) == (None, None)


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (Lead("A", clear=True), "“A” leads"),
        (Lead("A", clear=False), "“A” leads narrowly"),
        (Lead("", clear=False), "both level"),
        (Lead("", clear=False, told=False), "not told apart"),
    ],
)
def test_a_lead_in_words(lead: Lead, words: str) -> None:
    assert text("_lead", lead=lead) == words


def test_rounds_on_challenges_and_withheld_answers_are_no_vote() -> None:
    assert [vote(published([YES] * 12)), vote(shown(2, 1)), vote(published([[1]] * 12, on_text=True))] == [None] * 3
    assert vote(published([[1, 2, 3]] * 12, on_text=True)) is None
    assert finding(published([[1, -1]] * 12, on_text=True)).kind is Kind.SINGLE


@settings(max_examples=60, deadline=None)
@given(yes=st.integers(0, 14), no=st.integers(0, 14), neither=st.integers(0, 6))
def test_no_sentence_claims_more_than_the_numbers(yes: int, no: int, neither: int) -> None:
    """Whoever is said to lead has more ballots; so many minds turn it and one less does not; a single one too."""
    told = finding(published([YES] * yes + [NO] * no + [NEITHER] * neither, on_text=True, resamples=20))
    if told.vote is None:
        assert yes + no < FEW
        return
    lead = {"A": 1, "B": -1, "": 0}[told.vote.lead.ahead]
    margin = (yes - no) * lead
    assert (lead, told.kind is Kind.EVEN) == ((yes > no) - (yes < no), yes == no)
    if told.vote.counts:
        assert told.vote.counts == Counts((("A", yes), ("B", no)), neither)
    if told.vote.minds is not None:
        assert margin - 2 * told.vote.minds < 0 <= margin - 2 * (told.vote.minds - 1)
    if lead and told.vote.one_less is not None:
        assert told.vote.one_less is (margin == 1)


def test_bars_give_ballots_and_their_share_of_all() -> None:
    bars = charts.answer_bars(Counts((("Yes", 12), ("No", 5)), 3))
    assert [(bar.title, bar.ballots, bar.percent) for bar in bars] == [("Yes", 12, 60), ("No", 5, 25), ("", 3, 15)]


def asked(*answers: list[int], **values: object) -> RankingRound:
    words = {"options": [], "wordings": ["Yes", "No"], "title": "One call", "question": "We ask for one.\n\nSoon."}
    return make.published_round(make.group(), *answers, **(words | values))


def page_of(round_: RankingRound) -> str:
    page = Client().get(round_.get_absolute_url()).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2].partition("</main>")[0]).split())


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
@pytest.mark.parametrize("policy", ["breakdown", "open_ballots"])
@pytest.mark.parametrize("ballots", [(3, 0, 0), (6, 1, 0), (3, 1, 4), (12, 5, 3), (6, 6, 0)])
def test_no_page_of_a_vote_speaks_of_challenges_or_of_ranks(ballots: tuple[int, int, int], policy: str) -> None:
    yes, no, neither = ballots
    page = page_of(asked(*[YES] * yes, *[NO] * no, *[NEITHER] * neither, policy=policy))
    told = page.replace("Challenge register", "").replace("manage.py rank", "").replace("--unranked", "")
    assert re.findall(r"[^.]*(?:challenge|rank\b|ranks|ranked|tier|top three|option)[^.]*", told, re.IGNORECASE) == []
    assert "We ask for one. Soon. Yes No" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_a_vote_asked_again_stands_beside_the_first(signed_in: Callable[[User], Client]) -> None:
    first = asked(*[YES] * 12, *[NO] * 3, will_repeat=True)
    again = make.open_round(first.group, options=[], repeats=first, title="One call, again")
    paper = signed_in(again.electors.order_by("pk")[0].user).get(reverse("challenges:ballot", args=[again.pk]))
    assert "Last time, “Yes” led in the group. You answered “Yes”." in " ".join(paper.content.decode().split())
    make.vote(again, *[YES] * 6, *[NO] * 9)
    actions.close_round(round=again, by=None)
    page = page_of(actions.publish_round(round=again, by=make.secretariat()))
    assert "What changed since the earlier vote" in page
    assert "One call 15 of 15 More say “Yes” than “No” : 12 say “Yes”, 3 say “No”, 0 take neither side." in page


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_the_room_asks_for_an_answer_and_shows_the_numbers_afterwards() -> None:
    round_ = make.open_round(make.group(), electors=14, options=[], wordings=["Yes", "No"], question="We ask for one.")
    room = actions.open_room(round=round_, by=make.secretariat())
    while_open = Client().get(room.get_absolute_url()).content.decode()
    make.vote(round_, *[YES] * 9, *[NO] * 5)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    afterwards = Client().get(room.get_absolute_url()).content.decode()
    assert ("Scan, sign in, answer." in while_open, "most important" in while_open) == (True, False)
    assert re.search(r"9 say “Yes”,\s+5 say “No”,\s+0 take neither side.", afterwards)
    assert "Tier" not in afterwards
