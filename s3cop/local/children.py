"""The programs that the supervisor starts: each in its own session, with a log and a pid file that outlives a crash."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from s3cop.local.home import PROJECT, Home

STOPPING_ORDER = ("preparation", "web", "worker", "broker")
GRACE = 15.0  # seconds between TERM and KILL
PAUSE = 0.05  # seconds
LONGEST_LOG = 5_000_000  # bytes; a longer log begins anew
START_TIME = 19  # position of field 22 of /proc/<pid>/stat after the program's name


def started_at(pid: int) -> str | None:
    """Return when the live process `pid` began, in words that no later process with this pid shares; None when dead."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return _started_at_elsewhere(pid)
    return None if fields[0] in "ZX" else f"{boot} {fields[START_TIME]}"


def _started_at_elsewhere(pid: int) -> str | None:
    if Path("/proc/self/stat").exists():
        return None
    said = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return said.strip() or None


def remember(pid_file: Path, pid: int) -> None:
    """Note a process so that a later command can tell it from another one with the same pid."""
    new = pid_file.with_suffix(".new")
    new.write_text(json.dumps({"pid": pid, "started_at": started_at(pid)}))
    new.rename(pid_file)


def living(pid_file: Path) -> int | None:
    """Return the pid of the noted process, when that very process lives."""
    try:
        note = json.loads(pid_file.read_text())
        pid, noted = int(note["pid"]), str(note["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if pid > 1 and started_at(pid) == noted else None


def signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


class Child:
    """One running program; its process group is its own."""

    def __init__(self, home: Home, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = home.log / f"{name}.log"
        self.pid_file = home.run / f"{name}.pid"
        with self.log.open("ab") as log:
            if log.tell() > LONGEST_LOG:
                log.truncate(0)
                log.seek(0)
            self.offset = log.tell()
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        remember(self.pid_file, self.process.pid)

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def last_lines(self, count: int = 20) -> str:
        """Return what the program wrote last since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.offset)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Ask the program to end; after 15 s, or in a hurry, kill it. Its group goes with it either way."""
        deadline = time.monotonic() + GRACE
        if self.exit_code is None:
            self.process.terminate()
        while self.exit_code is None and time.monotonic() < deadline and not hurry():
            time.sleep(PAUSE)
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.pid_file.unlink(missing_ok=True)


def clear_leftovers(home: Home) -> list[str]:
    """Stop what a killed supervisor left running and return the names; nobody else's process is ever signalled."""
    stopped = []
    for name in STOPPING_ORDER:
        pid_file = home.run / f"{name}.pid"
        if pid := end_noted(pid_file):
            signal_group(pid, signal.SIGKILL)
            stopped.append(name)
        pid_file.unlink(missing_ok=True)
    return stopped


def end_noted(pid_file: Path, grace: float = GRACE) -> int | None:
    """Ask the noted process to end and wait for it; return its pid, or None when it was not alive."""
    pid = living(pid_file)
    if pid is None:
        return None
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while living(pid_file) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return pid
