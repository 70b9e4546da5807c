"""Homes for the private servers, and other processes that join them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from s3cop.local import __main__ as ending
from s3cop.local.home import PROJECT, Home
from tests.databases import cache_of, migrated

JOINER = """
import sys
from pathlib import Path
from s3cop.local import postgres
from s3cop.local.home import Home
seat = postgres.join(Home.at(Path(sys.argv[1])))
print(seat.started, flush=True)
sys.stdin.readline()
print(seat.leave(), flush=True)
"""
Joiner = subprocess.Popen[str]


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of this process without any database or broker of its own."""
    unset = ("DATABASE_URL", "REDIS_URL", "S3COP_HOME", "S3COP_ENV", "PORT")
    return {name: value for name, value in os.environ.items() if name not in unset} | changes


@pytest.fixture
def around() -> Callable[..., dict[str, str]]:
    return environment


@pytest.fixture(scope="session")
def made_cluster(request: pytest.FixtureRequest) -> Path:
    """The migrated database of the run, stopped; copied, so that not every test runs initdb."""
    return migrated(cache_of(request.config))


def forget(home: Home) -> None:
    """Remove it with its database, which lies in memory."""
    ending.stop(home)
    ending.clear(home)
    shutil.rmtree(home.root)


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Home]:
    home = Home.at(tmp_path / "home")
    yield home
    forget(home)


@pytest.fixture
def home_at(made_cluster: Path) -> Iterator[Callable[[Path], Home]]:
    """Make a home with a database at the given path."""
    made = []

    def copy(path: Path) -> Home:
        shutil.copytree(made_cluster, path / "pg", symlinks=True)
        made.append(Home.at(path))
        return made[-1]

    yield copy
    for home in made:
        forget(home)


@pytest.fixture
def home(home_at: Callable[[Path], Home], tmp_path: Path) -> Home:
    return home_at(tmp_path / "home")


@pytest.fixture
def joiner() -> Iterator[Callable[..., Joiner]]:
    """Start another process that joins a home, says whether it started the server, and leaves when told by a line."""
    started: list[Joiner] = []

    def start(home: Home, **changes: str) -> Joiner:
        process = subprocess.Popen(
            [sys.executable, "-c", JOINER, str(home.root)],
            cwd=PROJECT,
            env=environment(**changes),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
