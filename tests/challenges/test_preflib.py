"""Open ballots as a file others can read: nothing in it but the ballots, and the same ranks come out."""

import pytest

from challenges.files import preflib
from challenges.tally import aggregate
from tests.challenges.rounds import published


@pytest.mark.parametrize(
    ("ballot", "line"),
    [
        ([1, 2, 3], "1,2,3"),
        ([2, 1, 2], "2,{1,3}"),
        ([0, 1, 0], "2,{1,3}"),
        ([0, 0, 0], "{1,2,3}"),
        ([1, -1, 0], "1,3"),
        ([-1, -1, 1], "3"),
    ],
)
def test_a_ballot_is_an_order_with_ties(ballot: list[int], line: str) -> None:
    assert preflib.order(ballot) == line


def test_a_file_names_everything_and_counts_equal_ballots() -> None:
    ballots = [[1, 2], [2, 1], [2, 1], [-1, 1], [-1, -1]]
    assert preflib.text(ballots, ["Capacity\n: 1", "Ö"], name="round-7-ballots", title="Kick-off").splitlines() == [
        "# FILE NAME: round-7-ballots.toi",
        "# TITLE: Kick-off",
        "# DESCRIPTION:",
        "# DATA TYPE: toi",
        "# NUMBER ALTERNATIVES: 2",
        "# NUMBER VOTERS: 4",
        "# NUMBER UNIQUE ORDERS: 3",
        "# ALTERNATIVE NAME 1: Capacity : 1",
        "# ALTERNATIVE NAME 2: Ö",
        "2: 2,1",
        "1: 1,2",
        "1: 2",
    ]


def test_ballots_with_an_opinion_on_everything_are_complete() -> None:
    assert (preflib.suffix([[1, 2], [0, 0]]), preflib.suffix([[1, 2], [1, -1]])) == ("toc", "toi")


def test_the_orders_in_the_file_rank_as_the_result_does() -> None:
    ballots = [[1, 2, 3, 0]] * 6 + [[0, 1, 1, 2]] * 5 + [[2, -1, 1, 3]] * 4
    shown = published(ballots, policy="open_ballots")
    assert shown.ballots is not None
    lines = preflib.text(shown.ballots, list("ABCD"), name="x", title="x").splitlines()
    again = []
    for line in lines:
        times, _, order = line.partition(": ")
        if times.isdigit():
            again += [read(order)] * int(times)
    ranks = {option.index: option.rank for option in shown.options}
    assert [int(rank) for rank in aggregate(again).ranks] == [ranks[index] for index in range(4)]


def read(order: str) -> list[int]:
    """Ranks of four options; one that is not named has no opinion."""
    ranks, rank, tied = [-1] * 4, 0, False
    for part in order.replace("{", "{ ").replace("}", " }").replace(",", " ").split():
        if part in "{}":
            tied, rank = part == "{", rank + (part == "{")
            continue
        rank += not tied
        ranks[int(part) - 1] = rank
    return ranks
