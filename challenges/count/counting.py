"""Closing counts once: from ballots to the plain figures that are stored and never computed again.

What can never be shown is not kept either: of a helix cell that stays hidden, only its size is stored.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from challenges import stability, tally
from challenges.count import kemeny, methods, pairs, resampling
from challenges.count.places import Places, places
from challenges.disclosure import cells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
POLICIES = ("breakdown", "open_ballots")

Ranks = list[int | None]


@dataclass(frozen=True)
class Rules:
    """What was fixed before the round opened, and the seed of the resamples."""

    policy: str = "breakdown"  # or open_ballots
    strength: str = "margins"  # or winning
    level: float = 0.90  # of the rank intervals
    resamples: int = 1000
    seed: int = 0
    repeats: bool = False  # asks an earlier round's question again
    on_text: bool = False  # the options are answers to a text, no challenges

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"unknown policy: {self.policy} (known: {', '.join(POLICIES)})")


def seed_from(ballots: Sequence[Sequence[int]]) -> int:
    """Derive a seed, 0 to 2^63 - 1, from the ballots in whatever order. It confirms guesses, so it is never shown."""
    rows = sorted(",".join(map(str, ballot)) for ballot in ballots)
    return int.from_bytes(hashlib.sha256("\n".join(rows).encode()).digest()[:8]) >> 1


def compute(
    ballots: Sequence[Sequence[int]],
    helices: Sequence[str | None],
    electors: Mapping[str | None, int],
    *,
    options: Sequence[Mapping[str, Any]],
    rules: Rules,
) -> dict[str, Any]:
    """Count a closed round. The returned mapping is plain JSON; `disclosure.publishable` alone may read it.

    ballots: (n, m) as in `tally.aggregate`. helices: the helix of each ballot, "" or None for none. electors: how
    many of each helix were asked, "" or None for those without. options: m mappings with `id` and `title`.
    Raises ValueError for ballots and options that do not fit together.
    """
    groups = [helix or cells.UNSTATED for helix in helices]
    table = _table(ballots, groups, len(options))
    sizes = Counter(groups)
    shown = cells.visible(sizes) if rules.policy == "breakdown" else ()
    return {
        "version": VERSION,
        "software": {"numpy": importlib.metadata.version("numpy")},
        "rules": asdict(rules),
        "options": [{"id": option["id"], "title": str(option["title"])} for option in options],
        "turnout": _turnout(sizes, electors),
        "overall": _overall(table, rules),
        "cells": {helix: _cell(table, groups, helix, rules) for helix in shown},
        "equal_helices": _equal_helices(table, groups, rules) if shown and set(sizes) == set(shown) else None,
        "ballots": sorted(table.tolist()) if rules.policy == "open_ballots" else None,
    }


def _table(ballots: Sequence[Sequence[int]], groups: Sequence[str], m: int) -> NDArray[np.int64]:
    unknown = set(groups) - {*cells.HELICES, cells.UNSTATED}
    if unknown:
        raise ValueError(f"unknown helix: {', '.join(sorted(unknown))}")
    if len(groups) != len(ballots):
        raise ValueError(f"helices: {len(groups)} for {len(ballots)} ballots")
    table = pairs.ballot_table(ballots)
    if len(ballots) == 0:
        return table.reshape(0, m)
    if table.shape[1] != m:
        raise ValueError(f"options: {m} for ballots on {table.shape[1]}")
    return table


def _turnout(sizes: Mapping[str, int], electors: Mapping[str | None, int]) -> dict[str, Any]:
    asked = Counter({helix or cells.UNSTATED: number for helix, number in electors.items()})
    for helix, number in sizes.items():
        if number > asked[helix]:
            raise ValueError(f"electors: {asked[helix]} for {number} ballots ({helix or 'no helix'})")
    keys = (*cells.HELICES, cells.UNSTATED)
    return {key: {"ballots": sizes.get(key, 0), "electors": asked[key]} for key in keys}


class Count:
    """A count over the options on which at least five of the ballots have an opinion; the others are left out.

    Left out altogether, because mean ranks and table of the others would tell about the one that is hidden.
    """

    def __init__(self, table: NDArray[np.int64], rules: Rules, groups: Sequence[str] | None = None) -> None:
        self.m = table.shape[1]
        self.opinions: list[int] = (table != pairs.NO_OPINION).sum(axis=0).tolist()
        self.counted = [i for i in range(self.m) if self.opinions[i] >= cells.FEW]
        columns = table[:, self.counted]
        self.profile = pairs.profile(columns, pairs.ballot_weights(len(table), None, groups))
        self.result = tally.aggregate(
            columns,
            groups=groups,
            strength=rules.strength,
            resamples=max(1, rules.resamples),
            level=rules.level,
            seed=rules.seed,
        )
        self.ranks: list[int] = self.result.ranks.tolist()
        self.places: Places = places(self.profile)

    @property
    def p_above(self) -> list[list[float]]:
        found: list[list[float]] = [] if self.result.p_above is None else self.result.p_above.tolist()
        return found

    @property
    def interval(self) -> list[list[int]]:
        found: list[list[int]] = [] if self.result.interval is None else self.result.interval.tolist()
        return found

    @property
    def tiers(self) -> list[int]:
        return stability.tiers(self.ranks, self.p_above)

    def spread(self, values: Sequence[Any]) -> list[Any]:
        """Put values of the counted options at their place among all; None for the others."""
        row: list[Any] = [None] * self.m
        for option, value in zip(self.counted, values, strict=True):
            row[option] = value
        return row

    def square(self, values: Sequence[Sequence[Any]]) -> list[list[Any]]:
        rows = self.spread([self.spread(row) for row in values])
        return [row or [None] * self.m for row in rows]


def _figures(count: Count) -> dict[str, Any]:
    """What both the whole and a cell keep."""
    return {
        "n": count.result.n,
        "opinions": count.opinions,
        "ranks": count.spread(count.ranks),
        "tiers": count.spread(count.tiers),
        "doubled_ranks": count.spread(count.places.doubled_ranks),
        "top_three": count.spread(count.places.top_three),
        "alike": count.spread(count.places.alike),
    }


def _overall(table: NDArray[np.int64], rules: Rules) -> dict[str, Any]:
    count = Count(table, rules)
    pairwise = count.result.pairwise
    rank = tally.ranking("schulze", rules.strength)
    without = resampling.leave_one_out(count.profile, pairwise, rank)
    return _figures(count) | {
        "pairwise": count.square(pairwise.tolist()),
        "compared": count.square(count.result.compared.tolist()),
        "interval": count.spread(count.interval),
        "p_above": count.square(count.p_above),
        "places": count.spread(count.places.given),
        "minority_first": count.spread(stability.minority_firsts(count.places.firsts, count.result.n, count.tiers)),
        "kendall_w": count.result.agreement,
        "methods": {name: count.spread(ranks) for name, ranks in _other_methods(pairwise, rules).items()},
        "swaps": _swaps(count, rank),
        "leave_one_out": asdict(stability.influence(count.ranks, without.tolist())),
    }


def _swaps(count: Count, rank: resampling.Ranking) -> list[list[int | None]]:
    found = stability.swaps(count.ranks, count.result.pairwise.tolist(), rank)
    return [[count.counted[above], count.counted[below], members] for above, below, members in found]


def _other_methods(pairwise: NDArray[np.int64], rules: Rules) -> dict[str, list[int]]:
    """Ranks by every other method; Kemeny is missing where it is too hard to be solved exactly."""
    other = next(strength for strength in methods.STRENGTHS if strength != rules.strength)
    found = {f"schulze_{other}": tally.decide(pairwise, "schulze", other).ranks.tolist()}
    for method in methods.METHODS[1:]:
        try:
            found[method] = tally.decide(pairwise, method, rules.strength).ranks.tolist()
        except kemeny.TooHard:
            continue
    return found


def _cell(table: NDArray[np.int64], groups: Sequence[str], helix: str, rules: Rules) -> dict[str, Any]:
    rows = [k for k, group in enumerate(groups) if group == helix]
    return _figures(Count(table[rows], rules))


def _equal_helices(table: NDArray[np.int64], groups: Sequence[str], rules: Rules) -> dict[str, Any]:
    count = Count(table, rules, groups)
    return {
        "ranks": count.spread(count.ranks),
        "tiers": count.spread(count.tiers),
        "n_effective": count.result.n_effective,
    }
