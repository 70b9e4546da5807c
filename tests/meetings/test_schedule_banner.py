"""Where letters are planned or looked for one reads that the schedule stands still; nobody else does."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.clock import database_now
from meetings import actions
from people.models import User
from s3cop.models import Heartbeat
from tests.factories import meeting, secretariat
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
BANNER = "Reminders are not being sent."
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def pages(club: WorkingGroup) -> dict[str, list[str]]:
    """Addresses by who reads them."""
    slug = meeting(club).slug
    webinar = actions.draft_webinar(by=None, title="A webinar")
    of_leader = [reverse("meetings:detail", args=[slug]), reverse("meetings:reminders", args=[slug])]
    of_leader += [reverse("s3cop:desk"), reverse("meetings:group_reminders", args=[club.slug])]
    of_office = [reverse("notices:outbox"), reverse("s3cop:desk"), reverse("meetings:site_reminders")]
    of_office += [reverse(f"meetings:{name}", args=[webinar.slug]) for name in ("webinar", "webinar_registrations")]
    return {"leader": of_leader, "secretariat": of_leader[:1] + of_office, "public": of_leader[:1]}


def warned(client: Client, addresses: list[str]) -> list[bool]:
    return [BANNER in client.get(address).content.decode() for address in addresses]


@pytest.mark.parametrize(("minutes", "warns"), [(2, False), (4, True)])
def test_those_who_plan_are_warned_on_each_of_these_pages(
    pages: dict[str, list[str]], chair: User, signed_in: Callable[[Any], Client], minutes: int, *, warns: bool
) -> None:
    Heartbeat.objects.create(pk=1, beaten_at=database_now() - minutes * MINUTE)
    for who, client in (("leader", signed_in(chair)), ("secretariat", signed_in(secretariat()))):
        assert warned(client, pages[who]) == [warns] * len(pages[who])


def test_members_and_the_public_are_not(
    pages: dict[str, list[str]], anna: User, signed_in: Callable[[Any], Client]
) -> None:
    assert (warned(signed_in(anna), pages["public"]), warned(Client(), pages["public"])) == ([False], [False])
