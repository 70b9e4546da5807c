"""Wakes a worker after the commit. A lost nudge costs nothing: the next tick finds the row."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

DELIVER = "notices.deliver"
log = logging.getLogger(__name__)


def after_commit(task: str, *args: int) -> None:
    """Send the task of this name once the transaction is committed; a broker that is down never breaks the request.

    By name: actions stand below tasks and must not import them. Celery is imported with the first nudge only.
    """

    def nudge() -> None:
        try:
            import_string(settings.CELERY_APP).send_task(task, args)
        except Exception as problem:  # noqa: BLE001 - what a broker raises depends on its kind, and the rows are there
            log.warning("%s waits for its next tick, no worker could be told: %s", task, problem)

    transaction.on_commit(nudge)
