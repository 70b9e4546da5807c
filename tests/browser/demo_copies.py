"""The demo data in a database of its own, loaded once per process; tests read one copy or write to a fresh one."""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import override_settings

from tests.browser.screens import Scenery
from tests.nudges import NOWHERE, nudging

QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def order(sql: str) -> None:
    """Run a statement about whole databases; they stand outside of transactions."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Point this process, the threads of its web server included, at the database of this name; nudge no worker."""
    given = connections.settings["default"]["NAME"]
    connections.close_all()
    connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # each database numbers its content types itself
    try:
        with nudging(NOWHERE):
            yield
    finally:
        connections.close_all()
        connections.settings["default"]["NAME"] = connection.settings_dict["NAME"] = given
        ContentType.objects.clear_cache()


@dataclass
class DemoCopies:
    """Makes databases with the demo data. `media` holds the files of its editions, named by their content."""

    media: Path
    prefix: str = "demo"
    reading: str = ""
    scenery: Scenery | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def original(self) -> str:
        return f"{self.prefix}_original"

    def load(self) -> None:
        """Load the data through the same command as everybody; nothing connects to the original afterwards."""
        order(f'CREATE DATABASE "{self.original}"')
        with using(self.original), override_settings(MEDIA_ROOT=self.media, PASSWORD_HASHERS=QUICK_HASH):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            call_command("load_demo", stdout=io.StringIO())

    @contextmanager
    def shared(self) -> Iterator[str]:
        """Give the one copy that is only read (and written to by sign-ins)."""
        if not self.reading:
            self.reading = f"{self.prefix}_reading"
            order(f'CREATE DATABASE "{self.reading}" TEMPLATE "{self.original}"')
        with using(self.reading), override_settings(MEDIA_ROOT=self.media):
            yield self.reading

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a new copy, in use while the block runs and gone afterwards."""
        name = f"{self.prefix}_{next(self.numbers)}"
        order(f'CREATE DATABASE "{name}" TEMPLATE "{self.original}"')
        with ExitStack() as stack:
            stack.callback(order, f'DROP DATABASE "{name}" WITH (FORCE)')
            stack.enter_context(using(name))
            stack.enter_context(override_settings(MEDIA_ROOT=self.media))
            yield name
