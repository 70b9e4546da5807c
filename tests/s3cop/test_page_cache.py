"""The page cache of anonymous readers: no query when kept, gone with the next change, compressed, never for others."""

import datetime as dt
import gzip
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetings import actions as meetings
from meetings.registration_tokens import token_of
from outcomes import actions
from outcomes.models import Edition
from s3cop import page_cache
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/outcomes/"
KEPT = [
    "/", LIST, "/outcomes/?q=lessons&page=1", "/outcomes/lessons/", "/outcomes/feed.atom", "/search/?q=lessons",
    "/webinars/", "/webinars/?kind=webinar",
]  # fmt: skip
NOT_KEPT = [
    f"{LIST}?utm_source=x", f"{LIST}?q={'a' * 400}", "/outcomes/follow/", "/accounts/login/", "/readyz",
    "/oai?verb=ListSets",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _switched_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PAGE_CACHE = True
    monkeypatch.setattr(page_cache, "VERSION_SECONDS", 0.0)
    page_cache.SHELF.clear()
    yield
    page_cache.SHELF.clear()


def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the second after the version was read."""
    monkeypatch.setattr(page_cache, "VERSION_SECONDS", 1000.0)


@pytest.fixture(scope="module")
def lessons(rows_of_module: None) -> int:  # noqa: ARG001 - built once, rolled back after the module
    """The number of an edition in print."""
    return factories.published_edition(factories.publication(factories.group(), slug="lessons"), title="Lessons").pk


@pytest.fixture
def edition(lessons: int, db: None) -> Edition:  # noqa: ARG001 - what the test does to it is rolled back
    return Edition.objects.get(pk=lessons)


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", KEPT)
def test_a_kept_page_takes_no_query_and_is_the_same(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(address)
    held(monkeypatch)
    with django_assert_num_queries(0):
        again = client.get(address)
    assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
    assert (again["Content-Type"], again["Cache-Control"]) == (first["Content-Type"], "public, no-cache")


def test_a_publication_and_a_withdrawal_show_at_once(client: Client, edition: Edition) -> None:
    assert "Lessons" in client.get(LIST).content.decode()
    factories.published_edition(factories.publication(factories.group()), title="Newer")
    assert "Newer" in client.get(LIST).content.decode()
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="Wrong.")
    assert "Lessons" not in client.get(LIST).content.decode()


@pytest.mark.usefixtures("edition")
def test_each_encoding_has_its_bytes_and_its_etag(client: Client) -> None:
    plain = client.get(LIST)
    brotlied = client.get(LIST, headers={"Accept-Encoding": "gzip, deflate, br"})
    gzipped = client.get(LIST, headers={"Accept-Encoding": "gzip, br;q=0"})
    assert brotli.decompress(brotlied.content) == gzip.decompress(gzipped.content) == plain.content
    assert len({plain["ETag"], brotlied["ETag"], gzipped["ETag"]}) == 3
    assert {one["Vary"] for one in (plain, brotlied, gzipped)} == {"Accept-Encoding, HX-Request"}
    assert int(brotlied["Content-Length"]) == len(brotlied.content) < len(plain.content) / 2


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("first", ["1", "2"])
def test_of_a_filter_that_is_given_twice_the_last_one_counts(client: Client, first: str) -> None:
    """Kept pages too: the order of such values is part of the question."""
    words = {"1": "lessons", "2": "nothing"}
    second = "2" if first == "1" else "1"
    client.get(f"{LIST}?q={words[second]}&q={words[first]}")
    answer = client.get(f"{LIST}?q={words[first]}&q={words[second]}")
    assert f'value="{words[second]}"' in answer.content.decode()


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", [LIST, "/robots.txt", "/outcomes/lessons/v1/download/pdf/"])
def test_head_tells_what_get_would_bring_and_keeps_nothing(client: Client, address: str) -> None:
    asked = {"Accept-Encoding": "br"}
    told = client.head(address, headers=asked)
    assert (told.content, len(page_cache.SHELF.pages)) == (b"", 0)
    brought = client.get(address, headers=asked)
    assert dict(told.items()) == dict(brought.items())


@pytest.mark.usefixtures("edition")
def test_who_wants_what_is_kept_alone_gets_it(client: Client) -> None:
    """A condition on the compressed feed is none on what the feed's own view makes."""
    asked = {"Accept-Encoding": "br"}
    asked |= {"If-Match": client.get("/outcomes/feed.atom", headers=asked)["ETag"]}
    page_cache.SHELF.clear()
    assert client.get("/outcomes/feed.atom", headers=asked).status_code == 200
    assert client.get("/outcomes/feed.atom", headers=asked | {"If-Match": '"other"'}).status_code == 412


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", [LIST, "/outcomes/feed.atom", "/outcomes/lessons/v1/download/pdf/"])
def test_who_has_it_gets_304_kept_or_not(client: Client, address: str) -> None:
    asked = {"Accept-Encoding": "br"}
    first = client.get(address, headers=asked)
    asked |= {"If-None-Match": first["ETag"]}
    kept = client.get(address, headers=asked)
    page_cache.SHELF.clear()
    fresh = client.get(address, headers=asked)
    assert [(one.status_code, one.content, one["ETag"]) for one in (kept, fresh)] == [(304, b"", first["ETag"])] * 2


def test_who_signed_in_neither_reads_nor_fills_the_shelf(client: Client, edition: Edition, signed_in: Any) -> None:
    leader = signed_in(factories.leader(edition.publication.groups.get()))
    own = leader.get("/outcomes/lessons/", headers={"Accept-Encoding": "br"})
    assert ("Content-Encoding" in own, own["Cache-Control"]) == (False, "private, no-store")
    strangers = client.get("/outcomes/lessons/").content.decode()
    assert ("New edition" in own.content.decode(), "New edition" in strangers) == (True, False)
    assert "New edition" in leader.get("/outcomes/lessons/").content.decode()


def test_harvesters_get_answers_compressed(client: Client) -> None:
    asked = "/oai?verb=ListSets"
    packed = client.get(asked, headers={"Accept-Encoding": "gzip"})
    assert b"<ListSets>" in gzip.decompress(packed.content)
    assert b"<compression>gzip<" in client.get("/oai?verb=Identify").content


@pytest.mark.usefixtures("edition")
def test_a_fragment_is_not_served_as_a_page(client: Client) -> None:
    client.get(LIST)
    assert len(page_cache.SHELF.pages) == 1
    client.get(LIST, headers={"HX-Request": "true"})
    assert len(page_cache.SHELF.pages) == 2


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", NOT_KEPT)
def test_odd_questions_forms_and_private_rooms_are_not_kept(client: Client, address: str) -> None:
    client.get(address)
    assert len(page_cache.SHELF.pages) == 0


def test_seats_are_counted_at_once_and_the_link_of_a_registration_is_nobody_else_s(client: Client) -> None:
    starts, office = timezone.now() + dt.timedelta(days=9), factories.secretariat()
    webinar = meetings.draft_webinar(
        by=office, title="Seats", slug="seats", capacity=2, starts_at=starts, ends_at=starts + dt.timedelta(hours=1)
    )
    meetings.open_registration(webinar=meetings.announce_webinar(webinar=webinar, by=office), by=office)
    assert "2 seats left" in client.get("/webinars/seats/").content.decode()
    anne = meetings.register(webinar=webinar, visitor=meetings.Visitor("Anne", "anne@example.org"))
    kept = len(page_cache.SHELF.pages)
    own = client.get(reverse("meetings:registration", args=[token_of(anne)]))
    assert ("Anne" in own.content.decode(), len(page_cache.SHELF.pages)) == (True, kept)
    meetings.confirm(registration=anne)
    assert "1 seat left" in client.get("/webinars/seats/").content.decode()


def test_errors_are_not_kept(client: Client) -> None:
    assert client.get("/outcomes/none/").status_code == 404
    factories.published_edition(factories.publication(factories.group(), slug="none"))
    assert client.get("/outcomes/none/").status_code == 200


def test_the_shelf_does_not_grow_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MOST_BYTES", 60_000)
    for n in range(12):
        client.get(f"{LIST}?q=word{n}")
    assert 0 < len(page_cache.SHELF.pages) < 12
    assert page_cache.SHELF.size <= 60_000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""),
        ("br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000", ""),
        ("identity", ""),
        ("BR;q=0.5", "br"),
    ],
)
def test_the_encoding_is_one_the_reader_takes(header: str, expected: str) -> None:
    assert page_cache.accepted(header, 10_000) == expected
    assert page_cache.accepted(header, 100) == ""
