"""What is not published is nowhere: one edition in every state before publication, asked for in every way there is."""

import datetime as dt

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
FORGED = [
    "page=-1", "page=99999999999999999999", "year=abc", "type=<script>", "group=%00&region=%00&helix=%00", "q=%27%3B--",
    "kind=%00", "helix=nobody", "q=" + "a" * 5000, "&".join(f"a{n}={n}" for n in range(10_000)),
    "&".join(f"group=g{n}" for n in range(900)),
]  # fmt: skip


@pytest.fixture(params=["draft", "ready", "in review", "approved"])
def hidden(request: pytest.FixtureRequest) -> Publication:
    """A publication that has come as far as the state."""
    group = factories.group(slug="secretive")
    topic = factories.challenge(group, slug="topic")
    publication = factories.publication(group, slug="hidden", topics=[topic])
    words = {"title": f"On {WORD}", "abstract": f"{WORD} explained."}
    if request.param == "draft":
        factories.drafted_edition(publication, **words)
        return publication
    edition = factories.built_edition(publication, **words)
    if request.param != "ready":
        edition = actions.submit(edition=edition, by=factories.secretariat())
    if request.param == "approved":
        actions.approve(edition=edition, by=factories.secretariat())
    return publication


def test_it_is_nowhere(hidden: Publication) -> None:
    client = Client()
    for address in GATHERED:
        answer = client.get(address)
        told = answer.content.decode().replace(f'value="{WORD}"', "").replace(f"{WORD}</title>", "")
        assert answer.status_code == 200, address
        listed = told.count(f"On {WORD}") + told.count("outcomes/hidden") + told.count(f"{WORD} explained")
        assert listed == 0, address
    assert {address: client.get(address).status_code for address in OWN} == dict.fromkeys(OWN, 404)
    following.confirm(follower=following.follow(wish=Wish("a@example.org", None, None, "each", "en")))
    assert following.tell_followers(now=timezone.now() + dt.timedelta(hours=1)) == 0
    assert hidden.editions.count() == 1


def test_published_it_is_everywhere() -> None:
    """Else the test above would be true of nothing."""
    group = factories.group(slug="secretive")
    publication = factories.publication(group, slug="hidden", topics=[factories.challenge(group, slug="topic")])
    edition = factories.published_edition(publication, title=f"On {WORD}", abstract=f"{WORD} explained.")
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
