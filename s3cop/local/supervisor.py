"""The whole portal as one foreground command: database, broker, worker with schedule, web; stopped in reverse."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from s3cop.local import address, broker, children, postgres
from s3cop.local.children import Child
from s3cop.local.home import Home, LocalServiceError
from s3cop.local.locks import open_lock, try_lock
from s3cop.local.orders import Orders, StopOrdered

HOST = "127.0.0.1"
PAUSE = 0.1  # seconds between two looks at the children
BROKER_PATIENCE = 5.0  # seconds until a started broker answers
READY_PATIENCE = 120.0  # seconds until /readyz answers 200; a cold start on a slow machine takes a while
LOOK_AFTER_DATABASE = 2.0  # seconds between two looks at the private server
ACCOUNTS = "secretariat, leader, member, member2 and outsider, each @example.org, password: demo"
WORKER = ("celery", "-A", "s3cop", "worker", "-B", "--scheduler", "celery.beat:Scheduler", "-c", "2",
          "--without-gossip", "--without-mingle", "-l", "WARNING")  # fmt: skip
WEB = ("s3cop.serving", "--interface", "wsgi", "--host", HOST, "--workers", "1", "--blocking-threads", "2",
       "--blocking-threads-idle-timeout", "600", "--no-ws", "--respawn-failed-workers",
       "--workers-kill-timeout", "10s")  # fmt: skip


def main() -> int:
    """Run the demo until a signal stops it; return the exit code. What went wrong stands on stderr."""
    if os.environ.get("S3COP_ENV", "local") != "local":
        complain("The demo is for S3COP_ENV=local: its accounts are refused in production")
        return 1
    try:
        Demo(Home.from_environment(), wanted_port()).run()
    except LocalServiceError as problem:
        complain(str(problem))
        return 1
    return 0


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) <= 65535:  # noqa: PLR2004 - the range of TCP ports
        raise LocalServiceError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def require_free(port: int) -> None:
    """Raise LocalServiceError when something listens on the port already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as problem:
            raise LocalServiceError(
                f"Port {port} cannot be used ({problem.strerror}): choose another, such as PORT={port + 1}"
            ) from problem


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass
class Demo:
    """One run of the whole portal in one home, on one port."""

    home: Home
    port: int
    orders: Orders = field(default_factory=Orders)
    watched: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    seat: postgres.Seat | None = None

    def run(self) -> None:
        """Start everything, say where it is, and stay until a signal; raises LocalServiceError when a part fails."""
        with self._alone(), self.orders.listening(), ExitStack() as running:
            for name in children.clear_leftovers(self.home):
                say(f"Stopped the {name} that an earlier run left behind.")
            require_free(self.port)
            try:
                self._serve(running)
            except StopOrdered:
                say("Stopping web, worker, broker and database. Ctrl-C again stops them at once.")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = open_lock(self.home.run / "demo.lock")
        try:
            if not try_lock(lock):
                raise LocalServiceError(
                    f"A demo runs in {self.home.root} already: stop it, or choose another S3COP_HOME"
                )
            children.remember(self.home.run / "demo.pid", os.getpid())
            yield
            (self.home.run / "demo.pid").unlink(missing_ok=True)
        finally:
            os.close(lock)

    def _serve(self, running: ExitStack) -> None:
        say(f"Starting the portal (logs in {self.home.log}) …")
        database = self._start_database(running)
        self._set_environment()
        chosen = self._start_broker(running)
        self._prepare()
        self._start(running, "worker", [sys.executable, "-m", *WORKER])
        self._start(running, "web", [sys.executable, "-m", *WEB, "--port", str(self.port), "s3cop.wsgi:application"])
        self._wait_until_ready()
        for line in self._five_lines(database, chosen):
            say(line)
        self._watch()

    # --- starting -----------------------------------------------------------------------------------------------------

    def _start_database(self, running: ExitStack) -> str:
        """Use the given database or take a seat at the private one; return what to tell about it."""
        url = address.given()
        if url:
            address.check(url)
            return "the one of DATABASE_URL"
        self.seat = postgres.join(self.home)
        running.callback(self._leave_database)
        os.environ["DATABASE_URL"] = self.seat.place.url
        self.orders.obey()
        return postgres.described(self.seat.place)

    def _set_environment(self) -> None:
        """Give the children what keeps them from starting or joining anything themselves."""
        self.environment = {
            "SITE_URL": f"http://{HOST}:{self.port}",
            **os.environ,
            "S3COP_HOME": str(self.home.root),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    def _start_broker(self, running: ExitStack) -> str:
        """Use the given broker, or the first private one that answers, or files; return what to tell about it."""
        if os.environ.get("REDIS_URL"):
            broker.check(os.environ["REDIS_URL"])
            return "the one of REDIS_URL: a task cut off by a crash is done again"
        for server in broker.servers():
            child = Child(self.home, "broker", server.command(self.home.sockets), os.environ)
            running.callback(self._stop, child)
            if self._answers_in_time(child):
                self.watched.append(child)
                self.environment["REDIS_URL"] = broker.url_in(self.home.sockets)
                return f"{server.says}: a task cut off by a crash is done again"
            child.stop()
        broker.make_folders(self.home)
        self.environment.pop("REDIS_URL", None)
        return "files, as no Redis or Valkey was found: a task cut off by a crash waits for the next round"

    def _answers_in_time(self, child: Child) -> bool:
        deadline = time.monotonic() + BROKER_PATIENCE
        while child.exit_code is None and time.monotonic() < deadline:
            if broker.answers(self.home.sockets):
                return True
            self._pause(0.01)
        return False

    def _prepare(self) -> None:
        """Migrate and load the demo data in a child, so that this process stays small."""
        child = Child(self.home, "preparation", [sys.executable, "manage.py", "demo", "--prepare"], self.environment)
        try:
            while child.exit_code is None:
                self._pause(0.02)
        finally:
            child.stop(self._hurries)
        if child.exit_code != 0:
            raise self._failure(child)

    def _start(self, running: ExitStack, name: str, command: list[str]) -> None:
        child = Child(self.home, name, command, self.environment)
        running.callback(self._stop, child)
        self.watched.append(child)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_PATIENCE
        answer = "no answer"
        while time.monotonic() < deadline:
            status, answer = self._ask("/readyz")
            if status == 200:  # noqa: PLR2004 - HTTP's OK
                return
            self._pause()
        raise LocalServiceError(
            f"/readyz is not well after {READY_PATIENCE:.0f} s ({answer}): see the logs in {self.home.log}"
        )

    def _ask(self, path: str) -> tuple[int, str]:
        """Ask the web server directly, past any proxy of the environment."""
        connection = HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, " ".join(response.read(600).decode(errors="replace").split())
        except (OSError, HTTPException) as problem:
            return 0, str(problem)
        finally:
            connection.close()

    def _five_lines(self, database: str, chosen: str) -> list[str]:
        return [
            f"Portal    http://{HOST}:{self.port}/   (Ctrl-C stops everything)",
            f"Accounts  {ACCOUNTS}",
            f"Database  {database}",
            f"Broker    {chosen}",
            f"Mail      {self.home.mail}   Logs  {self.home.log}",
        ]

    # --- watching and stopping ----------------------------------------------------------------------------------------

    def _watch(self) -> None:
        looked = time.monotonic()
        while True:
            self._pause()
            if self.seat and time.monotonic() - looked > LOOK_AFTER_DATABASE:
                looked = time.monotonic()
                if not postgres.listens(self.seat.place):
                    say("The private PostgreSQL is gone; starting it again.")
                    self.seat.revive()

    def _pause(self, seconds: float = PAUSE) -> None:
        """Wait a moment; raises StopOrdered after a signal and LocalServiceError when a child has ended by itself."""
        time.sleep(seconds)
        self.orders.obey()
        for child in self.watched:
            if child.exit_code is not None:
                raise self._failure(child)

    def _failure(self, child: Child) -> LocalServiceError:
        """Show at once what the child said last; stopping the others may take a while."""
        complain(child.last_lines())
        return LocalServiceError(
            f"The {child.name} ended by itself with exit code {child.exit_code}; its log is {child.log}"
        )

    def _hurries(self) -> bool:
        return self.orders.hurry

    def _stop(self, child: Child) -> None:
        child.stop(self._hurries)

    def _leave_database(self) -> None:
        if self.seat and not self.seat.leave("immediate" if self.orders.hurry else "fast"):
            say("The database stays up: another command still uses it and will stop it.")
