"""From which tables an answer is made: while they hold the same rows, it stays the same and need not be asked again."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import connection

Answer = TypeVar("Answer")
Contents = Mapping[str, str | None]  # by table: a digest of all its rows, None without any


@contextmanager
def words_of_statements() -> Iterator[set[str]]:
    """Give what will hold every word of the statements that are asked within."""
    words: set[str] = set()

    def note(execute: Callable[..., Any], query: str, *rest: Any) -> Any:
        words.update(re.findall(r"\w+", query))
        return execute(query, *rest)

    with connection.execute_wrapper(note):
        yield words


def contents() -> Contents:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        digests = (f"SELECT '{name}', md5(string_agg(r::text, ' ' ORDER BY r::text)) FROM {name} r" for name in tables)  # noqa: S608 - names of models
        cursor.execute(" UNION ALL ".join(digests))
        return dict(cursor.fetchall())


class Known(Generic[Answer]):
    """Answers by name, each with what the tables held that its statements named."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Answer, Contents]] = {}

    def answer(self, name: str, now: Contents, ask: Callable[[], Answer]) -> Answer:
        """Return what asking gives, given what the tables hold now."""
        if name in self._known:
            answer, then = self._known[name]
            if all(now[table] == digest for table, digest in then.items()):
                return answer
        with words_of_statements() as words:
            answer = ask()
        self._known[name] = answer, {table: now[table] for table in words & now.keys()}
        return answer
