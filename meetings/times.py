"""Times as people read them: weekday, date, hours, the zone's name and its offset."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DAY = "l j F Y"
DOORS_OPEN = dt.timedelta(minutes=30)  # before the start: from then on people look for the join link


class NoSuchTime(ValueError):  # noqa: N818 - named for what happened
    """A time that the clocks skip when they go forward."""


def to_utc(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the moment a clock on the wall of that zone shows `local` (naive); of an hour that comes twice, the first.

    Raises NoSuchTime.
    """
    try:
        moment = local.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError as error:  # the edges of the calendar
        raise NoSuchTime(local.isoformat()) from error
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(local.isoformat())
    return moment


def away(moment: dt.datetime, offset: dt.timedelta, zone: ZoneInfo) -> dt.datetime:
    """Return the moment `offset` away from an aware one: whole days on the clock of the zone, the rest by the second.

    As calendars count (RFC 5545, 3.3.6): two days before 10:00 it is 10:00, also where the clocks change in between.
    A time that spring leaves out counts as the same number of minutes after the change; of one that comes twice, the
    first.
    """
    sign = -1 if offset < dt.timedelta() else 1
    days, rest = divmod(abs(offset), dt.timedelta(days=1))
    if days:
        local = moment.astimezone(zone).replace(tzinfo=None, fold=0) + sign * dt.timedelta(days=days)
        moment = local.replace(tzinfo=zone).astimezone(dt.UTC)
    return moment + sign * rest


def kept_by_language(say: Callable[..., str]) -> Callable[..., str]:
    """Let the function say the same again without working it out: once for each language and its arguments."""

    @lru_cache(maxsize=512)
    def kept(_language: str | None, *args: Any) -> str:
        return say(*args)

    @wraps(say)
    def said(*args: Any) -> str:
        return kept(get_language(), *args)

    return said


def zone_text(local: dt.datetime) -> str:
    """Return "Brussels time (CET, UTC+01:00)" for an aware local time of an IANA zone."""
    city = str(local.tzinfo).rpartition("/")[2].replace("_", " ")
    short, offset = local.tzname() or "", f"UTC{local.isoformat()[-6:]}"
    marks = f"{short}, {offset}" if short.isalpha() and short != city else offset
    return _("%(city)s time (%(marks)s)") % {"city": city, "marks": marks}


def hours(starts: dt.datetime, ends: dt.datetime) -> str:
    """Return "10:00–12:30", or both ends with their day when the meeting goes past midnight; aware local times."""
    if starts.date() == ends.date():
        return f"{time_format(starts)}–{time_format(ends)}"
    return f"{time_format(starts)} – {date_format(ends, DAY)}, {time_format(ends)}"


@kept_by_language
def span(starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo) -> str:
    """Return "Thursday 10 December 2026, 10:00–12:30, Brussels time (CET, UTC+01:00)"."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return f"{date_format(starts, DAY)}, {hours(starts, ends)}, {zone_text(starts)}"


@kept_by_language
def own_span(starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo, own: ZoneInfo) -> str:
    """Return the same on another clock, without the day where it is the same; empty where both clocks agree."""
    there, here = starts_at.astimezone(zone), starts_at.astimezone(own)
    if there.utcoffset() == here.utcoffset():
        return ""
    text = f"{hours(here, ends_at.astimezone(own))}, {zone_text(here)}"
    return text if there.date() == here.date() else f"{date_format(here, DAY)}, {text}"


def point(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Return "Thursday 10 December 2026, 18:00, Brussels time (CET, UTC+01:00)"."""
    local = moment.astimezone(zone)
    return f"{date_format(local, DAY)}, {time_format(local)}, {zone_text(local)}"


def own_point(moment: dt.datetime, zone: ZoneInfo, own: ZoneInfo) -> str:
    """Return the same on another clock, without the day where it is the same; empty where both clocks agree."""
    there, here = moment.astimezone(zone), moment.astimezone(own)
    if there.utcoffset() == here.utcoffset():
        return ""
    text = f"{time_format(here)}, {zone_text(here)}"
    return text if there.date() == here.date() else f"{date_format(here, DAY)}, {text}"


def clocks(moments: Iterable[dt.datetime | None]) -> list[str]:
    """Return "10:00" for each local time, as the language writes it; empty where there is none."""
    language = get_language()
    return [_clock(language, moment.time()) if moment else "" for moment in moments]


@lru_cache(maxsize=2000)
def _clock(_language: str | None, hour: dt.time) -> str:
    return time_format(hour)


def running(starts_at: dt.datetime | None, lengths: Iterable[int | None]) -> list[dt.datetime | None]:
    """Return when each agenda item begins; after an item of unknown length (minutes) nobody knows."""
    moments, moment = [], starts_at
    for minutes in lengths:
        moments.append(moment)
        moment = moment + dt.timedelta(minutes=minutes) if moment and minutes else None
    return moments
