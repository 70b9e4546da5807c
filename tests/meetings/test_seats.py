"""Seats in the room: nobody loses one, nobody jumps the line, and two who press at once do not share one."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.core import mail

from meetings import actions, errors
from meetings.models import Attendee, Meeting
from notices import delivery
from notices.models import Notice
from people.models import User
from tests.at_once import at_once
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def three(club: WorkingGroup, plan: Plan) -> tuple[Meeting, list[User]]:
    """One seat, and three members in the order of their answers."""
    people = [member(club) for _ in range(3)]
    return plan(capacity=1), people


def say(meeting: Meeting, person: User, reply: str, hours: int = 0, **more: str) -> Attendee:
    return actions.reply(meeting=meeting, by=person, reply=reply, now=PLANNED + hours * HOUR, **more)


def waiting(meeting: Meeting) -> list[User]:
    return [row.user for row in meeting.attendees.filter(waiting_since__isnull=False).order_by("waiting_since")]


def seats_told() -> list[User | None]:
    return [row.recipient for row in Notice.objects.filter(kind="meetings.seat").order_by("pk")]


def test_the_first_who_waits_gets_the_seat_and_a_letter(three: tuple[Meeting, list[User]]) -> None:
    meeting, (first, second, third) = three
    for hours, person in enumerate((first, second, third)):
        say(meeting, person, "yes", hours)
    assert (waiting(meeting), seats_told()) == ([second, third], [])
    say(meeting, first, "no", 4)
    assert (waiting(meeting), seats_told()) == ([third], [second])
    say(meeting, first, "yes", 5)
    assert waiting(meeting) == [third, first]
    say(meeting, second, "online", 6)
    assert (waiting(meeting), seats_told()) == ([first], [second, third])


def test_who_waits_keeps_the_place_by_saying_yes_again(three: tuple[Meeting, list[User]]) -> None:
    meeting, (first, second, third) = three
    for hours, person in enumerate((first, second, third, second)):
        say(meeting, person, "yes", hours)
    assert waiting(meeting) == [second, third]


@pytest.mark.parametrize("reply", ["online", "maybe"])
def test_only_a_place_in_the_room_needs_a_seat(three: tuple[Meeting, list[User]], reply: str) -> None:
    meeting, (first, second, third) = three
    for person in (first, second):
        say(meeting, person, reply)
    assert say(meeting, third, "yes").waiting_since is None


def test_a_substitute_takes_the_seat_over_and_cannot_wait_for_one(three: tuple[Meeting, list[User]]) -> None:
    meeting, (first, second, third) = three
    say(meeting, first, "yes")
    assert say(meeting, first, "no", substitute="A colleague").substitute == "A colleague"
    assert say(meeting, second, "yes").waiting_since == PLANNED
    with pytest.raises(errors.NoSeat):
        say(meeting, third, "no", substitute="Another")
    assert meeting.attendees.get(user=third).reply == "none"


def test_more_seats_or_a_member_who_leaves_let_the_next_ones_in(three: tuple[Meeting, list[User]]) -> None:
    meeting, (first, second, third) = three
    for hours, person in enumerate((first, second, third)):
        say(meeting, person, "yes", hours)
    Membership.objects.filter(user=first).update(status=Membership.Status.ENDED, ended_on=PLANNED.date())
    actions.remind(now=PLANNED + 5 * HOUR)
    assert (waiting(meeting), seats_told()) == ([third], [second])
    Meeting.objects.update(capacity=2)
    actions.remind(now=PLANNED + 6 * HOUR)
    assert (waiting(meeting), seats_told()) == ([], [second, third])


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_do_not_share_a_seat(club: WorkingGroup, plan: Plan) -> None:
    people, meeting = [member(club) for _ in range(6)], plan(capacity=2)
    at_once(*(partial(say, meeting, person, "yes") for person in people))
    yes = meeting.attendees.filter(reply="yes")
    assert (yes.count(), yes.filter(waiting_since=None).count()) == (6, 2)


def test_a_substitute_hears_of_a_move_and_that_the_meeting_is_off(plan: Plan, anna: User) -> None:
    meeting = plan()
    say(meeting, anna, "no", substitute="Béla Minta", substitute_email="bela@example.org")
    told = []
    for hours in (1, 2, 3):
        mail.outbox.clear()
        if hours == 2:
            actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED)
        if hours == 3:
            actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED + 3 * HOUR)
        delivery.deliver(now=PLANNED + hours * HOUR)
        told += [(letter.subject, letter.body) for letter in mail.outbox if letter.to == ["bela@example.org"]]
    assert [subject for subject, _body in told] == [
        "In the place of Anna Példa: Ninth meeting, Monday 15 June 2026",
        "Changed: Ninth meeting, Monday 15 June 2026",
        "Called off: Ninth meeting, Monday 15 June 2026",
    ]
    assert ["Dear Béla Minta," in body for _subject, body in told] == [True] * 3
    assert ("11:00–12:00" in told[1][1], "A strike." in told[2][1]) == (True, True)


def test_a_substitute_with_an_address_gets_one_letter(plan: Plan, anna: User) -> None:
    meeting = plan()
    for _ in range(2):
        say(meeting, anna, "no", substitute="Béla Minta", substitute_email="bela@example.org")
    say(meeting, anna, "no", 1, substitute="Cécile Exemple", substitute_email="cecile@example.org")
    rows = Notice.objects.filter(kind="meetings.substitute").order_by("pk")
    assert [(row.address, row.expires_at) for row in rows] == [
        ("bela@example.org", STARTS),
        ("cecile@example.org", STARTS),
    ]
    assert say(meeting, anna, "yes", 2).substitute_email == ""
