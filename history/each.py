"""What the clock does to many rows: a faulty one holds up no other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def each_alone(rows: Iterable[Row], verb: Callable[[Row], int]) -> int:
    """Do it to each row, in a transaction of its own, and return the sum; where it fails that is logged."""
    return sum(_tried(row, verb) for row in rows)


def _tried(row: Row, verb: Callable[[Row], int]) -> int:
    try:
        with transaction.atomic():
            return verb(row)
    except Exception:
        log.exception("%r fails for %r, the others go on", verb, row)
        return 0
