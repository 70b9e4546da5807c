"""Advisory locks: every namespace of the project stands here, so that no two meanings share a number.

Only transaction locks: a session lock outlives its transaction and breaks under a connection pool.
"""

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

ROUND = 1  # casting takes it shared, closing and publishing take it exclusively
RELAY = 2  # held while letters are claimed, where the mail relay takes only so many a minute
PUBLICATION_NAMES = 3  # held while a free short name of a publication is found and taken
REMINDER_RULES = 4  # held while the rules of a meeting, a group or all groups are replaced
STORED_FILES = 5  # who stores built files and then their rows takes it shared, who deletes what has no row exclusively
ORGANISATIONS = 6  # held while an organisation is looked for by name and added
CITATION_KEYS = 7  # held while a free key of a reference is found and taken
GROUP_NAMES = 8  # held while a group is set up under a name that is free
MEETINGS = 9  # held while a meeting of a group is scheduled that is not scheduled yet


class Busy(Exception):  # noqa: N818 - named for what happened
    """Somebody held the lock alone for longer than a request may wait; the transaction cannot go on."""


def lock_shared(namespace: int, key: int) -> None:
    """Wait for exclusive holders of (namespace, key); others may hold it shared until each transaction ends.

    Raises Busy when that takes longer than the database's `lock_timeout`.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [namespace, key])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise


def lock_exclusive(namespace: int, key: int) -> None:
    """Hold (namespace, key) alone until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [namespace, key])
