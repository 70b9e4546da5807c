"""The Celery app and its schedule.
The broker may be flushed at any moment: rows are the truth, a message is only a nudge.
"""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup, worker_ready
from django.conf import settings

from s3cop.starting import told_in_one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s3cop.settings")


def transport() -> dict[str, Any]:
    """Return the broker's settings: Redis where there is one, else folders of the local set-up."""
    if settings.REDIS_URL:
        url = settings.REDIS_URL
        if url.startswith("unix://"):
            path, _, query = url.removeprefix("unix://").partition("?db=")
            url = f"redis+socket://{path}?virtual_host={query or 0}"
        options: dict[str, object] = {
            "visibility_timeout": 1800,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 2,
        }
        return {"broker_url": url, "broker_transport_options": options}
    queue, control = settings.S3COP_HOME / "run" / "queue", settings.S3COP_HOME / "run" / "control"
    options = {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.1,
    }
    return {"broker_url": "filesystem://", "broker_transport_options": options}


def every(seconds: int, task: str) -> dict[str, Any]:
    """A tick that expires with the next one, so that a stopped worker meets no pile of them."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


with told_in_one_line():
    TRANSPORT = transport()

app = Celery("s3cop")
app.conf.update(
    **TRANSPORT,
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_soft_time_limit=540,
    task_time_limit=600,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
    worker_soft_shutdown_timeout=3,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "heartbeat": every(60, "s3cop.heartbeat"),
        "remind": every(60, "meetings.remind"),
        "remind_polls": every(60, "meetings.remind_polls"),
        "advance_webinars": every(60, "meetings.advance_webinars"),
        "forget_registrants": every(3600, "meetings.forget_registrants"),
        "hold": every(60, "meetings.mark_held"),
        "deliver": every(60, "notices.deliver"),
        "open": every(60, "challenges.open_due_rounds"),
        "close": every(60, "challenges.close_due_rounds"),
        "remind_electors": every(60, "challenges.remind_electors"),
        "unlink": every(3600, "challenges.unlink_overdue"),
        "expire": every(3600, "workinggroups.expire_invitations"),
        "build": every(60, "outcomes.build_pending"),
        "appear": every(60, "outcomes.publish_due"),
        "tell": every(60, "outcomes.tell_followers"),
        "sweep": every(24 * 3600, "outcomes.sweep_files"),
    },
)
app.autodiscover_tasks()


@celeryd_after_setup.connect
def share_memory(**_: object) -> None:
    """Before the worker forks: read the addresses and import what is large, and let no search for garbage touch, and
    so copy, what is there.
    """
    from django.urls import reverse

    from outcomes.actions.building import make_ready

    reverse("s3cop:home")
    make_ready()
    gc.freeze()


@worker_ready.connect
def catch_up(**_: object) -> None:
    """Do at once what fell due while no worker ran; the schedule's first tick comes only after a whole interval."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"], **entry["options"])
