"""Tiers, agreement in words, influence of one ballot, minds to change, a minority's first."""

import random

import pytest

from challenges import stability, tally
from challenges.count import pairs, resampling
from tests.challenges import slow_reference as slow


def certain(ranks: list[int]) -> list[list[float]]:
    return [[1.0 if a < b else 0.5 if a == b else 0.0 for b in ranks] for a in ranks]


def test_neighbours_told_apart_stand_in_their_own_tiers() -> None:
    assert stability.tiers([2, 1, 3], certain([2, 1, 3])) == [2, 1, 3]


@pytest.mark.parametrize(("share", "expected"), [(0.90, [1, 2]), (0.8995, [1, 1])])
def test_a_tier_ends_where_nine_in_ten_resamples_agree(share: float, expected: list[int]) -> None:
    assert stability.tiers([1, 2], [[0.5, share], [1 - share, 0.5]]) == expected


def test_options_of_one_rank_share_a_tier_whatever_the_resamples_say() -> None:
    assert stability.tiers([1, 1, 3], certain([1, 2, 3])) == [1, 1, 2]


def test_a_tied_option_that_is_not_told_apart_keeps_the_tiers_together() -> None:
    p_above = [[0.5, 0.5, 0.95], [0.5, 0.5, 0.80], [0.05, 0.2, 0.5]]
    assert stability.tiers([1, 1, 3], p_above) == [1, 1, 1]


def test_no_options_have_no_tiers() -> None:
    assert stability.tiers([], []) == []


@pytest.mark.parametrize(
    ("w", "band"),
    [
        (0.0, "very_weak"),
        (0.1, "very_weak"),
        (0.2, "weak"),
        (0.3, "weak"),
        (0.5, "moderate"),
        (0.7, "strong"),
        (0.79, "strong"),
        (0.9, "unusually_strong"),
        (1.0, "unusually_strong"),
    ],
)
def test_agreement_is_named_by_the_nearest_value_of_the_scale(w: float, band: str) -> None:
    assert stability.agreement_band(w) == band


def swapped(table: list[list[int]], a: int, b: int, members: int) -> bool:
    changed = [list(row) for row in table]
    changed[a][b] -= members
    changed[b][a] += members
    ranks = slow.schulze(changed, "margins")
    return ranks[b] < ranks[a]


def swaps_of(table: list[list[int]]) -> list[tuple[int, int, int | None]]:
    return list(stability.swaps(slow.schulze(table, "margins"), table, tally.ranking("schulze", "margins")))


def test_swaps_count_the_fewest_minds_that_swap_two_neighbours() -> None:
    assert swaps_of([[0, 8, 9], [3, 0, 6], [2, 4, 0]]) == [(0, 1, 3), (1, 2, 2)]


def test_a_circle_that_holds_an_option_up_can_be_broken_by_few() -> None:
    """C beats A head to head, and A stands above C by way of others: one mind more and C stands above."""
    table = [[0, 1, 3, 4], [3, 0, 5, 4], [4, 1, 0, 2], [3, 2, 4, 0]]
    assert slow.schulze(table, "margins") == [2, 1, 3, 2]
    assert swaps_of(table) == [(1, 0, 2), (1, 3, 2), (0, 2, 1), (3, 2, 1)]


def test_no_number_of_minds_swaps_where_other_majorities_hold() -> None:
    """Only one ballot puts D above B: when it is turned, D still stands there by other ways."""
    table = [[0, 1, 1, 1, 1], [2, 0, 2, 0, 1], [1, 1, 0, 1, 2], [2, 1, 2, 0, 2], [2, 2, 1, 1, 0]]
    assert stability.Swap(3, 1, None) in swaps_of(table)


def random_table(seed: int) -> list[list[int]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    m = chance.randint(2, 5)
    return slow.pairwise([[chance.randint(0, m) for _ in range(m)] for _ in range(chance.randint(1, 9))], m)


@pytest.mark.parametrize("seed", range(100))
def test_swaps_equal_trying_one_member_after_the_other(seed: int) -> None:
    table = random_table(seed)
    for a, b, members in swaps_of(table):
        enough = [tried for tried in range(table[a][b] + 1) if swapped(table, a, b, tried)]
        assert members == (enough[0] if enough else None)


def test_equal_ranks_have_no_order_to_swap() -> None:
    assert swaps_of([[0, 4], [4, 0]]) == []
    assert stability.swaps([], [], tally.ranking("schulze", "margins")) == []


def without_each(ballots: list[list[int]]) -> stability.Influence:
    result = tally.aggregate(ballots)
    given = pairs.profile(pairs.ballot_table(ballots), pairs.ballot_weights(len(ballots), None, None))
    ranks = resampling.leave_one_out(given, result.pairwise, tally.ranking("schulze", "margins"))
    expected = [tally.aggregate(ballots[:k] + ballots[k + 1 :]).ranks.tolist() for k in range(len(ballots))]
    assert ranks.T.tolist() == expected
    return stability.influence(result.ranks.tolist(), ranks.tolist())


def test_one_ballot_may_decide_who_is_first() -> None:
    ballots = [[1, 2, 3, 4]] * 3 + [[2, 1, 3, 4]] * 2
    assert without_each(ballots) == stability.Influence(first=3, top_three=0, order=3)


def test_a_clear_result_hangs_on_no_ballot() -> None:
    assert without_each([[1, 2, 3]] * 7) == stability.Influence(first=0, top_three=0, order=0)


def test_a_minoritys_first_has_a_fifth_of_first_places_and_the_lowest_tier() -> None:
    assert stability.minority_firsts([7, 2, 1], 10, [1, 2, 2]) == [False, True, False]
    assert stability.minority_firsts([7, 2, 1], 11, [1, 2, 2]) == [False, False, False]


def test_without_a_second_tier_there_is_no_minoritys_first() -> None:
    assert stability.minority_firsts([5, 5], 10, [1, 1]) == [False, False]
    assert stability.minority_firsts([], 0, []) == []
