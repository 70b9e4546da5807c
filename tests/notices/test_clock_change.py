"""Beats through the nights in which clocks change: each reminder once, at its hour, with the right time."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from meetings import actions
from meetings.models import Meeting
from notices import delivery
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NIGHTS = {
    "forward": (dt.datetime(2027, 3, 28, 8, tzinfo=dt.UTC), "Sunday 28 March 2027, 10:00–12:00, Brussels time (CEST"),
    "back": (dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC), "Sunday 25 October 2026, 10:00–12:00, Brussels time (CET"),
}


def beats(first: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    while first <= last:
        yield first
        first += HOUR


@pytest.mark.parametrize("night", NIGHTS)
def test_each_reminder_once_and_at_its_hour(night: str) -> None:
    starts_at, says = NIGHTS[night]
    group = factories.group()
    people = [factories.member(group, timezone=zone) for zone in ("Europe/Brussels", "Atlantic/Azores")]
    planned = starts_at - dt.timedelta(days=30)
    details: dict[str, Any] = {"title": "Morning", "starts_at": starts_at, "ends_at": starts_at + 2 * HOUR}
    online: dict[str, Any] = {"mode": Meeting.Mode.ONLINE, "join_url": "https://meet.example.org/x"}
    meeting = actions.schedule(group=group, by=None, now=planned, **details, **online)
    for person in people:
        actions.reply(meeting=meeting, by=person, reply="yes", now=planned + HOUR)
    arrived: list[tuple[dt.datetime, str, str]] = []
    for moment in beats(starts_at - dt.timedelta(hours=50), starts_at):
        actions.remind(now=moment)
        delivery.deliver(now=moment)
        arrived += [(moment, message.to[0], str(message.subject)) for message in mail.outbox[len(arrived) :]]
    soon, join = starts_at - dt.timedelta(days=2), starts_at - 2 * HOUR
    reminders = [(moment, to) for moment, to, subject in arrived if not subject.startswith("Invitation")]
    names = [str(message.to[0]) for message in mail.outbox if message.subject.startswith("Soon")]
    assert Counter(reminders) == {(moment, to): 1 for moment in (soon, join) for to in names}
    assert [says in message.body for message in mail.outbox] == [True] * len(mail.outbox)
