"""The verbs of meetings: what each changes, whom it tells, what it refuses."""

import datetime as dt
from collections.abc import Callable
from itertools import count, product
from typing import Any

import pytest
from django.db import transaction
from django.utils.text import slugify

from history.models import Entry
from meetings import actions, errors
from meetings.actions import AgendaLine, Attendance
from meetings.models import AgendaItem, Attendee, Meeting
from notices.models import Notice
from people.models import User
from tests.factories import member, user
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
State = Meeting.State
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


def queued(meeting: Meeting, state: str = "due") -> list[tuple[str, User | None]]:
    rows = Notice.objects.about(meeting).filter(state=state).select_related("recipient").order_by("kind", "recipient")
    return [(row.kind.removeprefix("meetings."), row.recipient) for row in rows]


def deliver_all(meeting: Meeting) -> None:
    """Mark what waits as sent: delivery has its own tests."""
    Notice.objects.about(meeting).waiting().update(state="sent", sent_at=PLANNED)


def verbs(meeting: Meeting) -> list[tuple[str, bool]]:
    return list(Entry.objects.about(meeting).order_by("pk").values_list("verb", "is_public"))


def test_scheduling_announces_the_meeting_and_invites_each_active_member(
    plan: Plan, club: WorkingGroup, anna: User, eleni: User
) -> None:
    gone = member(club)
    Membership.objects.filter(user=gone).update(status="ended", ended_on=PLANNED.date())
    member(club, is_active=False)
    meeting = plan(agenda=[AgendaLine("Welcome", 15), AgendaLine("Ranking", 45, anna)])
    assert (meeting.state, meeting.announced_at, meeting.sequence) == (State.SCHEDULED, PLANNED, 0)
    assert queued(meeting) == [("invitation", anna), ("invitation", eleni)]
    assert set(meeting.attendees.values_list("user", "asked_at")) == {(anna.pk, PLANNED), (eleni.pk, PLANNED)}
    assert list(meeting.agenda.order_by("position").values_list("position", "title", "minutes", "lead")) == [
        (1, "Welcome", 15, None),
        (2, "Ranking", 45, anna.pk),
    ]
    assert verbs(meeting) == [("drafted", False), ("scheduled", True)]


@pytest.mark.parametrize("starts_at", [PLANNED, PLANNED - HOUR, None])
def test_what_has_passed_or_has_no_time_cannot_be_scheduled(plan: Plan, starts_at: dt.datetime | None) -> None:
    with pytest.raises(errors.InThePast):
        plan(starts_at=starts_at, ends_at=starts_at and starts_at + HOUR)
    assert (Meeting.objects.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Ninth meeting", ["ninth-meeting", "ninth-meeting-2", "ninth-meeting-3"]),
        ("Среща", ["club-meeting", "club-meeting-2", "club-meeting-3"]),
        ("New", ["new-meeting", "new-meeting-2", "new-meeting-3"]),
    ],
)
def test_a_short_name_comes_from_the_title_and_is_numbered_where_taken(
    plan: Plan, title: str, slugs: list[str]
) -> None:
    assert [plan(title=title, starts_at=STARTS + n * MINUTE).slug for n, _ in enumerate(slugs)] == slugs


def test_the_same_meeting_is_scheduled_once(plan: Plan, anna: User) -> None:
    first = plan()
    with pytest.raises(errors.ScheduledAlready):
        plan()
    assert (list(Meeting.objects.all()), queued(first)) == ([first], [("invitation", anna)])
    actions.cancel(meeting=first, by=None, reason="A strike.", now=PLANNED)
    assert plan().state == State.SCHEDULED


def test_a_draft_is_seen_by_the_group_only_and_invites_nobody(club: WorkingGroup, anna: User) -> None:
    meeting = actions.draft(group=club, by=None, title="Some day", now=PLANNED)
    assert (queued(meeting), meeting.calendar_block) == ([], "")
    visible = [list(Meeting.objects.visible_to(reader)) for reader in (anna, user(), None)]
    assert visible == [[meeting], [], []]


def test_announcing_a_draft_invites(club: WorkingGroup, anna: User) -> None:
    meeting = actions.draft(group=club, by=None, title="Some day", now=PLANNED)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    meeting = actions.announce(meeting=meeting, by=None, now=PLANNED)
    assert (meeting.state, meeting.sequence, meeting.schedule_revision) == (State.SCHEDULED, 0, 0)
    assert queued(meeting) == [("invitation", anna)]


@pytest.mark.parametrize(
    ("change", "sequence", "revision", "letters"),
    [
        ({"starts_at": STARTS + HOUR}, 1, 1, 1),
        ({"ends_at": STARTS + 4 * HOUR}, 1, 1, 1),
        ({"place": "Room 3"}, 1, 0, 1),
        ({"mode": "online"}, 1, 0, 1),
        ({"join_url": "https://meet.example.org/other"}, 0, 0, 1),
        ({"title": "The ninth meeting"}, 0, 0, 0),
        ({"summary": "Bring figures."}, 0, 0, 0),
        ({"timezone": "Europe/Paris"}, 0, 0, 0),
        ({"reply_by": STARTS - DAY}, 0, 0, 0),
        ({}, 0, 0, 0),
    ],
)
def test_what_an_edit_moves(
    plan: Plan, anna: User, change: dict[str, Any], sequence: int, revision: int, letters: int
) -> None:
    meeting = plan()
    deliver_all(meeting)
    later = PLANNED + DAY
    meeting = actions.edit(meeting=meeting, by=None, now=later, **change)
    assert (meeting.sequence, meeting.schedule_revision, meeting.changed_at) == (sequence, revision, later)
    assert queued(meeting) == [("update", anna)] * letters
    asked_at = later if revision else PLANNED
    assert meeting.attendees.get().asked_at == asked_at


def test_who_has_not_had_the_invitation_gets_one_with_the_new_time_instead_of_news(
    plan: Plan, anna: User, eleni: User
) -> None:
    meeting = plan()
    Notice.objects.filter(recipient=anna).update(state="sent", sent_at=PLANNED)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED + HOUR)
    assert queued(meeting) == [("invitation", eleni), ("update", anna)]
    assert queued(meeting, "skipped") == [("invitation", eleni)]
    assert Notice.objects.get(state="skipped").reason == "rescheduled"


def test_two_changes_in_a_row_send_one_letter(plan: Plan, anna: User) -> None:
    meeting = plan()
    deliver_all(meeting)
    for number in (1, 2):
        actions.edit(meeting=meeting, by=None, place=f"Room {number}", now=PLANNED + number * HOUR)
    assert queued(meeting) == [("update", anna)]
    assert queued(meeting, "skipped") == [("update", anna)]


def test_moving_keeps_the_answers(plan: Plan, anna: User) -> None:
    meeting = plan()
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED + HOUR)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, now=PLANNED + DAY)
    assert meeting.attendees.get().reply == "yes"


def test_a_meeting_cannot_be_moved_into_the_past(plan: Plan) -> None:
    meeting = plan()
    with pytest.raises(errors.InThePast):
        actions.edit(meeting=meeting, by=None, starts_at=PLANNED, ends_at=PLANNED + HOUR, now=PLANNED + DAY)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (STARTS, 0)


@pytest.mark.parametrize("verb", [actions.cancel, actions.postpone])
def test_calling_off_needs_a_reason_and_tells_who_was_told(
    plan: Plan, anna: User, eleni: User, verb: Callable[..., Meeting]
) -> None:
    meeting = plan()
    Notice.objects.filter(recipient=anna).update(state="sent", sent_at=PLANNED)
    Membership.objects.filter(user=anna).update(status="ended", ended_on=PLANNED.date())
    with pytest.raises(errors.ReasonMissing):
        verb(meeting=meeting, by=None, reason="  ", now=PLANNED + HOUR)
    meeting = verb(meeting=meeting, by=None, reason="A strike.", now=PLANNED + HOUR)
    assert (meeting.reason, meeting.sequence) == ("A strike.", 1)
    assert queued(meeting) == [("called_off", anna)]  # who left has it in the calendar too
    assert queued(meeting, "skipped") == [("invitation", eleni)]
    entry = Entry.objects.about(meeting).order_by("pk").last()
    assert entry is not None
    assert (entry.verb, entry.reason, entry.is_public) == (meeting.state, "A strike.", True)


def test_a_postponed_meeting_gets_a_new_date_and_everybody_hears_of_it(plan: Plan, anna: User) -> None:
    meeting = plan()
    deliver_all(meeting)
    actions.postpone(meeting=meeting, by=None, reason="A strike.", now=PLANNED + HOUR)
    deliver_all(meeting)
    later = STARTS + 30 * DAY
    actions.edit(meeting=meeting, by=None, starts_at=later, ends_at=later + HOUR, now=PLANNED + 2 * HOUR)
    assert queued(meeting) == []
    meeting = actions.announce(meeting=meeting, by=None, now=PLANNED + 3 * HOUR)
    assert (meeting.state, meeting.reason, meeting.sequence, meeting.schedule_revision) == ("scheduled", "", 2, 1)
    assert queued(meeting) == [("update", anna)]


def test_looking_for_a_date_takes_the_hours_away(plan: Plan) -> None:
    meeting = actions.postpone(meeting=plan(), by=None, reason="A strike.", now=PLANNED + HOUR)
    meeting = actions.look_for_date(meeting=meeting, by=None, now=PLANNED + HOUR)
    assert (meeting.state, meeting.starts_at, meeting.calendar_block) == (State.POLLING, None, "")


def test_exact_times_replace_an_approximate_date(club: WorkingGroup) -> None:
    meeting = actions.draft(group=club, by=None, title="Spring", approx_date="2027-05", now=PLANNED)
    meeting = actions.edit(meeting=meeting, by=None, starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    assert (meeting.approx_date, meeting.starts_at, meeting.sort_day) == ("", STARTS, STARTS.date())


def reach(state: State, plan: Plan, club: WorkingGroup) -> Meeting:
    """Return a meeting in that state, brought there by the verbs."""
    if state == State.DRAFT:
        return actions.draft(group=club, by=None, title="A draft", starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    if state == State.POLLING:
        return actions.look_for_date(meeting=reach(State.DRAFT, plan, club), by=None, now=PLANNED)
    if state in {State.HELD, State.MINUTED, State.PUBLISHED}:
        return actions.record_past(group=club, by=None, state=state, title="Past", approx_date="2023-11", now=PLANNED)
    meeting = plan()
    if state == State.SCHEDULED:
        return meeting
    verb = actions.cancel if state == State.CANCELLED else actions.postpone
    return verb(meeting=meeting, by=None, reason="A strike.", now=PLANNED)


VERBS: dict[State, Callable[[Meeting], Meeting]] = {
    State.POLLING: lambda meeting: actions.look_for_date(meeting=meeting, by=None, now=PLANNED),
    State.POSTPONED: lambda meeting: actions.postpone(meeting=meeting, by=None, reason="A strike.", now=PLANNED),
    State.CANCELLED: lambda meeting: actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED),
    State.SCHEDULED: lambda meeting: actions.announce(meeting=meeting, by=None, now=PLANNED),
}


@pytest.mark.parametrize("old", State)
def test_each_verb_goes_exactly_where_the_table_of_transitions_allows(
    plan: Plan, club: WorkingGroup, old: State
) -> None:
    meeting = reach(old, plan, club)
    if old == State.POLLING:  # the date was found
        meeting = actions.edit(meeting=meeting, by=None, starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    for new, verb in VERBS.items():
        meeting.refresh_from_db()
        assert meeting.state == old
        with transaction.atomic():
            if new in Meeting.TRANSITIONS[old]:
                assert verb(meeting).state == new
            else:
                with pytest.raises(errors.WrongState):
                    verb(meeting)
                assert Meeting.objects.get().state == old
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", State)
def test_only_planned_meetings_are_edited(plan: Plan, club: WorkingGroup, state: State) -> None:
    meeting = reach(state, plan, club)
    if state in Meeting.PLANNED:
        assert actions.edit(meeting=meeting, by=None, title="Other", now=PLANNED).title == "Other"
        return
    with pytest.raises(errors.WrongState):
        actions.edit(meeting=meeting, by=None, title="Other", now=PLANNED)


@pytest.mark.parametrize("state", State)
def test_the_clock_holds_scheduled_meetings_only(plan: Plan, club: WorkingGroup, state: State) -> None:
    meeting = reach(state, plan, club)
    end = STARTS + dt.timedelta(minutes=150)
    assert actions.mark_held(now=end - HOUR) == 0
    assert actions.mark_held(now=end) == (state == State.SCHEDULED)
    assert actions.mark_held(now=end) == 0
    meeting.refresh_from_db()
    assert meeting.state == (State.HELD if state == State.SCHEDULED else state)


@pytest.mark.usefixtures("anna")
def test_a_meeting_of_the_past_is_public_at_once_and_writes_to_nobody(club: WorkingGroup) -> None:
    exact = actions.record_past(
        group=club, by=None, title="Kick-off", starts_at=STARTS, ends_at=STARTS + HOUR, now=STARTS + DAY
    )
    rough = actions.record_past(
        group=club, by=None, title="Second", approx_date="2023-11", state="published", now=STARTS
    )
    assert [(m.state, m.when) for m in (exact, rough)] == [
        ("held", "Monday 15 June 2026, 10:00–11:00, Brussels time (CEST, UTC+02:00)"),
        ("published", "November 2023"),
    ]
    assert set(Meeting.objects.visible_to(None)) == {exact, rough}
    assert (bool(exact.calendar_block), rough.calendar_block, Notice.objects.count()) == (True, "", 0)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"starts_at": STARTS, "ends_at": STARTS + HOUR}, errors.NotYetOver),
        ({"approx_date": "2026-07"}, errors.NotYetOver),
        ({}, errors.NotYetOver),
        ({"approx_date": "2023", "state": "scheduled"}, errors.WrongState),
        ({"approx_date": "2023", "state": "cancelled"}, errors.ReasonMissing),
    ],
)
def test_only_what_has_taken_place_is_recorded(
    club: WorkingGroup, values: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.record_past(group=club, by=None, title="Kick-off", now=STARTS, **values)
    assert Meeting.objects.count() == 0


def test_attendance_is_taken_once_the_meeting_was_held(plan: Plan, anna: User) -> None:
    lines = [Attendance(anna, True, reply="yes")]
    meeting = plan()
    with pytest.raises(errors.WrongState):
        actions.record_attendance(meeting=meeting, by=None, lines=lines, now=PLANNED)
    actions.mark_held(now=STARTS + DAY)
    assert actions.record_attendance(meeting=meeting, by=None, lines=lines, now=STARTS + DAY) == 1
    assert list(meeting.attendees.values_list("user", "reply", "attended")) == [(anna.pk, "yes", True)]


def test_an_agenda_item_that_keeps_its_title_keeps_its_row(plan: Plan, anna: User) -> None:
    meeting = plan(
        agenda=[AgendaLine("Welcome", 10), AgendaLine("Break"), AgendaLine("Ranking", 45, anna), AgendaLine("Break")]
    )
    before = {item.position: item.pk for item in AgendaItem.objects.all()}
    lines = [AgendaLine("Ranking", 60), AgendaLine("Break", 5), AgendaLine("Next steps")]
    actions.set_agenda(meeting=meeting, by=None, lines=lines, now=PLANNED)
    after = list(AgendaItem.objects.order_by("position").values_list("position", "title", "minutes", "lead"))
    assert after == [(1, "Ranking", 60, anna.pk), (2, "Break", 5, None), (3, "Next steps", None, None)]
    assert AgendaItem.objects.get(position=1).pk == before[3]
    assert AgendaItem.objects.get(position=2).pk in {before[2], before[4]}


def test_any_reply_may_become_any_other_until_the_meeting_starts(plan: Plan, anna: User) -> None:
    meeting, minutes = plan(), count()
    for first, second in product(Attendee.Reply, repeat=2):
        for answer in (first, second):
            moment = STARTS - DAY + next(minutes) * dt.timedelta(minutes=1)
            actions.reply(meeting=meeting, by=anna, reply=answer, now=moment)
        attendee = meeting.attendees.get()
        assert (attendee.reply, attendee.replied_at) == (second, None if second == "none" else moment), (first, second)
        with pytest.raises(errors.RepliesClosed):
            actions.reply(meeting=meeting, by=anna, reply="yes", now=STARTS)
        attendee.refresh_from_db()
        assert attendee.reply == second


def test_a_substitute_stays_unless_the_form_asked_for_one(plan: Plan, anna: User) -> None:
    meeting = plan()
    for substitute, kept in [(" A colleague ", "A colleague"), (None, "A colleague"), ("", "")]:
        attendee = actions.reply(meeting=meeting, by=anna, reply="no", substitute=substitute, now=PLANNED)
        assert attendee.substitute == kept


def test_strangers_do_not_answer_and_members_of_today_do(plan: Plan, club: WorkingGroup) -> None:
    meeting = plan()
    with pytest.raises(errors.NotInvited):
        actions.reply(meeting=meeting, by=user(), reply="yes", now=PLANNED)
    late = member(club)
    actions.reply(meeting=meeting, by=late, reply="yes", now=PLANNED)
    assert list(meeting.attendees.values_list("user", "reply")) == [(late.pk, "yes")]


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_a_meeting_that_is_off_takes_no_answers(plan: Plan, club: WorkingGroup, anna: User, state: str) -> None:
    meeting = reach(State(state), plan, club)
    with pytest.raises(errors.RepliesClosed):
        actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)


def test_the_public_history_holds_what_the_public_page_shows(plan: Plan, anna: User) -> None:
    meeting = plan()
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    assert [verb for verb, public in verbs(meeting) if not public] == ["drafted", "replied"]
    assert slugify(meeting.title) == meeting.slug
