"""When and where a meeting was to be before it changed: what a letter keeps of it, and how it says so."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from meetings import times
from meetings.models import Meeting

Known = dict[str, Any]  # starts_at and ends_at (ISO or None), timezone, mode, place


def known(meeting: Meeting) -> Known:
    """Return time and place as they stand, for the payload of a letter."""
    starts, ends = meeting.starts_at, meeting.ends_at
    return {
        "starts_at": starts and starts.isoformat(),
        "ends_at": ends and ends.isoformat(),
        "timezone": meeting.timezone,
        "mode": str(meeting.mode),
        "place": meeting.place,
    }


def words(was: Known | None, meeting: Meeting) -> list[str]:
    """Return what is different now, as it was: the time, the place, both or nothing; in the reader's language."""
    if not was or not was["starts_at"] or not was["ends_at"]:
        return []
    starts, ends = parse_datetime(was["starts_at"]), parse_datetime(was["ends_at"])
    lines = []
    if starts and ends and (starts, ends) != (meeting.starts_at, meeting.ends_at):
        lines.append(times.span(starts, ends, ZoneInfo(was["timezone"])))
    before = site(was["mode"], was["place"])
    if before != site(str(meeting.mode), meeting.place):
        lines.append(before)
    return lines


def site(mode: str, place: str) -> str:
    """The mode, and the place where there is one to go to."""
    label = str(Meeting.Mode(mode).label)
    return label if mode == Meeting.Mode.ONLINE or not place else f"{label}: {place}"
