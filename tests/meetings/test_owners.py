"""Owners of action points are reminded before and after the day, once each, as long as there is something to do."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from meetings import actions, foreseen, kinds, letters, owing, rule_letters, tasks
from meetings.actions import points
from meetings.models import ActionPoint, Meeting
from notices import specimens
from notices.actions import planned
from notices.letters import letter_of
from notices.models import Notice
from people.models import User
from tests.at_once import at_once
from tests.factories import group, member, user
from tests.factories import meeting as any_meeting
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_reminders import deliver
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
SOON = "meetings.meeting_soon"
DUE = dt.date(2026, 7, 10)
BEFORE = dt.datetime(2026, 7, 7, 6, tzinfo=dt.UTC)  # 8:00 in Brussels, in summer
OVER = dt.datetime(2026, 7, 10, 22, tzinfo=dt.UTC)  # midnight there
AFTER = dt.datetime(2026, 7, 11, 6, tzinfo=dt.UTC)


@pytest.fixture
def held(club: WorkingGroup) -> Meeting:
    return any_meeting(
        club, title="Eighth meeting", slug="eighth", state="held", starts_at=STARTS, ends_at=STARTS + HOUR
    )


@pytest.fixture
def point(held: Meeting, anna: User) -> ActionPoint:
    return ActionPoint.objects.create(meeting=held, text="Ask the <regions>", owner=anna, due=DUE)


def rows() -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kinds.ACTION_DUE).order_by("pk").values_list("state", "reason"))


def test_three_days_before_and_the_day_after_the_owner_gets_a_letter_each_once(point: ActionPoint, anna: User) -> None:
    moments = (BEFORE - MINUTE, BEFORE, BEFORE + MINUTE, OVER - MINUTE, OVER, AFTER - MINUTE, AFTER, AFTER + 5 * DAY)
    assert [actions.remind_owners(now=moment) for moment in moments] == [0, 1, 0, 0, 0, 0, 1, 0]
    letters = list(Notice.objects.order_by("pk").values_list("key", "recipient", "due_at", "expires_at"))
    assert letters == [
        (f"action:{point.pk}:2026-07-10:before:{anna.pk}", anna.pk, BEFORE, OVER),
        (f"action:{point.pk}:2026-07-10:after:{anna.pk}", anna.pk, AFTER, OVER + 7 * DAY),
    ]


def test_the_letters_say_what_and_until_when_and_end_by_one_click(point: ActionPoint) -> None:
    for moment in (BEFORE, AFTER):
        actions.remind_owners(now=moment)
        deliver(moment)
    soon, late = mail.outbox
    assert (soon.subject, late.subject) == ("Due soon: Ask the <regions>", "Overdue: Ask the <regions>")
    assert ("is near" in str(soon.body), "has passed" in str(late.body)) == (True, True)
    assert "Ask the <regions>\nuntil Friday 10 July 2026\n\nTaken on at: Eighth meeting," in str(soon.body)
    assert f"{point.get_absolute_url()}\n" in str(soon.body)
    html = str(soon.alternatives[0][0])  # type: ignore[union-attr]  # of EmailMultiAlternatives
    assert "<h1>Ask the &lt;regions&gt;</h1>" in html
    assert soon.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.usefixtures("point")
def test_who_has_left_the_group_is_reminded_and_who_has_no_active_account_is_not(
    anna: User, club: WorkingGroup
) -> None:
    club.memberships.filter(user=anna).update(status="ended", ended_on=DUE)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert actions.remind_owners(now=BEFORE) == 0
    User.objects.filter(pk=anna.pk).update(is_active=True)
    assert actions.remind_owners(now=BEFORE + HOUR) == 1
    deliver(BEFORE + HOUR)
    assert rows() == [("sent", "")]


def test_nobody_is_reminded_of_what_has_no_owner_or_no_day_is_ended_or_long_past(held: Meeting, anna: User) -> None:
    for values in (
        {"owner": None, "due": DUE},
        {"due": None},
        {"due": DUE, "state": "done", "done_on": DUE},
        {"due": DUE, "state": "dropped", "reason": "No use."},
        {"due": DUE - 12 * DAY},
        {"due": dt.date.max},
    ):
        ActionPoint.objects.create(**{"meeting": held, "text": "Later", "owner": anna} | values)
    assert actions.remind_owners(now=BEFORE) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda point, _: points.finish(point=point, by=None, now=BEFORE), "nothing open any more"),
        (lambda point, other: ActionPoint.objects.filter(pk=point.pk).update(owner=other), "somebody else does it now"),
        (lambda point, _: ActionPoint.objects.filter(pk=point.pk).update(due=DUE + DAY), "due on another day now"),
        (lambda point, _: point.delete(), "action point removed"),
    ],
)
def test_what_changed_between_queueing_and_sending_is_not_sent_and_its_row_says_why(
    point: ActionPoint, eleni: User, change: Any, reason: str
) -> None:
    actions.remind_owners(now=BEFORE)
    change(point, eleni)
    deliver(BEFORE + MINUTE)
    assert (rows(), mail.outbox) == ([("skipped", reason)], [])


def test_the_new_owner_and_the_new_day_get_letters_of_their_own(point: ActionPoint, eleni: User) -> None:
    actions.remind_owners(now=BEFORE)
    for change in ({"owner": eleni}, {"due": DUE - DAY}):
        ActionPoint.objects.filter(pk=point.pk).update(**change)
        assert [actions.remind_owners(now=BEFORE + n * MINUTE) for n in (1, 2)] == [1, 0]
    deliver(BEFORE + HOUR)
    assert [state for state, _reason in rows()] == ["skipped", "skipped", "sent"]


def test_what_is_opened_again_is_reminded_of_again(point: ActionPoint) -> None:
    actions.remind_owners(now=BEFORE)
    points.finish(point=point, by=None, now=BEFORE)
    deliver(BEFORE)
    points.reopen(point=point, by=None, now=BEFORE + HOUR)
    assert [actions.remind_owners(now=BEFORE + n * HOUR) for n in (1, 2)] == [1, 0]
    deliver(BEFORE + 2 * HOUR)
    assert rows() == [("sent", "")]


def test_pausing_a_past_meeting_holds_the_letters_to_its_owners_until_somebody_resumes(
    point: ActionPoint, held: Meeting
) -> None:
    other = ActionPoint.objects.create(meeting=held, text="Another", owner=point.owner, due=DUE + 2 * DAY)
    actions.remind_owners(now=BEFORE)
    actions.pause_reminders(meeting=held, by=None, now=BEFORE + MINUTE)
    deliver(BEFORE + HOUR)
    assert (rows(), mail.outbox) == ([("due", "reminders are paused")], [])
    assert actions.remind_owners(now=BEFORE + 2 * DAY) == 0  # the other's day is near too
    (line,) = foreseen.of_paused(BEFORE + 2 * DAY, BEFORE + 3 * DAY)
    assert (line.address, line.about, line.why) == ("nobody", "eighth", "reminders paused since 2026-07-07 08:01")
    assert list(foreseen.of_owners(BEFORE + 2 * DAY, BEFORE + 3 * DAY)) == []
    actions.resume_reminders(meeting=held, by=None, now=BEFORE + 2 * DAY)
    assert actions.remind_owners(now=BEFORE + 2 * DAY) == 1
    deliver(BEFORE + 2 * DAY + MINUTE)
    assert sorted(letter.subject for letter in mail.outbox) == ["Due soon: Another", "Due soon: Ask the <regions>"]
    assert other.pk > point.pk


def test_a_letter_that_a_worker_holds_while_somebody_pauses_is_put_back(point: ActionPoint, held: Meeting) -> None:
    actions.remind_owners(now=BEFORE)
    Meeting.objects.filter(pk=held.pk).update(reminders_paused_at=BEFORE + MINUTE)  # its row was not seen waiting
    deliver(BEFORE + HOUR)
    assert (rows(), mail.outbox, point.state) == ([("due", "reminders are paused")], [], "open")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("point")
def test_two_beats_at_once_insert_each_letter_once() -> None:
    at_once(*[lambda: actions.remind_owners(now=BEFORE)] * 3)
    assert rows() == [("due", "")]


def test_however_many_points_are_near_their_day_the_queries_are_few(
    held: Meeting, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        ActionPoint.objects.create(meeting=held, text=f"No. {number}", owner=user(), due=DUE)
    actions.remind_owners(now=BEFORE)
    with django_assert_num_queries(2 + 2):  # and a savepoint
        assert actions.remind_owners(now=BEFORE + MINUTE) == 0


def test_the_minutes_task_reminds_and_the_catalogue_and_the_dry_run_show_the_letter(point: ActionPoint) -> None:
    found = list(foreseen.of_owners(BEFORE - DAY, BEFORE + DAY))
    assert [(each.at, each.address, each.kind, each.about) for each in found] == [
        (BEFORE, "anna@example.org", "meetings.action_due", "eighth")
    ]
    actions.remind_owners(now=BEFORE)
    assert list(foreseen.of_owners(BEFORE - DAY, BEFORE + DAY)) == []
    shown = specimens.shown(letter_of(kinds.ACTION_DUE), user(display_name="Office"))
    assert shown is not None
    assert shown.subject == "Due soon: Ask the <regions>"
    ActionPoint.objects.filter(pk=point.pk).update(due=dt.datetime.now(dt.UTC).date() + DAY)
    assert tasks.remind() == 1


# -- in the letter before a meeting ----------------------------------------------------------------------------------
def test_the_letter_before_a_meeting_lists_what_its_reader_alone_has_taken_on(
    point: ActionPoint, plan: Plan, anna: User, eleni: User
) -> None:
    coming = plan(starts_at=STARTS + 60 * DAY, ends_at=STARTS + 60 * DAY + HOUR)
    of_others = any_meeting(group(), state="held", starts_at=STARTS, ends_at=STARTS + HOUR)
    for where, owner, text in ((of_others, anna, "Elsewhere"), (coming, anna, "Later"), (point.meeting, eleni, "Hers")):
        ActionPoint.objects.create(meeting=where, text=text, owner=owner)
    Notice.objects.all().delete()
    told = {}
    for person in (anna, eleni, member(coming.group)):
        row = planned(SOON, coming, f"soon:{person.pk}", person, payload={"revision": 0, "rule": None})
        letters.about(row)
        told[person] = rule_letters.soon(row).context["owed"]
    address = f"{settings.SITE_URL}{point.get_absolute_url()}"
    assert told[anna] == [{"text": "Ask the <regions>", "until": "until Friday 10 July 2026", "url": address}]
    assert [[line["text"] for line in lines] for lines in told.values()] == [["Ask the <regions>"], ["Hers"], []]
    assert [line["until"] for line in told[eleni]] == [""]


def test_both_parts_of_the_letter_print_them(point: ActionPoint, plan: Plan, anna: User, eleni: User) -> None:
    starts = STARTS + 60 * DAY
    meeting = plan(starts_at=starts, ends_at=starts + HOUR, now=PLANNED)
    deliver(PLANNED)
    for person in (anna, eleni):
        actions.reply(meeting=meeting, by=person, reply="yes", now=PLANNED)
    mail.outbox.clear()
    actions.remind(now=starts - 2 * DAY)
    deliver(starts - 2 * DAY)
    by_reader = {letter.to[0]: letter for letter in mail.outbox}
    for reader, letter in by_reader.items():
        parts = [str(letter.body), str(letter.alternatives[0][0])]  # type: ignore[attr-defined]
        assert [point.get_absolute_url() in part for part in parts] == ["anna@" in reader] * 2
    assert len(by_reader) == 2
    assert owing.until(point) == "until Friday 10 July 2026"
