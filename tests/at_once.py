"""Deeds at the same moment, on threads and connections of their own: started together, or in an order that is known."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction

PATIENCE = 60.0  # seconds, on a busy machine
WAITING = """SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database()))"""


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of them in threads that start together; return what each gave or raised, in their order."""
    start = threading.Barrier(len(deeds), timeout=PATIENCE)
    others = [_Deed(deed, start.wait) for deed in deeds]
    for other in others:
        other.start()
    return [other.outcome() for other in others]


def behind(first: Callable[[], Any], second: Callable[[], Any], *, then: Callable[[], Any] = lambda: None) -> Any:
    """Do the first, commit it as soon as the second waits for it or is done, and return what that gave or raised.

    `then` is done by the first, too, once the second waits.
    """
    other = _Deed(second)
    with transaction.atomic():
        first()
        other.start()
        _until_it_waits(other)
        then()
    return other.outcome()


class _Deed(threading.Thread):
    def __init__(self, deed: Callable[[], Any], wait: Callable[[], Any] = lambda: None) -> None:
        super().__init__()
        self._deed, self._wait, self._came = deed, wait, list[Any]()

    def run(self) -> None:
        self._wait()
        try:
            self._came.append(self._deed())
        except Exception as error:  # noqa: BLE001 - the outcome of the race
            self._came.append(error)
        finally:
            connections.close_all()

    def outcome(self) -> Any:
        self.join(PATIENCE)
        return self._came[0]


def _until_it_waits(other: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while other.is_alive():
            cursor.execute(WAITING)
            if cursor.fetchone() == (True,):
                return
            assert time.monotonic() < deadline
            time.sleep(0.01)
