"""Wakes a worker after the commit. A lost nudge costs nothing: the next tick finds the row."""

from celery import current_app
from django.db import transaction

DELIVER = "notices.deliver"


def after_commit(task: str, *args: int) -> None:
    """Send the task of this name once the transaction is committed; a broker that is down never breaks the request.

    By name: actions stand below tasks and must not import them.
    """

    def nudge() -> None:  # no partial: Django names the function when it logs that the broker is down
        current_app.send_task(task, args)

    transaction.on_commit(nudge, robust=True)
