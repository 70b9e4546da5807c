"""Meetings as calendars read them (RFC 5545, 5546). Pure: the same input gives the same bytes.

Times are UTC with a `Z`: no VTIMEZONE (a common library's default puts a June meeting one hour late) and no RRULE.
The zone is named in the description.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress

Method = Literal["REQUEST", "CANCEL"]
PRODUCT = "-//S3 Community of Practice//Portal//EN"
REFRESH = dt.timedelta(hours=6)
NEWLINE = "\r\n"
FOLDS_AT = 74  # octets, as the library folds
PLAIN_NAME = re.compile("[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
PLAIN_ADDRESS = re.compile("[A-Za-z0-9.@_+-]+")
FOLD = f"{NEWLINE} "


@dataclass(frozen=True)
class Occasion:
    """One meeting. Times are aware UTC; `uid` is permanent; `sequence` grows with time, place and status only."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    sequence: int
    title: str
    description: str
    place: str
    url: str
    is_cancelled: bool = False
    is_tentative: bool = False

    @property
    def status(self) -> str:
        return "CANCELLED" if self.is_cancelled else "TENTATIVE" if self.is_tentative else "CONFIRMED"


@dataclass(frozen=True)
class Party:
    """Somebody with an address: the organiser or the one invitee."""

    name: str
    email: str


def request(occasion: Occasion, organiser: Party, invitee: Party) -> str:
    """Return the invitation for one person: exactly one ATTENDEE, so that nobody reads the addresses of the others."""
    return _mail("REQUEST", occasion, organiser, invitee)


def cancel(occasion: Occasion, organiser: Party, invitee: Party) -> str:
    """Return the message that takes the meeting out of one person's calendar; its sequence must be the higher one."""
    return _mail("CANCEL", replace(occasion, is_cancelled=True), organiser, invitee)


def block(occasion: Occasion) -> str:
    """Return the VEVENT of a feed, without organiser and attendees. It is kept beside the meeting: feeds only join."""
    return _text(_event(occasion))


def feed(blocks: Iterable[str], name: str) -> str:
    """Return a calendar to subscribe to: header, ready blocks, footer."""
    return f"{_header(name)}{''.join(blocks)}END:VCALENDAR{NEWLINE}"


@lru_cache(maxsize=256)
def _header(name: str) -> str:
    """Return what stands before the events; the same for each reader of a feed."""
    from icalendar import vDuration

    frame = _calendar("PUBLISH")
    frame.add("x-wr-calname", name)
    frame.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    frame.add("x-published-ttl", vDuration(REFRESH))
    return _text(frame).removesuffix(f"END:VCALENDAR{NEWLINE}")


def with_line(block: str, words: str) -> str:
    """Return the ready VEVENT with one more line at the end of its description.

    Written as continuation lines behind the stored bytes: building 300 events anew takes seconds, this milliseconds.
    """
    from icalendar import vText

    begin = block.find(f"{NEWLINE}DESCRIPTION")
    end = block.find(NEWLINE, begin + 1)
    while begin >= 0 and block.startswith(FOLD, end):
        end = block.find(NEWLINE, end + 1)
    if begin < 0 or end < 0:
        raise ValueError("an event without description")
    escaped = vText(f"\n{_clean(words)}").to_ical().decode()
    size = 70 if escaped.isascii() else 18  # characters; a line has at most 75 octets, a character at most four
    pieces = (escaped[start : start + size] for start in range(0, len(escaped), size))
    return block[:end] + "".join(f"{FOLD}{piece}" for piece in pieces) + block[end:]


def _mail(method: Method, occasion: Occasion, organiser: Party, invitee: Party) -> str:
    before, after = _around(method, occasion, organiser)
    return f"{before}{_attendee(method, invitee)}{after}"


@lru_cache(maxsize=64)
def _around(method: Method, occasion: Occasion, organiser: Party) -> tuple[str, str]:
    """Return what stands before and after the invitee's line: the same for all who read the meeting alike."""
    nobody = Party("", "nobody")
    event = _event(occasion)
    event.add("organizer", _address(organiser))
    event.add("attendee", _attending(method, nobody))
    calendar = _calendar(method)
    calendar.add_component(event)
    before, line, after = _text(calendar).partition(f"{NEWLINE}{_attendee(method, nobody)}{NEWLINE}")
    if not line:
        raise ValueError("an invitation without invitee")
    return f"{before}{NEWLINE}", f"{NEWLINE}{after}"


def _attendee(method: Method, invitee: Party) -> str:
    """Return the invitee's line, folded, without its end. The library writes a pattern for people of plain signs."""
    if not (PLAIN_NAME.fullmatch(invitee.name) and PLAIN_ADDRESS.fullmatch(invitee.email)):
        return _attendee_line(method, invitee)
    nobody = Party("N N" if " " in invitee.name else "NN", "a@a")
    line = _pattern(method, nobody).replace(nobody.name, invitee.name, 1).replace(nobody.email, invitee.email)
    return FOLD.join(line[start : start + FOLDS_AT] for start in range(0, len(line), FOLDS_AT))


@lru_cache(maxsize=8)
def _pattern(method: Method, nobody: Party) -> str:
    return _attendee_line(method, nobody).replace(FOLD, "")


def _attendee_line(method: Method, invitee: Party) -> str:
    from icalendar import Event

    line: bytes = Event().content_line("ATTENDEE", _attending(method, invitee)).to_ical()
    return line.decode()


def _attending(method: Method, invitee: Party) -> "vCalAddress":
    asked = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    return _address(invitee, **(asked if method == "REQUEST" else {}))


def _calendar(method: str) -> "Calendar":
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(occasion: Occasion) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", occasion.uid)
    event.add("dtstamp", _second(occasion.changed_at))
    event.add("last-modified", _second(occasion.changed_at))
    event.add("dtstart", _second(occasion.starts_at))
    event.add("dtend", _second(occasion.ends_at))
    event.add("sequence", occasion.sequence)
    event.add("status", occasion.status)
    event.add("summary", _clean(occasion.title))
    event.add("description", _clean(occasion.description))
    if occasion.place:
        event.add("location", _clean(occasion.place))
    event.add("url", occasion.url)
    return event


def _address(party: Party, **parameters: str) -> "vCalAddress":
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = vText(" ".join(_clean(party.name).split()))
    for name, value in parameters.items():
        address.params[name] = vText(value)
    return address


def _second(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _clean(text: str) -> str:
    """Control characters have no place in a calendar; the library escapes line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or (sign >= " " and sign != "\x7f"))


def _text(component: "Calendar | Event") -> str:
    content: bytes = component.to_ical()
    return content.decode()
