"""What is not published is nowhere: one edition in every state before publication, asked for in every way there is."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outcomes import actions
from outcomes.actions import following
from outcomes.actions.following import Wish
from outcomes.models import Edition, Publication
from tests import factories

pytestmark = pytest.mark.django_db
WORD = "Zweckrationalität"
GATHERED = [
    "/", "/outcomes/", f"/outcomes/?q={WORD}", "/outcomes/?type=report", "/outcomes/feed.atom", "/groups/secretive/",
    "/groups/secretive/feed.atom", "/challenges/topic/", "/challenges/topic/feed.atom", f"/search/?q={WORD}",
    "/search/?q=Zweckrationalitet", "/sitemap.xml", "/catalogue.ttl", "/catalogue.jsonld", "/api/v1/publications/",
    f"/api/v1/publications/?q={WORD}", "/api/v1/groups/", "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:hidden",
]  # fmt: skip
OWN = [
    "/outcomes/hidden/", "/outcomes/hidden/v1/", "/outcomes/hidden/v1/download/pdf/",
    "/outcomes/hidden/v1/download/json/", "/outcomes/hidden/v1/download/bib/", "/outcomes/hidden/v1/card.png",
    "/api/v1/publications/hidden/", "/api/v1/publications/hidden/v1/",
]  # fmt: skip
LISTS = [
    "/outcomes/",
    "/outcomes/references/",
    "/outcomes/feed.atom",
    "/search/",
    "/meetings/",
    "/challenges/",
    "/groups/",
]
FLOOD = "&".join(f"a{n}={n}" for n in range(10_000))
FLOODED = [
    "/api/v1/publications/", "/api/v1/references/", "/api/v1/groups/", "/oai", "/sitemap.xml", "/catalogue.ttl",
    "/catalogue.jsonld", "/groups/secretive/feed.atom", "/challenges/topic/feed.atom", "/outcomes/hidden/",
    "/outcomes/hidden/v1/card.png",
]  # fmt: skip
FORGED = [
    "page=-1", "page=99999999999999999999", "year=abc", "type=<script>", "group=%00&region=%00&helix=%00", "q=%27%3B--",
    "kind=%00", "helix=nobody", "q=" + "a" * 5000, FLOOD,
    "&".join(f"group=g{n}" for n in range(900)),
]  # fmt: skip


WORDS: dict[str, Any] = {"title": f"On {WORD}", "abstract": f"{WORD} explained."}
FIRST = [address for address in OWN if "hidden/v1/" in address]
SECOND = [address.replace("n/v1/", "n/v2/") for address in [*FIRST, "/outcomes/hidden/v1/changes/"]]
SOON = dt.timedelta(minutes=5)


@pytest.fixture
def hidden() -> Publication:
    group = factories.group(slug="secretive")
    return factories.publication(group, slug="hidden", topics=[factories.challenge(group, slug="topic")])


def brought(publication: Publication) -> Iterator[str]:
    """Plan the next edition and take it through all states before publication; yield each state's name."""
    office = factories.secretariat
    edition = factories.drafted_edition(publication, **WORDS)
    yield "draft"
    actions.request_build(edition=edition, by=None)
    yield "building"
    actions.build_edition(edition.pk)
    yield "ready"
    actions.submit(edition=edition, by=office())
    yield "in_review"
    actions.approve(edition=edition, by=office())
    yield "approved"
    actions.schedule(edition=edition, by=office(), at=timezone.now() + SOON)
    yield "approved"


def said(client: Client, address: str) -> str:
    """What the address answers, without the echo of the question."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode(errors="replace").replace("\\u00e4", "ä")
    return text.replace(f'value="{WORD}"', "").replace(f"{WORD}</title>", "")


@pytest.fixture
def _followed(hidden: Publication) -> None:  # noqa: ARG001 - before anything is there
    following.confirm(follower=following.follow(wish=Wish("a@example.org", None, None, "each", "en")))


def assert_nowhere(publication: Publication, state: str) -> None:
    assert publication.editions.get().state == state
    client = Client()
    for address in GATHERED:
        told = said(client, address)
        assert [words in told for words in (*WORDS.values(), "outcomes/hidden")] == [False] * 3, (state, address)
    assert {address: client.get(address).status_code for address in OWN} == dict.fromkeys(OWN, 404), state
    assert following.tell_followers(now=timezone.now() + dt.timedelta(hours=1)) == 0, state


@pytest.mark.usefixtures("_followed")
def test_it_is_nowhere_from_the_plan_to_the_day_it_is_scheduled_for(hidden: Publication) -> None:
    states = []
    for state in brought(hidden):
        assert_nowhere(hidden, state)
        states.append(state)
    assert len(states) == 6
    assert actions.publish_due(now=timezone.now() + SOON) == 1


@pytest.mark.usefixtures("_followed")
def test_what_could_not_be_built_is_nowhere(hidden: Publication) -> None:
    """What it tells of is not public."""
    factories.built_edition(hidden, factories.open_round(hidden.groups.get(), electors=1), **WORDS)
    assert_nowhere(hidden, "failed")


def test_the_next_edition_is_nowhere_beside_the_one_in_print(hidden: Publication) -> None:
    factories.published_edition(hidden, title="Known to all", abstract="Old.")
    assert len(list(brought(hidden))) == 6
    client = Client()
    for address in [*GATHERED, *OWN]:
        told = said(client, address)
        assert [words in told for words in (*WORDS.values(), "hidden/v2")] == [False] * 3, address
    assert {address: client.get(address).status_code for address in SECOND} == dict.fromkeys(SECOND, 404)
    assert actions.publish_due(now=timezone.now() + SOON) == 1
    assert {address: client.get(address).status_code for address in SECOND} == dict.fromkeys(SECOND, 200)


def test_published_it_is_everywhere(hidden: Publication) -> None:
    """Else the tests above would be true of nothing."""
    edition = factories.published_edition(hidden, **WORDS)
    client = Client()
    missing = [address for address in GATHERED if not _tells(client.get(address).content.decode(), edition)]
    assert missing == ["/api/v1/groups/"]
    assert {client.get(address).status_code for address in OWN} == {200}


def _tells(text: str, edition: Edition) -> bool:
    plain = text.replace("<mark>", "").replace("</mark>", "").replace("\\u00e4", "ä")
    return edition.title in plain or "outcomes/hidden" in plain or "oai:127.0.0.1:hidden<" in plain


@pytest.mark.parametrize("query", FORGED, ids=lambda query: query[:30])
def test_no_forged_filter_breaks_a_list(query: str) -> None:
    for address in LISTS:
        assert Client().get(f"{address}?{query}").status_code in {200, 400}, address


def test_ten_thousand_parameters_break_nothing_that_machines_read(hidden: Publication) -> None:
    factories.published_edition(hidden)
    client = Client()
    answers = {address: client.get(f"{address}?{FLOOD}&verb=Identify").status_code for address in FLOODED}
    assert {address: status for address, status in answers.items() if status not in {200, 400}} == {}
    posted = client.post("/oai", f"{FLOOD}&verb=Identify", content_type="application/x-www-form-urlencoded")
    assert posted.status_code == 400
