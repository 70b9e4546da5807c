"""Databases for tests: one server for a whole run, on which each is a copy of one that was prepared once."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections, transaction

from s3cop.local.home import PROJECT, LocalServiceError
from s3cop.local.locks import locked
from s3cop.local.programs import forget_pg_variables
from s3cop.local.throwaway import throwaway_folder, throwaway_postgres

SERVER = "S3COP_TEST_SERVER"  # tells the processes of one run the file with the URL of its server
PATIENCE = 300.0  # seconds until that server is there; migrating on a busy machine takes a while
SCHEME = "postgres://"
MIGRATED = "s3cop"  # copied, never connected to
SHAPED_BY = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "s3cop/settings.py", "requirements-dev.txt")
OLD = 3600  # seconds
KEPT = {"auth_permission", "django_content_type"}  # the same for every test
PREPARING = 5001  # the class of advisory locks, one for each database
MIGRATE = """
import gc
gc.disable()  # a short life without garbage to speak of
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0, interactive=False)
call_command("createcachetable", verbosity=0)
"""


def cache_of(config: pytest.Config) -> Path:
    assert config.cache
    return config.cache.mkdir("databases")


@contextmanager
def server(cache: Path) -> Iterator[str]:
    """Give the URL of a server that holds the migrated database; in a process of a run, of that run's server."""
    if told := os.environ.get(SERVER):
        yield _told(Path(told))
        return
    with throwaway_postgres(start_from=migrated(cache)) as url:
        yield url


@contextmanager
def server_of_run(cache: Path) -> Iterator[Path]:
    """Make a server while the processes of the run start; give the file in which they will find its URL.

    The thread stays until the end: with it the kernel would stop the server.
    """
    forget_pg_variables()
    over = threading.Event()
    with throwaway_folder() as folder:
        told = folder / "url"
        maker = threading.Thread(target=_make_server, args=(cache, told, over))
        maker.start()
        try:
            yield told
        finally:
            over.set()
            maker.join()


def _make_server(cache: Path, told: Path, over: threading.Event) -> None:
    try:
        with server(cache) as url:
            _tell(told, url)
            over.wait()
    except (LocalServiceError, subprocess.CalledProcessError, OSError) as problem:
        _tell(told, f"No server for the tests: {problem}")


def _tell(told: Path, line: str) -> None:
    new = told.with_suffix(".new")
    new.write_text(line)
    new.rename(told)


def _told(told: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while not told.exists():
        if time.monotonic() > deadline:
            raise LocalServiceError(f"No server for the tests within {PATIENCE:.0f} s")
        time.sleep(0.02)
    line = told.read_text()
    if not line.startswith(SCHEME):
        raise LocalServiceError(line)
    return line


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
                environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "s3cop.settings"}
                subprocess.run([sys.executable, "-c", MIGRATE], cwd=PROJECT, env=environment, check=True)
    return found


def _forget_old(cache: Path) -> None:
    for folder in cache.iterdir():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > OLD:
            shutil.rmtree(folder, ignore_errors=True)


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
    """Make a database; one of this name, left by an earlier process of the same name, goes. Files need no log."""
    order(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    order(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY FILE_COPY')


def empty() -> None:
    """Delete the rows of all models; no trigger and no key objects. To truncate takes seventy times as long."""
    tables = {*connection.introspection.django_table_names(only_existing=True, include_views=False)} - KEPT
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables))  # noqa: S608 - names of models
        filled = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of models


def prepare(name: str, fill: Callable[[], None], of: str = MIGRATED) -> None:
    """Have a database of this name, filled once in a run, by whichever process comes first; nobody connects to it."""
    with maintaining() as line:
        line.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [PREPARING, name])
        if line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        copy(f"{name}_new", of=of)
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
