"""Half-years, the period of a group's report. Pure."""

import datetime as dt

Half = tuple[dt.date, dt.date]  # first day, and the first day after


def half_of(day: dt.date) -> Half:
    """The half-year that the day belongs to."""
    if day.month <= 6:  # noqa: PLR2004 - June ends the first half
        return dt.date(day.year, 1, 1), dt.date(day.year, 7, 1)
    return dt.date(day.year, 7, 1), dt.date(day.year + 1, 1, 1)


def latest(today: dt.date, number: int) -> list[Half]:
    """The last halves, the newest first; the running one is among them."""
    halves = [half_of(today)]
    while len(halves) < number:
        halves.append(half_of(halves[-1][0] - dt.timedelta(days=1)))
    return halves


def key(half: Half) -> str:
    """How a half stands in an address: 2026-1, 2026-2."""
    return f"{half[0].year}-{1 if half[0].month == 1 else 2}"


def read(text: str) -> Half | None:
    """The half that a key means."""
    year, _, number = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == len("2026") and number in {"1", "2"}):
        return None
    return half_of(dt.date(int(year), 1 if number == "1" else 7, 1))
