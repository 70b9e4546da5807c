"""Queries that are asked again and again with other keys. Django writes their SQL and works out how rows become records
once; the database parses it once a connection and plans it a few times.
"""

import json
import select
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)
UNKNOWN = -1  # rows, says the driver before the answer is there


class Key(Expression):
    """Stands in the query for a value of that name and kind, which each asking brings."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Prepared(Generic[M]):
    """A query of rows of one model, with what it joins by `select_related`; `build` is called at the first asking."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build

    def ask(self, **keys: object) -> list[M]:
        """Return the rows, given a value for each Key; values go to the driver as they are."""
        return self.question(**keys).put()()

    def first(self, **keys: object) -> M | None:
        """Return the first of these rows, if there is one."""
        return next(iter(self.ask(**keys)), None)

    def question(self, **keys: object) -> "Question[M]":
        return Question(self, keys)

    def put(self, keys: Mapping[str, object]) -> Callable[[], list[M]]:
        """Put the question; return what reads its answer, once."""
        written = self._written
        cursor = written.executed(keys)
        return lambda: written.records(cursor)

    @cached_property
    def _written(self) -> "_Written[M]":
        return _Written(self._build().query.get_compiler(DEFAULT_DB_ALIAS))


@dataclass(frozen=True)
class Question(Generic[M]):
    """A prepared query with the values of its keys."""

    prepared: Prepared[M]
    keys: Mapping[str, object]

    def put(self) -> Callable[[], list[M]]:
        """Put the question; return what reads its answer, once."""
        return self.prepared.put(self.keys)


class _Written(Generic[M]):
    """What the library works out of a query: the same whatever the keys are."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._sql, self._keys = written(*compiler.as_sql())
        self._locks = compiler.query.select_for_update
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._converters = [(place, each, column) for place, (each, column) in converters.items()]
        shape = cast("dict[str, Any]", compiler.klass_info)
        columns = shape["select_fields"]
        self._columns = slice(columns[0], columns[-1] + 1)
        self._names = [column.target.attname for column, *_ in compiler.select[self._columns]]
        self._model: type[M] = shape["model"]
        self._related = get_related_populators(shape, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of 6.1
        self._annotations = list((compiler.annotation_col_map or {}).items())

    def executed(self, keys: Mapping[str, object]) -> Any:
        """Ask over the thread's own connection; return the cursor that has the answer."""
        connection = connections[DEFAULT_DB_ALIAS]
        if self._locks and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked within a transaction only.")
        cursor = cursor_of(connection)
        cursor.execute(self._sql, [keys[name] for name in self._keys])
        return cursor

    def records(self, cursor: Any) -> list[M]:
        """Return what the database answered."""
        with cursor:
            found = cursor.fetchall()
        return [self.record(self._converted(row) if self._converters else row) for row in found]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        connection, values = connections[DEFAULT_DB_ALIAS], list(row)
        for place, converters, column in self._converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values

    def record(self, row: Sequence[Any]) -> M:
        """Do what a QuerySet does with a row."""
        record = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._columns])
        for populator in self._related:
            populator.populate(row, record)
        for name, place in self._annotations:
            setattr(record, name, row[place])
        return record


def written(sql: str, parameters: Sequence[object]) -> tuple[str, list[str]]:
    """Return the SQL with its constants in it, and the names of the keys that it lacks, in their order."""
    names = [part.name for part in parameters if isinstance(part, Key)]
    return sql.replace("%%", "%%%%") % tuple(map(_literal, parameters)), names


def _literal(parameter: object) -> str:
    """Return the constant as SQL; keys remain to be given."""
    if isinstance(parameter, Key):
        return "%s"
    ops: Any = connections[DEFAULT_DB_ALIAS].ops
    written: str = ops.compose_sql("%s", [parameter])
    return written.replace("%", "%%")


# -- the database's side ---------------------------------------------------------------------------------------------
def cursor_of(connection: Any) -> Any:
    """Return a cursor that gives values apart from the SQL, as Django's do not: only so can a statement be kept.

    Django watches it like its own: broken transactions, errors, what tests count.
    """
    connection.health_check_done |= _is_quiet(connection)
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def _is_quiet(connection: Any) -> bool:
    """Whether the database has said nothing since its last answer: where it went it said so, or closed its end.

    Django would ask it once a request.
    """
    made = connection.connection
    if made is None or made.closed:
        return False
    waiting = select.poll()
    waiting.register(made.fileno(), select.POLLIN)
    return not waiting.poll(0)


# -- writing ---------------------------------------------------------------------------------------------------------
def update(record: Model, names: Collection[str]) -> None:
    """Do as `record.save(update_fields=names)` does, for a model that listens to no signals. Raises DatabaseError.

    Where nobody waits for the answer (`trips.together`) nobody notices that the row is gone: then it has to be locked.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _update_of(type(record), frozenset(names))
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    with cursor_of(connection) as cursor:
        cursor.execute(sql, [*values, record.pk])
        if cursor.rowcount not in {1, UNKNOWN}:
            raise DatabaseError(f"{type(record).__name__} {record.pk} is gone.")


@lru_cache(maxsize=64)
def _update_of(model: type[Model], names: frozenset[str]) -> tuple[list["Field[Any, Any]"], str]:
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name  # noqa: SLF001 - documented as public
    fields = [field for field in meta.concrete_fields if field.name in names]
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    return fields, f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {quoted(str(meta.pk.column))} = %s"  # noqa: S608


def insert(records: Sequence[Model]) -> int:
    """Do as `bulk_create(records, ignore_conflicts=True)` does, by the same statement however many records there are.

    All are of one model, which listens to no signals, and leave the same columns to the database. Returns how many
    were new.
    """
    if not records:
        return 0
    left_out = {name for name, value in vars(records[0]).items() if isinstance(value, DatabaseDefault)}
    fields, sql = _insert_of(type(records[0]), frozenset(left_out))
    rows = [{field.column: getattr(record, field.attname) for field in fields} for record in records]
    with cursor_of(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(sql, [json.dumps(rows, default=str)])
        new: int = cursor.rowcount
    return new


@lru_cache(maxsize=64)
def _insert_of(model: type[Model], left_out: frozenset[str]) -> tuple[list["Field[Any, Any]"], str]:
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name  # noqa: SLF001 - documented as public
    fields = [field for field in meta.concrete_fields if field is not meta.pk and field.attname not in left_out]
    table, columns = quoted(meta.db_table), ", ".join(quoted(str(field.column)) for field in fields)
    rows = f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608 - names of columns
    return fields, f"INSERT INTO {table} ({columns}) {rows} ON CONFLICT DO NOTHING"
