"""A group that meets, on 15 June: in winter every wrong zone looks right."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from meetings import actions
from meetings.models import Meeting
from people.models import User
from tests.factories import group, leader, member
from workinggroups.models import WorkingGroup

STARTS = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)  # 10:00 in Brussels, 11:00 in Athens
PLANNED = STARTS - dt.timedelta(days=30)


@pytest.fixture
def club() -> WorkingGroup:
    return group(slug="club", name="The club", contact_email="club@example.org")


@pytest.fixture
def anna(club: WorkingGroup) -> User:
    return member(club, email="anna@example.org", display_name="Anna Példa")


@pytest.fixture
def eleni(club: WorkingGroup) -> User:
    return member(club, email="eleni@example.org", display_name="Ελένη Παράδειγμα", timezone="Europe/Athens")


@pytest.fixture
def chair(club: WorkingGroup) -> User:
    return leader(club, email="chair@example.org", display_name="The chair")


@pytest.fixture
def plan(club: WorkingGroup) -> Callable[..., Meeting]:
    """Schedule a meeting of two and a half hours on 15 June 2026, thirty days ahead."""

    def scheduled(*, now: dt.datetime = PLANNED, **values: Any) -> Meeting:
        details: dict[str, Any] = {
            "title": "Ninth meeting",
            "starts_at": STARTS,
            "ends_at": STARTS + dt.timedelta(minutes=150),
            "mode": Meeting.Mode.HYBRID,
            "place": "Brussels, room 2",
            "join_url": "https://meet.example.org/ninth",
        }
        by = values.pop("by", None)
        return actions.schedule(group=club, by=by, now=now, **(details | values))

    return scheduled
