"""Databases for tests: one server for a whole run, on which each is a copy of one that was prepared once."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from s3cop.local.home import PROJECT
from s3cop.local.locks import locked
from s3cop.local.throwaway import throwaway_postgres

SERVER = "S3COP_TEST_SERVER"  # tells the processes of one run its server
MIGRATED = "s3cop"  # copied, never connected to
SHAPED_BY = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "s3cop/settings.py", "requirements-dev.txt")
OLD = 3600  # seconds
PREPARING = 5001  # the class of advisory locks, one for each database


def cache_of(config: pytest.Config) -> Path:
    assert config.cache
    return config.cache.mkdir("databases")


@contextmanager
def server(cache: Path) -> Iterator[str]:
    """Give the URL of a server that holds the migrated database; in a process of a run, of that run's server."""
    if given := os.environ.get(SERVER):
        yield given
        return
    with throwaway_postgres(start_from=migrated(cache)) as url:
        yield url


def migrated(cache: Path) -> Path:
    """Return a stopped cluster with the migrated database; it is kept for as long as models and migrations stay."""
    files = sorted(path for pattern in SHAPED_BY for path in PROJECT.glob(pattern) if ".venv" not in path.parts)
    content = b"".join(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes() for path in files)
    cache.mkdir(parents=True, exist_ok=True)
    found = cache / hashlib.sha256(content).hexdigest()[:16]
    with locked(cache / "lock", patience=120):
        if not found.exists():
            _forget_old(cache)
            with throwaway_postgres(leave_at=found) as url:
                for command in ("migrate", "createcachetable"):
                    _manage(command, url)
    return found


def _forget_old(cache: Path) -> None:
    for folder in cache.iterdir():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > OLD:
            shutil.rmtree(folder, ignore_errors=True)


def _manage(command: str, url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "s3cop.settings"}
    line = [sys.executable, "manage.py", command, "--verbosity", "0"]
    subprocess.run(line, cwd=PROJECT, env=environment, check=True)


@contextmanager
def maintaining() -> Iterator["psycopg.Connection"]:
    """Give a connection for statements about whole databases; they stand outside of transactions."""
    given = connection.settings_dict
    where = f"host={given['HOST']} port={given['PORT']} user={given['USER']} dbname=postgres"
    with psycopg.connect(where, autocommit=True) as line:
        yield line


def order(sql: str) -> None:
    with maintaining() as line:
        line.execute(sql.encode())


def copy(name: str, of: str = MIGRATED) -> None:
    """Make a database; one of this name, left by an earlier process of the same name, goes."""
    order(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    order(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')


def prepare(name: str, fill: Callable[[], None]) -> None:
    """Have a database of this name, filled once in a run, by whichever process comes first; nobody connects to it."""
    with maintaining() as line:
        line.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [PREPARING, name])
        if line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        copy(f"{name}_new")
        with using(f"{name}_new"):
            fill()
        line.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"'.encode())


@contextmanager
def using(name: str) -> Iterator[None]:
    """Point this process, the threads of its web server included, at the database of this name; nudge no worker."""
    from tests.nudges import NOWHERE, nudging  # reads the settings, which a script may not have yet

    given = connections.settings["default"]["NAME"]
    _connect_to(name)
    try:
        with nudging(NOWHERE):
            yield
    finally:
        _connect_to(given)


def _connect_to(name: str) -> None:
    from django.contrib.contenttypes.models import ContentType

    connections.close_all()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # each database numbers its content types itself
