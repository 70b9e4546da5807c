"""How an order moved over the rounds on one question: geometry of the bump chart, and what may be said of the top.

Positions across are percentages of the plot's width, downward pixels, because rows stand beside a list of equal rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from challenges.disclosure.published import Option, Published

ROW = 56  # pixels: three lines of a title
TOP = 34  # pixels: room for the dates
EDGE = 6.0  # percent: room for half a point at both ends


class Top(StrEnum):
    """What became of the first tier since the round before."""

    SAME = "same"
    OTHER = "other"
    UNTOLD = "untold"  # one of the two rounds has no result, or does not tell its options apart


@dataclass(frozen=True)
class Point:
    """A place in one round: x in percent, y in pixels."""

    x: float
    y: float
    place: str


@dataclass(frozen=True)
class Line:
    """One option over the rounds; no point where it is withheld."""

    option: Option  # as the last round has it
    stations: tuple[Option, ...]  # the option in each round, earliest first
    points: tuple[Point, ...]
    segments: tuple[tuple[Point, Point], ...]  # between rounds that follow each other
    lead: bool  # in the first tier of the last round
    up: bool  # a better rank and a better tier than in the first of the rounds


@dataclass(frozen=True)
class Movement:
    """Lines in the order of the last round."""

    height: int
    columns: tuple[float, ...]  # x of each round
    lines: tuple[Line, ...]
    top: Top

    @property
    def drawn(self) -> tuple[Line, ...]:
        """Strong lines last, so that they lie on top."""
        return tuple(sorted(self.lines, key=lambda line: line.up or line.lead))


def movement(rounds: Sequence[Published]) -> Movement | None:
    """Follow each option over rounds that asked the same options in the same order; None below two rounds."""
    if len(rounds) <= 1:
        return None
    step = (100 - 2 * EDGE) / (len(rounds) - 1)
    columns = tuple(round(EDGE + step * i, 2) for i in range(len(rounds)))
    points = [_points(result, x) for result, x in zip(rounds, columns, strict=True)]
    stations = [{option.index: option for option in result.options} for result in rounds]
    lines = tuple(_line([by[option.index] for by in stations], points) for option in rounds[-1].options)
    return Movement(TOP + ROW * len(lines), columns, lines, top(rounds[-2], rounds[-1]))


def top(before: Published, now: Published) -> Top:
    """Compare the first tiers of two rounds; a single tier is no top."""
    if min(len(before.tiers), len(now.tiers)) <= 1:
        return Top.UNTOLD
    first = [{option.index for option in result.tiers[0]} for result in (before, now)]
    return Top.SAME if first[0] == first[1] else Top.OTHER


def _points(result: Published, x: float) -> dict[int, Point]:
    """Tied options stand under each other, so that no point covers another."""
    ranked = [option for option in result.options if option.place]
    return {option.index: Point(x, TOP + ROW * (slot + 0.5), option.place) for slot, option in enumerate(ranked)}


def _line(stations: Sequence[Option], points: Sequence[dict[int, Point]]) -> Line:
    option = stations[-1]
    own = [by.get(option.index) for by in points]
    return Line(
        option=option,
        stations=tuple(stations),
        points=tuple(point for point in own if point),
        segments=tuple((a, b) for a, b in itertools.pairwise(own) if a and b),
        lead=option.tier == 1,
        up=_rose(stations[0], option),
    )


def _rose(before: Option, now: Option) -> bool:
    if before.rank is None or now.rank is None or before.tier is None or now.tier is None:
        return False
    return now.rank < before.rank and now.tier < before.tier
