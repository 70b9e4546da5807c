"""Throw-away servers for tests: a PostgreSQL and a broker that end with the process, also when it is killed."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s3cop.local import broker, postgres, programs
from s3cop.local.home import LocalServiceError, temporary_root
from s3cop.local.locks import open_lock, try_lock

PREFIX = "s3cop-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made below it is 0700 and swept as what is made on disk
ROOM = 4 << 30  # bytes that must be free there
PATIENCE = 20.0  # seconds until a server answers or ends
PAUSE = 0.01  # seconds
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")


@contextmanager
def throwaway_postgres(start_from: Path | None = None, leave_at: Path | None = None) -> Iterator[str]:
    """Give the URL of a new, fast, unsafe server with an empty database; it is deleted at the end.

    `start_from`: a stopped cluster that it is a copy of. `leave_at`: where its own is left, stopped.
    Enter it from the main thread: the kernel stops the server when the thread that started it ends.
    Raises LocalServiceError.
    """
    programs.forget_pg_variables()
    who = programs.identity()
    with throwaway_folder(who.uid) as folder:
        place = postgres.Place(folder / "pg", folder, folder / "postgres.log")
        if start_from:
            _copy(start_from, place.data, who.uid)
        else:
            postgres.initialise(place.data)
        with place.log.open("ab") as log:
            server = subprocess.Popen(
                _direct_call(place),
                env=programs.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who.options(),
            )
        try:
            _wait_for(server, place)
            postgres.ensure_database(place)
            yield place.url
        finally:
            _end(server, signal.SIGINT)
        if leave_at:
            _copy(place.data, leave_at)


def _copy(cluster: Path, to: Path, owner: int | None = None) -> None:
    """Copy a stopped cluster, by rename, so that nobody sees half of one."""
    new = to.with_name(f"{to.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(cluster, new)
    if owner is not None:
        for path in [new, *new.rglob("*")]:
            os.chown(path, owner, -1)
    new.rename(to)


@contextmanager
def throwaway_broker() -> Iterator[str | None]:
    """Give the REDIS_URL of a new private broker, or None where this machine has no program for one."""
    with throwaway_folder() as folder:
        for program in broker.servers():
            command = [*programs.dying_with_parent("TERM"), *program.command(folder)]
            silent = subprocess.DEVNULL
            server = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
            try:
                if _broker_answers(server, folder):
                    yield broker.url_in(folder)
                    return
            finally:
                _end(server, signal.SIGTERM)
        yield None


@contextmanager
def throwaway_folder(owner: int | None = None) -> Iterator[Path]:
    """Give a new private folder with a short path; what killed processes left of theirs is swept first."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=quick_root()))
    lock = _mark_alive(folder)
    if owner is not None:
        os.chown(folder, owner, -1)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def quick_root() -> Path:
    """Return the machine's folder in memory where it has plenty of room: a database is copied there in a tenth."""
    try:
        room = os.statvfs(MEMORY)
    except OSError:
        return temporary_root()
    plenty = room.f_bavail * room.f_frsize >= ROOM and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if plenty else temporary_root()


def _mark_alive(folder: Path) -> int:
    """Lock before the name appears, so that no sweep sees the file unlocked."""
    lock = open_lock(folder / "alive.new")
    try_lock(lock)
    (folder / "alive.new").rename(folder / "alive")
    return lock


def _sweep() -> None:
    for mark in [*MEMORY.glob(f"{PREFIX}*/alive"), *temporary_root().glob(f"{PREFIX}*/alive")]:
        try:
            lock = os.open(mark, os.O_RDWR)
        except OSError:
            continue  # another user's, or gone meanwhile
        if try_lock(lock):
            shutil.rmtree(mark.parent, ignore_errors=True)
        os.close(lock)


def _direct_call(place: postgres.Place) -> list[str]:
    settings = ("listen_addresses=", "timezone=UTC", *FAST)
    who = programs.identity()
    server = [str(programs.bin_folder() / "postgres"), "-D", str(place.data), "-k", str(place.sockets)]
    flags = [part for setting in settings for part in ("-c", setting)]
    return [*who.prefix, *programs.dying_with_parent("INT"), *server, "-p", str(postgres.PORT), *flags]


def _wait_for(server: "subprocess.Popen[bytes]", place: postgres.Place) -> None:
    deadline = time.monotonic() + PATIENCE
    while postgres.answer(place) != postgres.READY:
        if server.poll() is not None or time.monotonic() > deadline:
            raise LocalServiceError(f"The throw-away PostgreSQL does not start: {place.log.read_text()[-600:]}")
        time.sleep(PAUSE)


def _broker_answers(server: "subprocess.Popen[bytes]", folder: Path) -> bool:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        if broker.answers(folder):
            return True
        time.sleep(PAUSE)
    return False


def _end(server: "subprocess.Popen[bytes]", number: int) -> None:
    server.send_signal(number)
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
