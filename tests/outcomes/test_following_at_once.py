"""Who presses the button twice at the same moment follows once."""

import threading
import time
from typing import Any

import pytest
from django.db import connection

from history import actions as history
from notices.models import Notice
from outcomes.actions import following
from outcomes.actions.following import Wish
from outcomes.models import Follower

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds, on a busy machine
WAITING = """SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted AND pid IN
    (SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database())"""


def test_who_presses_the_button_twice_at_once_is_noted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wish, record, noted = Wish("reader@example.org", None, None, Follower.Cadence.EACH, "en"), history.record, []

    def again() -> None:
        noted.append(following.follow(wish=wish).pk)
        connection.close()

    second = threading.Thread(target=again)

    def in_between(*args: Any, **kwargs: Any) -> Any:
        """The row is there and not committed yet."""
        monkeypatch.setattr(history, "record", record)
        second.start()
        wait_until_it_waits()
        return record(*args, **kwargs)

    monkeypatch.setattr(history, "record", in_between)
    first = following.follow(wish=wish)
    second.join(PATIENCE)
    assert (noted, Follower.objects.count()) == ([first.pk], 1)
    assert Notice.objects.filter(kind="outcomes.follow").count() == 1


def wait_until_it_waits() -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return
            assert time.monotonic() < deadline
            time.sleep(0.02)
