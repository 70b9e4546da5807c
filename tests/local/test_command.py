"""What manage.py does around a command: which of them get a database, and how a broken set-up is told."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s3cop.local import address, command, postgres
from s3cop.local.home import PROJECT, Home, LocalServiceError

Manage = Callable[..., "subprocess.CompletedProcess[str]"]
FORM = "the form is postgres://user:password@host:port/name"


@pytest.fixture
def manage(around: Callable[..., dict[str, str]]) -> Manage:
    """Run manage.py to its end."""

    def run(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env=around(**changes),
        )

    return run


@pytest.fixture
def looping(home: Home, around: Callable[..., dict[str, str]]) -> Iterator["subprocess.Popen[str]"]:
    """A command at work in the home, which has said so."""
    code = "import time; print('at work', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=PROJECT,
        env=around(S3COP_HOME=str(home.root)),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("", False),
        ("help", False),
        ("--version", False),
        ("migrate --help", False),
        ("rank ballots.soc", False),
        ("collectstatic --noinput", False),
        ("check", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("migrate", True),
        ("makemigrations --check", True),
        ("demo", False),
        ("demo --prepare", True),
    ],
)
def test_only_commands_that_need_a_database_get_one(line: str, needs: bool) -> None:
    assert command.needs_database(["manage.py", *line.split()]) is needs


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://u:secret@127.0.0.1:1/name", "Connection refused"),
        ("postgres://u:secret@%2Fnowhere:5432/name", "No such file or directory"),
        ("postgres://u:secret@127.0.0.1:port/name", FORM),
        ("postgres://u:secret@127.0.0.1", FORM),
        ("mysql://u:secret@127.0.0.1/name", FORM),
        ("secret", FORM),
    ],
)
def test_a_broken_database_url_is_told_in_one_line_without_the_password(url: str, told: str) -> None:
    with pytest.raises(LocalServiceError, match=r"^DATABASE_URL") as problem:
        address.check(url)
    line = str(problem.value)
    assert (told in line, "\n" in line, "secret" in line) == (True, False, False)


def test_a_broken_database_url_ends_a_command_with_one_line(manage: Manage, tmp_path: Path) -> None:
    done = manage("migrate", DATABASE_URL="postgres://u@127.0.0.1:1/name", S3COP_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith("DATABASE_URL: ")
    assert not (tmp_path / "home").exists()


def test_production_without_an_address_names_it_and_starts_nothing(manage: Manage, tmp_path: Path) -> None:
    settings = {"SECRET_KEY": os.urandom(40).hex(), "SITE_URL": "https://portal.example.org"}
    settings |= {"ALLOWED_HOSTS": "portal.example.org", "CONTACT_EMAIL": "desk@example.org"}
    done = manage("migrate", S3COP_ENV="production", S3COP_HOME=str(tmp_path / "home"), **settings)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "DATABASE_URL" in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_list_of_commands_names_the_demo(manage: Manage, tmp_path: Path) -> None:
    done = manage("help", "--commands", S3COP_HOME=str(tmp_path / "home"))
    assert (done.returncode, "demo" in done.stdout.split()) == (0, True)
    assert not (tmp_path / "home").exists()


def test_a_terminated_command_takes_its_database_with_it(looping: "subprocess.Popen[str]", home: Home) -> None:
    place = postgres.Place.of(home)
    assert postgres.listens(place)
    looping.send_signal(signal.SIGTERM)
    looping.send_signal(signal.SIGTERM)
    assert (looping.wait(60), postgres.listens(place)) == (128 + signal.SIGTERM, False)
