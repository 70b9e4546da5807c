"""Sixty members vote against the running portal: how long each POST of a ballot takes, and whether all are stored."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.measure import ROOT, Row, Spread

TITLE = "Sixty members vote at once"
NOTE = (
    "The portal as `make demo` starts it, on a database and a broker of its own; sixty signed-in members open the "
    "ballot page and submit it within two seconds, as when a question is read out in a room. Clients and portal share "
    "the machine. Waiting time of the POST as the member sees it; the run fails unless every ballot is stored."
)
PACKAGES = ("django", "granian", "psycopg")
CLIENTS = 60
WITHIN = 2.0  # seconds over which the members press the button, one after the other
AT_MOST = 300.0  # milliseconds, the 95th percentile
PATIENCE = 180.0  # seconds until the portal answers
PAUSE = 0.2  # seconds
RUNS = 3
PREPARE = """
import itertools
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests import factories as make

make._number = itertools.count({first})  # other names than those of an earlier run
group = make.group()
round_ = make.open_round(group, electors={clients}, options=12)
keys = []
for elector in round_.electors.select_related("user"):
    session = SessionStore()
    session[SESSION_KEY] = str(elector.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = elector.user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
options = list(round_.options.order_by("position").values_list("pk", flat=True))
print("@" + json.dumps({{"round": round_.pk, "options": options, "keys": keys}}))
"""
COUNT = """
from challenges.models import RankingRound
round_ = RankingRound.objects.get(pk={round})
print("@" + str([round_.ballots.count(), round_.ballots_cast]))
"""


@dataclass(frozen=True)
class Poll:
    """An open round, its options, and a session for each elector."""

    round: int
    options: list[int]
    keys: list[str]


def rows() -> list[Row]:
    with running() as (home, port):
        runs = [_votes(home, port, run) for run in range(1, RUNS + 1)]
    middle = [statistics.median(times) for times in runs]
    slowest = [statistics.quantiles(times, n=20)[-1] for times in runs]
    return [
        Row(f"POST of a ballot, median of {CLIENTS}", "ms", _spread(middle), None, None),
        Row(f"POST of a ballot, 95th percentile of {CLIENTS}", "ms", _spread(slowest), None, AT_MOST),
    ]


def _spread(values: list[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


@contextmanager
def running() -> Iterator[tuple[Path, int]]:
    """Start the portal in a home of its own, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="s3cop-bench-") as folder:
        home, port = Path(folder), _free_port()
        with (home / "portal.log").open("wb") as log:
            portal = subprocess.Popen([*_manage(), "demo"], cwd=ROOT, env=_env(home, port), stdout=log, stderr=log)
            try:
                _wait_until_ready(portal, port)
                yield home, port
            finally:
                portal.send_signal(signal.SIGTERM)
                portal.wait()


def _manage() -> list[str]:
    return [sys.executable, "manage.py"]


def _env(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, "S3COP_HOME": str(home), "PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_until_ready(portal: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and portal.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(PAUSE)
    sys.exit("The portal did not start.")


def told(home: Path, port: int, script: str) -> object:
    """Run a script in the portal's database and read what it prints behind an @."""
    command = [*_manage(), "shell", "-v", "0", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=_env(home, port), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(next(line[1:] for line in done.stdout.splitlines() if line.startswith("@")))


def _votes(home: Path, port: int, run: int) -> list[float]:
    """Return the milliseconds of each POST, after making sure that all ballots are there."""
    made = told(home, port, PREPARE.format(clients=CLIENTS, first=1000 * run))
    assert isinstance(made, dict)
    poll = Poll(**made)
    times: list[float] = []
    start = time.monotonic() + CLIENTS * 0.1
    members = [
        threading.Thread(target=_member, args=(port, poll, number, start, times)) for number in range(len(poll.keys))
    ]
    for member in members:
        member.start()
        time.sleep(0.05)  # the pages are opened before the question is read out
    for member in members:
        member.join()
    stored = told(home, port, COUNT.format(round=poll.round))
    if stored != [CLIENTS, CLIENTS] or len(times) != CLIENTS:
        sys.exit(f"Of {CLIENTS} ballots {stored} are stored and {len(times)} were answered.")
    return times


def _member(port: int, poll: Poll, number: int, start: float, times: list[float]) -> None:
    """Open the ballot page, wait for one's turn, and submit one order of all options."""
    address = f"/rounds/{poll.round}/ballot/"
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": f"sessionid={poll.keys[number]}"})
    page = connection.getresponse()
    text, cookie = page.read().decode(), (page.getheader("Set-Cookie") or "").partition(";")[0]
    token = text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    turn = poll.options[number % len(poll.options) :] + poll.options[: number % len(poll.options)]
    form = {"csrfmiddlewaretoken": token} | {f"rank-{option}": str(rank) for rank, option in enumerate(turn, 1)}
    headers = {
        "Cookie": f"sessionid={poll.keys[number]}; {cookie}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{port}{address}",
    }
    time.sleep(max(0.0, start + WITHIN * number / len(poll.keys) - time.monotonic()))
    begin = time.perf_counter()
    connection.request("POST", address, urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status == 302:
        times.append((time.perf_counter() - begin) * 1000)
