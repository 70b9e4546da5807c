"""What the clock does to many rows: a faulty one holds up no other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

log = logging.getLogger(__name__)
Row = TypeVar("Row")
Refusal = type[Exception] | tuple[()]  # of a room: its message is a sentence that tells all


def each_alone(rows: Iterable[Row], verb: Callable[[Row], int], *, refusal: Refusal = ()) -> int:
    """Do it to each row, in a transaction of its own, and return the sum; a row where it fails counts nothing.

    A refusal, which a row may meet again each minute, is logged by its sentence; any other fault with its trace.
    """
    return sum(_tried(row, verb, refusal) for row in rows)


def _tried(row: Row, verb: Callable[[Row], int], refusal: Refusal) -> int:
    try:
        with transaction.atomic():
            return verb(row)
    except refusal as sentence:
        log.warning("%r is kept back: %s", row, sentence)
    except Exception:
        log.exception("%r fails for %r, the others go on", verb, row)
    return 0
