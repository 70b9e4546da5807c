"""The list and its feed when the shelf is empty, grows or holds what is not published."""

from typing import Any

import feedparser
import pytest
from django.test import Client
from django.urls import reverse

from outcomes import actions
from outcomes.models import Edition
from tests import factories
from tests.outcomes.shelves import FEED, LIST, counts, outcome, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def test_an_empty_shelf_says_so(client: Client) -> None:
    page = client.get(LIST).content.decode()
    assert "0 outcomes" in page
    assert "Nothing published yet" in page


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
def test_the_list_takes_three_queries_and_the_feed_one(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    group = factories.group()
    for n in range(number):
        outcome(group, f"Outcome {n}")
    with django_assert_num_queries(3):
        client.get(LIST)
    with django_assert_num_queries(4):
        client.get(f"{LIST}?q=outcomex")
    with django_assert_num_queries(1):
        client.get(FEED)


def test_a_new_edition_renews_the_same_entry(client: Client) -> None:
    publication = factories.publication(factories.group())
    factories.published_edition(publication)
    first = feedparser.parse(client.get(FEED).content).entries
    factories.published_edition(publication, title="Corrected")
    second = feedparser.parse(client.get(FEED).content).entries
    assert ([e.id for e in first], len(second)) == ([e.id for e in second], 1)
    assert second[0].title == "Corrected"


def test_an_empty_feed_keeps_its_bytes(client: Client) -> None:
    assert client.get(FEED).content == client.get(FEED).content
    assert not feedparser.parse(client.get(FEED).content).bozo


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


def test_a_card_tells_how_many_ballots_and_countries_it_rests_on_and_helices_that_voted_are_a_facet(
    client: Client,
) -> None:
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
    assert counts(client, "helix") == {"government": 1, "business": 1, "academia": 1, "civil_society": 1}
    assert titles(client, "?helix=academia&helix=business") == ["What holds regions back"]
