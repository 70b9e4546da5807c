"""/readyz: can this installation do its work? Each part answers within a second; a part is named, never an address."""

from collections.abc import Callable
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

from history.clock import database_now
from notices.models import Notice
from s3cop.models import Heartbeat

OK = "ok"


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return OK


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this code, read from their files once by each process."""
    return frozenset(MigrationLoader(None).graph.nodes)


def migrations() -> str:
    """Ask each time which are applied: a database may be restored from an older copy while the process goes on."""
    applied = MigrationRecorder(connection).applied_migrations()
    return "not all applied" if known_migrations() - applied.keys() else OK


def broker() -> str:
    from kombu.exceptions import OperationalError

    from s3cop.celery import app

    try:
        with app.connection_for_write() as link:
            link.ensure_connection(max_retries=0, timeout=1)
    except (OperationalError, OSError):
        return "does not answer"
    return OK


def schedule() -> str:
    """The heartbeat is written by a worker's task, so it proves the schedule, the broker and the worker together."""
    beat = Heartbeat.objects.first()
    if beat is None:
        return "has not run yet"
    age = database_now() - beat.beaten_at
    return OK if age < Heartbeat.STALE_AFTER else f"last ran {int(age.total_seconds())} seconds ago"


def letters() -> str:
    """Letters due for more than five minutes mean that nobody delivers."""
    oldest = Notice.objects.overdue(database_now()).order_by("next_try_at").first()
    return OK if oldest is None else f"oldest overdue since {oldest.next_try_at:%Y-%m-%dT%H:%M:%SZ}"


PARTS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "schedule": schedule,
    "letters": letters,
}


def answers() -> dict[str, str]:
    """Return each part's answer; when the database is silent the parts that need it are not asked."""
    first = database()
    if first != OK:
        return {"database": first}
    return {name: part() for name, part in PARTS.items()}


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the answer is the same for everybody
    parts = answers()
    ready = all(answer == OK for answer in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
