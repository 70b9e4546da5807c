"""How often the database is waited for: questions that leave together, transactions that follow one another.

Each wait costs more than the work behind it where a transaction is a few rows found by their keys.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction

from history.prepared import Question


class Begun(NamedTuple):
    """A transaction: the rows that its first questions found, and what is left only after its end."""

    answers: list[list[Any]]
    last: ExitStack


@contextmanager
def together() -> Iterator[None]:
    """Wait for what is said within at the end, or where an answer is read; what went wrong is raised then, too.

    For questions that are prepared: others may want to know at once how many rows they met.
    """
    connection = _connection()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@contextmanager
def series() -> Iterator[None]:
    """Within, the beginning and the end of each `one` travel with its statements.

    Django is told that it does not end transactions, the driver that it does not begin them. Within a transaction
    nothing changes: then each `one` is a savepoint.
    """
    connection = _connection()
    if connection.in_atomic_block:
        yield
        return
    transaction.set_autocommit(False)
    try:
        connection.connection.autocommit = True
        yield
    finally:
        _end_series(connection)


@contextmanager
def one(*questions: Question[Any]) -> Iterator[Begun]:
    """Run a transaction that begins with these questions, each of which sees what the one before it has locked.

    Where `together()` is entered on its `last`, its end leaves with the statements said from then on. Outside a series,
    as after the connection was lost, it begins and ends as usual.
    """
    connection = _connection()
    if connection.in_atomic_block or connection.get_autocommit():
        with transaction.atomic(), ExitStack() as last:
            yield Begun(_answers(questions), last)
        return
    try:
        with ExitStack() as last:
            yield Begun(_answers(questions, "BEGIN"), last)
            _say("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise
    connection.run_and_clear_commit_hooks()


def _answers(questions: tuple[Question[Any], ...], *before: str) -> list[list[Any]]:
    with together():
        for word in before:
            _say(word)
        asked = [question.put() for question in questions]
    return [answer() for answer in asked]


def _say(word: str) -> None:
    connection = _connection()
    with connection.wrap_database_errors:
        psycopg.Cursor(connection.connection).execute(word, prepare=False)


def _roll_back(connection: Any) -> None:
    try:
        connection.rollback()
    except Error:  # the connection is lost; whoever asks next opens another
        connection.close()


def _end_series(connection: Any) -> None:
    if connection.connection is None or connection.autocommit:
        return
    try:
        transaction.set_autocommit(True)
    except Error:
        connection.close()


def _connection() -> Any:
    return connections[DEFAULT_DB_ALIAS]
