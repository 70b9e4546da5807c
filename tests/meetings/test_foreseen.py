"""What is foreseen is what comes: each engine that writes by itself, and the ledger, say who will get what, and why."""

import datetime as dt
from collections.abc import Callable

import pytest

from meetings import actions
from meetings.actions import Slot
from meetings.models import Meeting
from notices import foreseen
from notices.models import Channel, LetterClass, Notice, Preference
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_reminders import tick
from tests.meetings.test_webinars import STARTS as WEBINAR_STARTS
from tests.meetings.test_webinars import opened, registered
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
TWO_WEEKS = STARTS - 14 * DAY
Line = tuple[str, str, str]


def lines(now: dt.datetime, until: dt.timedelta = 28 * DAY) -> list[Line]:
    """Address, title and reason of what is foreseen."""
    return [(each.address, str(each.title), each.why) for each in foreseen.all_until(now + until, now=now)]


def test_a_date_poll_reminds_whom_it_says(club: WorkingGroup, anna: User, eleni: User) -> None:
    quiet = member(club)
    Preference.objects.create(person=quiet, letter_class=LetterClass.MEETING, channel=Channel.NONE)
    member(club, email="off@example.org", is_active=False)
    meeting = actions.draft(group=club, by=None, title="Summer", mode="online", now=PLANNED)
    slots = [Slot(STARTS + n * DAY, STARTS + n * DAY + HOUR) for n in range(2)]
    poll = actions.open_poll(meeting=meeting, by=None, slots=slots, closes_at=PLANNED + 10 * DAY, now=PLANNED)
    first = poll.slots.order_by("pk")[0]
    actions.answer_poll(poll=poll, by=eleni, answers={first.pk: "yes"}, now=PLANNED + HOUR)
    tick(PLANNED + HOUR)
    member(club, email="late@example.org")
    expected = [
        ("anna@example.org", "Date poll: your answer is missing", "has not answered the date poll"),
        ("late@example.org", "Date poll: which dates suit", "joined after the others were asked"),
    ]
    assert lines(PLANNED + DAY) == expected
    assert lines(PLANNED + DAY, 6 * DAY) == []  # its reminder comes two days before it closes
    before = set(Notice.objects.values_list("pk", flat=True))
    actions.remind_polls(now=PLANNED + 8 * DAY)
    came = Notice.objects.exclude(pk__in=before).exclude(recipient=quiet).exclude(recipient__is_active=False)
    assert sorted(came.values_list("recipient__email", flat=True)) == [address for address, *_ in expected]
    waits = [(address, title, "in the ledger, due") for address, title, _ in expected]
    assert lines(PLANNED + 8 * DAY) == waits  # each of them once
    assert anna.notices.filter(kind="meetings.date_poll_open").count() == 1


def test_the_join_link_of_a_webinar_is_foreseen_until_it_is_in_the_ledger() -> None:
    webinar = opened()
    registered(webinar)
    Notice.objects.all().delete()
    expected = [("anne@example.org", "Webinar: tomorrow, with the join link", "registered; a day before the start")]
    (letter,) = foreseen.all_until(WEBINAR_STARTS, now=WEBINAR_STARTS - 3 * DAY)
    assert (letter.at, letter.about) == (WEBINAR_STARTS - DAY, webinar.slug)
    assert lines(WEBINAR_STARTS - 3 * DAY, 2 * DAY) == expected
    assert lines(WEBINAR_STARTS - 3 * DAY, 2 * DAY - MINUTE) == []
    assert actions.remind_registered(now=WEBINAR_STARTS - DAY) == 1
    assert [why for *_, why in lines(WEBINAR_STARTS - DAY)] == ["in the ledger, due"]


@pytest.mark.usefixtures("anna")
def test_the_ledger_tells_what_waits_and_what_is_on_hold(plan: Plan) -> None:
    meeting = plan()
    assert lines(PLANNED, HOUR) == [("anna@example.org", "Invitation", "in the ledger, due")]
    tick(PLANNED)
    actions.remind(now=TWO_WEEKS)
    actions.pause_reminders(meeting=meeting, by=None, now=TWO_WEEKS + MINUTE)
    assert lines(TWO_WEEKS + HOUR) == [
        ("anna@example.org", "Please answer the invitation", "reminders are paused"),
        ("nobody", "No letter", "reminders paused since 2026-06-01 10:01"),
    ]
    actions.cancel(meeting=meeting, reason="No room", by=None, now=TWO_WEEKS + 2 * HOUR)
    assert [title for _, title, _ in lines(TWO_WEEKS + 3 * HOUR)] == ["Cancelled or postponed"]


def test_a_faulty_letter_hides_no_other(plan: Plan, anna: User, eleni: User) -> None:
    plan()
    Notice.objects.filter(recipient=anna).update(payload={})
    assert [address for address, *_ in lines(PLANNED, HOUR)] == [anna.email, eleni.email]


def test_letters_that_no_page_lists_are_not_foreseen_one_by_one(plan: Plan, anna: User) -> None:
    plan()
    anna.notices.update(unlisted=True)
    assert lines(PLANNED, HOUR) == []


def test_one_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        foreseen.register("notices.ledger", lambda _now, _until: [])
