"""Answers from calendars: what counts is the newest answer of an invited person to the newest version."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from meetings import actions, calendars, errors, itip
from meetings.models import Meeting
from people.models import User
from tests.factories import user
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import Membership

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def answer_of(
    meeting: Meeting, person: User, partstat: str = "ACCEPTED", *, sent_at: dt.datetime = PLANNED + DAY, more: str = ""
) -> bytes:
    """What a calendar mails back: our own invitation with the answer in it."""
    text = calendars.invitation(meeting, person).replace("METHOD:REQUEST", "METHOD:REPLY").replace("\r\n ", "")
    stamp = f"DTSTAMP:{sent_at:%Y%m%dT%H%M%SZ}"
    lines = [stamp if line.startswith("DTSTAMP") else line for line in text.split("\r\n")]
    return "\r\n".join(lines).replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}{more}").encode()


def note(content: bytes, now: dt.datetime = PLANNED + 2 * DAY) -> tuple[str, str]:
    attendee = actions.import_reply(answer=itip.read(content), now=now)
    return attendee.reply, attendee.substitute_email


@pytest.mark.parametrize(("partstat", "reply"), [("ACCEPTED", "yes"), ("TENTATIVE", "maybe"), ("DECLINED", "no")])
def test_an_answer_is_noted_with_the_time_it_was_given(plan: Plan, anna: User, partstat: str, reply: str) -> None:
    meeting = plan()
    assert note(answer_of(meeting, anna, partstat)) == (reply, "")
    assert meeting.attendees.get().replied_at == PLANNED + DAY


def test_who_delegates_sends_a_substitute(plan: Plan, anna: User) -> None:
    more = ';DELEGATED-TO="mailto:bela@example.org"'
    assert note(answer_of(plan(), anna, "DELEGATED", more=more)) == ("no", "bela@example.org")


def test_who_comes_online_and_accepts_in_the_calendar_still_comes_online(plan: Plan, anna: User) -> None:
    meeting = plan()
    actions.reply(meeting=meeting, by=anna, reply="online", now=PLANNED)
    assert note(answer_of(meeting, anna)) == ("online", "")


def test_an_answer_to_the_time_before_a_move_is_refused(plan: Plan, anna: User) -> None:
    meeting = plan()
    old = answer_of(meeting, anna)
    moved = actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED)
    with pytest.raises(errors.StaleReply):
        note(old)
    assert meeting.attendees.get().reply == "none"
    assert note(answer_of(moved, anna)) == ("yes", "")


def test_the_newest_answer_wins_whatever_the_order_of_the_files(plan: Plan, anna: User) -> None:
    meeting = plan()
    assert note(answer_of(meeting, anna, "DECLINED", sent_at=PLANNED + DAY + HOUR)) == ("no", "")
    for _ in range(2):
        with pytest.raises(errors.StaleReply):
            note(answer_of(meeting, anna, "ACCEPTED"))
    assert meeting.attendees.get().reply == "no"


def test_nobody_adds_themselves(plan: Plan, anna: User) -> None:
    meeting = plan()
    for stranger in (user(email="mallory@example.org"), anna):
        Membership.objects.filter(user=stranger).update(status="ended", ended_on=PLANNED.date())
        with pytest.raises(errors.NotInvited):
            note(answer_of(meeting, stranger))
    assert list(meeting.attendees.values_list("user", "reply")) == [(anna.pk, "none")]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"UID:", b"UID:x", errors.UnknownMeeting),
        (b"PARTSTAT=ACCEPTED", b"PARTSTAT=NEEDS-ACTION", errors.NoAnswer),
        (b"METHOD:REPLY", b"METHOD:REQUEST", itip.NotReadableError),
        (b"DTSTAMP:", b"DTSTART:", itip.NotReadableError),
        (b"SEQUENCE:0", b"SEQUENCE:-1", itip.NotReadableError),
        (b"BEGIN:VEVENT", b"BEGIN:VTODO", itip.NotReadableError),
        (b"\r\nATTENDEE", b"\r\nATTENDEE:mailto:x@example.org\r\nATTENDEE", itip.NotReadableError),
    ],
)
def test_what_is_no_answer_changes_nothing(
    plan: Plan, anna: User, old: bytes, new: bytes, error: type[Exception]
) -> None:
    meeting = plan()
    with pytest.raises(error):
        note(answer_of(meeting, anna).replace(old, new))
    assert meeting.attendees.get().reply == "none"


@given(st.binary() | st.text().map(lambda text: f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n{text}\r\nEND:VCALENDAR".encode()))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(itip.NotReadableError):
        itip.read(content)


def test_after_the_start_no_answer_is_noted(plan: Plan, anna: User) -> None:
    meeting = plan()
    with pytest.raises(errors.RepliesClosed):
        note(answer_of(meeting, anna), now=STARTS)


def test_the_command_prints_what_became_of_each_file(plan: Plan, anna: User, tmp_path: Path) -> None:
    now = timezone.now().replace(microsecond=0)
    meeting = plan(starts_at=now + 9 * DAY, ends_at=now + 9 * DAY + HOUR, now=now - DAY)
    (tmp_path / "a.ics").write_bytes(answer_of(meeting, anna, sent_at=now - HOUR))
    (tmp_path / "b.ics").write_bytes(b"nothing")
    (tmp_path / "c.txt").write_bytes(b"no calendar at all")
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 of 2 refused\."):
        call_command("import_replies", str(tmp_path), stdout=out)
    assert out.getvalue().splitlines() == [
        f"{tmp_path}/a.ics: Anna Példa (anna@example.org), Ninth meeting: Yes, in the room",
        f"{tmp_path}/b.ics: refused: not a calendar file",
    ]
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_replies", str(tmp_path / "d.ics"), stdout=out)
