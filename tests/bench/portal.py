"""The whole portal as `make demo` starts it, in a home of its own, to be measured from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.measure import ROOT

PATIENCE = 180.0  # seconds until an answer
PAUSE = 0.02  # seconds
MANAGE = (sys.executable, "manage.py")


@contextmanager
def running() -> Iterator[tuple[Path, int]]:
    """Start the portal in a new home, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="s3cop-bench-") as folder:
        home, port = Path(folder), free_port()
        with started(home, port):
            yield home, port


@contextmanager
def started(home: Path, port: int) -> Iterator[float]:
    """Start the portal in this home; give the seconds until it was ready."""
    start = time.perf_counter()
    with (home / "portal.log").open("wb") as log:
        portal = subprocess.Popen([*MANAGE, "demo"], cwd=ROOT, env=environment(home, port), stdout=log, stderr=log)
        try:
            wait_until_well(portal, port, "/readyz")
            yield time.perf_counter() - start
        finally:
            portal.send_signal(signal.SIGTERM)
            portal.wait()


def environment(home: Path, port: int) -> dict[str, str]:
    """Return the variables of a portal in this home, which keeps its compiled modules as everywhere else."""
    ours = {"DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "S3COP_HOME": str(home), "PORT": str(port)}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_until_well(program: "subprocess.Popen[bytes]", port: int, address: str) -> None:
    """Return with the first 200; exits when the program ends or says nothing for too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and program.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", address)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(PAUSE)
    sys.exit(f"{address} did not answer.")


def told(home: Path, port: int, script: str) -> object:
    """Run a script in the portal's database and read what it prints behind an @."""
    command = [*MANAGE, "shell", "-v", "0", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment(home, port), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(next(line[1:] for line in done.stdout.splitlines() if line.startswith("@")))
