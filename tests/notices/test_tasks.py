"""The worker's side: it goes on until nothing is due, and is told of new letters where a broker is."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from notices import actions, tasks
from notices.models import Notice
from notices.nudge import DELIVER, after_commit
from tests.factories import user
from tests.nudges import nudging

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


def test_new_letters_wake_a_worker_after_the_commit_and_known_ones_do_not(
    django_capture_on_commit_callbacks: Any,
) -> None:
    person, woken = user(), []
    for _time in range(2):
        with django_capture_on_commit_callbacks() as callbacks:
            actions.queue([actions.planned("test.plain", person, "key", person)])
        woken.append(len(callbacks))
    assert woken == [1, 0]


def test_where_no_broker_is_one_line_says_that_the_letter_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    folders = {"data_folder_in": str(tmp_path / "queue"), "data_folder_out": str(tmp_path / "queue")}
    absent = nudging({"broker_url": "filesystem://", "broker_transport_options": folders})
    with absent, django_capture_on_commit_callbacks(execute=True):
        after_commit(DELIVER)
    [said] = [record for record in caplog.records if record.name == "notices.nudge"]
    assert (said.levelno, said.exc_info) == (logging.WARNING, None)
    assert said.getMessage().startswith("notices.deliver waits for its next tick")
