"""The ballot paper: what may stand in a field, in which order each elector sees the options, and ranks without gaps."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from challenges.count.pairs import NO_OPINION, NOT_A_PRIORITY

# Nine digits: beyond any round, and far below what Python and PostgreSQL take.
RANK = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
MARKS = {"": NOT_A_PRIORITY, "x": NO_OPINION}


@dataclass(frozen=True)
class Reading:
    """A ballot in words: places ("1", "2=") with titles, then the titles without a place."""

    ranked: list[tuple[str, str]]
    not_a_priority: list[str]
    no_opinion: list[str]


def answer(text: str) -> int:
    """Read one field: "" is not a priority (0), "x" no opinion (-1), else a rank. ValueError for anything else."""
    if text in MARKS:
        return MARKS[text]
    if not RANK.fullmatch(text):
        raise ValueError("no rank")
    return int(text)


def text_of(value: int) -> str:
    """Write an answer as the field that gives it back."""
    return {number: text for text, number in MARKS.items()}.get(value, str(value))


def close_gaps(ranks: Sequence[int]) -> list[int]:
    """Keep order and ties, close gaps: 4, 9, 9, 0 becomes 1, 2, 2, 0."""
    given = sorted({rank for rank in ranks if rank > 0})
    dense = {rank: place for place, rank in enumerate(given, 1)}
    return [dense.get(rank, rank) for rank in ranks]


def shuffled(options: Iterable[int], round_id: int, elector_id: int) -> list[int]:
    """Order option ids for one elector: as good as random, the same on every reload and device."""
    return sorted(options, key=lambda option: sha256(f"{round_id}:{elector_id}:{option}".encode()).digest())


def places(ranks: Sequence[int]) -> list[str]:
    """Write ranks as places, one per option: ties share "2=" and the next place skips; "" where there is none."""
    counts = Counter(rank for rank in ranks if rank > 0)
    place = {rank: 1 + sum(n for other, n in counts.items() if other < rank) for rank in counts}
    return [f"{place[rank]}{'=' if counts[rank] > 1 else ''}" if rank > 0 else "" for rank in ranks]


def read_back(titles: Sequence[str], ranks: Sequence[int]) -> Reading:
    """Put a ballot into words, best place first, equal places by title."""
    rows = sorted(zip(ranks, titles, places(ranks), strict=True))
    return Reading(
        ranked=[(place, title) for rank, title, place in rows if rank > 0],
        not_a_priority=[title for rank, title, _ in rows if rank == NOT_A_PRIORITY],
        no_opinion=[title for rank, title, _ in rows if rank == NO_OPINION],
    )
