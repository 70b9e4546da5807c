"""The web server as the image starts it: under load, its memory and its start; and the start of the whole demo."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from s3cop.local import broker, children
from tests.bench import load
from tests.bench.load import CONNECTIONS, TIMES, Side
from tests.bench.measure import ROOT, ROUNDS, Row, Spread, spread
from tests.bench.portal import environment, free_port, started, told, wait_until_well

TITLE = "Serving"
ITEMS = 60  # of an agenda
NOTE = (
    "The command of the image (granian, two workers of two threads) on the demo's data, and a bare Django application "
    "under granian with the same options: the same cards and agenda, no middleware, no apps. Each sample is "
    f"{CONNECTIONS} connections that each ask {TIMES} times without a pause; an answer other than 200 ends the run. "
    "Pages are built for each request except where they are called kept; the meeting has "
    f"{ITEMS} items. CPU time is that of all processes of the server; waiting includes the clients, which share the "
    "machine, and the demo's worker. Memory is the proportional set size of all processes after the load. A start ends "
    "with the first 200; the demo's first one makes the database and its content, and everything is installed already."
)
PACKAGES = ("django", "granian", "psycopg", "celery")
LIST_WAIT, MEETING_WAIT, MEETING_CPU = 150.0, 400.0, 8.0  # milliseconds at most
MEGABYTES, START, FIRST_DEMO, SECOND_DEMO = 160.0, 2.0, 60.0, 6.0  # of two workers; seconds
AGAIN = 3  # starts of the demo after the first
PREPARE = f"""
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from outcomes.shelf import PER_PAGE
from s3cop.demo.scale import multiply
from tests import factories as make

multiply(10)
group = make.group(name="Serving")
reader = make.member(group)
meeting = make.meeting(group, slug="serving", title="A long agenda")
for number in range(1, {ITEMS} + 1):
    notes = f"What item {{number}} is about, in a sentence or two, as people write it down. And what to bring along."
    meeting.agenda.create(position=number, title=f"Item {{number}}", minutes=5, lead=reader, notes=notes)
session = SessionStore()
session[SESSION_KEY] = str(reader.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
session.create()
print("@" + json.dumps({{"key": session.session_key, "cards": PER_PAGE}}))
"""

Program = tuple[str, str]  # module and application
Made = dict[str, Any]
Spreads = dict[str, Spread]
PORTAL, BARE = ("s3cop.serving", "s3cop.wsgi:application"), ("granian", "tests.bench.bare:application")


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="s3cop-bench-") as folder:
        home, port = Path(folder), free_port()
        found = _starts_of_demo(home)
        with started(home, port):
            made = told(home, port, PREPARE)
            assert isinstance(made, dict)
            return [*_under_load(home, made), _memory_of_worker(home), _starts(home, made), *found]


# -- the commands ----------------------------------------------------------------------------------------------------
def command(program: Program, port: int) -> list[str]:
    """Return the image's command for this machine and port, with this module and application."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    line = next(line for line in text.splitlines() if line.startswith("CMD "))
    _python, _m, _module, *options, _application = json.loads(line.removeprefix("CMD "))
    here = {"0.0.0.0": "127.0.0.1", "8000": str(port)}  # noqa: S104 - replaced
    return [sys.executable, "-m", program[0], *(here.get(option, option) for option in options), program[1]]


@contextmanager
def server(home: Path, program: Program, address: str, **more: str) -> Iterator[tuple[int, int, float]]:
    """Start it; give its process, its port, and after how many seconds the address answered 200."""
    port = free_port()
    given = environment(home, port) | {"REDIS_URL": broker.url_in(home / "run")} | more
    start = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command(program, port), cwd=ROOT, env=given, stdout=silent, stderr=silent)
    try:
        wait_until_well(process, port, address)
        yield process.pid, port, time.perf_counter() - start
    finally:
        process.terminate()
        process.wait()


# -- what is measured ------------------------------------------------------------------------------------------------
def _starts(home: Path, made: Made) -> Row:
    """Ours and the bare one in turns, which of them first in turns too."""
    samples: dict[Program, list[float]] = {PORTAL: [], BARE: []}
    for number in range(ROUNDS):
        for program in (PORTAL, BARE)[:: -1 if number % 2 else 1]:
            address = "/outcomes/" if program == PORTAL else f"/list/{made['cards']}/"
            with server(home, program, address) as (_pid, _port, seconds):
                samples[program].append(seconds)
    return Row("start of the server to the first list", "s", spread(samples[PORTAL]), spread(samples[BARE]), START)


def _under_load(home: Path, made: Made) -> list[Row]:
    """Three servers side by side, of which one has work: ours, ours that keeps no pages, and the bare one."""
    cards = f"/list/{made['cards']}/"
    with ExitStack() as stack:
        keeping, kept_port, _ = stack.enter_context(server(home, PORTAL, "/outcomes/"))
        portal, port, _ = stack.enter_context(server(home, PORTAL, "/outcomes/", PAGE_CACHE="false"))
        bare, bare_port, _ = stack.enter_context(server(home, BARE, cards))
        sides = (
            Side("list, kept", keeping, kept_port, "/outcomes/"),
            Side("list", portal, port, "/outcomes/"),
            Side("meeting", portal, port, "/meetings/serving/"),
            Side("meeting, by a member", portal, port, "/meetings/serving/", f"sessionid={made['key']}"),
            Side("bare list", bare, bare_port, cards),
            Side("bare meeting", bare, bare_port, "/meeting/serving/"),
        )
        waits, used = _asked(sides)
        memory = Row("two web workers, memory", "MB", _still(portal), _still(bare), MEGABYTES)
    return [*_waiting(waits), *_working(used), memory]


def _asked(sides: tuple[Side, ...]) -> tuple[Spreads, Spreads]:
    """Waiting and CPU time of each side, in turns; the first sample of each is thrown away."""
    samples: dict[str, list[tuple[float, float]]] = {side.name: [] for side in sides}
    for side in sides:
        load.ask(side)
    for _ in range(ROUNDS):
        for side in (*sides, *reversed(sides)):
            samples[side.name].append(load.ask(side))
    waits = {name: spread([wait for wait, _ in each]) for name, each in samples.items()}
    return waits, {name: spread([cpu for _, cpu in each]) for name, each in samples.items()}


def _waiting(waits: Spreads) -> list[Row]:
    most = {"list, kept": LIST_WAIT, "list": LIST_WAIT, "meeting": MEETING_WAIT, "meeting, by a member": MEETING_WAIT}
    return [
        Row(f"{name}: 99th percentile of waiting", "ms", waits[name], waits[_bare(name)], target)
        for name, target in most.items()
    ]


def _working(used: Spreads) -> list[Row]:
    most = {"list, kept": None, "list": None, "meeting": MEETING_CPU, "meeting, by a member": MEETING_CPU}
    return [
        Row(f"{name}: CPU time of a request", "ms", used[name], used[_bare(name)], target)
        for name, target in most.items()
    ]


def _bare(name: str) -> str:
    return "bare list" if name.startswith("list") else "bare meeting"


def _still(root: int) -> Spread:
    return spread([load.megabytes(root)])


def _memory_of_worker(home: Path) -> Row:
    """The demo's: the one that gives out the work, its schedule, and two that do it."""
    pid = children.living(home / "run" / "worker.pid")
    assert pid
    return Row("Celery worker with schedule and two processes, memory", "MB", _still(pid), None, None)


def _starts_of_demo(home: Path) -> list[Row]:
    """The first makes everything in the home; the others find it."""
    seconds = []
    for _ in range(1 + AGAIN):
        with started(home, free_port()) as took:
            seconds.append(took)
    first, *again = seconds
    return [
        Row("first start of the demo, all installed", "s", spread([first]), None, FIRST_DEMO),
        Row("another start of the demo", "s", spread(again), None, SECOND_DEMO),
    ]
