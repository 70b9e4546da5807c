"""Wakes a worker after the commit. A lost nudge costs nothing: the next tick finds the row."""

from functools import partial

from celery import Task
from django.db import transaction


def after_commit(task: "Task[..., int]", *args: int) -> None:
    """Send the task once the transaction is committed; a broker that is down never breaks the request."""
    transaction.on_commit(partial(task.delay, *args), robust=True)
