"""Fixtures that make whole classes of bugs impossible: unordered querysets come in random order, an undefined template
variable fails, nothing leaves the machine, and no page carries inline script or style.
"""

import datetime as dt
import gc
import logging
import os
import random
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.template import engines
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker

from s3cop.demo.book import Book
from s3cop.local.home import PROJECT
from s3cop.local.throwaway import quick_root
from tests.browser_required import pytest_runtest_logreport, pytest_sessionfinish  # noqa: F401 - hooks of pytest
from tests.databases import SERVER, cache_of, copy, empty, prepare, server, server_of_run, using
from tests.shares import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks of pytest

gc.disable()  # until all is collected
DEMO_DAY = dt.date(2026, 11, 22)
# A busy machine is no fault of a property.
hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")
FETCH, CONNECT, REQUEST = QuerySet._fetch_all, socket.socket.connect, Client.request
FAST_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_configure(config: pytest.Config) -> None:
    """Keep files of tests in memory where they can be; with several processes, make their server while they start."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick_root()))
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        stack = ExitStack()
        config.add_cleanup(stack.close)
        os.environ[SERVER] = str(stack.enter_context(server_of_run(cache_of(config))))
        stack.callback(os.environ.pop, SERVER)
        compile_tests()
        pytest_collection_finish()  # this process collects nothing


def compile_tests() -> None:
    """On the first run, compile the tests once, so that not each process does it by itself."""
    if sys.dont_write_bytecode or any(Path(__file__).parent.glob("*/__pycache__/test_*")):
        return
    alone = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist"]
    subprocess.run(alone, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False)


def pytest_collection_finish() -> None:
    """What is loaded stays; looking through it for garbage again and again took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def process() -> str:
    """What tells the databases of this process from those of the others of the run."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, process: str) -> Path:
    """The folder of all processes of the run."""
    mine = tmp_path_factory.getbasetemp()
    return mine if process == "main" else mine.parent


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,  # noqa: ARG001 - settings come first
    django_db_blocker: DjangoDbBlocker,
    process: str,
) -> Iterator[None]:
    """Give this process a database of its own on the server of the run: a copy of the one that was migrated once."""
    from s3cop.settings import database

    with server(cache_of(request.config)) as url:
        read = database(url) | {"NAME": f"test_{process}"}
        for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
            connections["default"].settings_dict[name] = settings.DATABASES["default"][name] = read[name]
        copy(read["NAME"])
        yield  # blocked: a test that forgot its mark would commit
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built files lie under the hash of their content, so tests may share the folder."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def demo_copy(
    request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
    media: Path,
    shared_folder: Path,
    process: str,
) -> str:
    """The name of this process's database with the demo community of 22 November 2026, loaded once in the run."""
    request.getfixturevalue("django_db_setup")
    kept = shared_folder / "demo_of_tests"

    def fill() -> None:
        from s3cop.demo.load import load

        with override_settings(MEDIA_ROOT=kept):
            load(Book.open(DEMO_DAY))

    with django_db_blocker.unblock():
        prepare(kept.name, fill)
        copy(f"{kept.name}_{process}", of=kept.name)
    shutil.copytree(kept, media, dirs_exist_ok=True)
    return f"{kept.name}_{process}"


@pytest.fixture(scope="module")
def demo(demo_copy: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Book]:
    """The demo community; what the module adds is rolled back."""
    from django.contrib.contenttypes.models import ContentType

    with django_db_blocker.unblock(), using(demo_copy), transaction.atomic():
        ContentType.objects.get_for_models(*apps.get_models())  # as a process knows them that has run for a while
        yield Book.open(DEMO_DAY)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:  # noqa: ARG001
    """What a fixture of a module makes on top of this is made once for all its tests, and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def _settings(
    django_test_environment: None,  # noqa: ARG001 - Django's own come first
    tmp_path_factory: pytest.TempPathFactory,
    media: Path,
) -> Iterator[None]:
    """Fast passwords, files and cache of this process, errors shown by the client; nudges go nowhere.

    Set once: each change is told to a dozen receivers, which took a third of what it takes to run an empty test.
    """
    from s3cop.celery import app

    app.conf.update(broker_url="memory://", broker_transport_options={})
    empty = tmp_path_factory.mktemp("empty")
    with override_settings(
        PASSWORD_HASHERS=FAST_HASHER,
        MEDIA_ROOT=media,
        S3COP_HOME=tmp_path_factory.mktemp("home"),
        PAGE_CACHE=False,  # its own tests switch it on
        STATIC_ROOT=empty,  # WhiteNoise warns where no folder is; files come from the finders
        WHITENOISE_AUTOREFRESH=True,  # else each client of a test reads all of them first
        CACHES=settings.CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    ):
        yield


def fetch_shuffled(self: QuerySet[Any]) -> None:
    """A queryset nobody ordered is evaluated in random order, so that no test leans on luck."""
    query: Query = self.query
    plain = self._result_cache is None and not query.is_sliced and not query.distinct and not query.combinator
    plain = plain and not self.ordered and not query.group_by and not query.select_for_update
    FETCH(self)
    if plain and (rows := self._result_cache):
        random.shuffle(rows)


class Undefined(str):
    """What an undefined variable becomes: printing it fails the test."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        name = str(variable)
        raise AssertionError(f"undefined variable {name!r} in a template")


def to_be_checked(_case: TestCase, line: Any) -> bool:
    """Tell whether constraints that wait for a commit are checked now; Django asks the server first if it lives."""
    return not line.needs_rollback and line.connection is not None


@pytest.fixture(scope="session", autouse=True)
def _as_migrated() -> Iterator[None]:
    """A committing test leaves the tables as it found them: with nothing but the default reminder rules."""

    def leave(_case: TransactionTestCase) -> None:
        empty()
        for name in ("0003_default_rules", "0010_rules_afterwards"):
            import_module(f"meetings.migrations.{name}").install(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", leave)
        patch.setattr(TestCase, "_should_check_constraints", to_be_checked)
        yield


def connect_here(self: socket.socket, address: Any) -> Any:
    """Nothing leaves the machine."""
    if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
        raise AssertionError(f"a test wanted to talk to {address[0]}")
    return CONNECT(self, address)


INLINE = re.compile(
    r"\{\{|\{%|\sstyle=|<script(?![^>]*(?:\bsrc=|type=.application/(?:ld\+)?json))[^>]*>|\son[a-z]+=\"", re.IGNORECASE
)


def request_checked(self: Client, **environment: Any) -> Any:
    """Every HTML page a test fetches is free of template leftovers, inline style and inline script."""
    response = REQUEST(self, **environment)
    if (
        response.get("Content-Type", "").startswith("text/html")
        and not response.streaming
        and "Content-Encoding" not in response
        and "/admin/" not in environment.get("PATH_INFO", "")
    ):
        found = INLINE.search(response.content.decode())
        assert not found, f"{environment.get('PATH_INFO')}: {found and found.group()!r} in the page"
    return response


@pytest.fixture(autouse=True)
def strict_templates(request: pytest.FixtureRequest) -> Iterator[None]:
    """An undefined variable in a template fails the test, and so do the faults above. Each more fixture takes time."""
    backend: Any = engines["django"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backend.engine, "string_if_invalid", Undefined("%s"))
        patch.setattr(QuerySet, "_fetch_all", fetch_shuffled)
        patch.setattr(socket.socket, "connect", connect_here)
        patch.setattr(Client, "request", request_checked)
        if "tmp_path" in request.fixturenames:  # what the test's own services write lies there
            patch.setattr(settings, "S3COP_HOME", request.getfixturevalue("tmp_path"))
        caches["default"].clear()
        yield


@pytest.fixture
def templates_used() -> Iterator[list[str]]:
    """The names of the templates rendered while the test runs."""
    names: list[str] = []

    def note(template: Any, **_: Any) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    """Return a client signed in as the given person."""

    def client_of(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return client_of


@pytest.fixture
def poison(caplog: pytest.LogCaptureFixture) -> Callable[[type[Model], str], None]:
    """Let the database refuse what meets the condition; the test's transaction takes it back."""

    def refuse(model: type[Model], condition: str) -> None:
        table, row = model._meta.db_table, "OLD" if "OLD" in condition else "NEW"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger is made while others wait
            cursor.execute(
                "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {condition} THEN RAISE 'poisoned'; END IF; RETURN {row}; END $$"
            )
            when = "DELETE" if row == "OLD" else "INSERT OR UPDATE"
            cursor.execute(f"CREATE TRIGGER poison BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION poison()")
        caplog.set_level(logging.CRITICAL, logger="history.each")

    return refuse
