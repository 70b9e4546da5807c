"""The private PostgreSQL: started by the first command, joined by the others, stopped by the last one out."""

import fcntl
import os
import shlex
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from s3cop.local import programs
from s3cop.local.home import Home, LocalServiceError
from s3cop.local.locks import locked, open_lock, try_lock
from s3cop.local.orders import uninterrupted

NAME = "s3cop"  # database and superuser alike
PORT = 5432  # part of the socket's name; no TCP port is opened
READY, BUSY = 0, 1  # what pg_isready answers
RECOVERY = 60.0  # seconds; replaying the log after a crash may take a while
PATIENCE = 10.0  # seconds in which a crashed server's last processes go away
PAUSE = 0.1  # seconds
STILL_DYING = ('lock file "postmaster.pid" already exists', "pre-existing shared memory block")


@dataclass(frozen=True)
class Place:
    """Where one server lives: its data, its socket and its log."""

    data: Path
    sockets: Path
    log: Path

    @classmethod
    def of(cls, home: Home) -> "Place":
        """Return the place in this home, or for nobody, who cannot enter root's folders, in a short one of its own."""
        uid = programs.identity().uid
        if uid is None:
            return cls(home.root / "pg", home.sockets, home.log / "postgres.log")
        base = home.short_folder(uid)
        return cls(base / "pg", base, base / "postgres.log")

    @property
    def url(self) -> str:
        """A URL that libpq and the settings read alike: the folder is the host, the port stands against PGPORT."""
        return f"postgres://{NAME}@{quote(str(self.sockets), safe='')}:{PORT}/{NAME}"


def described(place: Place) -> str:
    return f"private PostgreSQL {_made_by(place)} in {place.data}"


def _made_by(place: Place) -> str:
    return (place.data / "PG_VERSION").read_text().strip()


# --- the server -------------------------------------------------------------------------------------------------------


def initialise(data: Path, keep_open: tuple[int, ...] = ()) -> None:
    """Make an empty cluster at `data`, by rename, so that a killed initdb leaves no half database."""
    new = data.with_name(data.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    code, said = programs.run(
        "initdb", "-D", new, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--locale=C", "-N", keep_open=keep_open,
    )  # fmt: skip
    if code != 0:
        raise LocalServiceError(f"initdb failed in {new}: {said}")
    new.rename(data)


def answer(place: Place) -> int:
    """Ask the socket, never the pid file: pids are reused. 0 ready, 1 starting or stopping, 2 silent."""
    return programs.run("pg_isready", "-q", "-h", place.sockets, "-p", PORT, "-d", "postgres")[0]


def listens(place: Place) -> bool:
    """Say whether somebody listens on the socket; cheaper than `answer`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        return line.connect_ex(str(place.sockets / f".s.PGSQL.{PORT}")) == 0


def start(place: Place) -> str:
    """Try to start the server once; return what went wrong, or nothing. `-o` goes through a shell, hence the quotes."""
    before = place.log.stat().st_size if place.log.exists() else 0
    options = f"-k {shlex.quote(str(place.sockets))} -p {PORT} -c listen_addresses= -c timezone=UTC"
    code, said = programs.run("pg_ctl", "start", "-w", "-s", "-t", 30, "-D", place.data, "-l", place.log, "-o", options)
    return "" if code == 0 else f"{said} {_log_since(place, before)}".strip()


def stop(place: Place, mode: str = "fast") -> None:
    """Stop the server: open connections are cut; after 15 s without regard for anything (the log repairs it)."""
    if not (place.data / "postmaster.pid").exists():
        return
    code, _ = programs.run("pg_ctl", "stop", "-w", "-s", "-t", 15, "-m", mode, "-D", place.data)
    if code != 0:
        programs.run("pg_ctl", "stop", "-w", "-s", "-t", 10, "-m", "immediate", "-D", place.data)


def bring_up(place: Place) -> bool:
    """Have a server that answers; return whether it had to be started. The caller holds start.lock.

    A crashed server's processes may linger for a second or two and block the start, so that is tried again for 10 s.
    """
    if _settled(place) == READY:
        return False
    _compare_versions(place)
    deadline = time.monotonic() + PATIENCE
    while problem := start(place):
        if time.monotonic() > deadline or not any(sign in problem for sign in STILL_DYING):
            raise LocalServiceError(f"The private PostgreSQL does not start (log: {place.log}): {problem}")
        time.sleep(PAUSE)
        if _settled(place) == READY:
            return False
    return True


def _settled(place: Place) -> int:
    """Wait while a server that somebody left halfway starts, recovers or stops; return its last answer."""
    deadline = time.monotonic() + RECOVERY
    while (state := answer(place)) == BUSY and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return state


def _compare_versions(place: Place) -> None:
    made_by, installed = _made_by(place), programs.major_version()
    if made_by != installed:
        raise LocalServiceError(
            f"{place.data} was made by PostgreSQL {made_by}, installed is {installed}: nothing was touched; "
            f"run `manage.py backup DIR` with PostgreSQL {made_by}, then restore into a new S3COP_HOME",
        )


def _log_since(place: Place, offset: int) -> str:
    if not place.log.exists():
        return ""
    with place.log.open("rb") as log:
        log.seek(offset)
        return " ".join(log.read().decode(errors="replace").split())[:600]


def ensure_database(place: Place) -> None:
    """Make the portal's database where it is missing."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    where = make_conninfo(host=str(place.sockets), port=PORT, user=NAME, dbname="postgres")
    try:
        with psycopg.connect(where, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f'CREATE DATABASE "{NAME}"')
    except psycopg.Error as problem:
        raise LocalServiceError(
            f"The private PostgreSQL in {place.data} refuses: {' '.join(str(problem).split())}"
        ) from problem


# --- joining ----------------------------------------------------------------------------------------------------------


@dataclass
class Seat:
    """One process's use of the server: a shared lock on use.lock, which the kernel frees when the process dies."""

    home: Home
    place: Place
    use: int
    pid: int
    started: bool = False

    def leave(self, mode: str = "fast") -> bool:
        """Give the seat up; the last one out stops the server. Return whether it was stopped."""
        if os.getpid() != self.pid:  # a forked child shares the seat of its parent
            return False
        with locked(self.home.run / "start.lock"):
            return self.leave_locked(mode)

    def leave_locked(self, mode: str) -> bool:
        last = try_lock(self.use)
        try:
            if last:
                stop(self.place, mode)
        finally:
            fcntl.flock(self.use, fcntl.LOCK_UN)  # closing is not enough: a forked child may hold a copy
            os.close(self.use)
        return last

    def revive(self) -> None:
        """Start the server again after a crash; nothing happens while it answers."""
        with locked(self.home.run / "start.lock"):
            bring_up(self.place)


def join(home: Home) -> Seat:
    """Start the home's server or join the running one. Raises LocalServiceError with one line that says why not.

    PG* variables leave this process's environment: they would redirect it and its children to another server.
    """
    programs.forget_pg_variables()
    place = Place.of(home)
    with locked(home.run / "start.lock") as lock:
        seat = Seat(home, place, open_lock(home.run / "use.lock"), os.getpid())
        try:
            fcntl.flock(seat.use, fcntl.LOCK_SH)
            if not place.data.exists():
                # initdb keeps the lock open: if this process is killed, the next one waits until initdb has ended
                initialise(place.data, keep_open=(lock,))
            seat.started = bring_up(place)
            ensure_database(place)
        except BaseException:
            seat.leave_locked("fast")
            raise
    return seat


@contextmanager
def joined(home: Home) -> Iterator[Seat]:
    """Join for as long as the block runs."""
    seat = join(home)
    try:
        yield seat
    finally:
        with uninterrupted():
            seat.leave()
