"""Letters queued and delivered, beside a bare loop over one SMTP connection; and a beat that plans 5,000."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from tests.bench import reminders
from tests.bench.measure import ROOT, ROUNDS, Row, spread

if TYPE_CHECKING:
    from meetings.models import Meeting
    from notices.models import Notice

TITLE = "Letters"
NOTE = (
    "Invitations to a meeting, text, HTML and calendar, by one process: queued as rows, claimed under a lease, checked "
    "against the world, written in the recipient's language and zone, sent over one connection to a mail server "
    "(aiosmtpd, on the same machine) that throws them away, and marked, each in a transaction of its own. Bare is a "
    "loop over one connection by Django's `send_messages`, which remembers nothing and has no database to ask. In the "
    "first row it sends one letter, written before, again and again; the rate must be at least half of it. In the "
    "second it writes each letter as it goes, as the portal does, from records that are at hand. What the mail server "
    "takes is in all three. Reminders run from the tick that finds them due to the last one marked. A beat is "
    "`meetings.remind` when the reminders of a "
    "hundred meetings with fifty people each fall due at once. The database is one for tests, which does not wait for "
    "its disk; the last row is what that wait takes here. One that does waits once for each letter."
)
PACKAGES = ("django", "psycopg")
LETTERS = 100  # of one sample
SLOWEST = 2.0  # times the bare loop
MEETINGS, PEOPLE = 100, 50
LONGEST_BEAT = 5.0  # seconds
PAGES = 50  # one sample is one page
PATIENCE = 20.0  # seconds until the mail server listens
SINK = """
import asyncio, sys
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""


def rows() -> list[Row]:
    with _portal(), _sink() as port:
        _use(port)
        return [*_delivery(), reminders.row(port), _beat(), _disk()]


# -- what runs beside it ---------------------------------------------------------------------------------------------
@contextmanager
def _portal() -> Iterator[None]:
    """Set Django up on an empty throw-away database; nudges go nowhere."""
    from s3cop.local.throwaway import throwaway_postgres

    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="s3cop-bench-"))
        given = {"DATABASE_URL": stack.enter_context(throwaway_postgres()), "S3COP_HOME": home}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "s3cop.settings", "LOG_LEVEL": "ERROR", **given}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from s3cop.celery import app

        app.conf.update(broker_url="memory://", broker_transport_options={})
        call_command("migrate", verbosity=0)
        stack.callback(connections.close_all)
        yield


@contextmanager
def _sink() -> Iterator[int]:
    """Run a mail server that takes everything, as a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SINK, str(port)], cwd=ROOT)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("The mail server did not start.")


def _use(port: int) -> None:
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


# -- delivery --------------------------------------------------------------------------------------------------------
def _delivery() -> list[Row]:
    """One sample is LETTERS letters; the sides in turns, after one of each that nobody counts."""
    ours, writing, sending = _Ours(), _Writing(), _Sending()
    samples: dict[Side, list[float]] = {ours: [], writing: [], sending: []}
    for side in samples:
        side.sample()
    for _ in range(ROUNDS):
        for side in (ours, writing, sending, sending, writing, ours):
            samples[side].append(side.sample())
    here, written, sent = (spread(samples[side]) for side in (ours, writing, sending))
    rate, rewriting, resending = (1000 / each.median for each in (here, written, sent))
    before = f"a letter, {rate:.0f} a second; bare sends one written before, {resending:.0f} a second"
    anew = f"the same; bare writes each letter and sends it, {rewriting:.0f} a second"
    return [Row(before, "ms", here, sent, SLOWEST * sent.median), Row(anew, "ms", here, written, None)]


class Side(Protocol):
    """One way to get LETTERS letters to the mail server."""

    def sample(self) -> float:
        """Return the milliseconds of one letter."""


class _Ours:
    """Queues an invitation for each of LETTERS members and delivers them all."""

    def __init__(self) -> None:
        self.meeting = meeting_of(LETTERS)

    def sample(self) -> float:
        """Return the milliseconds of one letter."""
        from history.clock import database_now
        from meetings import actions
        from meetings.models import Attendee
        from notices import tasks
        from notices.models import Notice

        Notice.objects.all().delete()
        Attendee.objects.filter(meeting=self.meeting).delete()
        start = time.perf_counter()
        actions.invite_late_joiners(meeting=self.meeting, now=database_now())
        tasks.deliver()
        took = time.perf_counter() - start
        sent = Notice.objects.filter(state=Notice.State.SENT).count()
        if sent != LETTERS:
            sys.exit(f"Of {LETTERS} letters {sent} were sent.")
        return took * 1000 / LETTERS


class _Writing:
    """Writes a letter to each of LETTERS members and sends it; the records are at hand."""

    def __init__(self) -> None:
        self.letters = _unsent(LETTERS)

    def sample(self) -> float:
        from django.core.mail import get_connection

        from notices import mail

        start = time.perf_counter()
        with get_connection() as connection:
            for letter in self.letters:
                connection.send_messages([mail.written(letter)])
        return (time.perf_counter() - start) * 1000 / LETTERS


class _Sending:
    """Sends one written letter LETTERS times."""

    def __init__(self) -> None:
        from notices import mail

        self.message = mail.written(_unsent(1)[0])

    def sample(self) -> float:
        from django.core.mail import get_connection

        start = time.perf_counter()
        with get_connection() as connection:
            for _ in range(LETTERS):
                connection.send_messages([self.message])
        return (time.perf_counter() - start) * 1000 / LETTERS


def meeting_of(people: int, **values: Any) -> "Meeting":
    """A meeting far ahead of a group with that many members."""
    import datetime as dt

    from tests import factories

    group = factories.group()
    for _ in range(people):
        factories.member(group)
    return factories.meeting(group, starts_in=values.pop("starts_in", dt.timedelta(days=40)), **values)


def _unsent(number: int) -> list["Notice"]:
    """Return queued invitations with their records at hand; their rows are gone."""
    from history.clock import database_now
    from meetings import actions, letters
    from notices.models import Notice

    meeting = meeting_of(number)
    actions.invite_late_joiners(meeting=meeting, now=database_now())
    unsent = list(Notice.objects.about(meeting).select_related("recipient").order_by("pk"))
    for letter in unsent:
        letters.about(letter)
    Notice.objects.about(meeting).delete()
    return unsent


# -- planning --------------------------------------------------------------------------------------------------------
def _beat() -> Row:
    """Every meeting has its reminder due, everybody is asked it, and nobody has it yet."""
    import datetime as dt

    from history.clock import database_now
    from meetings import actions
    from notices.models import Notice

    now = database_now()
    meetings = [meeting_of(PEOPLE, starts_in=dt.timedelta(days=20)) for _ in range(MEETINGS)]
    for meeting in meetings:
        actions.invite_late_joiners(meeting=meeting, now=now - dt.timedelta(days=1))
    took = []
    for _ in range(3):
        Notice.objects.exclude(kind="meetings.invitation").delete()
        start = time.perf_counter()
        actions.remind(now=now + dt.timedelta(days=7))
        took.append(time.perf_counter() - start)
        planned = Notice.objects.exclude(kind="meetings.invitation").count()
        if planned != MEETINGS * PEOPLE:
            sys.exit(f"Of {MEETINGS * PEOPLE} letters {planned} were planned.")
    return Row(f"one beat that plans {MEETINGS * PEOPLE:,} letters", "s", spread(took), None, LONGEST_BEAT)


# -- the disk --------------------------------------------------------------------------------------------------------
def _disk() -> Row:
    """What one commit waits for where the database keeps what it confirms: a page, on the disk."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(PAGES):
            file.write(bytes(8192))
            file.flush()
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - start) * 1000)
    return Row("one wait for this disk", "ms", spread(took), None, None)
