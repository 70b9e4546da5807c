"""Reminders: the right letter to the right person, once; never a pile, never too late, whatever happened in between."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from meetings import actions, reminding
from meetings.models import Meeting, ReminderRule
from notices import delivery
from notices.models import Notice
from notices.postbox import Postbox
from people.models import User
from tests.at_once import at_once
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
TWO_WEEKS, TWO_DAYS, TWO_HOURS = STARTS - 14 * DAY, STARTS - 2 * DAY, STARTS - 2 * HOUR


def letters(*people: User, state: str = "due") -> list[list[str]]:
    """The kinds of each person's letters in that state, in the order they were queued."""
    return [
        [row.kind.removeprefix("meetings.") for row in Notice.objects.filter(recipient=p, state=state).order_by("pk")]
        for p in people
    ]


def deliver(now: dt.datetime) -> None:
    while delivery.deliver(now=now):
        pass


def tick(now: dt.datetime) -> int:
    """What the schedule does each minute."""
    fresh = actions.remind(now=now)
    deliver(now)
    return fresh


def test_two_weeks_before_those_without_an_answer_are_asked_once(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    deliver(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED + DAY)
    assert [actions.remind(now=moment) for moment in (TWO_WEEKS - MINUTE, TWO_WEEKS, TWO_WEEKS + MINUTE)] == [0, 1, 0]
    assert letters(anna, eleni) == [[], ["invitation_unanswered"]]
    row = Notice.objects.get(state="due")
    assert (row.due_at, row.expires_at) == (TWO_WEEKS, TWO_DAYS)


@pytest.mark.parametrize(("reply", "kinds"), [("yes", 1), ("online", 1), ("maybe", 1), ("no", 0), ("none", 0)])
def test_two_days_before_those_who_may_come_get_the_agenda(plan: Plan, anna: User, reply: str, kinds: int) -> None:
    meeting = plan()
    actions.reply(meeting=meeting, by=anna, reply=reply, now=PLANNED + DAY)
    deliver(PLANNED)
    actions.remind(now=TWO_DAYS)
    assert letters(anna) == [["meeting_soon"] * kinds]


@pytest.mark.parametrize(
    ("mode", "reply", "kinds"),
    [
        ("hybrid", "online", 1),
        ("hybrid", "yes", 0),
        ("online", "yes", 1),
        ("online", "maybe", 0),
        ("in_person", "online", 0),
    ],
)
def test_two_hours_before_those_coming_online_get_the_link(
    plan: Plan, anna: User, mode: str, reply: str, kinds: int
) -> None:
    meeting = plan(mode=mode)
    actions.reply(meeting=meeting, by=anna, reply=reply, now=PLANNED + DAY)
    deliver(PLANNED)
    actions.remind(now=TWO_HOURS)
    assert letters(anna) == [["join_link"] * kinds]
    assert actions.remind(now=STARTS) == 0


def test_a_meeting_planned_at_short_notice_sends_the_invitation_only(plan: Plan, anna: User) -> None:
    """The two-week letter is due already, but the invitation has just said the same."""
    meeting = plan(now=STARTS - 10 * DAY)
    assert [tick(STARTS - 10 * DAY), tick(STARTS - 9 * DAY)] == [0, 0]
    assert letters(anna, state="sent") == [["invitation"]]
    actions.reply(meeting=meeting, by=anna, reply="yes", now=STARTS - 8 * DAY)
    assert tick(STARTS - 8 * DAY) == 0  # the two-day letter has its time


def test_who_answers_after_a_step_was_due_gets_the_latest_letter_and_no_pile(plan: Plan, anna: User) -> None:
    meeting = plan(mode="online", now=STARTS - DAY)
    deliver(STARTS - DAY)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=STARTS - DAY + HOUR)
    tick(STARTS - DAY + HOUR)
    assert letters(anna, state="sent") == [["invitation", "meeting_soon"]]


def test_a_late_joiner_is_invited_at_the_next_tick_and_gets_no_older_reminder(
    plan: Plan, club: WorkingGroup, anna: User
) -> None:
    plan()
    deliver(PLANNED)
    tick(TWO_WEEKS)
    late = member(club)
    moment = STARTS - 5 * DAY
    assert [tick(moment), tick(moment + MINUTE)] == [1, 0]
    assert letters(late, anna, state="sent") == [["invitation"], ["invitation", "invitation_unanswered"]]
    assert late.attendances.get().asked_at == moment


def test_a_moved_meeting_sends_the_new_time_only_and_its_reminders_anew(plan: Plan, anna: User) -> None:
    meeting = plan()
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    later = STARTS + 30 * DAY
    actions.edit(meeting=meeting, by=None, starts_at=later, ends_at=later + HOUR, now=TWO_WEEKS)
    deliver(TWO_WEEKS)
    assert letters(anna, state="sent") == [["invitation", "update"]]
    assert Notice.objects.get(state="skipped").reason == "rescheduled"
    assert "Wednesday 15 July 2026" in mail.outbox[-1].body
    tick(later - 14 * DAY)
    assert letters(anna, state="sent") == [["invitation", "update", "invitation_unanswered"]]


def test_a_meeting_moved_between_claim_and_sending_sends_the_new_time_only(plan: Plan, anna: User) -> None:
    """The worker holds the letter when the meeting moves: it looks at the schedule revision before it sends."""
    meeting = plan()
    lease, claimed = delivery.claim(now=PLANNED)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED)
    with Postbox() as postbox:
        delivery._handle(claimed[0], lease, postbox, PLANNED)
    deliver(PLANNED)
    assert [message.subject for message in mail.outbox] == ["New time: Ninth meeting, Monday 15 June 2026"]
    assert letters(anna, state="skipped") == [["invitation"]]


def test_a_cancelled_meeting_reminds_nobody(plan: Plan, anna: User) -> None:
    meeting = plan()
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    actions.cancel(meeting=meeting, by=None, reason="A strike.", now=TWO_WEEKS)
    deliver(TWO_WEEKS)
    assert tick(TWO_DAYS) == 0
    assert letters(anna, state="sent") == [["invitation", "called_off"]]
    assert [row.reason for row in Notice.objects.filter(state="skipped")] == ["cancelled"]


def test_what_was_true_when_queued_is_asked_again_when_sending(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    actions.reply(meeting=meeting, by=anna, reply="no", now=TWO_WEEKS)
    Membership.objects.filter(user=eleni).update(status="ended", ended_on=TWO_WEEKS.date())
    mail.outbox.clear()
    deliver(TWO_WEEKS)
    reasons = {row.recipient: row.reason for row in Notice.objects.filter(state="skipped").select_related("recipient")}
    assert (reasons, mail.outbox) == ({anna: "answered meanwhile", eleni: "no longer a member"}, [])


def test_a_rule_switched_off_meanwhile_sends_nothing(plan: Plan, anna: User) -> None:
    plan()
    deliver(PLANNED)
    actions.remind(now=TWO_WEEKS)
    ReminderRule.objects.update(is_active=False)
    deliver(TWO_WEEKS)
    assert letters(anna, state="skipped") == [["invitation_unanswered"]]


def test_a_schedule_that_slept_sends_the_latest_step_only(plan: Plan, anna: User) -> None:
    meeting = plan(mode="online")
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    deliver(PLANNED)
    tick(STARTS - HOUR)
    assert letters(anna, state="sent") == [["invitation", "join_link"]]


def test_nothing_is_sent_after_the_start(plan: Plan, anna: User) -> None:
    meeting = plan(mode="online")
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    actions.remind(now=TWO_HOURS)
    deliver(STARTS)
    assert mail.outbox == []
    assert {row.reason for row in Notice.objects.filter(state="skipped")} == {"overdue"}
    assert letters(anna, state="skipped") == [["invitation", "join_link"]]


def test_rules_of_a_meeting_replace_those_of_the_group_which_replace_those_of_the_site(plan: Plan) -> None:
    meeting = plan()

    def held() -> list[dt.timedelta]:
        return [rule.offset for rule in reminding.rules_for(meeting, list(ReminderRule.objects.order_by("offset")))]

    assert held() == [-14 * DAY, -2 * DAY, -2 * HOUR, 2 * DAY, 14 * DAY]
    more: dict[str, Any] = {"audience": "all", "letter": "meeting_soon"}
    ReminderRule.objects.create(group=meeting.group, offset=-7 * DAY, **more)
    assert held() == [-7 * DAY]
    own = ReminderRule.objects.create(meeting=meeting, offset=-3 * DAY, **more)
    assert held() == [-3 * DAY]
    own.is_active = False
    own.save()
    assert held() == []  # a meeting may be without reminders


@pytest.mark.parametrize("anchors", [[], ["start"], ["end"]])
def test_a_meeting_without_rules_before_or_after_it_reminds_of_the_others(
    plan: Plan, anna: User, anchors: list[str]
) -> None:
    ReminderRule.objects.exclude(anchor__in=anchors).delete()
    meeting = plan()
    rules = list(ReminderRule.objects.order_by("pk"))
    found = (bool(reminding.steps(meeting, rules)), bool(reminding.steps_after(meeting, rules)))
    assert found == ("start" in anchors, "end" in anchors)
    deliver(PLANNED)
    assert actions.remind(now=TWO_WEEKS) == ("start" in anchors)
    assert letters(anna) == [["invitation_unanswered"] if "start" in anchors else []]


def test_a_rule_may_count_from_the_reply_date(plan: Plan, anna: User) -> None:
    meeting = plan(reply_by=STARTS - 7 * DAY)
    ReminderRule.objects.create(
        meeting=meeting, anchor="reply_by", offset=-DAY, audience="no_reply", letter="invitation_unanswered"
    )
    deliver(PLANNED)
    assert [actions.remind(now=STARTS - 8 * DAY - MINUTE), actions.remind(now=STARTS - 8 * DAY)] == [0, 1]
    assert letters(anna) == [["invitation_unanswered"]]


def test_rules_due_at_the_same_moment_are_one_step(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    ReminderRule.objects.create(offset=-2 * DAY, audience="no_reply", letter="invitation_unanswered")
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    deliver(PLANNED)
    actions.remind(now=TWO_DAYS)
    assert letters(anna, eleni) == [["meeting_soon"], ["invitation_unanswered"]]


@pytest.mark.usefixtures("anna")
def test_one_faulty_meeting_holds_up_no_other(plan: Plan) -> None:
    faulty, sound = plan(title="Faulty"), plan(title="Sound")
    deliver(PLANNED)
    before_all_time = -999_999 * DAY  # no calendar goes back that far
    ReminderRule.objects.create(meeting=faulty, offset=before_all_time, audience="all", letter="meeting_soon")
    assert actions.remind(now=TWO_WEEKS) == 1
    assert [row.about for row in Notice.objects.filter(state="due")] == [sound]


@pytest.mark.django_db(transaction=True)
def test_two_schedules_at_once_insert_each_letter_once(plan: Plan, club: WorkingGroup) -> None:
    for _ in range(10):
        member(club)
    plan()
    late = member(club)
    # A test that commits empties every table when it ends: the rules of the migration may be gone.
    asking: dict[str, Any] = {"offset": -14 * DAY, "audience": "no_reply", "letter": "invitation_unanswered"}
    ReminderRule.objects.get_or_create(group=None, meeting=None, anchor="start", **asking)
    deliver(PLANNED)
    at_once(*[lambda: actions.remind(now=TWO_WEEKS)] * 4)
    assert Notice.objects.filter(kind="meetings.invitation_unanswered").count() == 10
    assert letters(late) == [["invitation"]]


@pytest.mark.parametrize("meetings", [1, 3])
def test_planning_reads_each_meeting_with_a_fixed_number_of_queries(
    plan: Plan, club: WorkingGroup, meetings: int, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        member(club)
    for number in range(meetings):
        plan(title=f"Meeting {number}")
    actions.remind(now=TWO_WEEKS)
    with django_assert_num_queries(3 + 6 * meetings):
        assert actions.remind(now=TWO_WEEKS + MINUTE) == 0
