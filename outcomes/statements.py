"""Prepared queries (history.prepared) that give plain rows: for the busiest pages, which need no records."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet

from history.prepared import cursor_of, written


class AnyOf(Func):
    """A column has one of the values of a list."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class Statement:
    """A query of values; `build` is called at the first asking."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    @cached_property
    def _written(self) -> tuple[str, list[str]]:
        return written(*self._build().query.sql_with_params())

    def rows(self, **keys: object) -> list[tuple[Any, ...]]:
        """Return the rows as the driver gives them, given a value for each Key."""
        sql, names = self._written
        with cursor_of(connection) as cursor:
            cursor.execute(sql, [keys[name] for name in names])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
