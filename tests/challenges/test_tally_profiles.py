"""Five hundred random profiles: every method equals the slow reference, and every promise of the count holds."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from challenges import tally
from challenges.count import methods, pairs, resampling
from challenges.tally import Aggregation
from tests.challenges import slow_reference as slow

Ballots = list[list[int]]
Make = Callable[[random.Random, int, int], list[int]]

SHARES = 20
PROFILES = 500
FEWER = 250


def impartial(chance: random.Random, m: int, _: int) -> list[int]:
    return chance.sample(range(1, m + 1), m)


def with_ties(chance: random.Random, m: int, _: int) -> list[int]:
    return [chance.randint(1, max(1, m // 2 + 1)) for _ in range(m)]


def partial(chance: random.Random, m: int, _: int) -> list[int]:
    return [chance.choice([0, 0, rank]) for rank in chance.sample(range(1, m + 1), m)]


def anything(chance: random.Random, m: int, _: int) -> list[int]:
    return [chance.randint(-1, m) for _ in range(m)]


def around_one_order(chance: random.Random, m: int, _: int) -> list[int]:
    noise = [option + chance.gauss(0, 1.5) for option in range(m)]
    return [1 + sum(other < own for other in noise) for own in noise]


def in_a_circle(chance: random.Random, m: int, number: int) -> list[int]:
    turned = [(place + number) % m + 1 for place in range(m)]
    return turned if chance.random() < 0.9 else turned[::-1]


CULTURES: tuple[Make, ...] = (impartial, with_ties, partial, anything, around_one_order, in_a_circle)


def profile(seed: int) -> tuple[Ballots, list[int], random.Random]:
    """Ballots, their weights, and the chance that goes on from there."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    make, m = CULTURES[seed % len(CULTURES)], chance.randint(1, 5)
    ballots = [make(chance, m, number) for number in range(chance.randint(1, 11))]
    weights = [chance.choice([1, 1, 1, 2, 3]) for _ in ballots]
    return ballots, weights, chance


@pytest.mark.parametrize("share", range(SHARES))
def test_every_promise_holds_on_random_profiles(share: int) -> None:
    for seed in range(share, PROFILES, SHARES):
        ballots, weights, chance = profile(seed)
        found = {method: tally.aggregate(ballots, method, weights) for method in methods.METHODS}
        equals_the_reference(ballots, weights, found)
        treats_options_alike(ballots, weights, found, chance)
        treats_ballots_alike(ballots, weights, found, chance)
        counts_proportions_only(ballots, weights, found)
        puts_who_wins_every_majority_on_top(found)
        is_not_moved_by_clones(ballots, weights, found["schulze"], chance)


def equals_the_reference(ballots: Ballots, weights: list[int], found: dict[str, Aggregation]) -> None:
    m = len(ballots[0])
    table = slow.pairwise(ballots, m, weights)
    schulze, kemeny = found["schulze"], slow.kemeny(table)
    assert schulze.pairwise.tolist() == table
    assert schulze.compared.tolist() == slow.compared(ballots, m, weights)
    assert methods.schulze_paths(schulze.pairwise).tolist() == slow.schulze_paths(table, "margins")
    assert ranks(found["schulze"]) == slow.schulze(table, "margins")
    assert ranks(tally.aggregate(ballots, "schulze", weights, strength="winning")) == slow.schulze(table, "winning")
    assert ranks(found["borda"]) == slow.standing(slow.borda(ballots, m, weights))
    assert ranks(found["copeland"]) == slow.standing(slow.copeland(table))
    assert ranks(found["ranked_pairs"]) == slow.ranked_pairs(table, "margins")
    assert found["kemeny"].best_worst is not None
    assert (found["kemeny"].cost, found["kemeny"].best_worst.tolist()) == (kemeny.cost, kemeny.best_worst)
    assert schulze.condorcet == slow.condorcet_winner(table)


def treats_options_alike(
    ballots: Ballots, weights: list[int], found: dict[str, Aggregation], chance: random.Random
) -> None:
    """Neutral: options in another order get the same ranks."""
    order = chance.sample(range(len(ballots[0])), len(ballots[0]))
    moved = [[row[option] for option in order] for row in ballots]
    for method, plain in found.items():
        assert ranks(tally.aggregate(moved, method, weights)) == [ranks(plain)[option] for option in order]


def treats_ballots_alike(
    ballots: Ballots, weights: list[int], found: dict[str, Aggregation], chance: random.Random
) -> None:
    """Anonymous: ballots in another order, and a weight as so many ballots, change nothing."""
    order = chance.sample(range(len(ballots)), len(ballots))
    spelt = [ballots[k] for k in order for _ in range(weights[k])]
    for method, plain in found.items():
        shuffled = tally.aggregate([ballots[k] for k in order], method, [weights[k] for k in order])
        assert everything(shuffled) == everything(plain)
        assert ranks(tally.aggregate(spelt, method)) == ranks(plain)


def counts_proportions_only(ballots: Ballots, weights: list[int], found: dict[str, Aggregation]) -> None:
    """Homogeneous: every ballot three times gives the same ranks; so do gaps between ranks."""
    gaps = [[rank * 9 - 4 if rank > 0 else rank for rank in row] for row in ballots]
    for method, plain in found.items():
        assert ranks(tally.aggregate(ballots * 3, method, weights * 3)) == ranks(plain)
        assert ranks(tally.aggregate(gaps, method, weights)) == ranks(plain)


def puts_who_wins_every_majority_on_top(found: dict[str, Aggregation]) -> None:
    """Alone at rank 1, by every method but Borda's."""
    for method, result in found.items():
        if result.condorcet is not None and method != "borda":
            assert [option for option, rank in enumerate(ranks(result)) if rank == 1] == [result.condorcet]


def is_not_moved_by_clones(ballots: Ballots, weights: list[int], plain: Aggregation, chance: random.Random) -> None:
    """A near-duplicate beside its twin on every ballot changes nothing between the others, nor who wins."""
    m = len(ballots[0])
    twin = chance.randrange(m)
    cloned = []
    for row in ballots:
        spread = [3 * rank if rank > 0 else rank for rank in row]
        alone = row[twin] > 0 and row.count(row[twin]) == 1
        cloned.append([*spread, spread[twin] + (chance.choice([-1, 0, 1]) if alone else 0)])
    fuller = tally.aggregate(cloned, "schulze", weights)
    assert {twin if option == m else option for option in first(fuller)} == set(first(plain))
    before, after = methods.schulze_paths(plain.pairwise), methods.schulze_paths(fuller.pairwise)
    others = [option for option in range(m) if option != twin]
    for a in others:
        assert [before[a, b] > before[b, a] for b in others] == [after[a, b] > after[b, a] for b in others]


def first(result: Aggregation) -> list[int]:
    return [option for option, rank in enumerate(ranks(result)) if rank == 1]


def ranks(result: Aggregation) -> list[int]:
    found: list[int] = result.ranks.tolist()
    return found


def everything(result: Aggregation) -> dict[str, Any]:
    return {name: value.tobytes() if hasattr(value, "tobytes") else value for name, value in vars(result).items()}


@pytest.mark.parametrize("share", range(4))
def test_leaving_each_member_out_equals_counting_without(share: int) -> None:
    for seed in range(share, FEWER, 4):
        ballots, weights, _ = profile(seed)
        given = pairs.profile(pairs.ballot_table(ballots), pairs.ballot_weights(len(ballots), weights, None))
        found = resampling.leave_one_out(given, pairs.pairwise(given), tally.ranking("schulze", "margins"))
        m = len(ballots[0])
        for k, column in enumerate(found.T.tolist()):
            rest = slow.pairwise(ballots[:k] + ballots[k + 1 :], m, weights[:k] + weights[k + 1 :])
            assert column == slow.schulze(rest, "margins")
