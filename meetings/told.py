"""What letters say of a meeting, in words; worked out once for all who read it alike, while its row is as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import get_language

from meetings import answers, calendars, times
from meetings.models import Attendee, Meeting
from people.models import User


class Shown(NamedTuple):
    """What the letters print of a meeting: words, so that letters to other readers share the rendering."""

    title: str
    mode: str
    get_mode_display: str
    place: str
    directions: str
    language_names: str
    reply_by: str


def day_of(meeting: Meeting) -> str:
    return date_format(meeting.local_start, times.DAY) if meeting.local_start else meeting.when


def context(meeting: Meeting, reader: User, attendee: Attendee | None) -> Mapping[str, Any]:
    """Return what every letter about a meeting says, in the active language; not to be changed."""
    return _words(_Question(_known(meeting, reader, attendee), get_language(), meeting, reader, attendee))


@dataclass(frozen=True)
class _Question:
    """The records are looked at only where what is known of them is new."""

    known: tuple[object, ...]
    language: str | None
    meeting: Meeting = field(compare=False)
    reader: User = field(compare=False)
    attendee: Attendee | None = field(compare=False)


def _known(meeting: Meeting, reader: User, attendee: Attendee | None) -> tuple[object, ...]:
    """Return all that the words depend on: the meeting's row and its group's, the reader's clock, the answer so far."""
    of_reader: tuple[object, ...] = (reader.timezone, settings.SITE_URL, settings.CONTACT_EMAIL)
    if attendee:
        from_poll = answers.comes_from_poll(attendee, meeting)
        of_reader += (attendee.reply, attendee.waiting_since is None, from_poll)
    return (*_row(meeting), *_row(meeting.group), *of_reader)


def _row(record: Model) -> tuple[object, ...]:
    values = [value for name, value in record.__dict__.items() if name in _columns(type(record))]
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


@lru_cache(maxsize=8)
def _columns(model: type[Model]) -> frozenset[str]:
    return frozenset(column.attname for column in model._meta.concrete_fields)  # noqa: SLF001 - documented as public


@lru_cache(maxsize=256)
def _words(question: _Question) -> Mapping[str, Any]:
    meeting, reader, attendee = question.meeting, question.reader, question.attendee
    return {
        "meeting": _shown(meeting),
        "group": str(meeting.group),
        "day": day_of(meeting),
        "when": meeting.when,
        "own_when": meeting.when_for(reader),
        "join_url": meeting.join_url,
        "page_url": calendars.absolute(meeting.get_absolute_url()),
        "own_reply_by": _own_reply_by(meeting, reader),
        "answer": answers.said(attendee, meeting) if attendee else "",
        "from_poll": attendee is not None and answers.comes_from_poll(attendee, meeting),
        "answers": [(value, str(label)) for value, label in answers.choices_for(meeting)] if attendee else [],
    }


def _shown(meeting: Meeting) -> Shown:
    return Shown(
        meeting.title,
        str(meeting.mode),
        meeting.get_mode_display(),
        meeting.place,
        meeting.directions,
        meeting.language_names,
        times.point(meeting.reply_by, meeting.zone) if meeting.reply_by else "",
    )


def _own_reply_by(meeting: Meeting, reader: User) -> str:
    """Until when to answer, on the reader's clock; empty where the meeting's shows the same."""
    if meeting.reply_by is None:
        return ""
    return times.own_point(meeting.reply_by, meeting.zone, ZoneInfo(reader.timezone))
