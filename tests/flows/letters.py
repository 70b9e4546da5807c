"""What left by mail in a flow: the new letters, and what their calendar parts tell a calendar."""

import datetime as dt
from email.message import Message
from typing import Any, cast

import icalendar
from django.core import mail

from notices import delivery


def delivered(now: dt.datetime | None = None) -> list[mail.EmailMessage]:
    """Let the worker deliver what is due; return the new letters by address."""
    mail.outbox.clear()
    while delivery.deliver(now=now):
        pass
    return sorted(mail.outbox, key=lambda letter: letter.to)


def calendar(letter: mail.EmailMessage) -> icalendar.Event:
    """Return the event of the letter's calendar part, with the method as its X-METHOD."""
    parts = [part for part in cast(Message, letter.message()).walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    entry = icalendar.Calendar.from_ical(cast(bytes, parts[0].get_payload(decode=True)))
    event = entry.walk("VEVENT")[0]
    event["X-METHOD"] = str(entry["METHOD"])
    return cast(icalendar.Event, event)


def told(letter: mail.EmailMessage) -> tuple[str, int, str, dt.datetime]:
    """Return method, sequence, status and start of the letter's calendar entry."""
    event: Any = calendar(letter)
    return event["X-METHOD"], event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt
