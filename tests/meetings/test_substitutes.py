"""Somebody comes in somebody's place: the calendars of both say so, whatever becomes of it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from meetings import actions
from meetings.models import Meeting
from notices import delivery
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
HOUR = dt.timedelta(hours=1)
BELA = {"substitute": "Béla Minta", "substitute_email": "bela@example.org"}
CECILE = {"substitute": "Cécile Exemple", "substitute_email": "cecile@example.org"}
Entry = tuple[str, str, str, int]


def say(meeting: Meeting, person: User, reply: str, hours: int, **who: str) -> None:
    actions.reply(meeting=meeting, by=person, reply=reply, now=PLANNED + hours * HOUR, **who)
    delivery.deliver(now=PLANNED + hours * HOUR)


def entries(to: str) -> list[Entry]:
    """The calendar parts that an address got: method, status, attendee, sequence. Exactly one attendee in each."""
    return [entry for letter in mail.outbox if to in letter.to[0] for entry in _entries(letter)]


def _entries(letter: Any) -> list[Entry]:
    assert isinstance(letter, EmailMultiAlternatives)
    found = []
    for part in letter.message().walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            calendar = Calendar.from_ical(content)
            (event,) = calendar.walk("VEVENT")
            attendee, method = str(event["ATTENDEE"]).removeprefix("mailto:"), str(calendar["METHOD"])
            assert method == part.get_param("method")
            found.append((method, str(event["STATUS"]), attendee, int(str(event["SEQUENCE"]))))
    return found


@pytest.fixture
def meeting(plan: Plan, anna: User) -> Meeting:
    """Anna has her invitation."""
    planned = plan()
    delivery.deliver(now=PLANNED)
    assert [entry[2] for entry in entries("anna@")] == [anna.email]
    mail.outbox.clear()
    return planned


def test_a_substitute_s_calendar_follows_the_meeting(meeting: Meeting, anna: User) -> None:
    say(meeting, anna, "no", 1, **BELA)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED + 2 * HOUR)
    delivery.deliver(now=PLANNED + 2 * HOUR)
    actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED + 3 * HOUR)
    delivery.deliver(now=PLANNED + 3 * HOUR)
    assert entries("bela@") == [
        ("REQUEST", "CONFIRMED", "bela@example.org", 0),
        ("REQUEST", "CONFIRMED", "bela@example.org", 1),
        ("CANCEL", "CANCELLED", "bela@example.org", 2),
    ]


def test_who_is_replaced_loses_the_entry_and_gets_a_newer_one_when_named_again(meeting: Meeting, anna: User) -> None:
    for hours, who in enumerate((BELA, CECILE, BELA), start=1):
        say(meeting, anna, "no", hours, **who)
    say(meeting, anna, "yes", 4)
    assert entries("bela@") == [
        ("REQUEST", "CONFIRMED", "bela@example.org", 0),
        ("CANCEL", "CANCELLED", "bela@example.org", 1),
        ("REQUEST", "CONFIRMED", "bela@example.org", 2),
        ("CANCEL", "CANCELLED", "bela@example.org", 3),
    ]
    assert entries("cecile@") == [
        ("REQUEST", "CONFIRMED", "cecile@example.org", 1),
        ("CANCEL", "CANCELLED", "cecile@example.org", 2),
    ]
    released = [letter for letter in mail.outbox if letter.to == ["cecile@example.org"]][1]
    assert str(released.body).startswith("Dear Cécile Exemple,\n\nYou are no longer expected at this meeting")


def test_the_calendar_of_who_sends_somebody_is_cleared_and_filled_again(meeting: Meeting, anna: User) -> None:
    say(meeting, anna, "no", 1, **BELA)
    say(meeting, anna, "no", 2, **CECILE)
    actions.edit(meeting=meeting, by=None, place="Room 3", now=PLANNED + 3 * HOUR)
    delivery.deliver(now=PLANNED + 3 * HOUR)
    say(meeting, anna, "yes", 4)
    mine = [letter for letter in mail.outbox if anna.email in letter.to[0]]
    assert [letter.subject.partition(":")[0] for letter in mine] == [
        "In your place",
        "Changed",
        "Back in your calendar",
    ]
    assert entries("anna@") == [
        ("CANCEL", "CANCELLED", "anna@example.org", 1),
        ("REQUEST", "CONFIRMED", "anna@example.org", 3),
    ]


def test_an_invitation_that_leaves_after_somebody_was_named_brings_no_entry(plan: Plan, anna: User) -> None:
    meeting = plan()
    say(meeting, anna, "no", 0, **BELA)
    assert (entries("anna@"), [entry[0] for entry in entries("bela@")]) == ([], ["REQUEST"])
    say(meeting, anna, "yes", 1)
    assert [entry[0] for entry in entries("anna@")] == ["REQUEST"]


def test_who_is_invited_too_keeps_the_own_entry(meeting: Meeting, club: WorkingGroup, anna: User) -> None:
    other = member(club, email="bela@example.org", display_name="Béla Minta")
    actions.remind(now=PLANNED)
    delivery.deliver(now=PLANNED)
    mail.outbox.clear()
    say(meeting, anna, "no", 1, **BELA)
    say(meeting, anna, "yes", 2)
    assert (entries("bela@"), len([letter for letter in mail.outbox if other.email in letter.to[0]])) == ([], 2)


def test_who_is_sent_by_two_loses_the_entry_with_the_second(meeting: Meeting, club: WorkingGroup, anna: User) -> None:
    other = member(club)
    for person in (anna, other):
        say(meeting, person, "no", 1, **BELA)
    mail.outbox.clear()
    say(meeting, anna, "yes", 2)
    assert entries("bela@") == []
    say(meeting, other, "yes", 3)
    assert [entry[0] for entry in entries("bela@")] == ["CANCEL"]


def test_the_own_feed_leaves_out_where_somebody_else_comes(meeting: Meeting, anna: User, client: Client) -> None:
    address = reverse("meetings:personal_feed", args=[actions.make_address(by=anna).token])
    shown, tags = [], set()
    for hours, (reply, who) in enumerate((("yes", {}), ("no", BELA), ("yes", {})), start=1):
        say(meeting, anna, reply, hours, **who)
        answer = client.get(address)
        shown.append(answer.content.count(b"BEGIN:VEVENT"))
        tags.add(answer["ETag"])
    assert (shown, len(tags)) == ([1, 0, 1], 2)
