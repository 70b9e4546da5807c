"""Queries of what somebody may see, written once and not per request, whoever is signed in."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db.models import BigIntegerField, Model, QuerySet

from history.prepared import Key, Prepared
from people.models import User

M = TypeVar("M", bound=Model)
READER = Key("reader", BigIntegerField())


class ForReaders(Generic[M]):
    """A prepared query in three forms: for strangers, for those with an account, for the secretariat."""

    def __init__(self, build: Callable[[User | None], QuerySet[M]]) -> None:
        self._for_all = Prepared(lambda: build(None))
        self._for_one = Prepared(lambda: build(anybody(is_secretariat=False)))
        self._for_office = Prepared(lambda: build(anybody(is_secretariat=True)))

    def ask(self, reader: User | None, **keys: object) -> list[M]:
        """Return the rows for this reader, given a value for each Key."""
        if reader is None:
            return self._for_all.ask(**keys)
        prepared = self._for_office if reader.is_secretariat else self._for_one
        return prepared.ask(reader=reader.pk, **keys)

    def first(self, reader: User | None, **keys: object) -> M | None:
        """Return the first of these rows, if there is one."""
        return next(iter(self.ask(reader, **keys)), None)


def anybody(*, is_secretariat: bool) -> User:
    """Return somebody whose id each asking brings; for conditions such as `filter(user=somebody)`.

    But for `is_secretariat` nothing is known of the person: what else a condition asked would be that of nobody.
    """
    somebody = User(is_secretariat=is_secretariat)
    somebody.__dict__["resolve_expression"] = lambda *_args, **_kwargs: READER
    return somebody
