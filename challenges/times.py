"""A moment of a round as people read it."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format

from meetings.times import DAY, zone_text


def moment(at: dt.datetime | None, zone: ZoneInfo) -> str:
    """Return "Friday 4 December 2026, 18:00, Brussels time (CET, UTC+01:00)"; empty for no time."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{date_format(local, DAY)}, {time_format(local)}, {zone_text(local)}"
