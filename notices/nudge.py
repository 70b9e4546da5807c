"""Wakes a worker after the commit. A lost nudge costs nothing: the next tick finds the row."""

from functools import partial

from celery import current_app
from django.db import transaction

DELIVER = "notices.deliver"


def after_commit(task: str, *args: int) -> None:
    """Send the task of this name once the transaction is committed; a broker that is down never breaks the request.

    By name: actions stand below tasks and must not import them.
    """
    transaction.on_commit(partial(current_app.send_task, task, args), robust=True)
