"""Whatever happens to a meeting or a member while letters wait, are being sent, failed once or for good: in the end
everybody has been told what is true, once, and nobody anything else.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from meetings import actions
from meetings.actions import Slot
from meetings.models import Meeting
from notices import delivery
from notices.models import Notice
from notices.postbox import Postbox
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_letters import event_of
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
SECOND, MINUTE, HOUR, DAY = (dt.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
State = Notice.State
# How the invitation of each member stands when something happens. A worker holds two of them: it looks at the world
# afterwards, and for one of them the mail server does not answer.
STANDING = ["sent", "held", "hung", "waiting", "failed"]


@pytest.fixture
def people(club: WorkingGroup) -> dict[str, User]:
    return {standing: member(club, display_name=standing) for standing in STANDING}


def stand(people: dict[str, User], lease: uuid.UUID) -> None:
    """Put the letters of the members where their names say."""
    rows = Notice.objects.order_by("pk")
    claimed = {"state": State.CLAIMED, "lease": lease, "lease_until": PLANNED + HOUR, "attempts": 1}
    values: dict[str, dict[str, Any]] = {
        "sent": {"state": State.SENT, "sent_at": PLANNED},
        "held": claimed,
        "hung": claimed,
        "waiting": {"attempts": 1, "last_error": "TimeoutError", "next_try_at": PLANNED + 5 * MINUTE},
        "failed": {"state": State.FAILED, "failed_at": PLANNED, "last_error": "TimeoutError"},
    }
    for name, person in people.items():
        rows.filter(recipient=person).update(**values[name])


def go_on(people: dict[str, User], lease: uuid.UUID) -> None:
    """The worker takes up what it holds; then schedule and delivery run, and once more after the pause."""
    held = {name: Notice.objects.filter(recipient=people[name], lease=lease).first() for name in ("held", "hung")}
    with Postbox() as postbox:
        if held["held"]:
            delivery._handle(held["held"], lease, postbox, PLANNED + MINUTE)
    if held["hung"]:
        delivery._put_back(held["hung"], TimeoutError("timed out"), PLANNED + MINUTE)
    for minutes in (2, 6):
        tick(PLANNED + minutes * MINUTE)


def tick(now: dt.datetime) -> None:
    actions.remind(now=now)
    while delivery.deliver(now=now):
        pass


def arrived(person: User) -> list[str]:
    """The first word of each letter's subject."""
    return [str(letter.subject).split(" ")[0].strip(":") for letter in mail.outbox if person.email in letter.to[0]]


def move(meeting: Meeting, _people: dict[str, User]) -> None:
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 3 * HOUR, now=PLANNED + 3 * SECOND)


def relocate(meeting: Meeting, _people: dict[str, User]) -> None:
    actions.edit(meeting=meeting, by=None, place="Brussels, room 3", now=PLANNED + 5 * SECOND)


def cancel(meeting: Meeting, _people: dict[str, User]) -> None:
    actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED + 2 * SECOND)


def postpone(meeting: Meeting, _people: dict[str, User]) -> None:
    actions.postpone(meeting=meeting, by=None, reason="A strike.", now=PLANNED + SECOND)


def postpone_and_cancel(meeting: Meeting, people: dict[str, User]) -> None:
    postpone(meeting, people)
    cancel(meeting, people)


def postpone_and_look_for_a_date(meeting: Meeting, people: dict[str, User]) -> None:
    postpone(meeting, people)
    actions.look_for_date(meeting=meeting, by=None, now=PLANNED + 2 * SECOND)


def postpone_and_set_a_date(meeting: Meeting, people: dict[str, User]) -> None:
    postpone(meeting, people)
    move(meeting, people)
    actions.announce(meeting=meeting, by=None, now=PLANNED + 4 * SECOND)


def leave(_meeting: Meeting, people: dict[str, User]) -> None:
    Membership.objects.filter(user__in=people.values()).update(status="ended", ended_on=PLANNED.date())


def come_back(meeting: Meeting, people: dict[str, User]) -> None:
    for person in people.values():
        Membership.objects.create(group=meeting.group, user=person, role="member", started_on=PLANNED.date())


def leave_for_a_while(meeting: Meeting, people: dict[str, User]) -> None:
    leave(meeting, people)
    actions.remind(now=PLANNED)
    come_back(meeting, people)


def leave_for_a_moment(meeting: Meeting, people: dict[str, User]) -> None:
    """Nothing but the delivery runs in between."""
    leave(meeting, people)
    delivery.deliver(now=PLANNED + 5 * MINUTE)
    assert Notice.objects.get(recipient=people["waiting"]).reason == "no longer a member"
    come_back(meeting, people)


def close_the_account(_meeting: Meeting, people: dict[str, User]) -> None:
    User.objects.filter(pk__in=[person.pk for person in people.values()]).update(is_active=False)


# What reaches the members after it, in the order of STANDING.
INVITED, NEW_TIME, CHANGED = "Invitation", "New", "Changed"
DEEDS: dict[Callable[..., None], list[list[str]]] = {
    move: [[NEW_TIME], [NEW_TIME], [NEW_TIME], [INVITED], [INVITED]],
    # The worker may have read the old place: both letters say the new one.
    relocate: [[CHANGED], [INVITED, CHANGED], [INVITED], [INVITED], []],
    cancel: [["Cancelled"], [], [], [], []],
    postpone: [["Postponed"], [], [], [], []],
    postpone_and_cancel: [["Cancelled"], [], [], [], []],
    postpone_and_look_for_a_date: [["Postponed"], [], [], [], []],
    postpone_and_set_a_date: [[NEW_TIME], [NEW_TIME], [NEW_TIME], [INVITED], [INVITED]],
    leave: [["No"], [], [], [], []],
    leave_for_a_while: [[INVITED]] * 5,
    leave_for_a_moment: [[], [INVITED], [INVITED], [INVITED], []],
    close_the_account: [[]] * 5,
}


@contextmanager
def taken_back(made: Meeting) -> Iterator[Meeting]:
    """Give the meeting as it stands; what happens to it, and each letter about it, is taken back in the end."""
    sent = list(mail.outbox)
    with transaction.atomic():
        yield Meeting.objects.select_related("group").get(pk=made.pk)
        transaction.set_rollback(True)
    mail.outbox[:] = sent


def test_everybody_hears_what_is_true_in_the_end(plan: Plan, people: dict[str, User]) -> None:
    made, lease = plan(), uuid.uuid4()
    stand(people, lease)
    for deed in DEEDS:
        with taken_back(made) as meeting:
            deed(meeting, people)
            go_on(people, lease)
            _all_know(meeting, people, deed)


def _all_know(meeting: Meeting, people: dict[str, User], deed: Callable[..., None]) -> None:
    heard = {name: arrived(person) for name, person in people.items()}
    assert heard == dict(zip(STANDING, DEEDS[deed], strict=True)), deed.__name__
    assert set(Notice.objects.values_list("state", flat=True)) <= {State.SENT, State.SKIPPED, State.FAILED}
    meeting.refresh_from_db()
    if meeting.state == Meeting.State.SCHEDULED:
        assert [letter.subject for letter in mail.outbox if meeting.when not in str(letter.body)] == []
    else:
        assert {str(event_of(letter)["STATUS"]) for letter in mail.outbox} == {"CANCELLED"}  # type: ignore[arg-type]


def test_a_letter_about_another_place_says_the_new_time_too_where_that_has_not_arrived(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    move(meeting, {})
    Notice.objects.filter(state=State.DUE).update(next_try_at=PLANNED + HOUR, attempts=1, last_error="TimeoutError")
    relocate(meeting, {})
    tick(PLANNED + MINUTE)
    assert arrived(anna) == [INVITED, NEW_TIME]
    assert "room 3" in str(mail.outbox[-1].body)


def test_who_waits_for_another_date_hears_that_there_is_none_however_late(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    postpone(meeting, {})
    tick(PLANNED + MINUTE)
    actions.cancel(meeting=meeting, by=None, reason="No money.", now=STARTS + DAY)
    tick(STARTS + DAY)
    assert arrived(anna) == [INVITED, "Postponed", "Cancelled"]
    assert "No money." in str(mail.outbox[-1].body)


def test_what_a_date_poll_took_the_hours_of_still_leaves_the_calendar_when_cancelled(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    postpone(meeting, {})
    slots = [Slot(STARTS + n * DAY, STARTS + n * DAY + HOUR) for n in (3, 4)]
    actions.open_poll(meeting=meeting, by=None, slots=slots, closes_at=PLANNED + 10 * DAY, now=PLANNED)
    cancel(meeting, {})
    tick(PLANNED + MINUTE)
    assert arrived(anna) == [INVITED, "Cancelled"]  # never asked for dates, so that none are given back
    event = event_of(mail.outbox[-1])  # type: ignore[arg-type]
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (STARTS, 1)


# -- a seat, somebody in one's place ---------------------------------------------------------------------------------
def test_a_seat_is_told_of_although_the_meeting_moves_before_the_letter_leaves(
    plan: Plan, club: WorkingGroup, anna: User
) -> None:
    other, meeting = member(club), plan(capacity=1)
    tick(PLANNED)
    for person in (other, anna):
        actions.reply(meeting=meeting, by=person, reply="yes", now=PLANNED)
    actions.reply(meeting=meeting, by=other, reply="no", now=PLANNED)
    move(meeting, {})
    tick(PLANNED + MINUTE)
    assert arrived(anna) == [INVITED, "A", NEW_TIME]
    assert ["11:00–13:00" in str(letter.body) for letter in mail.outbox if anna.email in letter.to[0]][1:] == [True] * 2


BELA = {"reply": "no", "substitute": "Béla Minta", "substitute_email": "bela@example.org"}
NAMED, OFF, FREE = "In", "Called", "No"


def to_bela() -> list[str]:
    return [str(letter.subject).split(" ")[0] for letter in mail.outbox if letter.to == ["bela@example.org"]]


def say_yes(meeting: Meeting, anna: User) -> None:
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED + MINUTE)


def quit_the_group(meeting: Meeting, anna: User) -> None:
    leave(meeting, {"anna": anna})


# What reaches the substitute when the first letter was sent before, and when it waits.
OF_SUBSTITUTES: dict[Callable[..., None], tuple[list[str], list[str]]] = {
    move: ([NAMED, "Changed:"], [NAMED]),
    cancel: ([NAMED, OFF], []),
    postpone: ([NAMED, OFF], []),
    postpone_and_set_a_date: ([NAMED, "Changed:"], [NAMED]),
    say_yes: ([NAMED, FREE], []),
    quit_the_group: ([NAMED, FREE], []),
}


@pytest.mark.parametrize("waits", [False, True])
def test_a_substitute_hears_what_is_true_in_the_end(plan: Plan, anna: User, *, waits: bool) -> None:
    made = plan()
    actions.reply(meeting=made, by=anna, now=PLANNED, **BELA)
    if not waits:
        tick(PLANNED)
    for deed, heard in OF_SUBSTITUTES.items():
        with taken_back(made) as meeting:
            deed(meeting, anna if deed in {say_yes, quit_the_group} else {})
            tick(PLANNED + 2 * MINUTE)
            tick(PLANNED + 3 * MINUTE)
            assert to_bela() == heard[waits], deed.__name__


def test_somebody_else_comes_and_then_the_first_one_after_all(plan: Plan, anna: User) -> None:
    meeting = plan()
    other = BELA | {"substitute": "Cécile Exemple", "substitute_email": "cecile@example.org"}
    for minutes, answer in enumerate((BELA, other, BELA)):
        actions.reply(meeting=meeting, by=anna, now=PLANNED + minutes * MINUTE, **answer)
        tick(PLANNED + minutes * MINUTE)
    assert to_bela() == [NAMED, FREE, NAMED]
    cancel(meeting, {})
    tick(PLANNED + 3 * MINUTE)
    assert to_bela()[3:] == [OFF]
    assert [str(letter.body).count("Béla") for letter in mail.outbox if letter.to == ["cecile@example.org"]] == [0, 0]


# -- a series --------------------------------------------------------------------------------------------------------
@pytest.fixture
def three(club: WorkingGroup, anna: User) -> list[Meeting]:
    assert anna.memberships.exists()
    slots = [Slot(STARTS + n * 7 * DAY, STARTS + n * 7 * DAY + HOUR) for n in range(3)]
    plan = actions.Plan(club, "Weekly", "FREQ=WEEKLY")
    where: dict[str, Any] = {"mode": "in_person", "place": "Room 1"}
    series = actions.plan_series(plan=plan, slots=slots, by=None, invite=True, now=PLANNED, **where)
    return list(series.meetings.order_by("starts_at").select_related("group"))


def test_what_waits_about_a_series_is_said_in_the_next_letter(three: list[Meeting], anna: User) -> None:
    """Nobody hears of a change before they hear of the plan, and nobody reads the same twice."""
    actions.edit_series(meeting=three[1], scope="later", by=None, place="Room 2", now=PLANNED + SECOND)
    tick(PLANNED + SECOND)
    assert [str(letter.subject) for letter in mail.outbox] == ["Invitation: Weekly, 3 dates"]
    for minutes, meeting in ((1, three[0]), (2, three[2])):
        where: dict[str, Any] = {"place": f"Room {minutes + 2}", "now": PLANNED + minutes * MINUTE}
        actions.edit_series(meeting=meeting, scope="this", by=None, **where)
    tick(PLANNED + HOUR)
    assert arrived(anna)[1:] == [CHANGED]
    assert mail.outbox[-1].subject == "Changed: Weekly, 2 dates"


def test_who_left_hears_no_more_of_the_series_and_its_substitutes_do(
    three: list[Meeting], club: WorkingGroup, anna: User
) -> None:
    other = member(club)
    tick(PLANNED)
    actions.reply(meeting=three[0], by=other, now=PLANNED, **BELA)
    tick(PLANNED)
    leave(three[0], {"anna": anna})
    tick(PLANNED + MINUTE)
    mail.outbox.clear()
    actions.edit_series(meeting=three[0], scope="all", by=None, place="Room 2", now=PLANNED + HOUR)
    tick(PLANNED + HOUR)
    actions.cancel_series(meeting=three[0], scope="all", by=None, reason="No money.", now=PLANNED + 2 * HOUR)
    tick(PLANNED + 2 * HOUR)
    assert (arrived(anna), to_bela()) == ([], ["Changed:", OFF])


def test_who_comes_back_is_invited_to_each_meeting_of_a_series_once(three: list[Meeting], anna: User) -> None:
    leave_for_a_while(three[0], {"anna": anna})
    tick(PLANNED + MINUTE)
    assert arrived(anna) == [INVITED] * 3
    assert {str(letter.subject).partition(",")[0] for letter in mail.outbox} == {"Invitation: Weekly"}
