"""What speaks against a date: public holidays where members live, and one corner of the helix alone. Pure.

Everything here warns and nothing forbids.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# Eurostat and the Union write these two otherwise than ISO 3166 does.
ISO = {"EL": "GR", "UK": "GB"}
FEWEST_HELICES = 2


class Holiday(NamedTuple):
    """A public holiday in the country of some members; `country` is the code it was asked with."""

    country: str
    name: str
    day: dt.date
    people: int


@lru_cache(maxsize=256)
def calendar_of(country: str, year: int) -> dict[dt.date, str]:
    """Return the nationwide public holidays of a country; empty for one the library does not know."""
    import holidays

    code = ISO.get(country, country)
    if code not in holidays.list_supported_countries(include_aliases=False):
        return {}
    return dict(holidays.country_holidays(code, years=year, language="en_US"))


def days(starts: dt.datetime, ends: dt.datetime) -> list[dt.date]:
    """Return the days a meeting touches on its own clock; one that ends at midnight does not touch the next."""
    last = (ends - dt.timedelta(microseconds=1)).date()
    return [starts.date() + dt.timedelta(days=n) for n in range((last - starts.date()).days + 1)]


def public_holidays(on: Iterable[dt.date], countries: Iterable[str]) -> list[Holiday]:
    """Return the holidays on these days, the most people first; `countries` has one code for each person."""
    people = Counter(country for country in countries if country)
    found = [
        Holiday(country, name, day, number)
        for day in on
        for country, number in people.items()
        if (name := calendar_of(country, day.year).get(day))
    ]
    return sorted(found, key=lambda each: (each.day, -each.people, each.country))


def is_thin(helices: Iterable[str]) -> bool:
    """Do those who come (one helix each, empty where unknown) stand for fewer than two? Nobody at all is no answer."""
    coming = [helix for helix in helices if helix]
    return bool(coming) and len(set(coming)) < FEWEST_HELICES
