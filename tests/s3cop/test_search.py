"""The search over all rooms: what the visitor may see, accents folded, mistyped words guessed, hits marked."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meetings.models import Meeting
from outcomes.highlights import highlighted, snippet
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/search/"


def found(client: Client, query: str) -> list[tuple[str, str]]:
    shown = client.get(PAGE, {"q": query}).context["found"]
    return sorted((hit.kind.name, str(hit.title)) for hit in shown.hits)


@pytest.fixture
def shelves() -> dict[str, Any]:
    """One record of each kind about lighthouses, and one that is not public."""
    group = factories.group(name="Lighthouse keepers", summary="They keep lighthouses.")
    factories.challenge(group, title="Lighthouses rust")
    factories.challenge(group, title="A lighthouse idea", status="proposed")
    factories.meeting(group, title="Visit of a lighthouse")
    factories.meeting(group, title="Secret lighthouse", announced_at=None, state=Meeting.State.DRAFT)
    factories.published_edition(factories.publication(group), title="What the lighthouse tells", abstract="Of ships.")
    factories.built_edition(factories.publication(group), title="Draft on the lighthouse")
    return {"group": group}


PUBLIC = [
    ("challenge", "<mark>Lighthouses</mark> rust"),
    ("group", "<mark>Lighthouse</mark> keepers"),
    ("meeting", "Visit of a <mark>lighthouse</mark>"),
    ("outcome", "What the <mark>lighthouse</mark> tells"),
]


@pytest.mark.usefixtures("shelves")
def test_a_stranger_finds_what_is_public_of_every_kind(client: Client) -> None:
    assert found(client, "lighthouses") == PUBLIC


def test_a_leader_finds_the_drafts_of_the_group_too(shelves: dict[str, Any], signed_in: Any) -> None:
    leader = factories.leader(shelves["group"])
    assert sorted({title for _kind, title in found(signed_in(leader), "lighthouse")}) == sorted(
        {title for _kind, title in PUBLIC}
        | {"A <mark>lighthouse</mark> idea", "Secret <mark>lighthouse</mark>", "Draft on the <mark>lighthouse</mark>"}
    )


@pytest.mark.usefixtures("shelves")
def test_one_kind_alone_and_its_numbers(client: Client) -> None:
    shown = client.get(PAGE, {"q": "lighthouse", "kind": "meeting"}).context["found"]
    assert [(kind.name, n) for kind, n in shown.counts] == [
        ("outcome", 1),
        ("group", 1),
        ("challenge", 1),
        ("meeting", 1),
    ]
    assert [hit.kind.name for hit in shown.hits] == ["meeting"]


def test_a_kind_without_a_hit_leads_to_those_with_one(client: Client) -> None:
    factories.meeting(factories.group(name="Ports"), title="Dredging")
    page = client.get(PAGE, {"q": "dredging", "kind": "group"}).content.decode()
    assert "Nothing of this kind has these words" in page
    assert 'href="?q=dredging&amp;kind=meeting"' in page


@pytest.mark.usefixtures("shelves")
def test_a_mistyped_word_is_guessed(client: Client) -> None:
    answer = client.get(PAGE, {"q": "ligthouse"})
    assert (answer.context["found"].is_guess, len(answer.context["found"].hits)) == (True, 4)
    assert client.get(PAGE, {"q": "xyzzyplugh"}).context["found"].hits == []


def test_accents_make_no_difference(client: Client) -> None:
    factories.group(name="Évaluation in Łódź")
    assert found(client, "evaluation lodz") == found(client, "ÉVALUATION Łódź")
    assert len(found(client, "evaluation")) == 1


def test_pages_do_not_overlap(client: Client) -> None:
    group = factories.group(name="Other")
    for n in range(45):
        factories.meeting(group, title=f"Windmill {n}")
    pages = [client.get(PAGE, {"q": "windmill", "page": n}).context["found"].hits for n in (1, 2, 3)]
    addresses = [hit.address for page in pages for hit in page]
    assert (len(addresses), len(set(addresses))) == (45, 45)


@pytest.mark.usefixtures("shelves")
@pytest.mark.parametrize(("words", "most"), [("lighthouse", 2), ("ligthouse", 2), ("", 0)])
def test_it_takes_few_queries(
    client: Client, words: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(most):
        client.get(PAGE, {"q": words})


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%27%22%28%29%26%7C%21",
        "q=-",
        "q=<script>alert(1)</script>",
        "q=a&page=-1",
        "q=a&page=99999",
        "q=a&kind=x",
    ],
)
def test_forged_questions_get_an_answer(client: Client, query: str) -> None:
    factories.group(name="A <script>alert(1)</script> group")
    answer = client.get(f"{PAGE}?{query}")
    assert (answer.status_code, "<script>alert" in answer.content.decode()) == (200, False)


@pytest.mark.parametrize("page", ["2", "25", "99"])
def test_a_page_past_the_end_is_the_last_one(client: Client, page: str) -> None:
    factories.group(name="Farthest")
    found = client.get(PAGE, {"q": "farthest", "page": page}).context["found"]
    assert ([str(hit.title) for hit in found.hits], found.number) == (["<mark>Farthest</mark>"], 1)


def test_a_dash_between_words_refuses_nothing(client: Client) -> None:
    factories.group(name="Capacity - funding")
    for words in ("Capacity - funding", "capacity -- funding", '"capacity - funding"'):
        assert "Capacity" in client.get(PAGE, {"q": words}).context["found"].hits[0].title, words
    assert client.get(PAGE, {"q": "capacity -funding"}).context["found"].hits == []


def test_hits_are_marked_with_their_accents_and_nothing_else_is_markup() -> None:
    assert highlighted("Évaluation <b> & evaluating", "evaluations") == (
        "<mark>Évaluation</mark> &lt;b&gt; &amp; <mark>evaluating</mark>"
    )
    assert highlighted("No fun", "-fun") == "No fun"
    assert snippet("word " * 100 + "needle " + "word " * 100, "needle").count("<mark>") == 1
    assert len(snippet("word " * 200, "needle")) < 260


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("AI in the EU", "ai eu", "<mark>AI</mark> in the <mark>EU</mark>"),
        ("Aim of it: AIs", "ai", "Aim of it: AIs"),
        ("A plan of the regions", "plan of a region", "A <mark>plan</mark> of the <mark>regions</mark>"),
        ("Ægir, Aegir and AEGIR", "ægir", "<mark>Ægir</mark>, <mark>Aegir</mark> and <mark>AEGIR</mark>"),
        ("Περιφέρειες και νησιά", "περιφερεια", "<mark>Περιφέρειες</mark> και νησιά"),
        ("Łódź – İzmir", "lodz izmir", "<mark>Łódź</mark> – <mark>İzmir</mark>"),
    ],
)
def test_short_words_are_marked_as_they_stand_and_long_ones_in_all_their_forms(
    text: str, words: str, marked: str
) -> None:
    assert highlighted(text, words) == marked


def test_a_guess_marks_what_is_spelt_nearly_so() -> None:
    text = "Capacity of cities, capacities"
    assert highlighted(text, "capazity", nearly=True) == "<mark>Capacity</mark> of cities, capacities"
    assert highlighted(text, "capazity") == text


@pytest.mark.usefixtures("shelves")
def test_a_guessed_hit_is_marked(client: Client) -> None:
    assert ("group", "<mark>Lighthouse</mark> keepers") in found(client, "lighthoose")
