"""The list over one shelf: search with stems, accents and typing errors, facets, chips, and forged addresses."""

import re
from typing import Any

import feedparser
import pytest
from django.test import Client

from outcomes import feeds
from outcomes.models import Edition
from tests import factories
from tests.outcomes.shelves import FEED, LIST, counts, outcome, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


@pytest.fixture(scope="module")
def shelf(rows_of_module: None) -> dict[str, Any]:  # noqa: ARG001 - a ground for what is made here
    first, second = factories.group(slug="inter", name="Interregional"), factories.group(slug="diff", name="Diffusion")
    outcome(first, "Capacity of regions", year=2023, regions=[factories.region("EL", name="Ελλάδα")])
    outcome(first, "Économie bleue in Åland", year=2024, kind="policy_brief", abstract="Boats.")
    outcome(second, "Lessons of diffusion", year=2024, plain_summary="What helps is *patience*.")
    return {"inter": first, "diff": second}


@pytest.mark.usefixtures("shelf")
def test_the_newest_comes_first(client: Client) -> None:
    assert titles(client) == ["Lessons of diffusion", "Économie bleue in Åland", "Capacity of regions"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=region", ["Capacity of regions"]),
        ("?q=economie+aland", ["Économie bleue in Åland"]),
        ("?q=patience", ["Lessons of diffusion"]),
        ("?q=boats", ["Économie bleue in Åland"]),
        ("?q=lessons+-diffusion", []),
        ("?q=Lessons+-+diffusion", ["Lessons of diffusion"]),
        ("?q=-+--", []),
        ("?q=capcity", ["Capacity of regions"]),
        ("?q=zzzzzz", []),
        ("?group=inter", ["Économie bleue in Åland", "Capacity of regions"]),
        ("?group=inter&group=diff&year=2024", ["Lessons of diffusion", "Économie bleue in Åland"]),
        ("?type=policy_brief", ["Économie bleue in Åland"]),
        ("?region=EL", ["Capacity of regions"]),
        ("?year=2023", ["Capacity of regions"]),
        ("?helix=academia", []),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_words_and_facets_find(client: Client, query: str, found: list[str]) -> None:
    assert titles(client, query) == found


@pytest.mark.usefixtures("shelf")
def test_a_guess_says_that_it_is_one(client: Client) -> None:
    assert "Nothing was found for “capcity”" in client.get(f"{LIST}?q=capcity").content.decode()
    assert "Nothing was found" not in client.get(f"{LIST}?q=capacity").content.decode()


@pytest.mark.usefixtures("shelf")
def test_each_facet_counts_what_the_other_filters_leave(client: Client) -> None:
    assert counts(client, "group") == {"diff": 1, "inter": 2}
    assert counts(client, "group", "?year=2024") == {"diff": 1, "inter": 1}
    assert counts(client, "group", "?group=inter") == {"diff": 1, "inter": 2}
    assert counts(client, "year") == {"2024": 2, "2023": 1}
    assert counts(client, "type", "?group=inter") == {"report": 1, "policy_brief": 1}
    assert counts(client, "region") == {"EL": 1}


@pytest.mark.usefixtures("shelf")
def test_each_active_filter_is_a_chip_that_removes_it(client: Client) -> None:
    chips = client.get(f"{LIST}?q=regions&group=inter&group=diff&year=2023&page=2").context["shelf"].chips
    assert [(chip.label, chip.query) for chip in chips] == [
        ("“regions”", "group=inter&group=diff&year=2023"),
        ("Diffusion", "q=regions&group=inter&year=2023"),
        ("Interregional", "q=regions&group=diff&year=2023"),
        ("2023", "q=regions&group=inter&group=diff"),
    ]


@pytest.mark.usefixtures("shelf")
def test_nothing_found_names_the_filter_whose_removal_helps(client: Client) -> None:
    page = client.get(f"{LIST}?group=diff&year=2023").content.decode()
    assert "Without “Working group” there is 1 outcome." in page
    assert 'href="?year=2023"' in page


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1",
        "?page=99999999999999999999",
        "?page=abc",
        "?page=%00",
        "?year=abc",
        "?year=0",
        "?year=99999",
        "?year=%C2%B2",
        "?type=<script>alert(1)</script>",
        "?group=%00",
        "?q=%00",
        "?q=%22",
        "?q=%27%20OR%201=1--",
        "?q=(((%26|!:*",
        "?q=" + "x" * 5000,
        "?region=" + "&region=".join(str(n) for n in range(300)),
        "?helix=%F0%9F%98%80",
        "?" + "&".join(f"p{n}=1" for n in range(900)),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_a_forged_address_is_answered(client: Client, query: str) -> None:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("address", [LIST, FEED, f"{LIST}?q=nothing"])
@pytest.mark.usefixtures("shelf")
def test_reading_sets_no_cookie(client: Client, address: str) -> None:
    response = client.get(address)
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


@pytest.mark.usefixtures("shelf")
def test_the_feed_tells_all_in_order_with_full_summaries(client: Client) -> None:
    feed = feedparser.parse(client.get(FEED).content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == titles(client)
    newest = feed.entries[0]
    edition = Edition.objects.get(title=newest.title)
    assert newest.id == f"http://127.0.0.1:8000{edition.publication.get_absolute_url()}"
    assert newest.link == f"http://127.0.0.1:8000{edition.get_absolute_url()}"
    assert newest.summary == "<p>Members ranked challenges.</p><p>What helps is <em>patience</em>.</p>"
    assert newest.author == "Diffusion"
    assert feed.feed.updated == "2024-07-14T00:00:00+00:00"


@pytest.mark.usefixtures("shelf")
def test_a_reader_of_the_feed_who_has_it_gets_304(client: Client) -> None:
    first = client.get(FEED)
    assert client.get(FEED)["ETag"] == first["ETag"]
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.usefixtures("shelf")
def test_the_feed_takes_the_filters_of_the_list(client: Client) -> None:
    entries = feedparser.parse(client.get(f"{FEED}?group=diff").content).entries
    assert [entry.title for entry in entries] == ["Lessons of diffusion"]


@pytest.mark.usefixtures("shelf")
def test_a_filtered_feed_is_one_of_its_own(client: Client) -> None:
    """A reader's program follows the address that the feed calls its own, and tells feeds apart by their ids."""
    site = "http://127.0.0.1:8000"
    whole, part = (
        feedparser.parse(client.get(f"{FEED}{query}").content).feed for query in ("", "?group=diff&odd=%3Cx")
    )
    own = [link.href for feed in (whole, part) for link in feed.links if link.rel == "self"]
    assert own == [f"{site}{FEED}", f"{site}{FEED}?group=diff"]
    assert (whole.id, part.id, part.link) == (f"{site}{LIST}", *[f"{site}{LIST}?group=diff"] * 2)


@pytest.mark.usefixtures("shelf")
def test_a_long_feed_is_read_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PER_PAGE", 2)
    read, turned = [], []
    first = address = f"{FEED}?year=2023&year=2024"
    while address:
        feed = feedparser.parse(client.get(address).content)
        read += [entry.title for entry in feed.entries]
        links = {link.rel: link.href.removeprefix("http://127.0.0.1:8000") for link in feed.feed.links}
        turned.append((links["self"], links.get("previous", "")))
        address = links.get("next", "")
    assert (read, turned) == (titles(client), [(first, ""), (f"{first}&page=2", first)])


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("page", ["0", "-1", "x", "%00", "9" * 30, "%D9%A1", "2&page=1"])
def test_a_page_that_is_none_is_the_first(client: Client, page: str) -> None:
    assert client.get(f"{FEED}?page={page}").content == client.get(FEED).content


@pytest.mark.usefixtures("shelf")
def test_found_words_are_marked_in_title_and_abstract_and_shown_in_the_article_where_only_it_has_them(
    client: Client,
) -> None:
    def marked(query: str) -> list[str]:
        page = client.get(LIST, {"q": query}).content.decode()
        return re.findall(r"<(?:a href|p)[^>]*>([^\n]*<mark>.*?)(?:</a></h3>|</p>)", page)

    assert marked("economie boats") == ["<mark>Économie</mark> bleue in Åland", "<mark>Boats</mark>."]
    assert marked("patience") == ["… In plain words What helps is <mark>patience</mark>. …"]
    assert marked("regional") == ["Capacity of <mark>regions</mark>"]


HOSTILE = '</mark><script>alert(1)</script> & "quoted" ['


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "query", [HOSTILE, "script <b>x", "alert\\m.*(+?", "a" * 200, "ab " * 70, "&lt; mark amp quot"]
)
def test_neither_query_nor_text_becomes_markup(client: Client, query: str, shelf: dict[str, Any]) -> None:
    outcome(
        shelf["diff"], f"Alert: {HOSTILE}", abstract=f"Quoted {HOSTILE}", plain_summary="Mark `<script>amp</script>`."
    )
    page = client.get(LIST, {"q": query}).content.decode()
    assert re.findall(r"<script>|alert\(1\)</script>|<b>x|&amp;amp;|&<mark>", page) == []
