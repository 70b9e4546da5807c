"""The worker's side: what the schedule calls each minute."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from meetings import tasks
from meetings.models import Meeting
from people.models import User
from s3cop.celery import app
from tests.factories import meeting

pytestmark = pytest.mark.django_db


def test_a_tick_invites_whoever_is_missing_and_the_next_finds_nothing(anna: User) -> None:
    planned = meeting(anna.memberships.get().group)
    assert (tasks.remind(), tasks.remind()) == (1, 0)
    assert list(planned.attendees.values_list("user", flat=True)) == [anna.pk]


def test_a_tick_holds_what_is_over(plan: Callable[..., Meeting]) -> None:
    over = plan()
    Meeting.objects.update(starts_at=timezone.now().replace(year=2020), ends_at=timezone.now())
    assert (tasks.mark_held(), tasks.mark_held()) == (1, 0)
    over.refresh_from_db()
    assert over.state == Meeting.State.HELD


@pytest.mark.parametrize("task", [tasks.remind, tasks.mark_held])
def test_the_schedule_calls_the_task_each_minute(task: object) -> None:
    name = task.name  # type: ignore[attr-defined]  # a Celery task
    assert [entry["schedule"] for entry in app.conf.beat_schedule.values() if entry["task"] == name] == [60]
