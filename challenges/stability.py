"""How sure a result is: tiers, agreement in words, what one ballot less would change, a minority's first choice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from challenges.count.resampling import Ranking

# The bootstrap must say P(a above b) of at least this much before neighbours are told apart.
SURE = 0.90
# A share of first places from which a low-placed option is named as a minority's first: one in five.
MINORITY = 5

# Pairs of neighbours looked at together: some megabytes.
AT_ONCE = 64

# Schmidt 1997: 0.1 very weak, 0.3 weak, 0.5 moderate, 0.7 strong, 0.9 unusually strong; each value takes the nearest.
BANDS = ((0.2, "very_weak"), (0.4, "weak"), (0.6, "moderate"), (0.8, "strong"))


class Swap(NamedTuple):
    """Two neighbours of the order, and how few members changing their mind on the two would swap their ranks."""

    above: int
    below: int
    members: int | None  # None: not even all who put the upper one first; other majorities hold it up


@dataclass(frozen=True)
class Influence:
    """The number of ballots without which something would change."""

    first: int  # who stands first
    top_three: int  # which options have a rank of three or better
    order: int  # any rank


def levels(ranks: Sequence[int]) -> list[list[int]]:
    """Options grouped by rank, best first."""
    return [[i for i, own in enumerate(ranks) if own == rank] for rank in sorted(set(ranks))]


def tiers(ranks: Sequence[int], p_above: Sequence[Sequence[float]]) -> list[int]:
    """Number of each option's tier, from 1.

    Neighbours in the order share a tier unless each of the one rank stands above each of the next in at least
    `SURE` of the resamples. Options with the same rank always share one.
    """
    found = [1] * len(ranks)
    tier, above = 1, None
    for level in levels(ranks):
        if above is not None:
            tier += all(p_above[a][b] >= SURE for a in above for b in level)
        for option in level:
            found[option] = tier
        above = level
    return found


def agreement_band(w: float) -> str:
    """Name the strength of Kendall's W: very_weak, weak, moderate, strong, unusually_strong."""
    return next((name for limit, name in BANDS if w < limit), "unusually_strong")


def swaps(ranks: Sequence[int], pairwise: Sequence[Sequence[int]], rank: Ranking) -> list[Swap]:
    """For every two neighbouring ranks: the least number of members who, putting the lower option directly above the
    upper one instead of below it, would rank it higher.

    pairwise: (m, m) one voice per ballot, and `ranks` what `rank` makes of it: a rule for which support never harms
    (monotonic), such as Schulze's.
    """
    order = levels(ranks)
    pairs = [(a, b) for upper, lower in itertools.pairwise(order) for a in upper for b in lower]
    found: list[Swap] = []
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        found += [Swap(a, b, members) for (a, b), members in zip(some, _minds(pairwise, some, rank), strict=True)]
    return found


def _minds(pairwise: Sequence[Sequence[int]], pairs: Sequence[tuple[int, int]], rank: Ranking) -> Iterator[int | None]:
    """Search by halves, all pairs at once, between 0 members and all who could change their mind."""
    import numpy as np

    table, number = np.array(pairwise, dtype=np.int64), np.arange(len(pairs))
    above, below = np.array(pairs).T
    all_of_them = table[above, below]
    too_few, enough = np.zeros_like(number), all_of_them + 1
    while (enough - too_few > 1).any():
        members = (too_few + enough) // 2
        tables = np.repeat(table[:, :, None], len(pairs), axis=2)
        tables[above, below, number] -= members
        tables[below, above, number] += members
        ranks = rank(tables)
        swapped = ranks[below, number] < ranks[above, number]
        too_few, enough = np.where(swapped, too_few, members), np.where(swapped, members, enough)
    for members, most in zip(enough.tolist(), all_of_them.tolist(), strict=True):
        yield members if members <= most else None


def influence(ranks: Sequence[int], without: Sequence[Sequence[int]]) -> Influence:
    """Compare the ranks with those found without each ballot: (m,) and (m, n)."""
    others = list(zip(*without, strict=True))
    return Influence(
        first=sum(_within(other, 1) != _within(ranks, 1) for other in others),
        top_three=sum(_within(other, 3) != _within(ranks, 3) for other in others),
        order=sum(list(other) != list(ranks) for other in others),
    )


def _within(ranks: Sequence[int], place: int) -> set[int]:
    return {i for i, rank in enumerate(ranks) if rank <= place}


def minority_firsts(firsts: Sequence[int], ballots: int, tier: Sequence[int]) -> list[bool]:
    """Mark options that at least a fifth of the ballots put first and that end in the lowest of several tiers."""
    lowest = max(tier, default=1)
    return [
        lowest > 1 and own == lowest and first * MINORITY >= ballots > 0
        for first, own in zip(firsts, tier, strict=True)
    ]
