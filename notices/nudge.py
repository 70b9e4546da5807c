"""Wakes a worker after the commit. A lost nudge costs nothing: the next tick finds the row."""

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

DELIVER = "notices.deliver"


def after_commit(task: str, *args: int) -> None:
    """Send the task of this name once the transaction is committed; a broker that is down never breaks the request.

    By name: actions stand below tasks and must not import them. Celery is imported with the first nudge only.
    """

    def nudge() -> None:  # no partial: Django names the function when it logs that the broker is down
        import_string(settings.CELERY_APP).send_task(task, args)

    transaction.on_commit(nudge, robust=True)
