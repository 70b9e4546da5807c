"""Through the nights in which clocks change, with a real worker and broker: each reminder once and at its hour, with
the right local time, weekday, zone and offset in the letter and UTC in the calendar; and the forecast has said so.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from history.clock import database_now
from meetings import actions, forecast
from meetings.actions import RuleLine
from meetings.models import Meeting, ReminderRule
from notices.models import Notice
from people.models import User
from s3cop.celery import app
from s3cop.models import Heartbeat
from tests import factories
from tests.notices import clock
from tests.notices.sink import Sink
from tests.notices.test_faults import ALONE, broker, postmaster, process, redis, text_of, wait_for
from workinggroups.models import WorkingGroup

__all__ = ["broker", "postmaster", "redis"]  # fixtures
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
BRUSSELS = ZoneInfo("Europe/Brussels")
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
HALF = 30 * MINUTE
RULES = {"forward": [-DAY, -7 * HOUR - HALF, -6 * HOUR - HALF], "back": [-DAY, -8 * HOUR - HALF, -7 * HOUR - HALF]}
# When it starts (UTC); when the rules are due on the clock of the place; what the letter says; and to people elsewhere.
NIGHTS: dict[str, tuple[dt.datetime, list[str], str, dict[str, str]]] = {
    "forward": (
        dt.datetime(2026, 3, 29, 8, tzinfo=dt.UTC),
        [
            "2026-03-28T10:00:00+01:00",  # 23 hours before
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T03:30:00+02:00",
        ],
        "Sunday 29 March 2026, 10:00–12:00, Brussels time (CEST, UTC+02:00)",
        {
            "Atlantic/Azores": "Your time: 08:00–10:00, Azores time (UTC+00:00)",
            "Europe/Athens": "Your time: 11:00–13:00, Athens time (EEST, UTC+03:00)",
            "Asia/Tokyo": "Your time: 17:00–19:00, Tokyo time (JST, UTC+09:00)",
        },
    ),
    "back": (
        dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC),
        [
            "2026-10-24T10:00:00+02:00",  # 25 hours before
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",  # the same on the wall, an hour later
        ],
        "Sunday 25 October 2026, 10:00–12:00, Brussels time (CET, UTC+01:00)",
        {
            "Atlantic/Azores": "Your time: 08:00–10:00, Azores time (UTC-01:00)",
            "Europe/Athens": "Your time: 11:00–13:00, Athens time (EET, UTC+02:00)",
            "Asia/Tokyo": "Your time: 18:00–20:00, Tokyo time (JST, UTC+09:00)",
        },
    ),
}


@pytest.fixture
def set_clock() -> Iterator[Callable[[dt.datetime], None]]:
    with clock.moved() as verb:
        yield verb


def scheduled(people: list[User], group: WorkingGroup, night: str) -> Meeting:
    """Plan it by the moved clock alone: no action is told what time it is."""
    starts_at = NIGHTS[night][0]
    details: dict[str, Any] = {"mode": "online", "join_url": "https://meet.example.org/x"}
    meeting = actions.schedule(
        group=group, by=None, title="Morning", starts_at=starts_at, ends_at=starts_at + 2 * HOUR, **details
    )
    lines = [RuleLine("start", offset, "yes_or_maybe", "meeting_soon") for offset in RULES[night]]
    actions.set_rules(of=meeting, lines=lines, by=None)
    for person in people:
        actions.reply(meeting=meeting, by=person, reply="yes")
    return meeting


def minute() -> Callable[[], bool]:
    """Send what the schedule sends each minute; the answer tells when the worker has done all of it."""
    now = database_now()
    for task in ("meetings.remind", "notices.deliver", "s3cop.heartbeat"):
        app.send_task(task)
    return lambda: Heartbeat.objects.filter(beaten_at__gte=now).exists()


def test_each_reminder_once_at_its_hour_and_with_the_right_time(
    broker: str, postmaster: Sink, tmp_path: Path, set_clock: Callable[[dt.datetime], None]
) -> None:
    with process(ALONE, broker, tmp_path, postmaster.port):
        # What a worker sends itself as it starts comes first, or its heartbeat is taken for the answer to ours.
        wait_for(Heartbeat.objects.exists, tmp_path)
        for night in NIGHTS:
            through(night, postmaster, tmp_path, set_clock)


def through(night: str, postmaster: Sink, home: Path, set_clock: Callable[[dt.datetime], None]) -> None:
    starts_at, due, says, own = NIGHTS[night]
    group = factories.group()
    people = [factories.member(group, timezone=zone) for zone in ("Europe/Brussels", *own)]
    set_clock(starts_at - 5 * DAY)
    Heartbeat.objects.all().delete()
    known = postmaster.accepted
    meeting = scheduled(people, group, night)
    expected = forecast.of_meeting(meeting, ReminderRule.objects.all(), database_now())
    assert [line.due_at.isoformat() for line in expected][: len(due)] == due
    wait_for(minute(), home)
    for moment in map(dt.datetime.fromisoformat, due):
        numbers = []
        for minutes in (-1, 0, 1):
            set_clock(moment + minutes * MINUTE)
            before = postmaster.accepted
            wait_for(minute(), home)
            numbers.append(postmaster.accepted - before)
        assert (moment, numbers) == (moment, [0, len(people), 0])
    letters = postmaster.letters()[known:]
    assert Counter(subject_of(letter) for letter in letters) == {"Invitation": len(people), "Soon": 3 * len(people)}
    assert set(postmaster.count().values()) == {1}
    for person in people:
        own_letters = [letter for letter in letters if person.email in str(letter["To"])]
        texts = [text_of(letter) for letter in own_letters]
        assert [(says in text, own.get(person.timezone, says) in text) for text in texts] == [(True, True)] * 4
        assert [times_of(letter) for letter in own_letters if calendar_of(letter)] == [in_utc(starts_at)]
    assert set(Notice.objects.about(meeting).values_list("state", flat=True)) == {Notice.State.SENT}
    assert timezone.now() > max(dt.datetime.fromisoformat(text) for text in due)  # the real clock is elsewhere


def subject_of(letter: EmailMessage) -> str:
    return str(letter["Subject"]).partition(":")[0]


def calendar_of(letter: EmailMessage) -> str:
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return str(parts[0].get_content()) if parts else ""


def times_of(letter: EmailMessage) -> list[str]:
    return [line for line in calendar_of(letter).splitlines() if line.startswith(("DTSTART", "DTEND", "TZID"))]


def in_utc(starts_at: dt.datetime) -> list[str]:
    return [f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{starts_at + 2 * HOUR:%Y%m%dT%H%M%SZ}"]
