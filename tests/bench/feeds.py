"""CPU time of calendar feeds: 25 and 300 meetings, public and personal, and the answer that nothing has changed."""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from io import BytesIO
from typing import Any

from tests.bench.measure import ROOT, Row, Spread, against

TITLE = "Calendar feeds"
NOTE = (
    "CPU time of the portal's process for one request, through all middleware; the database's is apart. A whole feed "
    "is built anew, without the cache of public pages; an unchanged public one comes from it, as it is served. "
    "Meetings have a summary of 600 characters and a join link. Bare reads the same stored entries with a cursor and "
    "joins them."
)
PACKAGES = ("django", "icalendar", "psycopg")
SIZES = {25: 4.0, 300: 40.0}  # meetings: milliseconds at most
UNCHANGED = 1.0
START = dt.datetime(2030, 6, 15, 8, tzinfo=dt.UTC)
SUMMARY = "Wörter, “und” " * 40
BLOCKS = "SELECT calendar_block FROM meetings_meeting ORDER BY starts_at, id"


def rows() -> list[Row]:
    """Measure in a process of its own: Django is set up once in a process, for one database."""
    line = [sys.executable, "-m", "tests.bench.feeds"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Row(
            each["what"], "ms", Spread(**each["ours"]), Spread(**each["bare"]) if each["bare"] else None, each["target"]
        )
        for each in found
    ]


def _measured() -> list[dict[str, Any]]:
    with ExitStack() as stack:
        _set_up(stack)
        found: list[dict[str, Any]] = []
        for meetings, target in SIZES.items():
            address = _filled(meetings)
            for what, path in (("public feed", "/meetings/calendar.ics"), ("personal feed", address)):
                asked = f"{what}, {meetings} meetings"
                found.append(_row(asked, _get(_application(cached=False), path), target))
                found.append(_row(f"{asked}, unchanged", _get(_application(cached=True), path, "304"), UNCHANGED))
        return found


def _set_up(stack: ExitStack) -> None:
    from s3cop.local.throwaway import throwaway_postgres

    home = stack.enter_context(tempfile.TemporaryDirectory(prefix="s3cop-bench-"))
    given = {"DATABASE_URL": stack.enter_context(throwaway_postgres()), "S3COP_HOME": home, "S3COP_ENV": "local"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "s3cop.settings", "LOG_LEVEL": "ERROR", **given}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from s3cop.celery import app

    app.conf.update(broker_url="memory://", broker_transport_options={})
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    stack.callback(connections.close_all)


def _filled(meetings: int) -> str:
    """Complete the one group's meetings to that number; return the address of its member's calendar."""
    from django.urls import reverse

    from meetings import actions
    from meetings.models import Meeting
    from people.models import User
    from tests import factories as make
    from workinggroups.models import WorkingGroup

    group = WorkingGroup.objects.first() or make.group(name="The group")
    person = User.objects.filter(memberships__group=group).first() or make.member(group)
    for number in range(Meeting.objects.count(), meetings):
        actions.schedule(
            group=group, by=None, title=f"Meeting {number}, with a title of usual length", summary=SUMMARY,
            starts_at=START + number * dt.timedelta(days=7), ends_at=START + dt.timedelta(days=7 * number, hours=2),
            mode="hybrid", place="Brussels, room 2; second floor", join_url=f"https://meet.example.org/room-{number}",
        )  # fmt: skip
    return reverse("meetings:personal_feed", args=[actions.make_address(by=person).token])


def _application(*, cached: bool) -> Any:
    """Return the portal with or without the cache of public pages."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings

    kept = [name for name in settings.MIDDLEWARE if cached or "PageCache" not in name]
    with override_settings(MIDDLEWARE=kept):
        return get_wsgi_application()


def _get(application: Any, path: str, wanted: str = "200") -> Callable[[], int]:
    """Return a call of the whole application, without a server; it fails unless the status is as expected."""
    etag = ""

    def ask() -> int:
        nonlocal etag
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
            "wsgi.input": BytesIO(), "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
        } | ({"HTTP_IF_NONE_MATCH": etag} if etag else {})  # fmt: skip
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            told.extend([status, dict(headers)])
            return len

        response = application(environ, start)
        size = sum(map(len, response))
        response.close()
        status, headers = told
        if wanted == "304" and not etag:
            etag = headers["ETag"]
            return ask()
        if not status.startswith(wanted):
            sys.exit(f"{path} answers {status}")
        return size

    return ask


def _bare() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BLOCKS)
        return len("".join(block for (block,) in cursor.fetchall()).encode())


def _row(what: str, ours: Callable[[], int], target: float) -> dict[str, Any]:
    mine, bare = against(ours, _bare)
    shown = None if target == UNCHANGED else asdict(bare)
    return {"what": what, "ours": asdict(mine), "bare": shown, "target": target}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured()) + "\n")
