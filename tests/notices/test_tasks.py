"""The worker's side: it goes on until nothing is due."""

from collections.abc import Callable

import pytest
from django.core import mail

from notices import tasks
from notices.models import Notice
from notices.nudge import DELIVER
from tests.factories import user

pytestmark = pytest.mark.django_db


def test_one_run_sends_all_batches(letter: Callable[..., Notice]) -> None:
    for number in range(45):
        letter(user(), f"key-{number}", poison=number == 0)
    assert (tasks.deliver(), len(mail.outbox)) == (45, 44)
    assert tasks.deliver() == 0


def test_a_run_ends_when_its_time_is_up(letter: Callable[..., Notice], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "LONGEST", 0.0)
    letter(user())
    assert (tasks.deliver(), len(mail.outbox)) == (0, 0)


def test_the_nudge_knows_the_task_by_its_name() -> None:
    assert tasks.deliver.name == DELIVER
