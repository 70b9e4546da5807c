"""Minutes open for comments: who may comment hears of it, with the address and until when."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from meetings import actions
from meetings.actions import minutes as verbs
from meetings.actions.minutes import Wording
from meetings.errors import InThePast
from meetings.models import Meeting, Minutes
from notices import delivery
from notices.models import Notice
from people.models import User
from tests.factories import member
from tests.meetings.conftest import STARTS
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AFTER = STARTS + 4 * HOUR
UNTIL = STARTS + 7 * DAY


@pytest.fixture
def drafted(plan: Callable[..., Meeting], chair: User, eleni: User) -> Minutes:
    meeting = plan()
    actions.mark_held(now=AFTER)
    Notice.objects.all().delete()
    assert eleni.is_active
    return verbs.write_minutes(meeting=meeting, by=chair, wording=Wording("All came."), edit=0, now=AFTER)


def outcome() -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(kind="meetings.minutes_for_comment").select_related("recipient").order_by("pk")
    return [(str(row.recipient), row.state, row.reason) for row in rows]


def test_members_hear_where_and_until_when_on_their_own_clock_too(
    drafted: Minutes, club: WorkingGroup, chair: User
) -> None:
    member(club, role=Membership.Role.OBSERVER)
    verbs.circulate(minutes=drafted, by=chair, comments_by=UNTIL, now=AFTER)
    mail.outbox.clear()
    delivery.deliver(now=AFTER)
    (letter,) = mail.outbox
    assert letter.to == ["Ελένη Παράδειγμα <eleni@example.org>"]
    assert letter.subject.startswith("Minutes for comment: Ninth meeting, Monday 15 June 2026")
    assert "List-Unsubscribe-Post" in letter.extra_headers
    assert [line for line in str(letter.body).splitlines() if "Your time" in line or "comment by" in line] == [
        "Please comment by Monday 22 June 2026, 10:00, Brussels time (CEST, UTC+02:00).",
        "Your time: 11:00, Athens time (EEST, UTC+03:00)",
    ]
    assert "http://127.0.0.1:8000/meetings/ninth-meeting/minutes/1/" in letter.body


def test_minutes_approved_or_taken_back_before_the_letter_left_are_not_announced(drafted: Minutes, chair: User) -> None:
    verbs.circulate(minutes=drafted, by=chair, now=AFTER)
    taken_back = verbs.take_back(minutes=drafted, by=chair, now=AFTER)
    verbs.circulate(minutes=taken_back, by=chair, comments_by=UNTIL, now=AFTER + HOUR)
    verbs.approve(minutes=taken_back, by=chair, edit=1, now=AFTER + HOUR)
    assert outcome() == [
        ("Ελένη Παράδειγμα", "skipped", "taken back meanwhile"),
        ("Ελένη Παράδειγμα", "skipped", "approved meanwhile"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda: Membership.objects.update(status="ended", ended_on=AFTER.date()), "no longer a member"),
        (lambda: Minutes.objects.update(state="draft"), "no longer open for comments"),
        (lambda: None, "overdue"),
    ],
)
def test_the_letter_looks_at_the_world_again(
    drafted: Minutes, chair: User, change: Callable[[], None], reason: str
) -> None:
    verbs.circulate(minutes=drafted, by=chair, comments_by=UNTIL, now=AFTER)
    change()
    delivery.deliver(now=UNTIL + HOUR if reason == "overdue" else AFTER)
    assert outcome() == [("Ελένη Παράδειγμα", "skipped", reason)]


def test_the_deadline_is_to_come(drafted: Minutes, chair: User) -> None:
    with pytest.raises(InThePast):
        verbs.circulate(minutes=drafted, by=chair, comments_by=AFTER, now=AFTER)


@pytest.mark.usefixtures("drafted")
def test_the_step_asks_until_when_on_the_clock_of_the_meeting(chair: User, signed_in: Callable[[User], Client]) -> None:
    page, browser = "/meetings/ninth-meeting/minutes/1/circulate/", signed_in(chair)
    past = browser.post(page, {"comments_by": "2020-01-01T12:00"})
    assert "This time has passed." in past.content.decode()
    browser.post(page, {"comments_by": "2099-07-01T18:00"})
    assert Minutes.objects.get().comments_by == dt.datetime(2099, 7, 1, 16, tzinfo=dt.UTC)
    shown = browser.get("/meetings/ninth-meeting/minutes/1/").content.decode()
    assert "Please comment by Wednesday 1 July 2099, 18:00, Brussels time (CEST, UTC+02:00)." in shown
