"""The whole portal in one command: refused where it cannot run, stopped without a trace, healed after a crash."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from s3cop.local import children, locks, postgres, supervisor
from s3cop.local.home import PROJECT, Home
from s3cop.local.orders import Orders, StopOrdered

Demo = subprocess.Popen[str]
PATIENCE = 120  # seconds for a start on a busy machine
ACCOUNT = """
INSERT INTO people_user SELECT * FROM json_populate_record(NULL::people_user, '{
    "id": 1, "email": "somebody@example.org", "display_name": "", "password": "", "helix": "", "language": "en",
    "timezone": "UTC", "joined_at": "2026-01-01", "is_active": true, "is_staff": false, "is_superuser": false,
    "is_secretariat": false, "show_name_publicly": false
}')
"""


@pytest.fixture
def demo(around: Callable[..., dict[str, str]]) -> Iterator[Callable[..., Demo]]:
    """Start `manage.py demo` in a session of its own."""
    started = []

    def start(home: Path, port: str, **changes: str) -> Demo:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=PROJECT,
            env=around(S3COP_HOME=str(home), PORT=port, **changes),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], around: Callable[..., dict[str, str]]
) -> Callable[..., tuple[int, str, str]]:
    """Call what `manage.py demo` calls, where it ends at once, and return what `told` does."""

    def call(home: Path, port: str, **changes: str) -> tuple[int, str, str]:
        monkeypatch.setattr(os, "environ", around(S3COP_HOME=str(home), PORT=port, **changes))
        return (supervisor.main(), *capsys.readouterr())

    return call


@pytest.fixture
def settled_home(home: Home) -> Path:
    """A home with an account: to load the demo takes long, and the tests with a browser begin by it."""
    with postgres.joined(home) as seat, psycopg.connect(seat.place.url) as connection:
        connection.execute(ACCOUNT)
    return home.root


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def told(process: Demo) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=PATIENCE)
    return process.returncode, out, error


def lines_until(process: Demo, word: str) -> list[str]:
    """Read what the demo says up to the line that begins with `word`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(word):
            return lines
    assert process.stderr is not None
    raise AssertionError(f"the demo ended: {lines} {process.stderr.read()}")


def processes_of(home: Path) -> list[str]:
    """Every live process whose environment or command line names the home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(home) in text and folder.name != str(os.getpid()):
            found.append(text.split(b"\0\0")[0].decode(errors="replace")[:200])
    return found


def status(port: str, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    connection.request("GET", path)
    code = connection.getresponse().status
    connection.close()
    return code


def test_a_taken_port_is_told_before_anything_starts(
    refused: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = f"Port {port} cannot be used (Address already in use): choose another, such as PORT={port + 1}\n"
        assert refused(tmp_path / "home", str(port)) == (1, "", line)
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["log", "mail", "media", "run"]


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_a_port_that_is_none_is_told(port: str, refused: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    line = f"PORT must be a number from 1 to 65535, not {port!r}\n"
    assert refused(tmp_path / "home", port) == (1, "", line)


def test_a_second_demo_in_the_same_home_is_refused(
    refused: Callable[..., tuple[int, str, str]], tmp_path: Path, free_port: str
) -> None:
    home = Home.at(tmp_path / "home")
    with locks.locked(home.run / "demo.lock"):
        line = f"A demo runs in {home.root} already: stop it, or choose another S3COP_HOME\n"
        assert refused(home.root, free_port) == (1, "", line)


def test_the_demo_is_refused_in_production(
    refused: Callable[..., tuple[int, str, str]], tmp_path: Path, free_port: str
) -> None:
    code, out, error = refused(tmp_path / "home", free_port, S3COP_ENV="production")
    assert (code, out, len(error.splitlines())) == (1, "", 1)
    assert not (tmp_path / "home").exists()


def test_a_given_database_that_does_not_answer_ends_the_demo(
    demo: Callable[..., Demo], tmp_path: Path, free_port: str
) -> None:
    code, _, error = told(demo(tmp_path / "home", free_port, DATABASE_URL="postgres://u@127.0.0.1:1/name"))
    assert (code, len(error.splitlines()), error.startswith("DATABASE_URL: ")) == (1, 1, True)


def test_a_signal_repeated_by_make_is_one_order_and_a_later_ctrl_c_hurries() -> None:
    orders = Orders()
    orders.obey()
    orders.note(signal.SIGTERM, None)
    orders.note(signal.SIGTERM, None)
    orders.note(signal.SIGINT, None)
    assert not orders.hurry
    with pytest.raises(StopOrdered):
        orders.obey()
    assert orders.stop_at is not None
    orders.stop_at -= 1
    orders.note(signal.SIGTERM, None)
    assert not orders.hurry
    orders.note(signal.SIGINT, None)
    assert orders.hurry


@pytest.mark.worker
def test_the_demo_serves_heals_after_kill_9_and_leaves_nothing(
    demo: Callable[..., Demo], settled_home: Path, free_port: str
) -> None:
    home = settled_home
    killed = demo(home, free_port)
    words = [line.split()[0] for line in lines_until(killed, "Mail")]
    assert words == ["Starting", "Portal", "Accounts", "Database", "Broker", "Mail"]
    killed.kill()
    killed.wait()
    assert status(free_port, "/healthz") == 200
    healed = demo(home, free_port)
    lines = lines_until(healed, "Mail")
    assert lines[:2] == [f"Stopped the {name} that an earlier run left behind." for name in ("web", "worker")]
    assert (status(free_port, "/readyz"), status(free_port, "/")) == (200, 200)
    os.killpg(healed.pid, signal.SIGTERM)
    healed.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert healed.wait(PATIENCE) == 0
    assert time.monotonic() - began < 2 * children.GRACE  # they stop because they are asked
    assert (processes_of(home), postgres.listens(postgres.Place.of(Home.at(home)))) == ([], False)


@pytest.mark.worker
def test_a_program_that_dies_ends_the_demo_with_its_last_words(
    demo: Callable[..., Demo], home: Home, free_port: str
) -> None:
    code, _, error = told(demo(home.root, free_port, EMAIL_URL="nonsense://x"))
    assert (code, error.splitlines()[-1][:31]) == (1, "The preparation ended by itself")
    assert processes_of(home.root) == []
