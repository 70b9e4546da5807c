"""The demo data in databases of their own: tests read one copy, write to another side by side or to a fresh one."""

import pickle
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from django.core.management import call_command
from django.test.utils import override_settings

from tests.browser.screens import Scenery, scenery
from tests.databases import copy, order, prepare, using

ORIGINAL = "demo_today"
COMPLETED = "scenery_today"  # the same with records in every state
QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class DemoCopies:
    """Makes databases with the demo data. `media` holds the files of its editions, named by their content."""

    media: Path
    prefix: str = "demo"
    kept: set[str] = field(default_factory=set)
    scenery: Scenery | None = None
    numbers: Iterator[int] = field(default_factory=count)

    def load(self, shared: Path) -> None:
        """Have a first start of the portal load the data, once in a run; `shared` keeps its files."""

        def fill() -> None:
            with override_settings(MEDIA_ROOT=shared / ORIGINAL, PASSWORD_HASHERS=QUICK_HASH):
                call_command("demo", prepare=True)

        prepare(ORIGINAL, fill)
        shutil.copytree(shared / ORIGINAL, self.media, dirs_exist_ok=True)

    def complete(self, shared: Path) -> None:
        """Add records in every state, once in a run; what they are is told to the other processes in a file."""
        told = shared / "scenery.pickle"

        def fill() -> None:
            with override_settings(MEDIA_ROOT=shared / COMPLETED):
                told.write_bytes(pickle.dumps(scenery()))

        prepare(COMPLETED, fill, of=ORIGINAL)
        shutil.copytree(shared / COMPLETED, self.media, dirs_exist_ok=True)
        self.scenery = pickle.loads(told.read_bytes())  # noqa: S301 - written by this run

    @contextmanager
    def shared(self, purpose: str = "reading", of: str = ORIGINAL) -> Iterator[str]:
        """Give the copy that stays for this purpose: to be read only (and written to by sign-ins), or written to."""
        name = f"{self.prefix}_{purpose}"
        if name not in self.kept:
            copy(name, of=of)
            self.kept.add(name)
        with using(name), override_settings(MEDIA_ROOT=self.media):
            yield name

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a new copy, in use while the block runs and gone afterwards."""
        name = f"{self.prefix}_{next(self.numbers)}"
        copy(name, of=ORIGINAL)
        with ExitStack() as stack:
            stack.callback(order, f'DROP DATABASE "{name}" WITH (FORCE)')
            stack.enter_context(using(name))
            stack.enter_context(override_settings(MEDIA_ROOT=self.media))
            yield name
