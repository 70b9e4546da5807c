"""The dates of a series, from a pattern people can say: every so many weeks or months, on which day. Pure."""

import datetime as dt
from typing import NamedTuple

WEEKS, MONTHS, YEARS = "weeks", "months", "years"
NTH, LAST, SAME = "nth", "last", "same"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST_MONTH = 28
WEEK = 7


class Pattern(NamedTuple):
    """`on` says which day of the month: the nth weekday (as the first date has it), the last one, the same number."""

    every: int
    unit: str
    on: str
    times: int


def rule(first: dt.date, pattern: Pattern) -> str:
    """Return the recurrence rule of RFC 5545 (without "RRULE:")."""
    months = pattern.every * (12 if pattern.unit == YEARS else 1)
    parts = [f"FREQ=WEEKLY;INTERVAL={pattern.every}"]
    if pattern.unit != WEEKS:
        parts = [f"FREQ=MONTHLY;INTERVAL={months}", _day(first, pattern.on)]
    return ";".join([*parts, f"COUNT={pattern.times}"])


def _day(first: dt.date, on: str) -> str:
    weekday = DAYS[first.weekday()]
    if on == SAME and first.day > SHORTEST_MONTH:  # the 31st becomes the last day where there is none
        days = ",".join(str(day) for day in range(SHORTEST_MONTH, first.day + 1))
        return f"BYMONTHDAY={days};BYSETPOS=-1"
    if on == SAME:
        return f"BYMONTHDAY={first.day}"
    number = (first.day - 1) // WEEK + 1
    return f"BYDAY={-1 if on == LAST or number > 4 else number}{weekday}"  # noqa: PLR2004 - not every month has five


def dates(first: dt.date, text: str) -> list[dt.date]:
    """Return the dates of a rule that starts on `first`."""
    from dateutil.rrule import rrulestr

    return [moment.date() for moment in rrulestr(text, dtstart=dt.datetime.combine(first, dt.time()))]


def fits(first: dt.date, pattern: Pattern) -> bool:
    """Is the first date one of its own pattern? The last Tuesday cannot begin on the 8th."""
    return dates(first, rule(first, pattern))[:1] == [first]
