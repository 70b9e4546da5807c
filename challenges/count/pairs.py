"""From ballots to pairs: checks what arrives, then counts who puts which option above which, in integers.

A ballot holds one integer per option: >= 1 a rank, 0 not a priority (tied below every ranked option), -1 no opinion.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOT_A_PRIORITY = 0
NO_OPINION = -1

# Sums of integers are exact in floating point below these, and multiply far faster there.
EXACT_IN_FLOAT32 = 2**24
EXACT_IN_FLOAT64 = 2**53
# Ballots looked at together: few enough for the processor's cache.
BLOCK = 1024
# Numbers in a table of all pairs on all ballots that is still made at once.
SMALL = 2**15
# Helices weighed alike give four or five different weights.
FEW_WEIGHTS = 16


@dataclass(frozen=True, eq=False)
class Profile:
    """Ballots made ready for counting: a below b on ballot k exactly when `left[b, k] < right[a, k]`."""

    ranks: NDArray[np.int64]  # (n, m), 1, 2, 3 … without gaps where a rank exceeded m
    left: NDArray[Any]  # (m, n), small integers; no opinion is above everything
    right: NDArray[Any]  # (m, n); no opinion is below everything
    weights: NDArray[np.int64]  # (n,)
    total: int  # sum of the weights


def integers(values: Any, name: str) -> NDArray[np.int64]:
    """Turn nested sequences into int64; ValueError when one is ragged, not integral or beyond 64 bits."""
    import numpy as np

    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name}: all rows must have the same length") from error
    if array.size == 0:
        return np.zeros(array.shape, dtype=np.int64)
    if array.dtype.kind == "f" and not np.array_equal(array, np.trunc(array)):
        raise ValueError(f"{name}: not integral")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name}: not integral, or too large for 64 bits")
    if array.dtype.kind in "uf" and np.abs(array).max() >= EXACT_IN_FLOAT64:
        raise ValueError(f"{name}: too large")
    return array.astype(np.int64)


def ballot_table(ballots: Any) -> NDArray[np.int64]:
    """Check ballots and return them as (n, m); an empty list is a table without rows and columns."""
    table = integers(ballots, "ballots")
    if table.ndim == 1 and table.size == 0:
        table = table.reshape(0, 0)
    if table.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise ValueError("ballots: not two-dimensional (one row per ballot, one column per option)")
    if table.size and table.min() < NO_OPINION:
        raise ValueError("ballots: a value below -1")
    return table


def group_weights(groups: Sequence[Hashable]) -> list[int]:
    """Give every label present the same total by integers: lcm(n_g) // n_g (floats make false differences)."""
    sizes = Counter(groups)
    common = math.lcm(*sizes.values())
    return [common // sizes[label] for label in groups]


def ballot_weights(n: int, weights: Any, groups: Sequence[Hashable] | None) -> NDArray[np.int64]:
    """Return the weight of each of `n` ballots; ValueError names what is wrong with weights or groups."""
    import numpy as np

    if weights is not None and groups is not None:
        raise ValueError("weights together with groups: give one of them")
    if weights is None and groups is None:
        return np.ones(n, dtype=np.int64)
    if groups is not None and len(groups) != n:
        raise ValueError(f"groups: wrong length ({len(groups)} labels for {n} ballots)")
    array = integers(weights if groups is None else group_weights(groups), "weights")
    if array.shape != (n,):
        raise ValueError(f"weights: wrong length (shape {array.shape} for {n} ballots)")
    _check_weights(array)
    return array


def _check_weights(array: NDArray[np.int64]) -> None:
    if array.size == 0:
        return
    if array.min() < 0:
        raise ValueError("weights: negative")
    if not array.any():
        raise ValueError("weights: all zero")


def close_gaps(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the ranks of each ballot 1, 2, 3 …, keeping ties; 0 and -1 stay."""
    import numpy as np

    values = np.maximum(table, NOT_A_PRIORITY)
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros_like(ordered)
    steps[:, 0] = ordered[:, 0] > 0
    steps[:, 1:] = ordered[:, 1:] > ordered[:, :-1]
    dense = np.empty_like(values)
    np.put_along_axis(dense, order, steps.cumsum(axis=1), axis=1)
    dense[table == NO_OPINION] = NO_OPINION
    return dense


def profile(table: NDArray[np.int64], weights: NDArray[np.int64]) -> Profile:
    """Lay the ballots out for counting. Raises ValueError when the count could leave 64 bits."""
    import numpy as np

    m = table.shape[1]
    total = sum(weights.tolist())
    if total * max(1, m) >= 2**62:
        raise ValueError("weights: too large")
    ranks = close_gaps(table) if table.max(initial=0) > m else table
    small: type[Any] = np.int8 if m < 100 else np.int64  # noqa: PLR2004 - int8 ends at 127
    columns = np.ascontiguousarray(ranks.T, dtype=small)
    base = np.where(columns == NOT_A_PRIORITY, small(m + 1), columns)
    left = np.where(columns == NO_OPINION, small(m + 2), base)
    return Profile(ranks, left, base, weights, total)


def exact_float(total: int) -> type[Any]:
    """Choose the fastest type in which sums up to `total` are exact integers."""
    import numpy as np

    if total < EXACT_IN_FLOAT32:
        return np.float32
    return np.float64 if total < EXACT_IN_FLOAT64 else np.int64


def pairwise(given: Profile) -> NDArray[np.int64]:
    """Return (m, m): the weight of the ballots that put the row's option above the column's."""
    import numpy as np

    m, n = given.left.shape
    if n * m * m <= SMALL:
        kind = exact_float(given.total)
        above = (given.left[:, None] < given.right).astype(kind)
        small: NDArray[np.int64] = (above @ given.weights.astype(kind)).astype(np.int64)
        return small
    table = np.zeros((m, m), dtype=np.int64)
    for weight, left, right in _classes(given):
        for i in range(m):
            table[i] += _weigh(left[i] < right, weight)
    return table


def compared(given: Profile) -> NDArray[np.int64]:
    """Return (m, m): the weight of the ballots with an opinion on both; the diagonal is 0."""
    import numpy as np

    m = given.left.shape[0]
    if (given.ranks == NO_OPINION).any():
        table = np.zeros((m, m), dtype=np.int64)
        for weight, left, right in _classes(given):
            opinion = left == right
            for i in range(m):
                table[i] += _weigh(opinion[i] & opinion, weight)
    else:
        table = np.full((m, m), given.total, dtype=np.int64)
    np.fill_diagonal(table, 0)
    return table


def _classes(given: Profile) -> Iterator[tuple[Any, NDArray[Any], NDArray[Any]]]:
    """Yield ballots of one weight together, as weight, left and right; all with their weights where those are many."""
    import numpy as np

    weights = np.unique(given.weights)
    if len(weights) == 1:
        yield int(weights[0]), given.left, given.right
    elif len(weights) <= FEW_WEIGHTS:
        for weight in weights.tolist():
            rows = np.flatnonzero(given.weights == weight)
            yield weight, given.left[:, rows], given.right[:, rows]
    elif len(weights):
        yield given.weights.astype(exact_float(given.total)), given.left, given.right


def _weigh(rows: NDArray[np.bool_], weight: Any) -> NDArray[np.int64]:
    """(k, n) -> (k,): the weight of the ballots that are marked. Bits are counted, because a product with a vector
    wakes threads that go on burning processor time after it.
    """
    import numpy as np

    if isinstance(weight, int):
        marked: NDArray[np.int64] = np.bitwise_count(np.packbits(rows, axis=1)).sum(axis=1, dtype=np.int64)
        return marked * weight
    weighed: NDArray[np.int64] = (rows.astype(weight.dtype) @ weight).astype(np.int64)
    return weighed


def kendall_w(given: Profile, table: NDArray[np.int64]) -> float | None:
    """Kendall's coefficient of concordance, corrected for ties (Kendall & Babington Smith 1939), 0 to 1.

    None when a ballot holds "no opinion", and when nothing can be compared (every ballot ties everything).
    A weight counts as so many ballots. The squared rank sums come from the pairwise table: twice the deviation of an
    option's rank sum from the mean is its Borda score.
    """
    import numpy as np

    n, m = given.ranks.shape
    if n == 0 or (given.ranks == NO_OPINION).any():
        return None
    ties = np.concatenate([_ties(given.right[:, start : start + BLOCK]) for start in range(0, n, BLOCK)])
    # Python's integers: n² m³ leaves 64 bits with large weights.
    whole = given.total**2 * (m**3 - m) - given.total * sum(map(mul, given.weights.tolist(), ties.tolist()))
    if whole == 0:
        return None
    score = (table.sum(axis=1) - table.sum(axis=0)).tolist()
    return float(Fraction(3 * sum(s * s for s in score), whole))


def _ties(right: NDArray[Any]) -> NDArray[np.int64]:
    """(m, n) complete ballots -> (n,): the sum of t³ - t over the groups of t tied options of each ballot."""
    import numpy as np

    m, n = right.shape
    # How often each ballot gives each rank; what is not a priority has rank m + 1.
    cells = right + np.arange(n) * (m + 2)
    shared = np.bincount(cells.ravel(), minlength=n * (m + 2)).reshape(n, m + 2)
    ties: NDArray[np.int64] = (shared**3 - shared).sum(axis=1)
    return ties
