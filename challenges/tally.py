"""The count: ballots in, ranks out, by one of five methods over one shared pairwise table. Integers only."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from challenges.count import kemeny, methods, pairs, resampling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a method says of a pairwise table."""

    ranks: NDArray[np.int64]
    scores: NDArray[np.int64] | None = None
    best_worst: NDArray[np.int64] | None = None
    cost: int | None = None


@dataclass(frozen=True, eq=False)
class Aggregation:
    """The result of `aggregate` for n ballots on m options."""

    ranks: NDArray[np.int64]  # (m,) competition ranks; equal numbers are ties
    pairwise: NDArray[np.int64]  # (m, m) weight that puts the row above the column
    compared: NDArray[np.int64]  # (m, m) weight with an opinion on both
    scores: NDArray[np.int64] | None  # (m,) Borda and Copeland only
    interval: NDArray[np.int64] | None  # (m, 2) lowest and highest rank, with resamples
    p_above: NDArray[np.float64] | None  # (m, m) share of resamples that rank the row above the column, ties half
    best_worst: NDArray[np.int64] | None  # (m, 2) Kemeny: places over all optimal orders
    cost: int | None  # Kemeny: weight that prefers b, summed over all pairs placed a above b
    condorcet: int | None  # the option that wins every majority
    agreement: float | None  # Kendall's W, when no ballot holds "no opinion"
    n: int  # ballots
    n_effective: float  # (sum of weights)² / sum of squares (Kish)


def aggregate(  # noqa: PLR0913 - one documented entrance to the count
    ballots: Any,
    method: str = "schulze",
    weights: Any = None,
    *,
    groups: Sequence[Hashable] | None = None,
    strength: str = "margins",
    resamples: int = 0,
    level: float = 0.90,
    seed: int = 0,
) -> Aggregation:
    """Rank options by ballots.

    ballots: (n, m) integers, >= 1 rank, 0 not a priority (tied below every ranked option), -1 no opinion (pairs with
    it are not counted); gaps between ranks do not matter. method: schulze, borda, copeland, kemeny or ranked_pairs.
    weights: (n,) non-negative integers, 1 each by default. groups: (n,) labels instead; every label present weighs
    the same in total. strength of a majority: margins, or winning votes (schulze, ranked_pairs). resamples: bootstrap
    over ballots, within groups when given; `level` is that of the rank intervals. The order of ballots changes
    nothing, and the same input and seed give the same bytes.

    Kemeny's ranks are the best place an option has in any optimal order. ValueError names what is wrong with the
    input. n = 0 and m = 0 are valid.
    """
    check_choices(method, strength)
    resampling.check(resamples, level)
    table = pairs.ballot_table(ballots)
    given = pairs.profile(table, pairs.ballot_weights(table.shape[0], weights, groups))
    pairwise = pairs.pairwise(given)
    outcome = decide(pairwise, method, strength)
    interval, p_above = None, None
    if resamples:
        draw = resampling.Draw(resamples, level, seed)
        interval, p_above = resampling.bootstrap(given, groups, draw, ranking(method, strength))
    return Aggregation(
        ranks=outcome.ranks,
        pairwise=pairwise,
        compared=pairs.compared(given),
        scores=outcome.scores,
        interval=interval,
        p_above=p_above,
        best_worst=outcome.best_worst,
        cost=outcome.cost,
        condorcet=condorcet_winner(pairwise),
        agreement=pairs.kendall_w(given, pairwise),
        n=table.shape[0],
        n_effective=effective_size(given.weights),
    )


def check_choices(method: str, strength: str) -> None:
    """Raise ValueError for an unknown method or strength."""
    if method not in methods.METHODS:
        raise ValueError(f"unknown method: {method} (known: {', '.join(methods.METHODS)})")
    if strength not in methods.STRENGTHS:
        raise ValueError(f"unknown strength: {strength} (known: {', '.join(methods.STRENGTHS)})")


def decide(pairwise: Any, method: str = "schulze", strength: str = "margins") -> Outcome:
    """Rank by a pairwise table alone, (m, m) integers: a published head-to-head table recomputes its result."""
    check_choices(method, strength)
    table = pairs.integers(pairwise, "pairwise")
    if method == "borda":
        scores = methods.borda_scores(table)
        return Outcome(methods.by_score(scores), scores)
    if method == "copeland":
        scores = methods.copeland_scores(table)
        return Outcome(methods.by_score(scores), scores)
    if method == "kemeny":
        optimum = kemeny.kemeny(table)
        return Outcome(optimum.best_worst[:, 0], None, optimum.best_worst, optimum.cost)
    rule = methods.schulze if method == "schulze" else methods.ranked_pairs
    return Outcome(rule(table, strength))


def ranking(method: str, strength: str) -> resampling.Ranking:
    """Return the method as a function from (m, m, batch) to (m, batch)."""
    if method == "schulze":
        return lambda batch: methods.schulze(batch, strength)
    if method == "borda":
        return lambda batch: methods.by_score(methods.borda_scores(batch))
    if method == "copeland":
        return lambda batch: methods.by_score(methods.copeland_scores(batch))
    return resampling.one_by_one(lambda table: decide(table, method, strength).ranks)


def condorcet_winner(pairwise: NDArray[np.int64]) -> int | None:
    """The index of the option that wins a majority against every other."""
    wins = (pairwise > pairwise.T).sum(axis=1).tolist()
    return wins.index(len(wins) - 1) if len(wins) - 1 in wins else None


def effective_size(weights: NDArray[np.int64]) -> float:
    """Kish's effective sample size; 0 without ballots."""
    values = weights.tolist()
    squares = sum(w * w for w in values)
    return sum(values) ** 2 / squares if squares else 0.0
