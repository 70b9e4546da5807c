"""Where the nudges of this process go while a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from s3cop.celery import app

NOWHERE = {"broker_url": "memory://", "broker_transport_options": {}}


@contextmanager
def nudging(transport: dict[str, Any]) -> Iterator[None]:
    """Use another broker for a while; what was connected before is forgotten, and again at the end."""
    given = {name: app.conf[name] for name in transport}
    app.conf.update(transport)
    forget_connections()
    try:
        yield
    finally:
        app.conf.update(given)
        forget_connections()


def forget_connections() -> None:
    """Celery does so in each forked process; there is no public name for it."""
    app._after_fork()  # type: ignore[attr-defined]
