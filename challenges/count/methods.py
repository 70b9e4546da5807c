"""Five ways from the pairwise table to ranks. Each rank is 1 + the number of options that beat this one.

`margins` is always pairwise - pairwise.T. Schulze, Borda and Copeland also take a batch: any further axes at the end.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METHODS = ("schulze", "borda", "copeland", "kemeny", "ranked_pairs")
STRENGTHS = ("margins", "winning")


def majorities(pairwise: NDArray[Any], strength: str) -> NDArray[Any]:
    """Strength of each majority, 0 where there is none: by how many it wins, or how many it has."""
    import numpy as np

    margins = pairwise - pairwise.swapaxes(0, 1)
    return np.maximum(margins, 0) if strength == "margins" else np.where(margins > 0, pairwise, 0)


def schulze_paths(pairwise: NDArray[Any], strength: str = "margins") -> NDArray[Any]:
    """Strength of the strongest path from row to column (Schulze 2011): a path is as strong as its weakest link."""
    import numpy as np

    paths = majorities(pairwise, strength)
    through = np.empty_like(paths)
    for k in range(paths.shape[0]):
        np.minimum(paths[:, k][:, None], paths[k][None], out=through)
        np.maximum(paths, through, out=paths)
    diagonal = np.arange(paths.shape[0])
    paths[diagonal, diagonal] = 0
    return paths


def schulze(pairwise: NDArray[Any], strength: str = "margins") -> NDArray[np.int64]:
    """Ranks in the full path relation, which need not be a weak order: after a tie the numbers need not skip."""
    paths = schulze_paths(pairwise, strength)
    return _beaten_by(paths > paths.swapaxes(0, 1))


def borda_scores(pairwise: NDArray[Any]) -> NDArray[Any]:
    """Sum over the others of pairs won minus pairs lost: unranked options share the average of the places left."""
    score: NDArray[Any] = pairwise.sum(axis=1) - pairwise.sum(axis=0)
    return score


def copeland_scores(pairwise: NDArray[Any]) -> NDArray[np.int64]:
    """Majorities won minus majorities lost."""
    import numpy as np

    score: NDArray[np.int64] = np.sign(pairwise - pairwise.swapaxes(0, 1)).sum(axis=1, dtype=np.int64)
    return score


def by_score(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Competition ranks, highest score first."""
    return _beaten_by(scores[:, None] > scores[None])


def _beaten_by(beats: NDArray[np.bool_]) -> NDArray[np.int64]:
    import numpy as np

    ranks: NDArray[np.int64] = 1 + beats.sum(axis=0, dtype=np.int64)
    return ranks


def ranked_pairs(pairwise: NDArray[np.int64], strength: str = "margins") -> NDArray[np.int64]:
    """Lock majorities from the strongest down (Tideman 1987); equal ones at once, so that no order is arbitrary.

    Of the majorities of one strength those are dropped that lie on a circle of stronger locked and equal ones.
    """
    import numpy as np

    force = majorities(pairwise, strength)
    m = force.shape[0]
    rows, columns = np.nonzero(force)
    links = sorted(zip(force[rows, columns].tolist(), rows.tolist(), columns.tolist(), strict=True), reverse=True)
    reach = [0] * m  # bit j of reach[i]: i stands above j
    for _, equal in groupby(links, key=lambda link: link[0]):
        fresh = [(i, j) for _, i, j in equal if not reach[j] >> i & 1]
        tried = _closure(reach, fresh)
        kept = [(i, j) for i, j in fresh if not tried[j] >> i & 1]
        reach = tried if len(kept) == len(fresh) else _closure(reach, kept)
    return np.array([1 + sum(row >> j & 1 for row in reach) for j in range(m)], dtype=np.int64)


def _closure(reach: list[int], links: list[tuple[int, int]]) -> list[int]:
    """Add links to a transitive relation, held as one bit set per option, and close it again."""
    closed = list(reach)
    for i, j in links:
        if closed[i] >> j & 1:
            continue
        below = closed[j] | 1 << j
        for a, row in enumerate(closed):
            if a == i or row >> i & 1:
                closed[a] = row | below
    return closed
