"""How a program of ours ends that cannot start: with one line that names the setting, not with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn a broken setting into the end of the process, exit code 1."""
    try:
        yield
    except ImproperlyConfigured as problem:
        raise SystemExit(str(problem)) from None
