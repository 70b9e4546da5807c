"""Transactions of a series are transactions like others, only with fewer waits: rows stay locked, faults undo all."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from history import prepared, trips
from history.prepared import Key, Prepared
from people.models import User
from tests.factories import user

pytestmark = pytest.mark.django_db(transaction=True)


def of_key() -> QuerySet[User]:
    return User.objects.select_for_update().filter(pk=Key("pk", BigIntegerField())).order_by()


LOCKED = Prepared(of_key)
FREE = Prepared(lambda: User.objects.select_for_update(skip_locked=True).order_by("pk"))


def names() -> list[str]:
    return list(User.objects.order_by("pk").values_list("display_name", flat=True))


def beside(deed: Callable[[], Any]) -> Any:
    """Do it on a connection of its own and return what comes of it."""
    done: list[Any] = []

    def work() -> None:
        done.append(deed())
        connections.close_all()

    other = threading.Thread(target=work)
    other.start()
    other.join()
    return done[0]


def free() -> int:
    with transaction.atomic():
        return len(FREE.ask())


def rename(person: User, name: str) -> None:
    person.display_name = name
    prepared.update(person, ["display_name"])


def renamed(pk: int, name: str) -> None:
    """Let the change and the end of the transaction leave together."""
    with trips.one(LOCKED.question(pk=pk)) as begun:
        ((person,),) = begun.answers
        begun.last.enter_context(trips.together())
        rename(person, name)


def give_up(pk: int, block: AbstractContextManager[Any]) -> None:
    with block:
        rename(User.objects.get(pk=pk), "Ivo")
        raise ZeroDivisionError


def take_over(pk: int, email: str) -> None:
    """Save an address that somebody else has: the database says so after the end was sent to it."""
    with trips.one(LOCKED.question(pk=pk)) as begun:
        ((person,),) = begun.answers
        person.email = email
        begun.last.enter_context(trips.together())
        prepared.update(person, ["email"])


def lose_connection(pk: int) -> None:
    """Before the end is known."""
    with trips.one(LOCKED.question(pk=pk)) as begun:
        rename(begun.answers[0][0], "Ivo")
        begun.last.enter_context(trips.together())
        ending = RawSQL("pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        assert beside(lambda: User.objects.annotate(is_ended=ending).get().is_ended)


def test_a_row_is_locked_until_the_end_and_nobody_sees_what_is_not_ended() -> None:
    anna, eleni = user(display_name="Anna"), user(display_name="Eleni")
    with trips.series():
        with trips.one(LOCKED.question(pk=anna.pk), LOCKED.question(pk=eleni.pk)) as begun:
            assert begun.answers == [[anna], [eleni]]
            rename(begun.answers[0][0], "Zoë")
            assert (beside(free), beside(names)) == (0, ["Anna", "Eleni"])
        assert (beside(free), beside(names)) == (2, ["Zoë", "Eleni"])
        renamed(eleni.pk, "Ivo")
        assert (beside(free), beside(names)) == (2, ["Zoë", "Ivo"])
    assert connection.get_autocommit()


@pytest.mark.parametrize("is_series", [True, False])
def test_what_goes_wrong_undoes_its_own_transaction_and_no_other(*, is_series: bool) -> None:
    anna = user(display_name="Anna", email="anna@example.org")
    user(display_name="Eleni", email="eleni@example.org")
    with trips.series() if is_series else transaction.atomic():
        renamed(anna.pk, "Zoë")
        with pytest.raises(ZeroDivisionError):
            give_up(anna.pk, trips.one(LOCKED.question(pk=anna.pk)))
        with pytest.raises(IntegrityError):
            take_over(anna.pk, "eleni@example.org")
        with trips.one(LOCKED.question(pk=anna.pk)) as begun:
            assert begun.answers[0][0].email == "anna@example.org"
    assert names() == ["Zoë", "Eleni"]
    assert connection.get_autocommit()


def test_a_transaction_within_is_a_part_of_it_and_what_waits_for_its_end_happens_then() -> None:
    anna, seen = user(display_name="Anna"), []
    with trips.series(), trips.one(LOCKED.question(pk=anna.pk)):
        with transaction.atomic():
            rename(anna, "Zoë")
            transaction.on_commit(lambda: seen.append(beside(names)))
        with pytest.raises(ZeroDivisionError):
            give_up(anna.pk, transaction.atomic())
        assert (seen, beside(names)) == ([], ["Anna"])
    assert (seen, names()) == ([["Zoë"]], ["Zoë"])


def test_after_a_lost_connection_the_series_goes_on_over_another() -> None:
    anna = user(display_name="Anna")
    with trips.series():
        with pytest.raises(OperationalError):
            lose_connection(anna.pk)
        renamed(anna.pk, "Zoë")
    assert names() == ["Zoë"]
    assert connection.get_autocommit()
