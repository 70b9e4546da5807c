"""The list: search with stems, accents and typing errors, facets with counts, chips, and forged addresses."""

import datetime as dt
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.urls import reverse

from outcomes import actions
from outcomes.models import Edition
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

LIST, FEED = "/outcomes/", "/outcomes/feed.atom"


def outcome(of: Any, title: str, *, year: int = 2023, **values: Any) -> Edition:
    """A published edition without the weight of a build's PDF in each test."""
    prose = {name: values.pop(name) for name in ("abstract", "plain_summary") if name in values}
    publication = factories.publication(of, **values)
    when = dt.datetime(year, 7, 14, tzinfo=dt.UTC)
    return factories.published_edition(publication, title=title, now=when, **prose)


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return [edition.title for edition in response.context["page_obj"]]


def counts(client: Client, facet: str, query: str = "") -> dict[str, int]:
    shelf = client.get(f"{LIST}{query}").context["shelf"]
    return next({c.value: c.n for c in one.choices} for one in shelf.facets if one.name == facet)


@pytest.fixture
def shelf() -> dict[str, Any]:
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
    assert "Nothing contains “capcity”" in client.get(f"{LIST}?q=capcity").content.decode()
    assert "Nothing contains" not in client.get(f"{LIST}?q=capacity").content.decode()


@pytest.mark.usefixtures("shelf")
def test_each_facet_counts_what_the_other_filters_leave(client: Client) -> None:
    assert counts(client, "group") == {"diff": 1, "inter": 2}
    assert counts(client, "group", "?year=2024") == {"diff": 1, "inter": 1}
    assert counts(client, "group", "?group=inter") == {"diff": 1, "inter": 2}
    assert counts(client, "year") == {"2024": 2, "2023": 1}
    assert counts(client, "type", "?group=inter") == {"report": 1, "policy_brief": 1}
    assert counts(client, "region") == {"EL": 1}


def test_helices_that_voted_are_a_facet(client: Client) -> None:
    group = factories.group()
    told = factories.published_round(group, *[[1, 2, 3], [1, 3, 2]] * 10)
    factories.published_edition(factories.publication(group), told)
    assert counts(client, "helix") == {"government": 1, "business": 1, "academia": 1, "civil_society": 1}
    assert titles(client, "?helix=academia&helix=business") == ["What holds regions back"]


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


def test_an_empty_shelf_says_so(client: Client) -> None:
    page = client.get(LIST).content.decode()
    assert "0 outcomes" in page
    assert "Nothing published yet" in page


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


def test_ten_thousand_parameters_are_a_bad_request(client: Client) -> None:
    assert client.get(f"{LIST}?{'&'.join(f'p{n}=1' for n in range(10_000))}").status_code == 400


def test_many_outcomes_come_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from outcomes import shelf

    monkeypatch.setattr(shelf, "PER_PAGE", 2)
    group = factories.group()
    for number in range(3):
        outcome(group, f"Outcome {number}", year=2020 + number)
    assert titles(client) == ["Outcome 2", "Outcome 1"]
    assert titles(client, "?page=2&type=report") == ["Outcome 0"]
    assert "page=1&amp;type=report" in client.get(f"{LIST}?page=2&type=report").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_three_queries(client: Client, number: int, django_assert_num_queries: Any) -> None:
    group = factories.group()
    for n in range(number):
        outcome(group, f"Outcome {n}")
    with django_assert_num_queries(3):
        client.get(LIST)
    with django_assert_num_queries(4):
        client.get(f"{LIST}?q=outcomex")


@pytest.mark.parametrize("number", [1, 3])
def test_the_feed_takes_one_query(client: Client, number: int, django_assert_num_queries: Any) -> None:
    group = factories.group()
    for n in range(number):
        outcome(group, f"Outcome {n}")
    with django_assert_num_queries(1):
        client.get(FEED)


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


def test_a_new_edition_renews_the_same_entry(client: Client) -> None:
    publication = factories.publication(factories.group())
    factories.published_edition(publication)
    first = feedparser.parse(client.get(FEED).content).entries
    factories.published_edition(publication, title="Corrected")
    second = feedparser.parse(client.get(FEED).content).entries
    assert ([e.id for e in first], len(second)) == ([e.id for e in second], 1)
    assert second[0].title == "Corrected"


@pytest.mark.usefixtures("shelf")
def test_a_reader_of_the_feed_who_has_it_gets_304(client: Client) -> None:
    first = client.get(FEED)
    assert client.get(FEED)["ETag"] == first["ETag"]
    assert client.get(FEED, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_an_empty_feed_keeps_its_bytes(client: Client) -> None:
    assert client.get(FEED).content == client.get(FEED).content
    assert not feedparser.parse(client.get(FEED).content).bozo


@pytest.mark.usefixtures("shelf")
def test_the_feed_takes_the_filters_of_the_list(client: Client) -> None:
    entries = feedparser.parse(client.get(f"{FEED}?group=diff").content).entries
    assert [entry.title for entry in entries] == ["Lessons of diffusion"]


def test_what_is_not_published_is_in_neither(client: Client) -> None:
    group = factories.group()
    factories.built_edition(factories.publication(group))
    gone = factories.published_edition(factories.publication(group))
    actions.withdraw(edition=gone, by=factories.secretariat(), reason="Wrong.")
    assert titles(client) == []
    assert feedparser.parse(client.get(FEED).content).entries == []


def test_the_button_for_a_new_publication_is_for_writers(signed_in: Any) -> None:
    group = factories.group()
    people = [factories.member(group), factories.member(group, role="rapporteur"), factories.secretariat()]
    shown = [reverse("outcomes:new") in signed_in(person).get(LIST).content.decode() for person in people]
    assert shown == [False, True, True]


@pytest.mark.parametrize(("numbers", "ballots"), [([23], 23), ([], None), ([23, 9], None)])
def test_an_edition_knows_the_ballots_of_its_only_round(numbers: list[int], ballots: int | None) -> None:
    edition = factories.drafted_edition(factories.publication(factories.group()))
    edition.snapshot = {"sources": {"rounds": [{"result": {"n": n}} for n in numbers]}}
    edition.save()
    assert Edition.objects.get().ballots == ballots


def test_a_card_tells_how_many_ballots_and_countries_it_rests_on(client: Client) -> None:
    group = factories.group()
    told = factories.published_round(group, *[[1, 2, 3], [1, 3, 2]] * 10)
    regions = [factories.region(code) for code in ("EL30", "EL41", "BE")]
    factories.published_edition(factories.publication(group, regions=regions), told)
    outcome(group, "One country", regions=regions[:2])
    outcome(group, "Everywhere")
    assert {card.title: card.rests_on for card in client.get(LIST).context["page_obj"]} == {
        "Everywhere": "",
        "One country": "1 country",
        "What holds regions back": "20 ballots, 2 countries",
    }
