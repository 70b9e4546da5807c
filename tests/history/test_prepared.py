"""A prepared query finds what the query itself finds, with its joins, its locks, on each thread's own connection."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, TextField
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from history import prepared
from history.prepared import Key, Prepared
from notices.models import Notice
from people.models import User
from tests.factories import group, member, user
from workinggroups.models import Membership

pytestmark = pytest.mark.django_db


def memberships() -> QuerySet[Membership]:
    others = Membership.objects.filter(group=OuterRef("group")).exclude(user=OuterRef("user"))
    of_group = Membership.objects.filter(
        group=Key("group", BigIntegerField()), user__display_name=Key("name", TextField())
    )
    return of_group.select_related("group", "user").annotate(has_company=Exists(others)).order_by("pk")


def test_it_finds_what_the_query_finds(django_assert_num_queries: Any) -> None:
    asked = Prepared(memberships)
    club = group(aliases=["The old club"])
    anna = member(club, display_name="Anna's %s")
    assert asked.ask(group=club.pk, name="nobody") == []
    with django_assert_num_queries(1):
        (found,) = asked.ask(group=club.pk, name="Anna's %s")
        assert (found.user, found.user.display_name, found.group.aliases) == (anna, anna.display_name, club.aliases)
        assert found.has_company is False  # type: ignore[attr-defined]  # annotated
    member(club)
    assert [each.has_company for each in asked.ask(group=club.pk, name="Anna's %s")] == [True]  # type: ignore[attr-defined]
    assert found._state.adding is False


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Prepared(memberships).ask(group=1)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_within_a_transaction_only() -> None:
    locking = Prepared(lambda: User.objects.select_for_update().filter(pk=Key("pk", BigIntegerField())).order_by())
    person = user()
    with transaction.atomic():
        assert locking.ask(pk=person.pk) == [person]
    with pytest.raises(TransactionManagementError):
        locking.ask(pk=person.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    asked = Prepared(lambda: User.objects.filter(pk=Key("pk", BigIntegerField())).order_by())
    person, seen = user(), []
    assert asked.ask(pk=person.pk) == [person]

    def look() -> None:
        seen.append(asked.ask(pk=person.pk))
        connections.close_all()

    with transaction.atomic():
        User.objects.filter(pk=person.pk).delete()  # nobody else sees that yet
        other = threading.Thread(target=look)
        other.start()
        other.join()
    assert seen == [[person]]


def test_an_update_saves_the_fields_it_names_and_no_other() -> None:
    person = user(display_name="Anna", helix="academia", timezone="Europe/Sofia")
    person.display_name, person.helix, person.timezone = "Zoë", "business", "Europe/Athens"
    prepared.update(person, ["helix", "display_name"])
    person.refresh_from_db()
    assert (person.display_name, person.helix, person.timezone) == ("Zoë", "business", "Europe/Sofia")
    User.objects.all().delete()
    with pytest.raises(DatabaseError):
        prepared.update(person, ["helix"])


def test_the_database_keeps_the_statement_from_the_second_time_on() -> None:
    odd = "50 %s %% of 'Anna'"
    asked = Prepared(lambda: User.objects.filter(pk=Key("pk", BigIntegerField()), display_name=odd).order_by())
    person = user(display_name=odd)
    for _ in range(2):
        assert asked.ask(pk=person.pk) == [person]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall() if "'50 %s %% of ''Anna'''" in statement]
    assert len(kept) == 1


def test_an_insert_writes_what_is_new_and_leaves_the_rest_alone() -> None:
    person, moment = user(), dt.datetime(2026, 6, 15, 8, 30, 0, 123456, tzinfo=dt.UTC)
    about = {"kind": "x", "about_type": ContentType.objects.get_for_model(User), "about_id": person.pk}
    said = {"payload": {"Zoë": [1, None, "it's"]}, "due_at": moment, "next_try_at": moment, "expires_at": None}
    letters = [Notice(key=key, recipient=person, **about, **said) for key in ("a", "b", "a")]
    assert prepared.insert(letters) == 2
    assert prepared.insert(letters) == 0
    assert prepared.insert([]) == 0
    kept = list(Notice.objects.order_by("pk"))
    assert [each.key for each in kept] == ["a", "b"]
    names = [*about, *said, "recipient", "state", "lease", "attempts", "reason", "digest"]
    assert [[getattr(each, name) for name in names] for each in kept] == [
        [getattr(each, name) for name in names] for each in letters[:2]
    ]
    assert {each.created_at.tzinfo for each in kept} == {dt.UTC}


@pytest.fixture
def own() -> Iterator[Any]:
    """A connection of its own, as a worker has for many requests."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    yield made
    made.close()


def backend(own: Any) -> int:
    """Which process of the database answers the first question of a request."""
    own.health_check_done = False
    with prepared.cursor_of(own) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process: int = cursor.fetchone()[0]
        return process


def test_a_connection_that_is_there_is_not_asked_whether_it_is(own: Any) -> None:
    known = backend(own)
    with CaptureQueriesContext(own) as asked:
        assert backend(own) == known
    assert len(asked) == 1


def test_a_connection_that_the_database_closed_is_opened_anew(own: Any) -> None:
    known = backend(own)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [known])
    assert backend(own) != known
