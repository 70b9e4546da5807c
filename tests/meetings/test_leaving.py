"""Who leaves the group: coming meetings go out of the calendar by a message that is newer than the last."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from meetings import actions
from meetings.actions import leaving, telling
from meetings.models import Meeting
from notices import delivery
from notices.models import Notice
from people.models import User
from tests.factories import member, secretariat
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_letters import calendar_of, event_of
from workinggroups.actions import pause_membership, resume_membership
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY = dt.timedelta(days=1)


def leave(person: User) -> None:
    Membership.objects.filter(user=person).update(status=Membership.Status.ENDED, ended_on=PLANNED.date())


def come_back(person: User, group: WorkingGroup) -> None:
    Membership.objects.create(group=group, user=person, role="member", started_on=PLANNED.date())


def tick(now: dt.datetime) -> list[Any]:
    """One beat and one delivery; return the letters that left."""
    mail.outbox.clear()
    actions.remind(now=now)
    delivery.deliver(now=now)
    return list(mail.outbox)


def test_leaving_takes_the_meeting_out_of_the_calendar_once(plan: Plan, anna: User) -> None:
    meeting = plan()
    (invitation,) = tick(PLANNED)
    leave(anna)
    (letter,) = tick(PLANNED + DAY)
    assert letter.subject == "No longer in your calendar: Ninth meeting, Monday 15 June 2026"
    calendar, event = calendar_of(letter), event_of(letter)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["UID"]) == ("CANCEL", "CANCELLED", str(meeting.uid))
    assert (event_of(invitation)["SEQUENCE"], event["SEQUENCE"]) == (0, 1)
    assert str(event["ATTENDEE"]) == "mailto:anna@example.org"
    assert tick(PLANNED + 2 * DAY) == []
    meeting.refresh_from_db()
    assert meeting.sequence == 0  # nobody else is asked again


def test_who_pauses_loses_the_meeting_is_told_so_and_is_invited_anew_when_it_goes_on(plan: Plan, anna: User) -> None:
    plan()
    tick(PLANNED)
    seat, office = Membership.objects.get(user=anna), secretariat()
    pause_membership(membership=seat, by=office, now=PLANNED)
    (letter,) = tick(PLANNED + DAY)
    assert str(calendar_of(letter)["METHOD"]) == "CANCEL"
    assert "Your membership of the working group “The club” is paused" in letter.body
    assert tick(STARTS - DAY) == []  # no reminder either
    resume_membership(membership=seat, by=office, now=STARTS - DAY)
    (again,) = tick(STARTS - DAY / 2)
    assert (again.subject[:11], event_of(again)["SEQUENCE"]) == ("Invitation:", 2)


def test_who_comes_back_is_invited_again_with_a_newer_entry_and_an_open_answer(
    plan: Plan, club: WorkingGroup, anna: User
) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    leave(anna)
    tick(PLANNED + DAY)
    come_back(anna, club)
    (letter,) = tick(PLANNED + 2 * DAY)
    assert (letter.subject[:11], event_of(letter)["SEQUENCE"]) == ("Invitation:", 2)
    assert meeting.attendees.get().reply == "none"
    leave(anna)
    (again,) = tick(PLANNED + 3 * DAY)
    assert event_of(again)["SEQUENCE"] == 3


def test_who_left_before_the_invitation_went_out_hears_nothing(plan: Plan, club: WorkingGroup, anna: User) -> None:
    plan()
    leave(anna)
    assert tick(PLANNED + DAY) == []
    come_back(anna, club)
    (letter,) = tick(PLANNED + 2 * DAY)
    assert letter.subject.startswith("Invitation:")


def test_a_meeting_called_off_later_does_not_write_to_who_left_a_second_time(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    leave(anna)
    tick(PLANNED + DAY)
    actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED + 2 * DAY)
    assert tick(PLANNED + 2 * DAY) == []


def test_a_beat_that_found_the_meeting_before_it_was_called_off_writes_to_nobody(
    plan: Plan, club: WorkingGroup, anna: User, eleni: User
) -> None:
    meeting = plan(capacity=1)
    for person in (anna, eleni):
        actions.reply(meeting=meeting, by=person, reply="yes", now=PLANNED)
    found = Meeting.objects.select_related("group").get()
    actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED)
    leave(anna)  # whose seat Eleni would get
    member(club)  # who would be invited
    before = Notice.objects.count()
    assert leaving.settle(meeting=found, now=PLANNED) + telling.invite_late_joiners(meeting=found, now=PLANNED) == 0
    assert (Notice.objects.count(), meeting.attendees.count()) == (before, 2)


def test_after_the_start_nothing_is_taken_back(plan: Plan, anna: User) -> None:
    plan()
    tick(PLANNED)
    leave(anna)
    assert tick(STARTS) == []
