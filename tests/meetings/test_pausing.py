"""Paused reminders wait in their rows: shown, resumed once, never sent too late, whatever a worker does meanwhile."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connections, transaction

from meetings import actions, forecast
from meetings.actions import RuleLine
from meetings.models import Meeting, ReminderRule
from meetings.timeline import gone
from notices import delivery, words
from notices.models import Channel, LetterClass, Notice, Preference
from notices.postbox import Postbox
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_reminders import deliver, letters, tick
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
TWO_WEEKS, TWO_DAYS = STARTS - 14 * DAY, STARTS - 2 * DAY
PAUSED, RESUMED = TWO_WEEKS + MINUTE, TWO_WEEKS + DAY
State = Notice.State


def pause(meeting: Meeting, now: dt.datetime = PAUSED) -> None:
    actions.pause_reminders(meeting=meeting, by=None, now=now)


def resume(meeting: Meeting, now: dt.datetime = RESUMED) -> None:
    actions.resume_reminders(meeting=meeting, by=None, now=now)


@pytest.fixture
def due(plan: Plan, anna: User) -> Meeting:
    """A meeting whose first reminder waits for Anna."""
    assert anna.memberships.exists()
    meeting = plan()
    tick(PLANNED)
    actions.remind(now=TWO_WEEKS)
    return meeting


def reminder() -> Notice:
    return Notice.objects.get(kind="meetings.invitation_unanswered")


def test_a_paused_letter_stays_is_shown_and_leaves_once_after_resuming(due: Meeting, anna: User) -> None:
    row = reminder()
    pause(due)
    tick(PAUSED)
    assert [line.counts for line in gone(due)] == [[("sent", 1)], [("reminders are paused", 1)]]
    assert words.of_notice(reminder()) == "reminders are paused"
    coming = forecast.of_meeting(due, list(ReminderRule.objects.all()), PAUSED)[0]
    assert [person.user for person in coming.recipients] == [anna]  # it has had nothing yet
    resume(due)
    tick(RESUMED)
    tick(RESUMED + MINUTE)
    assert (reminder().pk, letters(anna, state="sent")) == (row.pk, [["invitation", "invitation_unanswered"]])


@pytest.mark.parametrize("resumed", [True, False])
def test_a_letter_whose_use_ends_during_the_pause_is_never_sent(due: Meeting, anna: User, *, resumed: bool) -> None:
    pause(due)
    if resumed:
        resume(due, TWO_DAYS)
    tick(TWO_DAYS)
    row = reminder()
    assert (row.state, row.reason, letters(anna, state="sent")) == (State.SKIPPED, "overdue", [["invitation"]])


def test_a_letter_that_failed_once_keeps_its_tries_and_one_that_failed_for_good_its_place(
    due: Meeting, club: WorkingGroup
) -> None:
    tried = {"attempts": 2, "last_error": "TimeoutError", "next_try_at": TWO_WEEKS + HOUR}
    Notice.objects.filter(pk=reminder().pk).update(**tried)
    broken = member(club)
    actions.invite_late_joiners(meeting=due, now=PLANNED)
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    Notice.objects.filter(recipient=broken, state=State.DUE).update(state=State.FAILED, failed_at=TWO_WEEKS)
    pause(due)
    resume(due)
    rows = Notice.objects.filter(kind="meetings.invitation_unanswered").order_by("pk")
    assert [(row.state, row.attempts) for row in rows] == [(State.DUE, 2), (State.FAILED, 0)]
    assert rows[0].next_try_at == RESUMED


@pytest.mark.parametrize("answers", [True, False])
def test_a_letter_that_a_worker_holds_when_the_pause_begins_waits_too(
    due: Meeting, anna: User, *, answers: bool
) -> None:
    """Whether the worker sends it or the mail server fails it: it leaves after resuming, once."""
    lease, (held,) = delivery.claim(now=PAUSED)
    pause(due, PAUSED + MINUTE)
    if answers:
        with Postbox() as postbox:
            delivery._handle(held, lease, postbox, PAUSED + MINUTE)
    else:
        delivery._put_back(Notice.objects.get(pk=held.pk), TimeoutError("timed out"), PAUSED + MINUTE)
    tick(PAUSED + HOUR)
    row = reminder()
    assert (row.state, row.reason, row.next_try_at) == (State.DUE, "reminders are paused", TWO_DAYS)
    resume(due)
    tick(RESUMED)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]


def test_a_part_of_a_digest_waits_and_the_others_leave(due: Meeting, plan: Plan, anna: User) -> None:
    Preference.objects.create(person=anna, letter_class=LetterClass.MEETING, channel=Channel.DIGEST)
    plan(title="Another")
    tick(TWO_WEEKS)
    pause(due)
    at_seven = Notice.objects.get(kind="notices.digest").due_at
    mail.outbox.clear()
    deliver(at_seven)
    assert [("Another" in str(letter.body), "Ninth" in str(letter.body)) for letter in mail.outbox] == [(True, False)]
    resume(due, at_seven + HOUR)
    mail.outbox.clear()
    for hours in (1, 24, 25):
        deliver(at_seven + hours * HOUR)
    assert ["Ninth" in str(letter.body) for letter in mail.outbox] == [True]


def test_what_somebody_sends_by_hand_during_the_pause_leaves_at_once(due: Meeting, anna: User, eleni: User) -> None:
    pause(due)
    actions.invite_late_joiners(meeting=due, now=PAUSED)
    origin = reminder().payload["rule"]
    assert actions.send_now(meeting=due, origin=origin, by=None, now=PAUSED + HOUR) == 2
    tick(PAUSED + HOUR)
    assert letters(anna, eleni, state="sent") == [["invitation", "invitation_unanswered"]] * 2
    resume(due)
    tick(RESUMED)
    assert letters(anna, eleni, state="sent") == [["invitation", "invitation_unanswered"]] * 2


def test_a_moved_meeting_lets_its_paused_letters_go(due: Meeting, anna: User) -> None:
    row = reminder()
    pause(due)
    actions.edit(meeting=due, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PAUSED)
    resume(due)
    tick(RESUMED)
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.SKIPPED, "rescheduled")
    assert letters(anna, state="sent") == [["invitation", "update", "invitation_unanswered"]]


# -- at the same moment ----------------------------------------------------------------------------------------------
def beside(deed: Callable[[], object]) -> threading.Thread:
    """Do it on a thread with a connection of its own."""

    def done() -> None:
        try:
            deed()
        finally:
            connections.close_all()

    thread = threading.Thread(target=done)
    thread.start()
    return thread


@pytest.fixture
def committed(plan: Plan, anna: User) -> Meeting:
    """The same for tests that commit; the rules of the migration may be gone."""
    meeting = plan()
    asking: dict[str, Any] = {"offset": -14 * DAY, "audience": "no_reply", "letter": "invitation_unanswered"}
    ReminderRule.objects.get_or_create(group=None, meeting=None, anchor="start", **asking)
    assert anna.memberships.exists()
    tick(PLANNED)
    actions.remind(now=TWO_WEEKS)
    return meeting


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_finds_the_pause_while_somebody_resumes_loses_nothing(committed: Meeting, anna: User) -> None:
    """The worker has read the pause and waits for the meeting's lock; resuming commits first."""
    lease, (held,) = delivery.claim(now=PAUSED)
    pause(committed, PAUSED + MINUTE)

    def work() -> None:
        with Postbox() as postbox:
            delivery._handle(held, lease, postbox, PAUSED + MINUTE)

    with transaction.atomic():
        resume(committed, PAUSED + 2 * MINUTE)
        worker = beside(work)
        worker.join(0.2)
        assert worker.is_alive()
    worker.join()
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]


@pytest.mark.django_db(transaction=True)
def test_pausing_and_resuming_amid_four_workers_sends_each_letter_once(committed: Meeting, club: WorkingGroup) -> None:
    people = [member(club) for _ in range(12)]
    actions.invite_late_joiners(meeting=committed, now=PLANNED)
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    mail.outbox.clear()

    def work() -> None:
        for _ in range(8):
            delivery.deliver(batch=2, now=RESUMED)

    workers = [beside(work) for _ in range(4)]
    for minutes in range(3):
        pause(committed, PAUSED + minutes * MINUTE)
        resume(committed, PAUSED + minutes * MINUTE)
    for each in workers:
        each.join()
    deliver(RESUMED)
    reminded = [letter.to[0] for letter in mail.outbox]
    assert sorted(reminded) == sorted(set(reminded))
    assert len(reminded) == len(people) + 1


# -- what kept a letter back may pass --------------------------------------------------------------------------------
def switch(meeting: Meeting, *, on: bool) -> None:
    rule = ReminderRule.objects.get(meeting=None, letter="invitation_unanswered")
    line = RuleLine(rule.anchor, rule.offset, rule.audience, rule.letter, is_active=on, source=rule)
    actions.set_rules(of=meeting, lines=[line], by=None)


def test_a_rule_switched_off_by_mistake_writes_after_all(due: Meeting, anna: User) -> None:
    switch(due, on=False)
    tick(TWO_WEEKS)
    assert (reminder().state, reminder().reason) == (State.SKIPPED, "reminder switched off")
    switch(due, on=True)
    tick(TWO_WEEKS + MINUTE)
    tick(TWO_WEEKS + 2 * MINUTE)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]


def test_who_says_no_and_then_yes_after_all_gets_the_agenda_once(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    for minutes, reply in ((0, "yes"), (1, "no"), (2, "yes")):
        actions.reply(meeting=meeting, by=anna, reply=reply, now=TWO_DAYS + minutes * MINUTE)
        if minutes == 0:
            actions.remind(now=TWO_DAYS)
        else:
            tick(TWO_DAYS + minutes * MINUTE)
    tick(TWO_DAYS + 3 * MINUTE)
    assert letters(anna, state="sent") == [["invitation", "meeting_soon"]]


def test_who_is_a_member_again_after_a_moment_gets_what_is_due_once(
    due: Meeting, anna: User, club: WorkingGroup
) -> None:
    Membership.objects.filter(user=anna).update(status="ended", ended_on=TWO_WEEKS.date())
    deliver(TWO_WEEKS)
    assert reminder().reason == "no longer a member"
    Membership.objects.create(group=club, user=anna, role="member", started_on=TWO_WEEKS.date())
    for minutes in (1, 2):
        tick(TWO_WEEKS + minutes * MINUTE)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]
    assert due.attendees.get().withdrawn_at is None
