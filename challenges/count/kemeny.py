"""Kemeny's orders: those that contradict the fewest pairwise opinions, found exactly (Young & Levenglick 1978).

Circles of up to 18 options are solved by dynamic programming, larger ones by an integer programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from challenges.count import linear_ordering
from challenges.count.linear_ordering import TooHard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Time and memory double with each option more, whatever the ballots: 14 take 10 ms, 16 take 30, 18 take 150 ms and
# 40 MB. The integer programme takes 30 to 300 ms for 18, seconds for contrived tables, and as long to be imported.
LARGEST_BY_SETS = 18
LARGEST_BY_PROGRAMME = 100

__all__ = ["Optimum", "TooHard", "components", "kemeny"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """All optimal orders at once: how much each contradicts, and the best and worst place of every option."""

    cost: int
    best_worst: NDArray[np.int64]  # (m, 2)


def components(pairwise: NDArray[np.int64]) -> list[list[int]]:
    """Split the options, best first, so that each of a part beats each of every later part by a majority.

    Every optimal order keeps the parts apart (the extended Condorcet criterion), so each is solved alone.
    """
    m = pairwise.shape[0]
    holds = (pairwise >= pairwise.T).tolist()
    # Whoever stands in a higher part wins or ties more often than anybody in a lower one.
    order = sorted(range(m), key=lambda i: -sum(holds[i]))
    parts: list[list[int]] = []
    start = 0
    for end in range(1, m + 1):
        if not any(holds[b][a] for a in order[start:end] for b in order[end:]):
            parts.append(order[start:end])
            start = end
    return parts


def kemeny(pairwise: NDArray[np.int64]) -> Optimum:
    """Solve every part and join them. Raises TooHard for a large part that cannot be solved within bounds."""
    import numpy as np

    cost, rest = 0, list(range(pairwise.shape[0]))
    best_worst = np.zeros((len(rest), 2), dtype=np.int64)
    placed = 0
    for part in components(pairwise):
        solve = _by_sets if len(part) <= LARGEST_BY_SETS else _by_programme
        solved = solve(pairwise[np.ix_(part, part)])
        rest = [i for i in rest if i not in part]
        cost += solved.cost + int(pairwise[np.ix_(rest, part)].sum())
        best_worst[part] = solved.best_worst + placed
        placed += len(part)
    return Optimum(cost, best_worst)


def _by_programme(pairwise: NDArray[np.int64]) -> Optimum:
    import numpy as np

    k = pairwise.shape[0]
    if k > LARGEST_BY_PROGRAMME:
        raise TooHard(f"kemeny: {k} options in one circle of majorities, at most {LARGEST_BY_PROGRAMME} can be solved")
    places, ranges = linear_ordering.solve(pairwise)
    order = np.argsort(places)
    return Optimum(int(np.tril(pairwise[np.ix_(order, order)]).sum()), np.array(ranges, dtype=np.int64) + 1)


def _by_sets(pairwise: NDArray[np.int64]) -> Optimum:
    """Dynamic programming over the sets of options that may stand on top, from both ends."""
    import numpy as np

    k = pairwise.shape[0]
    tolls = _tolls(pairwise)
    sizes = np.bitwise_count(np.arange(1 << k))
    above, below = (np.full(1 << k, np.iinfo(np.int64).max // 4) for _ in range(2))
    above[0] = below[-1] = 0
    layers = [np.flatnonzero(sizes == size) for size in range(k)]
    for layer in layers:
        for i, free, joined in _steps(layer, k):
            above[joined] = np.minimum(above[joined], above[free] + tolls[i, free])
    for layer in reversed(layers):
        for i, free, joined in _steps(layer, k):
            below[free] = np.minimum(below[free], tolls[i, free] + below[joined])
    best_worst = np.empty((k, 2), dtype=np.int64)
    for i, free, joined in _steps(np.arange(1 << k), k):
        optimal = above[free] + tolls[i, free] + below[joined] == above[-1]
        places = sizes[free[optimal]]
        best_worst[i] = int(places.min()) + 1, int(places.max()) + 1
    return Optimum(int(above[-1]), best_worst)


def _steps(sets: NDArray[np.int64], k: int) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """For each option: the sets without it, and the same sets joined by it."""
    for i in range(k):
        free = sets[sets >> i & 1 == 0]
        yield i, free, free | 1 << i


def _tolls(pairwise: NDArray[np.int64]) -> NDArray[np.int64]:
    """(k, 2^k): what it contradicts to place an option directly below a set of others."""
    import numpy as np

    k = pairwise.shape[0]
    tolls = np.zeros((k, 1 << k), dtype=np.int64)
    for j in range(k):
        tolls[:, 1 << j : 2 << j] = tolls[:, : 1 << j] + pairwise[:, j][:, None]
    return tolls
