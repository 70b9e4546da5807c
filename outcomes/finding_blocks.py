"""The finding of a round: its sentence, the chart of places, the table of the order. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from challenges.disclosure import charts
from challenges.disclosure.published import Option, Shown
from outcomes import fitting, wording
from outcomes.nodes import Block, Interval, Intervals, Paragraph, Table, Tick
from outcomes.told import NOTHING, Round, columns


def blocks(told: Round) -> Iterator[Block]:
    words = told.words
    yield Paragraph(f"{told.plain['headline']}. {wording.turnout(told.found, words)}")
    for sentence in wording.caveats(told.found, words):
        yield Paragraph(sentence)
    if told.result.shown is Shown.NOTHING:
        return
    if told.figures:
        yield from _charts(told)
    yield _result(told)


def _charts(told: Round) -> Iterator[Intervals]:
    """The chart of places; where it is taller than a page, in parts that are."""
    words, whole = told.words, _chart(told)
    parts = fitting.parts(whole.rows)
    if len(parts) == 1:
        yield whole
        return
    for number, rows in enumerate(parts, 1):
        part = words.gettext("{caption}, part {number} of {parts}")
        yield replace(whole, rows=rows, caption=part.format(caption=whole.caption, number=number, parts=len(parts)))


def _chart(told: Round) -> Intervals:
    words, result = told.words, told.result
    rows = [row for tier in charts.interval_rows(result.options) for row in tier.rows]
    how = words.gettext("Dot: place in the order. Bar: {level} interval of the place.")
    return Intervals(
        caption=words.gettext("Places and how sure they are"),
        how_to_read=how.format(level=wording.level_in_percent(result.method)),
        ticks=tuple(Tick(str(tick.v), tick.x) for tick in charts.axis(len(result.options))),
        rows=tuple(_bar(row) for row in rows),
    )


def _bar(row: charts.IntervalRow) -> Interval:
    low, high = (row.x if x is None else x for x in (row.x_lo, row.x_hi))
    return Interval(
        place=row.option.place,
        label=row.option.title,
        low=low,
        at=row.x,
        high=high,
        values=_interval(row.option),
        tier=row.option.tier or 0,
    )


def _interval(option: Option) -> str:
    if option.figures is None:
        return NOTHING
    low, high = option.figures.interval
    return str(low) if low == high else f"{low}–{high}"


def _result(told: Round) -> Table:
    words = told.words
    interval = words.gettext("{level} interval").format(level=wording.level_in_percent(told.result.method))
    numbers = [words.gettext("Mean rank"), words.gettext("In the top three"), words.gettext("No opinion")]
    places = [words.gettext("Place"), words.gettext("Tier"), *([interval] if told.figures else [])]
    return Table(
        caption=words.gettext("The order, with tiers"),
        columns=columns(words.gettext("Challenge"), center=places, end=numbers if told.figures else []),
        rows=tuple(_result_row(option, told) for option in told.result.options),
        note=words.gettext("Equal places are listed by title. Neighbours in one tier, the ballots do not tell apart."),
    )


def _result_row(option: Option, told: Round) -> tuple[str, ...]:
    row = (option.title, option.place or NOTHING, str(option.tier or NOTHING))
    if not told.figures:
        return row
    figures = option.figures
    if figures is None:
        return (*row, NOTHING, NOTHING, NOTHING, NOTHING)
    numbers = (f"{figures.mean_rank:.2f}", f"{figures.top_three} %", str(figures.no_opinion))
    return (*row, _interval(option), *numbers)
