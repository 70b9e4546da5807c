"""Faults to survive, with real workers, a real broker and a real mail server: nobody is left without the letter, and
nobody gets it twice but at the one documented point, with one Message-ID. Letters are counted as files.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from celery.signals import setup_logging, task_postrun
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import F

from history.clock import database_now
from meetings import actions
from meetings.models import Meeting
from notices import delivery
from notices.models import Notice
from people.models import User
from s3cop.celery import app, transport
from s3cop.local.broker import make_folders
from s3cop.local.home import Home
from s3cop.local.throwaway import throwaway_broker
from tests import factories
from tests.flows.test_with_worker import database_url
from tests.notices import sink
from tests.notices.sink import Sink
from tests.nudges import nudging
from workinggroups.actions import end_membership
from workinggroups.models import Membership

# Rows must be committed to be seen by the worker.
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PATIENCE = 60.0  # seconds, on a busy machine
State = Notice.State
ALONE = ("celery", "-A", "s3cop", "worker", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "ERROR")
WITH_SCHEDULE = (*ALONE, "-B", "--scheduler", "celery.beat:Scheduler")


# -- what runs beside the tests --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """One private broker for the module, or nothing: then nudges go through folders."""
    with throwaway_broker() as url:
        yield url or ""


@pytest.fixture
def broker(redis: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The broker, empty, and known to this process."""
    make_folders(Home(tmp_path))
    settings.REDIS_URL = redis
    flush(redis)
    import_module("meetings.migrations.0003_default_rules").install(apps, None)
    with nudging(transport()):
        yield redis


@pytest.fixture
def postmaster(settings: Any, tmp_path: Path) -> Iterator[Sink]:
    with sink.running(tmp_path / "sink") as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, PATIENCE
        yield server


def flush(url: str) -> None:
    from redis import Redis

    if url:
        with Redis.from_url(url) as client:
            client.flushall()


@contextmanager
def process(command: tuple[str, ...], broker: str, home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of its own beside the test; it ends with the block at the latest."""
    places = {"DATABASE_URL": database_url(), "S3COP_HOME": str(home), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    environment = os.environ | places | {"REDIS_URL": broker, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    with (home / f"worker-{time.monotonic_ns()}.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
        )
        try:
            yield started
        finally:
            started.terminate()
            started.wait(PATIENCE)


@contextmanager
def worker() -> Iterator[None]:
    """A real worker on a thread of this process; like every worker it looks at once for what fell due before."""
    task_postrun.connect(let_go)
    setup_logging.connect(as_it_is)
    try:
        with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=PATIENCE):
            tick()
            yield
    finally:
        setup_logging.disconnect(as_it_is)
        task_postrun.disconnect(let_go)


def let_go(**_: object) -> None:
    connections.close_all()


def as_it_is(**_: object) -> None:
    """Keep Celery from setting up the logging of this process, in which other tests want to read warnings."""


def wait_for(what: Callable[[], Any], home: Path) -> None:
    """Ask until the answer is yes; what the workers said stands in the error."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, f"{states()} {said_by_workers(home)}"
        time.sleep(0.02)


def said_by_workers(home: Path) -> str:
    return "".join(path.read_text()[-2000:] for path in home.glob("worker-*.log"))


# -- letters ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def meeting() -> Meeting:
    return factories.meeting(factories.group(), starts_in=dt.timedelta(days=40))


def invite(meeting: Meeting, number: int) -> list[User]:
    """Queue an invitation for that many new members."""
    people = [factories.member(meeting.group) for _ in range(number)]
    actions.invite_late_joiners(meeting=meeting, now=database_now())
    return people


def states() -> dict[str, int]:
    rows = Notice.objects.order_by("pk").values_list("state", flat=True)
    return {state: list(rows).count(state) for state in sorted(set(rows))}


def once_each(people: list[User]) -> dict[str, int]:
    return dict.fromkeys((person.email for person in people), 1)


def bring_forward() -> None:
    """Let the pause after a failure, or the lease of a dead worker, be over."""
    now, span = database_now(), dt.timedelta(minutes=6)
    Notice.objects.filter(state=State.DUE).update(next_try_at=now)
    Notice.objects.filter(state=State.CLAIMED).update(lease_until=F("lease_until") - span)


def tick() -> None:
    """What the schedule sends each minute."""
    app.send_task("notices.deliver")


def ticking(what: Callable[[], bool]) -> Callable[[], bool]:
    """Send a tick with each question: rows that the killed process still locks for a moment wait for the next one."""

    def ask() -> bool:
        if what():
            return True
        tick()
        return False

    return ask


def tried_again(what: Callable[[], bool]) -> Callable[[], bool]:
    """Let pauses be over with each question: a task that opened its postbox before may take them and fail once more."""

    def ask() -> bool:
        if what():
            return True
        Notice.objects.filter(state=State.DUE).update(next_try_at=database_now())
        tick()
        time.sleep(0.3)
        return False

    return ask


def delivered(number: int) -> Callable[[], bool]:
    return lambda: Notice.objects.filter(state=State.SENT).count() == number


# -- faults ----------------------------------------------------------------------------------------------------------
def test_a_poisoned_letter_among_fifty_with_two_schedulers(
    broker: str, postmaster: Sink, meeting: Meeting, tmp_path: Path
) -> None:
    """Two workers with a schedule each, both of which plan the ten that are missing: 49 letters arrive once, one fails
    visibly.
    """
    people = invite(meeting, 40)
    people += [factories.member(meeting.group) for _ in range(10)]
    poisoned = Notice.objects.get(recipient=people[7])
    Notice.objects.filter(pk=poisoned.pk).update(payload={}, attempts=len(delivery.PAUSES))  # the next try is its last
    with ExitStack() as running:
        for _ in range(2):
            running.enter_context(process(WITH_SCHEDULE, broker, tmp_path, postmaster.port))
        wait_for(lambda: states() == {"failed": 1, "sent": 49}, tmp_path)
    people.remove(people[7])
    assert meeting.attendees.count() == 50
    assert postmaster.people() == once_each(people)
    failed = [(row.pk, row.last_error) for row in Notice.objects.listed().failed()]
    assert failed == [(poisoned.pk, "KeyError: 'revision'")]


# When the worker is killed: at which moment of which letter, how both rows stand then, how many files each gets.
POINTS = {
    "before the letter is sent": ("before", 0, ["claimed", "claimed"], [1, 1]),
    "after the server accepted it": ("after", 1, ["claimed", "claimed"], [2, 1]),
    "after it was marked": ("before", 1, ["sent", "claimed"], [1, 1]),
}


@pytest.mark.parametrize("point", POINTS)
def test_kill_9(broker: str, postmaster: Sink, meeting: Meeting, tmp_path: Path, point: str) -> None:
    """At the second point, and only there, one letter comes twice, with one Message-ID."""
    hook, number, half_way, files = POINTS[point]
    people, known = invite(meeting, 2), threading.Event()

    def kill(letters: int) -> None:
        if letters == number:
            known.wait(PATIENCE)
            victim.kill()
            victim.wait(PATIENCE)

    setattr(postmaster, hook, kill)
    with process(ALONE, broker, tmp_path, postmaster.port) as victim:
        known.set()
        wait_for(lambda: victim.poll() is not None, tmp_path)
        assert victim.returncode == -signal.SIGKILL
    setattr(postmaster, hook, sink.nothing)
    rows = Notice.objects.order_by("pk")
    assert [(row.state, row.attempts) for row in rows] == [(state, 1) for state in half_way]
    bring_forward()
    with worker():
        wait_for(ticking(delivered(2)), tmp_path)
    assert postmaster.people() == dict(zip([person.email for person in people], files, strict=True))
    assert len(postmaster.count()) == len(people)  # what came twice has one Message-ID


def test_the_broker_is_flushed_before_and_amid_the_work(
    broker: str, postmaster: Sink, meeting: Meeting, tmp_path: Path
) -> None:
    people = invite(meeting, 30)
    flush(broker)

    def forget(letters: int) -> None:
        if letters == 10:
            flush(broker)

    postmaster.after = forget
    with worker():
        wait_for(delivered(30), tmp_path)
        late = invite(meeting, 5)
        flush(broker)
        tick()
        wait_for(delivered(35), tmp_path)
    assert postmaster.people() == once_each(people + late)


@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize("fault", ["hang", "drop", "451 4.3.0 try again later", "refuse"])
def test_a_mail_server_that_fails_at_first(
    postmaster: Sink, meeting: Meeting, tmp_path: Path, settings: Any, fault: str
) -> None:
    """It refuses connections, hangs, hangs up amid the letter, or wants it later: once it is well each arrives once."""
    people = invite(meeting, 3)
    postmaster.faults = [] if fault == "refuse" else [fault]
    if fault == "refuse":
        settings.EMAIL_PORT = 9
    if fault == "hang":
        settings.EMAIL_TIMEOUT = 2
    with worker():
        wait_for(rested, tmp_path)
        assert states() == ({"due": 3} if fault == "refuse" else {"due": 1, "sent": 2})
        settings.EMAIL_PORT = postmaster.port
        bring_forward()
        wait_for(tried_again(delivered(3)), tmp_path)
    assert postmaster.people() == once_each(people)


@pytest.mark.usefixtures("broker")
def test_a_mail_server_that_takes_a_letter_and_hangs_up_before_its_ok(
    postmaster: Sink, meeting: Meeting, tmp_path: Path
) -> None:
    """The documented point without a crash: who cannot know that it was taken sends again, with one Message-ID."""
    first, second = invite(meeting, 2)
    postmaster.faults = [sink.TAKEN]
    with worker():
        wait_for(rested, tmp_path)
        assert states() == {"due": 1, "sent": 1}
        bring_forward()
        tick()
        wait_for(delivered(2), tmp_path)
    assert postmaster.people() == {first.email: 2, second.email: 1}
    assert len(postmaster.count()) == 2


@pytest.mark.usefixtures("broker")
def test_the_world_changes_between_queueing_and_sending(postmaster: Sink, tmp_path: Path) -> None:
    """One meeting moves, one is cancelled, a member leaves: only what is true in the end goes out, once."""
    office, group = factories.secretariat(), factories.group()
    far = dt.timedelta(days=40)
    moves = factories.meeting(group, title="Moves", starts_in=far)
    falls = factories.meeting(group, title="Falls through", starts_in=far)
    stays, leaves = factories.member(group), factories.member(group)
    for each in (moves, falls):
        actions.invite_late_joiners(meeting=each, now=database_now())
    move(moves)
    actions.cancel(meeting=falls, reason="No room", by=office)
    end_membership(membership=Membership.objects.get(user=leaves), by=office)
    with worker():
        wait_for(lambda: not Notice.objects.filter(state__in=["due", "claimed"]).exists(), tmp_path)
    assert postmaster.people() == once_each([stays])
    (letter,) = postmaster.letters()
    moves.refresh_from_db()
    assert (letter["Subject"].partition(":")[0], moves.when in text_of(letter)) == ("Invitation", True)


@pytest.mark.usefixtures("broker")
def test_a_meeting_moves_while_its_letters_are_being_sent(postmaster: Sink, meeting: Meeting, tmp_path: Path) -> None:
    """Whoever has just been told the old time is told the new one; all others are told the new one only."""
    people = invite(meeting, 3)

    def move_once(letters: int) -> None:
        if letters == 0:
            postmaster.before = sink.nothing
            beside(lambda: move(Meeting.objects.get(pk=meeting.pk)))

    postmaster.before = move_once
    with worker():
        wait_for(lambda: len(postmaster.letters()) == 4 and rested(), tmp_path)
    meeting.refresh_from_db()
    told = [(letter["To"].addresses[0].addr_spec, meeting.when in text_of(letter)) for letter in postmaster.letters()]
    assert sorted(told) == sorted([(people[0].email, False), *((person.email, True) for person in people)])
    assert max(postmaster.count().values()) == 1


def move(meeting: Meeting) -> None:
    """By an hour."""
    assert meeting.starts_at
    assert meeting.ends_at
    hour = dt.timedelta(hours=1)
    actions.edit(meeting=meeting, by=None, starts_at=meeting.starts_at + hour, ends_at=meeting.ends_at + hour)


def beside(deed: Callable[[], object]) -> None:
    """Do it on a thread of its own with a connection of its own, and wait for it."""

    def done() -> None:
        deed()
        connections.close_all()

    other = threading.Thread(target=done)
    other.start()
    other.join()


def rested() -> bool:
    """Each letter was tried, and none is being sent."""
    waiting = Notice.objects.filter(state=State.DUE, attempts=0) | Notice.objects.filter(state=State.CLAIMED)
    return not waiting.exists()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
