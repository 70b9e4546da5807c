"""Reads what calendars answer to an invitation: METHOD:REPLY (RFC 5546). Pure; believes nothing it is not told."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Component

LARGEST = 1_000_000  # bytes; an answer has one or two thousand
NOT_A_CALENDAR = "not a calendar file"
NOT_A_REPLY = "no METHOD:REPLY"
NO_EVENT = "not exactly one VEVENT"
NO_ATTENDEE = "not exactly one ATTENDEE"
INCOMPLETE = "UID, DTSTAMP or SEQUENCE is missing or broken"


class NotReadableError(ValueError):
    """The file is no answer to an invitation; the text is one of the reasons above."""


@dataclass(frozen=True)
class CalendarReply:
    """Who answers what. `partstat` in capitals, `stamp` aware UTC, `delegate` an address or empty."""

    uid: str
    email: str
    partstat: str
    sequence: int
    stamp: dt.datetime
    delegate: str = ""


def read(content: bytes) -> CalendarReply:
    """Return the one answer of a file. Raises NotReadableError."""
    calendar = _calendar(content)
    if str(calendar.get("method", "")).upper() != "REPLY":
        raise NotReadableError(NOT_A_REPLY)
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise NotReadableError(NO_EVENT)
    return _reply(events[0])


def _calendar(content: bytes) -> "Component":
    from icalendar import Calendar

    if len(content) > LARGEST or b"\0" in content:
        raise NotReadableError(NOT_A_CALENDAR)
    try:
        return Calendar.from_ical(content.decode("utf-8-sig"))
    except (ValueError, IndexError, KeyError) as error:  # the library raises what it stumbles over
        raise NotReadableError(NOT_A_CALENDAR) from error


def _reply(event: "Component") -> CalendarReply:
    attendee = event.get("attendee")
    if attendee is None or isinstance(attendee, list):
        raise NotReadableError(NO_ATTENDEE)
    try:
        stamp: object = getattr(event["dtstamp"], "dt", None)
        sequence, uid = int(str(event.get("sequence", 0))), str(event["uid"])
    except (KeyError, ValueError, TypeError) as error:
        raise NotReadableError(INCOMPLETE) from error
    if not isinstance(stamp, dt.datetime) or stamp.tzinfo is None or sequence < 0:
        raise NotReadableError(INCOMPLETE)
    return CalendarReply(
        uid=uid,
        email=_address(attendee),
        partstat=str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).upper(),
        sequence=sequence,
        stamp=stamp.astimezone(dt.UTC),
        delegate=_address(attendee.params.get("DELEGATED-TO", "")),
    )


def _address(value: object) -> str:
    """Return "anna@example.org" for "mailto:Anna@example.org"; of several the first."""
    text = str(value[0] if isinstance(value, list) and value else value or "").strip().strip('"')
    scheme, colon, address = text.partition(":")
    return (address if colon and scheme.lower() == "mailto" else text).strip().lower()
