"""Server-rendered charts: pure functions from what may be shown to geometry; templates draw it.

Positions are percentages of the plot's width, so one SVG fits every width without scaling its text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from challenges.disclosure.published import Cell, CellOption, HeadToHead, Option, Reason, Shown, Turnout
from challenges.disclosure.text_votes import Counts

MARGIN = 2.0  # percent: room for half a mark at both ends
MARK = 3.5  # percent: marks nearer than this would cover each other
ROW = 36  # pixels: height of a row with marks
STEP = 9  # pixels between marks moved apart
MOST_TICKS = 12
SHADES = 6  # of the sequential scale, above the empty one


@dataclass(frozen=True)
class Tick:
    """A number on the axis."""

    v: int
    x: float


@dataclass(frozen=True)
class IntervalRow:
    """An option's rank as a dot, and its interval as a band where it may be shown."""

    option: Option
    lead: bool
    x: float
    x_lo: float | None
    x_hi: float | None

    @property
    def place(self) -> str:
        return self.option.place

    @property
    def title(self) -> str:
        return self.option.title


@dataclass(frozen=True)
class IntervalTier:
    """Options of which the ballots cannot tell neighbours apart."""

    number: int
    rows: tuple[IntervalRow, ...]


@dataclass(frozen=True)
class Mark:
    """Where a helix ranks an option; y in pixels."""

    helix: str
    place: str
    x: float
    y: float


@dataclass(frozen=True)
class HelixRow:
    """One option as the shown helices see it; `cells` in the order of the chart's helices."""

    option: Option
    marks: tuple[Mark, ...]
    x_min: float | None
    x_max: float | None
    spread: int | None  # ranks between the helix that puts it highest and the one that puts it lowest
    cells: tuple[CellOption, ...]


@dataclass(frozen=True)
class HelixChart:
    """The helices that are shown, those that are not, and a row per option."""

    shown: tuple[Cell, ...]
    hidden: tuple[Cell, ...]
    rows: tuple[HelixRow, ...]
    with_marks: bool  # at least two helices with an order, so that there is something to compare
    with_figures: bool  # at least one helix with mean ranks


@dataclass(frozen=True)
class HeatCell:
    """How many put the row's option above the column's; None where withheld or on the diagonal."""

    value: int | None
    compared: int | None
    shade: int
    ahead: bool
    same: bool


@dataclass(frozen=True)
class HeatRow:
    """An option against all others, in the order of the result."""

    option: Option
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class PlaceCell:
    """How many ballots gave an option this place; `most` marks the place given most often."""

    value: int
    shade: int
    most: bool


@dataclass(frozen=True)
class PlaceRow:
    """An option with the places it was given: 1, 2, … and last: not a priority."""

    option: Option
    cells: tuple[PlaceCell, ...]
    no_opinion: int


@dataclass(frozen=True)
class TurnoutBar:
    """Share of a helix that voted, in percent; None where withheld."""

    helix: str
    percent: int | None
    ballots: int | None
    electors: int | None
    reason: Reason | None


@dataclass(frozen=True)
class AnswerBar:
    """An answer to a text, "" for neither side, with its ballots and their share of all in percent."""

    title: str
    ballots: int
    percent: int


def scale(low: float, high: float) -> Callable[[float], float]:
    """Map values from low to high onto percent of the width; a single value stands in the middle."""
    span = high - low
    if span <= 0:
        return lambda _: 50.0
    return lambda value: round(MARGIN + (100 - 2 * MARGIN) * (value - low) / span, 2)


def axis(count: int) -> tuple[Tick, ...]:
    """Ranks 1 to `count`, thinned where they would touch."""
    x = scale(1, count)
    step = -(-count // MOST_TICKS) or 1
    return tuple(Tick(value, x(value)) for value in range(1, count + 1, step))


def interval_rows(options: Sequence[Option]) -> tuple[IntervalTier, ...]:
    """Give each shown option its dot and band, tier by tier."""
    ranked = [option for option in options if option.rank is not None and option.tier is not None]
    x = scale(1, len(options))
    numbers = sorted({option.tier for option in ranked if option.tier is not None})
    return tuple(
        IntervalTier(number, tuple(_interval_row(option, x) for option in ranked if option.tier == number))
        for number in numbers
    )


def _interval_row(option: Option, x: Callable[[float], float]) -> IntervalRow:
    low, high = option.figures.interval if option.figures else (None, None)
    return IntervalRow(
        option=option,
        lead=option.tier == 1,
        x=x(option.rank or 1),
        x_lo=None if low is None else x(low),
        x_hi=None if high is None else x(high),
    )


def helix_rows(options: Sequence[Option], cells: Sequence[Cell]) -> HelixChart:
    """Set one mark per shown helix at the rank it gives; marks that would cover each other are moved apart."""
    shown = tuple(cell for cell in cells if cell.shown is not Shown.NOTHING)
    x = scale(1, len(options))
    rows = tuple(_helix_row(option, shown, x) for option in options)
    ranked = [cell for cell in shown if cell.shown is not Shown.TIERS]
    return HelixChart(
        shown=shown,
        hidden=tuple(cell for cell in cells if cell.shown is Shown.NOTHING),
        rows=rows,
        with_marks=len(ranked) > 1,
        with_figures=any(own.mean_rank is not None for row in rows for own in row.cells),
    )


def _helix_row(option: Option, shown: Sequence[Cell], x: Callable[[float], float]) -> HelixRow:
    own = tuple(cell.options[option.index] for cell in shown)
    ranked = [(cell.helix, seen) for cell, seen in zip(shown, own, strict=True) if seen.rank is not None]
    marks = _apart([Mark(helix, seen.place, x(seen.rank or 1), ROW / 2) for helix, seen in ranked])
    ranks = [seen.rank for _, seen in ranked if seen.rank is not None]
    return HelixRow(
        option=option,
        marks=marks,
        x_min=min((mark.x for mark in marks), default=None),
        x_max=max((mark.x for mark in marks), default=None),
        spread=max(ranks) - min(ranks) if len(ranks) > 1 else None,
        cells=own,
    )


def _apart(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Spread marks that stand too near to one another over the height of the row, in the order of the helices."""
    near = sorted(marks, key=lambda mark: mark.x)
    bunches: list[list[Mark]] = []
    for mark in near:
        if bunches and mark.x - bunches[-1][-1].x < MARK:
            bunches[-1].append(mark)
        else:
            bunches.append([mark])
    height = {
        mark.helix: ROW / 2 + STEP * (i - (len(bunch) - 1) / 2) for bunch in bunches for i, mark in enumerate(bunch)
    }
    return tuple(Mark(mark.helix, mark.place, mark.x, height[mark.helix]) for mark in marks)


def heat(options: Sequence[Option], table: HeadToHead) -> tuple[HeatRow, ...]:
    """Order the head-to-head table like the result; the shade says what share prefers the row."""
    ranked = [option for option in options if option.rank is not None]
    return tuple(HeatRow(row, tuple(_heat_cell(row.index, column.index, table) for column in ranked)) for row in ranked)


def _heat_cell(row: int, column: int, table: HeadToHead) -> HeatCell:
    value, other = table.pairwise[row][column], table.pairwise[column][row]
    if row == column or value is None or other is None:
        return HeatCell(None, None, 0, ahead=False, same=row == column)
    # Of those who prefer one of the two; who ties both says nothing.
    shade = round(SHADES * value / (value + other)) if value else 0
    return HeatCell(value, table.compared[row][column], shade, ahead=value > other, same=False)


def place_rows(options: Sequence[Option]) -> tuple[PlaceRow, ...]:
    """Set out how often each place was given, for the options whose numbers may be shown."""
    return tuple(
        PlaceRow(option, _place_cells(option.figures.places), option.figures.no_opinion)
        for option in options
        if option.figures
    )


def _place_cells(places: Sequence[int]) -> tuple[PlaceCell, ...]:
    total, most = sum(places), max(places)
    return tuple(PlaceCell(value, -(-SHADES * value // total) if value else 0, value == most > 0) for value in places)


def turnout_bars(turnout: Sequence[Turnout]) -> tuple[TurnoutBar, ...]:
    """Turn ballots of electors into percent."""
    return tuple(
        TurnoutBar(row.helix, _percent(row.ballots, row.electors), row.ballots, row.electors, row.reason)
        for row in turnout
    )


def _percent(part: int | None, whole: int | None) -> int | None:
    if part is None or not whole:
        return None
    return (200 * part + whole) // (2 * whole)


def answer_bars(counts: Counts) -> tuple[AnswerBar, ...]:
    """Set out how many ballots gave each answer to a text, and last how many took neither side."""
    total = sum(ballots for _title, ballots in counts.given) + counts.neither
    rows = (*counts.given, ("", counts.neither))
    return tuple(AnswerBar(title, ballots, _percent(ballots, total) or 0) for title, ballots in rows)
