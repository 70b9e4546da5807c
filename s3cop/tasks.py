"""The heartbeat: a worker's task writes it, so it proves more than a running process."""

from celery import shared_task

from history.clock import database_now
from s3cop.models import Heartbeat


@shared_task(name="s3cop.heartbeat")
def heartbeat() -> int:
    """Renew the one row."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"beaten_at": database_now()})
    return 1
