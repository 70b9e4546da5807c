"""Action points on their pages: who sees them, who ends them, what the dashboard counts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from history.models import Entry
from meetings.actions.points import finish
from meetings.errors import WrongState
from meetings.models import ActionPoint, Meeting
from people.models import User
from tests.factories import leader, member, user
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def point(plan: Callable[..., Meeting], anna: User) -> ActionPoint:
    return ActionPoint.objects.create(meeting=plan(), text="Ask the regions", owner=anna, due=dt.date(2026, 7, 1))


def test_the_owner_says_that_it_is_done_and_takes_it_back(point: ActionPoint, signed_in: SignedIn, anna: User) -> None:
    client, there = signed_in(anna), point.get_absolute_url()
    assert client.post(there, {"do": "done", "done_on": "2026-06-20"})["Location"] == reverse("meetings:actions")
    point.refresh_from_db()
    assert (point.state, point.done_on) == ("done", dt.date(2026, 6, 20))
    client.post(there, {"do": "reopen"})
    point.refresh_from_db()
    assert (point.state, point.done_on) == ("open", None)
    assert list(Entry.objects.about(point).order_by("pk").values_list("verb", "by")) == [
        ("done", anna.pk),
        ("opened again", anna.pk),
    ]


def test_dropping_needs_a_reason_and_a_done_day_is_not_to_come(
    point: ActionPoint, signed_in: SignedIn, chair: User
) -> None:
    client, there = signed_in(chair), point.get_absolute_url()
    assert "There is 1 problem" in client.post(there, {"do": "drop", "reason": " "}).content.decode()
    assert "still to come" in client.post(there, {"do": "done", "done_on": "2999-01-01"}).content.decode()
    assert client.post(there, {"do": "nonsense"}).status_code == 200
    point.refresh_from_db()
    assert point.state == "open"
    assert client.post(there, {"do": "drop", "reason": "No use."})["Location"] == there
    assert "No use." in client.get(there).content.decode()
    assert "cannot become" in client.post(there, {"do": "done"}, follow=True).content.decode()


def test_what_an_editor_of_the_draft_took_out_meanwhile_is_not_ended(point: ActionPoint, anna: User) -> None:
    ActionPoint.objects.filter(pk=point.pk).delete()
    with pytest.raises(WrongState, match="no longer hold this action point"):
        finish(point=point, by=anna)


def test_others_of_the_group_read_it_and_strangers_do_not(point: ActionPoint, signed_in: SignedIn, eleni: User) -> None:
    there = point.get_absolute_url()
    assert signed_in(eleni).get(there).status_code == 200
    assert signed_in(eleni).post(there, {"do": "done"}).status_code == 403
    assert signed_in(user()).get(there).status_code == 404
    assert Client().get(there).status_code == 302


def test_an_owner_who_left_the_group_still_sees_and_ends_it(
    point: ActionPoint, signed_in: SignedIn, anna: User, club: WorkingGroup
) -> None:
    club.memberships.filter(user=anna).update(status="ended", ended_on=dt.date(2026, 6, 1))
    assert "Ask the regions" in signed_in(anna).get(reverse("meetings:actions")).content.decode()
    assert signed_in(anna).post(point.get_absolute_url(), {"do": "done"}).status_code == 302


def test_what_is_overdue_says_so_on_the_list_and_on_the_dashboard(
    point: ActionPoint, signed_in: SignedIn, anna: User
) -> None:
    client = signed_in(anna)
    ActionPoint.objects.filter(pk=point.pk).update(due=dt.date(2020, 1, 31))
    for address in (reverse("meetings:actions"), "/dashboard/"):
        assert "Overdue since 31 January 2020" in client.get(address).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_six_queries(
    plan: Callable[..., Meeting],
    anna: User,
    many: int,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    meeting = plan()
    for owner in [anna, member(meeting.group), leader(meeting.group)]:
        for state in ("open", "done"):
            for _ in range(many):
                done = dt.date(2026, 6, 20) if state == "done" else None
                ActionPoint.objects.create(meeting=meeting, text="Ask", owner=owner, state=state, done_on=done)
    client = signed_in(anna)
    with django_assert_num_queries(6):  # session, reader, desk, own, others, done
        assert client.get(reverse("meetings:actions")).status_code == 200
