"""The front page's figure stays small: tiers while they fit, names of the next one where not, bars for a vote."""

import pytest
from django.test import Client

from s3cop.pages.latest import latest_finding
from tests import factories as make

pytestmark = pytest.mark.django_db


def drawn(*answers: list[int], **values: object) -> tuple[list[int], int, list[tuple[str, int]]]:
    """Return rows of each tier, how many names follow, and the bars."""
    make.published_round(make.group(), *answers, **values)
    found = latest_finding()
    assert found
    return [len(tier.rows) for tier in found.tiers], len(found.following), [(b.title, b.ballots) for b in found.bars]


def test_two_small_tiers_are_drawn_and_no_third() -> None:
    assert drawn(*[[1, 2, 3, 4]] * 10) == ([1, 1], 0, [])


def test_of_a_large_second_tier_only_names_follow() -> None:
    assert drawn(*[[1, 2, 2, 2, 2, 2]] * 10) == ([1], 5, [])


def test_a_vote_is_drawn_as_bars_where_numbers_may_be_shown() -> None:
    on_text = {"options": [], "wordings": ["Yes", "No"]}
    assert drawn(*[[1, 0]] * 9, *[[0, 1]] * 3, **on_text) == ([], 0, [("Yes", 9), ("No", 3), ("", 0)])
    assert drawn(*[[1, 0]] * 7, **on_text) == ([], 0, [])


def test_the_front_page_tells_a_vote_in_its_own_words() -> None:
    make.published_round(make.group(), *[[1, 0]] * 9, *[[0, 1]] * 3, options=[], wordings=["Yes", "No"])
    page = " ".join(Client().get("/").content.decode().split())
    assert "More say “Yes” than “No”" in page
    assert "9 say “Yes”, 3 say “No”, 0 take neither side." in page
    assert "Dot: rank" not in page
