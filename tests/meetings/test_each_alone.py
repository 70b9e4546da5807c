"""The clock's verbs: of three rows the one in the middle is refused by the database, and the others are done."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from django.db import connection, models

from meetings import actions
from meetings.models import DatePoll, Meeting, Registration, Webinar
from notices.models import Notice
from people.models import User
from tests.meetings.conftest import STARTS as MEETING_STARTS
from tests.meetings.test_polls import ASKED, CLOSES, SLOTS
from tests.meetings.test_webinars import DAY, STARTS, opened, registered
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]


Poison = Callable[[type[models.Model], str], None]


def states(rows: Sequence[Meeting | Webinar]) -> list[str]:
    return [str(type(row)._default_manager.get(pk=row.pk).state) for row in rows]


def test_meetings_are_held_beside_one_that_is_not(plan: Plan, poison: Poison) -> None:
    three = [plan(title=title) for title in ("First", "Second", "Third")]
    poison(Meeting, f"NEW.id = {three[1].pk}")
    assert actions.mark_held(now=MEETING_STARTS + DAY) == 2
    assert states(three) == ["held", "scheduled", "held"]


def test_webinars_advance_beside_one_that_does_not(poison: Poison) -> None:
    three = [opened(title=title) for title in "abc"]
    poison(Webinar, f"NEW.id = {three[1].pk}")
    assert actions.advance_webinars(now=STARTS) == 2
    assert states(three) == ["registration_closed", "registration_open", "registration_closed"]


def test_registrants_are_reminded_and_forgotten_beside_one_who_is_not(poison: Poison) -> None:
    three = [registered(opened(title=title)) for title in "abc"]
    spoilt = three[1].pk
    poison(Notice, f"NEW.kind = 'meetings.webinar_soon' AND NEW.about_id = {spoilt}")
    assert actions.remind_registered(now=STARTS - DAY) == 2
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION poison CASCADE")
    poison(Registration, f"OLD.id = {spoilt}")
    assert actions.forget_registrants(now=STARTS + 400 * DAY) == 2
    assert list(Registration.objects.values_list("pk", flat=True)) == [spoilt]
    assert Notice.objects.about(three[1]).exists()


def test_polls_remind_beside_one_that_does_not(club: WorkingGroup, anna: User, poison: Poison) -> None:
    polls = [ask(club, title) for title in "abc"]
    Notice.objects.update(state="sent", sent_at=ASKED)
    poison(Notice, f"NEW.kind = 'meetings.date_poll_open' AND NEW.about_id = {polls[1].pk}")
    assert actions.remind_polls(now=CLOSES - dt.timedelta(hours=1)) == 2
    reminded = Notice.objects.filter(kind="meetings.date_poll_open").order_by("pk")
    assert list(reminded.values_list("about_id", "recipient")) == [(polls[0].pk, anna.pk), (polls[2].pk, anna.pk)]


def ask(club: WorkingGroup, title: str) -> DatePoll:
    meeting = actions.draft(group=club, by=None, title=title, now=ASKED)
    return actions.open_poll(meeting=meeting, by=None, slots=SLOTS, closes_at=CLOSES, now=ASKED)
