"""Advisory locks: every namespace of the project stands here, so that no two meanings share a number.

Only transaction locks: a session lock outlives its transaction and breaks under a connection pool.
"""

from django.db import connection

ROUND = 1  # casting takes it shared, closing and publishing take it exclusively


def lock_shared(namespace: int, key: int) -> None:
    """Wait for exclusive holders of (namespace, key); others may hold it shared until each transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [namespace, key])


def lock_exclusive(namespace: int, key: int) -> None:
    """Hold (namespace, key) alone until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [namespace, key])
