"""The database's clock on another day. It decides everywhere, so that a real worker lives on that day too.

No code of ours is replaced: PostgreSQL finds the functions that tell the time in a schema of ours first, on every
connection that begins from now on, whichever process it belongs to.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

MADE = """
    CREATE SCHEMA moved_clock;
    CREATE TABLE moved_clock.ahead AS SELECT interval '0' AS span;
    CREATE FUNCTION moved_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql
        AS 'SELECT pg_catalog.clock_timestamp() + span FROM moved_clock.ahead';
    CREATE FUNCTION moved_clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql
        AS 'SELECT pg_catalog.statement_timestamp() + span FROM moved_clock.ahead';
"""
SET = "UPDATE moved_clock.ahead SET span = %s - pg_catalog.clock_timestamp()"


@contextmanager
def moved() -> Iterator[Callable[[dt.datetime], None]]:
    """Give the verb that sets the clock, which goes on from there; afterwards it is the real one again."""
    name = str(connection.settings_dict["NAME"])
    tell(MADE)
    tell(f'ALTER DATABASE "{name}" SET search_path = moved_clock, pg_catalog, public')
    connection.close()
    try:
        yield lambda moment: tell(SET, moment)
    finally:
        tell(f'ALTER DATABASE "{name}" RESET search_path')
        tell("DROP SCHEMA moved_clock CASCADE")
        connection.close()


def tell(statement: str, *values: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
