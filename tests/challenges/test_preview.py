"""Before a round opens: who would be asked, which gaps there are, and which breakdowns could be shown at best."""

from typing import Any

import pytest

from challenges import preview
from challenges.models import RankingRound
from tests import factories as make

pytestmark = pytest.mark.django_db


def draft(sizes: dict[str, int], **values: Any) -> RankingRound:
    group = make.group()
    for helix, number in sizes.items():
        for _ in range(number):
            make.member(group, helix=helix)
    return make.round_(group, **values)


def test_large_cells_can_be_shown_and_weigh_the_same() -> None:
    found = preview.electors(draft({"government": 5, "business": 5, "academia": 5, "civil_society": 5}))
    assert (found.total, found.without, found.warnings) == (20, 0, [])
    assert (found.possible, found.equal) == (["government", "business", "academia", "civil_society"], True)


def test_a_small_cell_takes_another_with_it() -> None:
    found = preview.electors(draft({"government": 9, "business": 6, "academia": 2}))
    assert (found.possible, found.equal) == (["government"], False)
    assert found.warnings == [
        "Nobody from these helices would be asked: Civil society.",
        "Even if all vote, these helices would not be shown: Business, Academia.",
    ]


def test_open_ballots_allow_no_breakdown() -> None:
    found = preview.electors(draft({"government": 9, "business": 9}, policy="open_ballots"))
    assert (found.possible, found.equal) == ([], False)


@pytest.mark.parametrize(("number", "words"), [(4, "Fewer than five"), (9, "Fewer than ten")])
def test_too_few_for_a_result_or_for_figures_is_said_first(number: int, words: str) -> None:
    assert preview.electors(draft({"business": number})).warnings[0].startswith(words)


def test_people_without_a_helix_are_counted_and_named_as_such() -> None:
    found = preview.electors(draft({"business": 6, "": 6}))
    assert (found.without, found.possible, found.equal) == (6, ["business"], False)
    assert found.warnings[-1].startswith("Some members have not stated a helix")
