"""Every step of the life of a meeting, and every one that is refused: by the verbs, and by the database."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.actions import Slot
from meetings.actions.rows import enter
from meetings.errors import MeetingError, WrongState
from meetings.models import Meeting, Webinar
from people.models import User
from tests.factories import group, meeting, user
from tests.meetings.conftest import PLANNED, STARTS

pytestmark = pytest.mark.django_db
State = Meeting.State
Plan = Callable[..., Meeting]
SignedIn = Callable[[Any], Client]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Written down once more, so that nobody changes the table by accident.
ALLOWED = {
    ("draft", "polling"),
    ("draft", "scheduled"),
    ("draft", "cancelled"),
    ("polling", "scheduled"),
    ("polling", "cancelled"),
    ("scheduled", "postponed"),
    ("scheduled", "cancelled"),
    ("scheduled", "held"),
    ("postponed", "polling"),
    ("postponed", "scheduled"),
    ("postponed", "cancelled"),
    ("held", "minuted"),
    ("minuted", "published"),
}


@pytest.mark.parametrize("new", State.values)
@pytest.mark.parametrize("old", State.values)
def test_a_meeting_goes_where_the_table_says_and_nowhere_else(old: str, new: str) -> None:
    standing = Meeting(state=old)
    if (old, new) in ALLOWED:
        enter(standing, State(new))
        assert standing.state == new
    else:
        with pytest.raises(WrongState):
            enter(standing, State(new))
        assert standing.state == old


def in_state(state: str) -> Meeting:
    """Return a meeting of next June that stands where it should, without its way there."""
    announced = None if state in {"draft", "polling"} else PLANNED
    reason = "A strike." if state in {"postponed", "cancelled"} else ""
    return meeting(
        group(), state=state, announced_at=announced, reason=reason, starts_at=STARTS, ends_at=STARTS + HOUR
    )  # fmt: skip


SLOTS = [Slot(STARTS + n * DAY, STARTS + n * DAY + HOUR) for n in range(2)]
VERBS: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "announce": (actions.announce, {}, "scheduled"),
    "look": (actions.look_for_date, {}, "polling"),
    "postpone": (actions.postpone, {"reason": "A strike."}, "postponed"),
    "cancel": (actions.cancel, {"reason": "A strike."}, "cancelled"),
}


@pytest.mark.parametrize("state", State.values)
def test_each_verb_works_from_the_states_of_the_table_only(state: str) -> None:
    made = in_state(state)
    for verb, (do, values, becomes) in VERBS.items():
        allowed = (state, becomes) in ALLOWED
        standing = Meeting.objects.get(pk=made.pk)
        with transaction.atomic():
            try:
                do(meeting=standing, by=None, now=PLANNED, **values)
            except MeetingError:
                assert not allowed, verb
            standing.refresh_from_db()
            assert standing.state == (becomes if allowed else state), verb
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", State.values)
def test_dates_are_asked_for_where_there_is_none(state: str) -> None:
    standing = in_state(state)
    may = state in {"draft", "postponed", "polling"}
    try:
        actions.open_poll(meeting=standing, by=None, slots=SLOTS, closes_at=PLANNED + DAY, now=PLANNED)
    except WrongState:
        assert not may
    standing.refresh_from_db()
    assert standing.state == ("polling" if may else state)


@pytest.mark.parametrize("state", State.values)
def test_the_clock_holds_what_was_scheduled_and_nothing_else(state: str) -> None:
    standing = in_state(state)
    assert actions.mark_held(now=STARTS + 2 * HOUR) == (state == "scheduled")
    standing.refresh_from_db()
    assert standing.state == ("held" if state == "scheduled" else state)


@pytest.mark.parametrize("state", ["scheduled", "postponed", "cancelled", "held"])
def test_pages_offer_exactly_what_is_possible(state: str, signed_in: SignedIn) -> None:
    standing = in_state(state)
    Meeting.objects.update(starts_at=timezone.now() + DAY, ends_at=timezone.now() + DAY + HOUR)
    office = signed_in(user(is_secretariat=True))
    text = office.get(standing.get_absolute_url()).content.decode()
    offers = {
        name: reverse(f"meetings:{name}", args=[standing.slug]) in text
        for name in ("edit", "postpone", "cancel", "poll_new")
    }
    assert offers == {
        "edit": state in {"scheduled", "postponed"},
        "postpone": state == "scheduled",
        "cancel": state in {"scheduled", "postponed"},
        "poll_new": state == "postponed",
    }
    found = {name: office.get(reverse(f"meetings:{name}", args=[standing.slug])).status_code for name in offers}
    assert found == {name: 200 if offered else 403 for name, offered in offers.items()}


@pytest.mark.parametrize("named", ["Europe/Atlantis", "", "Brussels; drop table", "europe/brussels", "../../etc"])
@pytest.mark.parametrize("model", [Meeting, Webinar])
def test_the_database_refuses_zones_nobody_knows(model: type[Meeting | Webinar], named: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        model._default_manager.create(**_least(model) | {"timezone": named})


def _least(model: type[Meeting | Webinar]) -> dict[str, Any]:
    values = {"title": "A title", "slug": "a-title"}
    return values | {"group": group()} if model is Meeting else values


def test_the_database_refuses_what_was_never_announced(plan: Plan) -> None:
    standing = plan()
    command = "UPDATE meetings_meeting SET announced_at = NULL, state = %s, reason = 'x' WHERE id = %s"
    for state in ("scheduled", "postponed", "held", "minuted", "published"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command, [state, standing.pk])


def test_what_shows_the_way_is_public_and_the_link_is_not(plan: Plan, anna: User, signed_in: SignedIn) -> None:
    standing = plan(
        starts_at=timezone.now() + DAY, ends_at=timezone.now() + DAY + HOUR, now=timezone.now(),
        directions="Tram 4 to the end.", capacity=12, languages=["fr", "en"],
    )  # fmt: skip
    page = Client().get(standing.get_absolute_url()).content.decode()
    shown = ("Tram 4 to the end.", "<dd>12</dd>", '<span lang="en">English</span>, <span lang="fr">français</span>')
    assert [words in page for words in shown] == [True, True, True]
    assert standing.join_url not in page
    assert standing.join_url in signed_in(anna).get(standing.get_absolute_url()).content.decode()


def test_the_join_link_stands_out_from_half_an_hour_before_to_the_end(
    plan: Plan, anna: User, signed_in: SignedIn
) -> None:
    standing, now, client = plan(), timezone.now(), signed_in(anna)
    actions.reply(meeting=plan(title="Later", starts_at=now + DAY, ends_at=now + DAY + HOUR), by=anna, reply="yes")
    for starts_in, near in ((31, False), (29, True), (0, True), (-119, True), (-121, False)):
        starts_at = now + dt.timedelta(minutes=starts_in)
        hours = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, "sort_day": starts_at.date()}
        Meeting.objects.filter(pk=standing.pk).update(**hours)
        pages = [client.get(address).content.decode() for address in (standing.get_absolute_url(), "/dashboard/")]
        assert ["Join the meeting now" in page for page in pages] == [near, near], starts_in
        assert "Join the meeting now" not in Client().get(standing.get_absolute_url()).content.decode()
