"""How a result moves when other ballots of the same kind had been cast: bootstrap and leave-one-out, vectorised."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from challenges.count import pairs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # From pairwise tables (m, m, batch) to ranks (m, batch).
    Ranking = Callable[[NDArray[Any]], NDArray[np.int64]]

# Numbers held at once per block of resamples: some ten megabytes.
BLOCK = 2**21


@dataclass(frozen=True)
class Draw:
    """How often to draw the ballots anew, the level of the intervals, and the seed."""

    resamples: int
    level: float
    seed: int


def check(resamples: int, level: float) -> None:
    """Raise ValueError for a negative number of resamples or a level outside 0 to 1."""
    if resamples < 0:
        raise ValueError("resamples: negative")
    if not 0 < level < 1:
        raise ValueError("level: not between 0 and 1")


def one_by_one(rule: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> Ranking:
    """Let a rule for one table rank a batch; equal tables are ranked once."""
    import numpy as np

    def rank(batch: NDArray[Any]) -> NDArray[np.int64]:
        tables = np.moveaxis(batch, -1, 0)
        distinct, where = np.unique(tables, axis=0, return_inverse=True)
        ranks = np.array([rule(table.astype(np.int64)) for table in distinct], dtype=np.int64)
        return ranks[where.ravel()].T

    return rank


def bootstrap(
    given: pairs.Profile, groups: Sequence[Hashable] | None, draw: Draw, rank: Ranking
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rank intervals (m, 2) and the share of resamples that rank the row above the column (m, m), ties half."""
    import numpy as np

    batches = _batches(given, _sorted_strata(given, groups), draw)
    ranks = np.concatenate([rank(batch) for batch in batches], axis=1)
    return percentile_interval(ranks, draw.level), share_above(ranks)


def leave_one_out(given: pairs.Profile, pairwise: NDArray[np.int64], rank: Ranking) -> NDArray[np.int64]:
    """Return (m, n): the ranks without each ballot in turn."""
    import numpy as np

    m, n = given.left.shape
    step = max(1, BLOCK // max(1, m * m))
    found = [np.ones((m, 0), dtype=np.int64)]
    for start in range(0, n, step):
        rows = np.arange(start, min(n, start + step))
        missing = (_above(given, rows) * given.weights[rows]).reshape(m, m, len(rows))
        found.append(rank(pairwise[:, :, None] - missing))
    return np.concatenate(found, axis=1)


def percentile_interval(ranks: NDArray[np.int64], level: float) -> NDArray[np.int64]:
    """(m, R) ranks -> (m, 2): the observed ranks at both ends of the level; between two the outer one."""
    import numpy as np

    last = ranks.shape[1] - 1
    # As a decimal: the float 0.9 would cut one resample too many.
    outside = int((1 - Fraction(str(level))) / 2 * last)
    ordered = np.sort(ranks, axis=1)
    return np.stack([ordered[:, outside], ordered[:, last - outside]], axis=1)


def share_above(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    """(m, R) ranks -> (m, m): share of the R in which the row stands above the column; a tie counts as half."""
    times = ranks.shape[1]
    less = (ranks[:, None] < ranks[None]).sum(axis=2)
    share: NDArray[np.float64] = (times + less - less.T) / (2 * times)
    return share


def _sorted_strata(given: pairs.Profile, groups: Sequence[Hashable] | None) -> list[NDArray[np.int64]]:
    """Ballots in an order that depends on their content only, one list of rows per group."""
    import numpy as np

    order = np.lexsort((given.weights, *given.ranks.T[::-1]))
    if groups is None:
        return [order]
    labels = list(groups)
    return [order[[labels[k] == label for k in order.tolist()]] for label in sorted(set(labels), key=repr)]


def _drawn(generator: np.random.Generator, size: int, times: int) -> NDArray[np.int64]:
    """(size, times): how often each of `size` ballots is drawn when `size` are drawn with replacement."""
    import numpy as np

    if size == 0:
        return np.zeros((0, times), dtype=np.int64)
    picks = generator.integers(0, size, (times, size))
    return np.bincount((picks * times + np.arange(times)[:, None]).ravel(), minlength=size * times).reshape(size, times)


def _batches(given: pairs.Profile, strata: list[NDArray[np.int64]], draw: Draw) -> Iterator[NDArray[Any]]:
    """Yield the pairwise tables (m, m, block) of the resamples."""
    import numpy as np

    m, n = given.left.shape
    generator = np.random.Generator(np.random.PCG64(draw.seed))
    rows = np.concatenate(strata)
    largest = n * int(given.weights.max(initial=0))
    exact, small = pairs.exact_float(largest), _small_integer(largest)
    step = max(1, BLOCK // max(1, n, m * m))
    for start in range(0, draw.resamples, step):
        times = min(step, draw.resamples - start)
        counts = np.concatenate([_drawn(generator, len(stratum), times) for stratum in strata])
        counts = (counts * given.weights[rows][:, None]).astype(exact)
        table = np.zeros((m * m, times), dtype=exact)
        for part in range(0, n, step):
            some = slice(part, part + step)
            table += _above(given, rows[some]).astype(exact) @ counts[some]
        yield table.astype(small).reshape(m, m, times)


def _above(given: pairs.Profile, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(m * m, rows): whether the ballot puts the one option above the other."""
    m = given.left.shape[0]
    above: NDArray[np.bool_] = given.left[:, None, rows] < given.right[None][:, :, rows]
    return above.reshape(m * m, len(rows))


def _small_integer(largest: int) -> type[Any]:
    """Narrow integers make paths several times faster; differences must fit too."""
    import numpy as np

    if largest < 2**15:
        return np.int16
    return np.int32 if largest < 2**31 else np.int64
