"""How sure a result is: tiers, agreement in words, what one ballot less would change, a minority's first choice."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

# The bootstrap must say P(a above b) of at least this much before neighbours are told apart.
SURE = 0.90
# A share of first places from which a low-placed option is named as a minority's first: one in five.
MINORITY = 5

# Schmidt 1997: 0.1 very weak, 0.3 weak, 0.5 moderate, 0.7 strong, 0.9 unusually strong; each value takes the nearest.
BANDS = ((0.2, "very_weak"), (0.4, "weak"), (0.6, "moderate"), (0.8, "strong"))


class Swap(NamedTuple):
    """Two neighbours of the order, and how many members changing their mind on the two would turn their majority."""

    above: int
    below: int
    members: int | None  # None: the lower one wins head to head, the order comes from a circle of majorities


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


def swaps(ranks: Sequence[int], pairwise: Sequence[Sequence[int]]) -> list[Swap]:
    """For every two neighbouring ranks: how many minds would turn the head-to-head majority of the two options."""
    order = levels(ranks)
    return [
        Swap(a, b, _minds(pairwise[a][b] - pairwise[b][a]))
        for upper, lower in itertools.pairwise(order)
        for a in upper
        for b in lower
    ]


def _minds(margin: int) -> int | None:
    # Each change of mind moves the margin by two.
    return margin // 2 + 1 if margin >= 0 else None


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
