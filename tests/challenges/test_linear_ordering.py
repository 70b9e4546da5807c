"""Kemeny's orders by integer programme: the same as by all permutations, and as by dynamic programming."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from challenges import tally
from challenges.count import kemeny, linear_ordering
from tests.challenges import slow_reference as slow


def table(seed: int, m: int, ballots: int) -> list[list[int]]:
    """Pairs of random ballots with ties and unranked options."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    return slow.pairwise([[chance.randint(0, m) for _ in range(m)] for _ in range(ballots)], m)


def turning(m: int) -> list[list[int]]:
    """One ballot for each turn of a wheel: the larger m, the more orders are equally good."""
    return [[(place + turn) % m + 1 for place in range(m)] for turn in range(m)]


def cost_of_turning(m: int) -> int:
    """Every turn of the wheel is optimal: of two options d apart, m - d ballots agree and d do not."""
    return sum(d * (m - d) for d in range(1, m))


def by_programme(pairwise: list[list[int]]) -> tuple[int, list[list[int]]]:
    solved = kemeny._by_programme(np.array(pairwise))
    return solved.cost, solved.best_worst.tolist()


@pytest.mark.parametrize("seed", range(60))
def test_the_programme_equals_all_permutations(seed: int) -> None:
    pairwise = table(seed, 2 + seed % 5, 1 + seed % 7)
    expected = slow.kemeny(pairwise)
    assert by_programme(pairwise) == (expected.cost, expected.best_worst)


@pytest.mark.parametrize("seed", range(12))
def test_the_programme_equals_dynamic_programming(seed: int) -> None:
    pairwise = table(seed, 9 + seed % 5, (2, 3, 20)[seed % 3])
    solved = kemeny._by_sets(np.array(pairwise))
    assert by_programme(pairwise) == (solved.cost, solved.best_worst.tolist())


def test_a_relaxation_that_is_no_order_is_solved_in_whole_numbers() -> None:
    """A single voter without an order: the relaxed optimum of such tables is mostly a fraction."""
    chance = random.Random(1)  # noqa: S311 - repeatable, no secret
    pairwise = [[0] * 14 for _ in range(14)]
    for i in range(14):
        for j in range(i):
            winner, loser = (i, j) if chance.random() < 0.5 else (j, i)
            pairwise[winner][loser] = 1
    solved = kemeny._by_sets(np.array(pairwise))
    assert by_programme(pairwise) == (solved.cost, solved.best_worst.tolist())


def test_a_large_circle_can_start_anywhere() -> None:
    m = kemeny.LARGEST_BY_SETS + 1
    result = tally.aggregate(turning(m), "kemeny")
    assert result.best_worst is not None
    assert result.best_worst.tolist() == [[1, m]] * m
    assert result.ranks.tolist() == [1] * m
    assert result.cost == cost_of_turning(m)


def test_many_options_that_nobody_ranked_can_stand_anywhere() -> None:
    result = tally.aggregate([[0] * 30], "kemeny")
    assert (result.cost, result.best_worst is not None and result.best_worst.tolist()) == (0, [[1, 30]] * 30)


def test_parts_on_both_sides_of_a_large_circle_are_solved_alone() -> None:
    circle = turning(20)
    result = tally.aggregate([[1, *(rank + 1 for rank in row), 22] for row in circle], "kemeny")
    assert result.best_worst is not None
    assert result.best_worst.tolist() == [[1, 1], *[[2, 21]] * 20, [22, 22]]


def test_equal_weights_of_groups_are_brought_down_to_what_tells_them_apart() -> None:
    m = kemeny.LARGEST_BY_SETS + 1
    heavy = tally.aggregate(turning(m), "kemeny", weights=[10**12] * m)
    assert heavy.cost == 10**12 * cost_of_turning(m)


def test_weights_too_large_for_the_solver_are_named() -> None:
    with pytest.raises(kemeny.TooHard, match="weights are too large"):
        tally.aggregate(turning(20), "kemeny", weights=[10**9 + turn for turn in range(20)])


def test_a_circle_too_hard_to_solve_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_ordering, "MOST_STEPS", 10)
    with pytest.raises(kemeny.TooHard, match="kemeny: 20 options in one circle of majorities are too hard"):
        tally.aggregate(turning(20), "kemeny")


def test_the_solver_is_imported_only_for_a_large_circle() -> None:
    code = (
        "import sys; from challenges import tally\n"
        "for m in (18, 19):\n"
        "    tally.aggregate([[(p + t) % m + 1 for p in range(m)] for t in range(m)], 'kemeny')\n"
        "    print('highspy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]
