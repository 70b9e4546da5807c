"""Dates that are only known to the year or the month: "2023", "2023-11" or "2023-11-28". As exact as they are long."""

import datetime as dt
import re

PATTERN = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
FORMATS = {4: "Y", 7: "F Y", 10: "j F Y"}  # Django date formats by length


def first_day(text: str) -> dt.date:
    """Return the first day the text can mean ("2023-11" -> 1 November 2023); raises ValueError on anything else."""
    if not re.match(PATTERN, text):
        raise ValueError(f"{text!r} is no year, month or day")
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def display_format(text: str) -> str:
    """Return the Django date format that shows as much as is known and no more."""
    return FORMATS[len(text)]
