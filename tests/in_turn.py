"""Two deeds at once in an order that is known: the second begins while the first is not committed yet."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction

PATIENCE = 60.0  # seconds, on a busy machine
WAITING = """SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database()))"""


def behind(first: Callable[[], Any], second: Callable[[], Any], *, then: Callable[[], Any] = lambda: None) -> Any:
    """Do the first, commit it as soon as the second waits for it or is done, and return what that gave or raised.

    `then` is done by the first, too, once the second waits.
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(second())
        except Exception as error:  # noqa: BLE001 - the outcome of the race
            outcome.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        _until_it_waits(other)
        then()
    other.join(PATIENCE)
    return outcome[0]


def _until_it_waits(other: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while other.is_alive():
            cursor.execute(WAITING)
            if cursor.fetchone() == (True,):
                return
            assert time.monotonic() < deadline
            time.sleep(0.01)
