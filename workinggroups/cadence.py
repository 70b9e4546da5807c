"""Meetings as aim and fact: what the mandate foresees and what was held. Shown, never a lock."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

YEAR = 365.25  # days


@dataclass(frozen=True)
class Cadence:
    a_year: int  # meetings aimed at
    aim: int | None  # over the whole mandate; None where the mandate has no end
    held: int
    by_year: tuple[tuple[int, int], ...]  # year, meetings held


def cadence(
    held_on: Sequence[dt.date], *, a_year: int, begins: dt.date | None = None, ends: dt.date | None = None
) -> Cadence:
    """Set the days of the meetings held against `a_year` meetings from the mandate's first day to its last."""
    years = round((ends - begins).days / YEAR) if begins and ends else None
    counted = Counter(day.year for day in held_on)
    return Cadence(a_year, years and years * a_year, len(held_on), tuple(sorted(counted.items())))
