"""Sixty members vote against the running portal: how long each POST of a ballot takes, and whether all are stored."""

import statistics
import sys
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.measure import Row, Spread
from tests.bench.portal import running, told

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
