"""Queries that are asked again and again with other keys: Django writes their SQL once; a tenth of the work remains."""

from collections.abc import Callable, Collection
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)


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
        return list(ModelIterable(_Source(_Asked(self._written, keys))))  # type: ignore[arg-type]

    @cached_property
    def _written(self) -> "_Written":
        return _Written(self._build().query.get_compiler(DEFAULT_DB_ALIAS))


class _Written:
    """What the library works out of a query: the same whatever the keys are."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self.sql, parameters = compiler.as_sql()
        self.parameters: list[Any] = list(parameters)
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])
        self.compiler = compiler


class _Asked(SQLCompiler):
    """A query that is written already, on the thread's own connection."""

    def __init__(self, written: _Written, keys: dict[str, object]) -> None:
        self.__dict__.update(written.compiler.__dict__)
        self.connection = connections[DEFAULT_DB_ALIAS]
        if self.query.select_for_update and self.connection.get_autocommit():
            raise TransactionManagementError("Rows are locked within a transaction only.")
        self._written = written
        self._given: Any = tuple(keys[part.name] if isinstance(part, Key) else part for part in written.parameters)

    def as_sql(self, *_: object, **__: object) -> tuple[str, Any]:
        return self._written.sql, self._given

    def get_converters(self, _columns: object) -> Any:
        return self._written.converters


class _Source:
    """As much of a QuerySet as the making of its records asks for."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self.query, self._compiler = self, compiler

    def get_compiler(self, using: str) -> SQLCompiler:  # noqa: ARG002 - the library's name
        return self._compiler


def update(record: Model, names: Collection[str]) -> None:
    """Do as `record.save(update_fields=names)` does, for a model that listens to no signals. Raises DatabaseError."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _update_of(type(record), frozenset(names))
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, record.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{type(record).__name__} {record.pk} is gone.")


@lru_cache(maxsize=64)
def _update_of(model: type[Model], names: frozenset[str]) -> tuple[list["Field[Any, Any]"], str]:
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name  # noqa: SLF001 - documented as public
    fields = [field for field in meta.concrete_fields if field.name in names]
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    return fields, f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {quoted(str(meta.pk.column))} = %s"  # noqa: S608
