"""Times and places in words, in the language that is active."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from meetings.models import Meeting, Webinar
from workinggroups import approximate


def of_meeting(meeting: Meeting | Webinar) -> str:
    """Exact times with the zone, or the date as exactly as it is known."""
    if meeting.starts_at and meeting.ends_at:
        end = formats.time_format(meeting.ends_at.astimezone(meeting.zone), "TIME_FORMAT")
        return moment(meeting.starts_at, meeting.zone, until=end)["text"]
    return _about(meeting.approx_date) if meeting.approx_date else _("date to be found")


def day_of(meeting: Meeting | Webinar) -> str:
    """The day, month or year as exactly as it is known; empty without one."""
    if meeting.approx_date:
        return _about(meeting.approx_date)
    return formats.date_format(meeting.sort_day, "DATE_FORMAT") if meeting.sort_day else ""


def _about(known: str) -> str:
    return formats.date_format(approximate.first_day(known), approximate.display_format(known))


def where(meeting: Meeting | Webinar) -> str:
    """The place and how people meet there, each once: "Online" is both."""
    place, mode = meeting.place.strip(), str(meeting.get_mode_display())
    return ", ".join(part for part in (place, mode if mode.casefold() != place.casefold() else "") if part)


def moment(at: dt.datetime | None, zone: dt.tzinfo = dt.UTC, *, until: str = "") -> dict[str, str]:
    """A time for machines (`at`), as a day (`date`), and with weekday, hour, zone and offset (`text`)."""
    if at is None:
        return {"at": "", "date": "", "text": ""}
    local = at.astimezone(zone)
    offset = local.strftime("%z")
    day, hour = formats.date_format(local, "l j F Y"), formats.time_format(local, "TIME_FORMAT")
    where = f"{zone}, UTC{offset[:3]}:{offset[3:5]}" if isinstance(zone, ZoneInfo) else "UTC"
    return {
        "at": at.astimezone(dt.UTC).isoformat(),
        "date": formats.date_format(local, "DATE_FORMAT"),
        "text": f"{day}, {hour}{f'–{until}' if until else ''} ({where})",
    }
