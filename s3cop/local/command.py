"""What manage.py does around a command: have a database there, and turn a broken set-up into one line."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from s3cop.local import address, broker, postgres, supervisor
from s3cop.local.home import Home, LocalServiceError

WITHOUT_DATABASE = frozenset({
    "check", "collectstatic", "compilemessages", "demo", "diffsettings", "findstatic", "help", "makemessages",
    "rank", "startapp", "startproject", "version",
})  # fmt: skip
ENDING = (signal.SIGTERM, signal.SIGHUP)


def run(arguments: list[str]) -> None:
    """Run one management command; exits with 1 and one line on stderr when the set-up is broken."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    if wants_supervisor(arguments):
        sys.exit(supervisor.main())
    try:
        with database(arguments):
            execute_from_command_line(arguments)
    except (LocalServiceError, ImproperlyConfigured) as problem:
        sys.exit(str(problem))


def wants_supervisor(arguments: list[str]) -> bool:
    """Say whether this is a bare `demo`, which is run without loading Django: its children do that."""
    return arguments[1:] == ["demo"]


def needs_database(arguments: list[str]) -> bool:
    name, options = (arguments[1:2] or ["help"])[0], arguments[2:]
    if name.startswith("-") or "--help" in options or "-h" in options:
        return False
    if name == "demo":
        return "--prepare" in options
    if name == "check":
        return any(option.startswith("--database") for option in options)
    return name not in WITHOUT_DATABASE


@contextmanager
def database(arguments: list[str]) -> Iterator[None]:
    """Have DATABASE_URL lead to a database for as long as the command runs.

    Set: it is tried, so that a broken one gives one line. Unset in the local set-up: the private PostgreSQL is started
    or joined, and stopped by the last command out. In production the settings say that it is missing.
    """
    url = address.given()
    if not needs_database(arguments) or (not url and os.environ.get("S3COP_ENV", "local") != "local"):
        yield
    elif url:
        address.check(url)
        yield
    else:
        home = Home.from_environment()
        end_by_exit()
        with postgres.joined(home) as seat:
            os.environ["DATABASE_URL"] = seat.place.url
            os.environ["S3COP_HOME"] = str(home.root)
            if not os.environ.get("REDIS_URL") and broker.answers(home.sockets):
                os.environ["REDIS_URL"] = broker.url_in(home.sockets)  # that of the demo running in this home
            yield


def end_by_exit() -> None:
    """Turn TERM and HUP into an exit, so that the seat at the database is given up."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in ENDING:
        if signal.getsignal(number) == signal.SIG_DFL:  # nohup has set HUP to be ignored
            signal.signal(number, leave)
