"""Reminders from falling due to delivered, by two worker processes with a broker: a part of the letters."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import ROOT, Row, spread

if TYPE_CHECKING:
    from meetings.models import Meeting

MEETINGS, PEOPLE, WORKERS, ROUNDS = 10, 50, 2, 3
LONGEST = 10.0  # milliseconds of a letter: a hundred a second
PATIENCE = 120.0  # seconds
WORKER = ("celery", "-A", "s3cop", "worker", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "ERROR")


def row(port: int) -> Row:
    """One sample is MEETINGS times PEOPLE letters, from the tick to the last one marked; the first is not counted."""
    with _broker() as url, ExitStack() as running:
        for number in range(WORKERS):
            running.enter_context(_worker(f"worker{number}", url, port))
        _wait_until_ready()
        took = [_sample() for _ in range(1 + ROUNDS)][1:]
    seen = spread(took)
    what = f"one reminder of {MEETINGS} × {PEOPLE}, {WORKERS} workers ({1000 / seen.median:.0f} a second)"
    return Row(what, "ms", seen, None, LONGEST)


# -- what runs beside it ---------------------------------------------------------------------------------------------
@contextmanager
def _broker() -> Iterator[str]:
    """Give the URL of a private broker, or nothing: then the nudges of this process and its workers go by folders."""
    from django.conf import settings

    from s3cop.celery import transport
    from s3cop.local.broker import make_folders
    from s3cop.local.home import Home
    from s3cop.local.throwaway import throwaway_broker
    from tests.nudges import nudging

    with throwaway_broker() as url:
        settings.REDIS_URL = url or ""
        make_folders(Home(Path(settings.S3COP_HOME)))
        with nudging(transport()):
            yield url or ""


@contextmanager
def _worker(name: str, broker: str, port: int) -> Iterator[None]:
    environment = os.environ | {"REDIS_URL": broker, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    silent = subprocess.DEVNULL
    command = [sys.executable, "-m", *WORKER, "-n", name]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=silent, stderr=silent)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _wait_until_ready() -> None:
    from s3cop.celery import app

    end = time.monotonic() + PATIENCE
    while len(app.control.ping(timeout=1) or ()) < WORKERS:
        if time.monotonic() > end:
            sys.exit("The workers did not start.")


# -- one sample ------------------------------------------------------------------------------------------------------
def _sample() -> float:
    """Return the milliseconds of one letter."""
    from notices.models import Notice
    from s3cop.celery import app

    meetings = [_due() for _ in range(MEETINGS)]
    start = time.perf_counter()
    app.send_task("meetings.remind")
    while _sent(meetings) < MEETINGS * PEOPLE:
        if time.perf_counter() - start > PATIENCE:
            sys.exit(f"Of {MEETINGS * PEOPLE} reminders {_sent(meetings)} were sent.")
        time.sleep(0.02)
    took = time.perf_counter() - start
    for meeting in meetings:
        Notice.objects.about(meeting).delete()
        meeting.delete()
    return took * 1000 / (MEETINGS * PEOPLE)


def _due() -> "Meeting":
    """A meeting in thirteen days; everybody was invited long ago, nobody has answered."""
    from history.clock import database_now
    from meetings import actions
    from notices.models import Notice
    from tests.bench.letters import meeting_of

    meeting = meeting_of(PEOPLE, starts_in=dt.timedelta(days=13))
    actions.invite_late_joiners(meeting=meeting, now=database_now() - dt.timedelta(days=9))
    told = {"state": Notice.State.SENT, "sent_at": database_now(), "lease": None, "lease_until": None}
    Notice.objects.about(meeting).update(**told)
    return meeting


def _sent(meetings: list["Meeting"]) -> int:
    from notices.models import Notice

    reminders = Notice.objects.filter(about_id__in=[meeting.pk for meeting in meetings], kind__contains="unanswered")
    return reminders.filter(state=Notice.State.SENT).count()
