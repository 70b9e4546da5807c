"""Prepared queries (history.prepared) that give plain rows: for the busiest pages, which need no records."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet

from history.prepared import Key


class AnyOf(Func):
    """A column has one of the values of a list."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class Statement:
    """A query of values; `build` is called at the first asking."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    @cached_property
    def _written(self) -> tuple[str, tuple[Any, ...]]:
        return self._build().query.sql_with_params()

    def rows(self, **keys: object) -> list[tuple[Any, ...]]:
        """Return the rows as the driver gives them, given a value for each Key."""
        sql, parameters = self._written
        given: Any = [keys[part.name] if isinstance(part, Key) else part for part in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
