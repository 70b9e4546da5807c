"""One table over every address and every kind of visitor. Denied means: the right status, and nothing changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import World, build_world

pytestmark = pytest.mark.django_db

VISITORS = ("anonymous", "outsider", "member", "leader", "secretariat")
THEIRS = ("admin", "account_")  # addresses of Django's admin and of django-allauth, tested apart


@dataclass(frozen=True)
class Row:
    """An address, what fills it, and the status of GET for each visitor in the order of VISITORS."""

    name: str
    fill: Callable[[World], list[Any]]
    statuses: tuple[int, int, int, int, int]


def nothing(_: World) -> list[Any]:
    return []


def same(status: int) -> tuple[int, int, int, int, int]:
    return (status,) * 5


ALL, SIGN_IN = same(200), 302
STEERING = (302, 404, 403, 200, 200)
OFFICE = (302, 404, 403, 403, 200)

TABLE: list[Row] = []


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield prefix + pattern.name


def test_the_table_knows_every_address() -> None:
    known = {name for name in names(get_resolver().url_patterns) if not name.startswith(THEIRS)}
    assert {row.name for row in TABLE} == known


@pytest.fixture
def world() -> World:
    return build_world()


def client_for(world: World, visitor: str) -> Client:
    client = Client(raise_request_exception=True)
    if visitor != "anonymous":
        client.force_login(getattr(world, visitor), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def everything() -> dict[str, str]:
    """One checksum for each table of ours."""
    sums = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.app_label not in {"sessions", "admin"}:
                cursor.execute(f'SELECT coalesce(md5(string_agg(t::text, \'|\' ORDER BY t::text)), \'\') FROM "{table}" t')
                sums[table] = cursor.fetchone()[0]
    return sums


def is_sign_in(response: HttpResponse) -> bool:
    return response.status_code == SIGN_IN and "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_visitor_gets_the_status_of_the_table(row: Row, world: World) -> None:
    address = reverse(row.name, args=row.fill(world))
    answers = tuple(client_for(world, visitor).get(address) for visitor in VISITORS)
    assert tuple(answer.status_code for answer in answers) == row.statuses
    if row.statuses[0] == SIGN_IN and not row.name.startswith("s3cop:letter"):
        assert is_sign_in(answers[0])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_denied_post_changes_nothing(row: Row, world: World) -> None:
    address = reverse(row.name, args=row.fill(world))
    for visitor, status in zip(VISITORS, row.statuses, strict=True):
        if status in {200, 405}:
            continue
        before = everything()
        answer = client_for(world, visitor).post(address, {"reply": "yes", "reason": "Because.", "confirm": "on"})
        assert answer.status_code in {302, 403, 404, 405}
        assert everything() == before, visitor


@pytest.mark.parametrize("row", [row for row in TABLE if row.statuses[0] == 200], ids=lambda row: row.name)
def test_reading_a_public_page_sets_no_cookie_and_does_not_vary_by_it(row: Row, world: World) -> None:
    answer = client_for(world, "anonymous").get(reverse(row.name, args=row.fill(world)))
    takes_a_form = b"csrfmiddlewaretoken" in answer.getvalue()
    assert not answer.cookies or takes_a_form
    assert "Cookie" not in answer.get("Vary", "") or takes_a_form


@pytest.mark.parametrize("visitor", VISITORS)
def test_what_is_listed_as_visible_is_what_the_addresses_show(visitor: str, world: World) -> None:
    """For each model with a page: a record is in `visible_to` exactly when its page does not answer 404 or sign-in."""
    viewer = None if visitor == "anonymous" else getattr(world, visitor)
    client = client_for(world, visitor)
    for model in world.paged_models:
        visible = set(model._default_manager.visible_to(viewer).values_list("pk", flat=True))
        for record in model._default_manager.order_by("pk"):
            answer = client.get(record.get_absolute_url())
            shown = answer.status_code != 404 and not is_sign_in(answer)
            assert shown == (record.pk in visible), (visitor, record)
