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
    app._after_fork()
    try:
        yield
    finally:
        app.conf.update(given)
        app._after_fork()
