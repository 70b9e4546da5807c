"""What machines read of outcomes: page metadata, Link headers, the catalogue, OAI-PMH, the sitemap, shared pictures."""

import copy
import datetime as dt
import io
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import rdflib
from django.test import Client
from django.urls import get_resolver
from PIL import Image
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from outcomes import actions, cards, oai
from outcomes.models import Edition
from tests import factories

with warnings.catch_warnings():  # an old escape in the library's own source
    warnings.simplefilter("ignore")
    from sickle import Sickle
    from sickle.models import Record
    from sickle.oaiexceptions import BadArgument, BadResumptionToken, IdDoesNotExist, NoRecordsMatch
    from sickle.response import OAIResponse

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def lessons(rows_of_module: None) -> Edition:  # noqa: ARG001 - a ground for what is made here
    """A published edition whose words try to leave every place they are put in."""
    group = factories.group(slug="diff", name="Diffusion & more")
    topic = factories.challenge(group, title="Capacity")
    publication = factories.publication(group, slug="lessons", topics=[topic])
    return factories.published_edition(
        publication, title='Lessons "of" </script><b>diffusion', abstract="What & <why>\nin two lines."
    )


@pytest.fixture
def edition(lessons: Edition) -> Edition:
    return copy.deepcopy(lessons)


def page(client: Client, edition: Edition) -> str:
    return client.get(edition.get_absolute_url()).content.decode()


def tags_in(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([\w.:_]+)" content="([^"]*)"', html))


def test_the_page_carries_report_dataset_and_breadcrumbs(client: Client, edition: Edition) -> None:
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, edition), re.DOTALL)
    report, dataset, breadcrumbs = json.loads(data)["@graph"]
    assert (report["@type"], dataset["@type"], breadcrumbs["@type"]) == ("Report", "Dataset", "BreadcrumbList")
    assert report["name"] == edition.title
    assert [file["encodingFormat"] for file in dataset["distribution"]] == ["text/csv", "application/json"]
    assert [step["item"] for step in breadcrumbs["itemListElement"]] == [
        f"{SITE}/",
        f"{SITE}/outcomes/",
        SITE + edition.get_absolute_url(),
    ]
    for file in report["encoding"] + dataset["distribution"]:
        assert client.get(file["contentUrl"].removeprefix(SITE)).status_code == 200


def test_the_page_carries_dublin_core_citation_and_open_graph_tags(client: Client, edition: Edition) -> None:
    html = page(client, edition)
    tags = tags_in(html)
    day = f"{edition.published_at:%Y-%m-%d}"
    assert (tags["DC.date"], tags["DC.creator"], tags["DC.subject"]) == (day, "Diffusion &amp; more", "Capacity")
    assert tags["citation_publication_date"] == day.replace("-", "/")
    titles = {tags[name] for name in ("og:title", "DC.title", "citation_title", "og:image:alt")}
    assert titles == {"Lessons &quot;of&quot; &lt;/script&gt;&lt;b&gt;diffusion"}
    assert tags["citation_author"] == "Diffusion &amp; more"
    assert client.get(tags["citation_pdf_url"].removeprefix(SITE))["Content-Type"] == "application/pdf"
    assert f'<link rel="canonical" href="{SITE}{edition.get_absolute_url()}">' in html


def test_topics_that_change_in_print_change_in_what_machines_read(client: Client, edition: Edition) -> None:
    """The tags say what the page and the catalogue say; what is parked is not told."""
    group = edition.publication.groups.get()
    topics = [factories.challenge(group, title="New"), factories.challenge(group, title="Hidden", status="parked")]
    actions.set_topics(publication=edition.publication, topics=topics, by=factories.secretariat())
    html = page(client, edition)
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    tags = tags_in(html)
    assert (tags["DC.subject"], tags["citation_keywords"]) == ("New", "New")
    assert [each["keywords"] for each in json.loads(data)["@graph"][:2]] == [["New"], ["New"]]
    [dataset] = graph_of(client, "/catalogue.ttl", "turtle").subjects(RDF.type, DCAT.Dataset)
    told = graph_of(client, "/catalogue.ttl", "turtle").objects(dataset, DCAT.keyword)
    assert [str(word) for word in told] == ["New"]


def test_the_link_header_names_citation_files_and_licence(client: Client, edition: Edition) -> None:
    answer = client.get(edition.get_absolute_url())
    links = re.findall(r'<([^>]+)>; rel="([a-z-]+)"', answer["Link"])
    told: dict[str, list[str]] = {}
    for address, relation in links:
        told.setdefault(relation, []).append(address)
    assert told["cite-as"] == [SITE + edition.get_absolute_url()]
    assert told["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    for address in told["item"] + told["describedby"]:
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_the_link_header_holds_any_doi(client: Client, edition: Edition) -> None:
    actions.set_doi(edition=edition, by=factories.secretariat(), doi="10.1000/(SICI)49:8<693::Ω>3.0")
    address = "https://doi.org/10.1000/(SICI)49:8%3C693::%CE%A9%3E3.0"
    assert client.get(edition.get_absolute_url())["Link"].startswith(f'<{address}>; rel="cite-as", <{SITE}/')


def test_an_edition_not_in_print_describes_itself_to_nobody(signed_in: Any) -> None:
    draft = factories.built_edition(factories.publication(factories.group()))
    answer = signed_in(factories.secretariat()).get(draft.get_absolute_url())
    assert (answer.status_code, "ld+json" in answer.content.decode(), "Link" in answer) == (200, False, False)


def test_the_shared_picture_is_drawn_once_and_has_the_right_size(client: Client, edition: Edition) -> None:
    other = factories.published_edition(edition.publication, title="Another title")
    pictures = []
    for shown in (edition, other):
        tags = tags_in(page(client, shown))
        pictures.append(client.get(tags["og:image"].removeprefix(SITE)).content)
        size = int(tags["og:image:width"]), int(tags["og:image:height"])
        assert Image.open(io.BytesIO(pictures[-1])).size == size == (1200, 630)
    assert client.get(f"{edition.get_absolute_url()}card.png").content == pictures[0] != pictures[1]


@pytest.mark.parametrize(
    "title",
    ["WIDE CAPITALS " * 17, "W" * 250, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau", "Ш" * 60 + " и още"],
)
def test_no_title_runs_out_of_the_shared_picture(title: str) -> None:
    drawn = cards._draw(title, "Outcome report", "G" * 120, "S3 Community of Practice")
    picture = Image.open(io.BytesIO(drawn))
    margin = picture.crop((cards.WIDTH - cards.MARGIN + 3, 20, cards.WIDTH, cards.HEIGHT))
    assert margin.getcolors() == [(margin.width * margin.height, (0xFA, 0xF8, 0xF3))]


def test_signs_that_the_font_lacks_are_not_drawn_as_boxes() -> None:
    plain, odd = (cards._draw(title, "Leaflet", "", "S3") for title in ("A title", "A 🎉 title 漢字"))
    assert odd == plain


def graph_of(client: Client, address: str, form: str) -> rdflib.Graph:
    with warnings.catch_warnings():  # the library's own reader uses what it calls outdated
        warnings.simplefilter("ignore")
        return rdflib.Graph().parse(data=client.get(address).content, format=form)


def test_the_catalogue_says_the_same_in_both_forms(client: Client, edition: Edition) -> None:
    turtle, json_ld = graph_of(client, "/catalogue.ttl", "turtle"), graph_of(client, "/catalogue.jsonld", "json-ld")
    assert isomorphic(turtle, json_ld)
    [dataset] = turtle.subjects(RDF.type, DCAT.Dataset)
    assert turtle.value(dataset, DCTERMS.title) == rdflib.Literal(edition.title, lang="en")
    assert turtle.value(dataset, DCTERMS.description) == rdflib.Literal("What & <why>\nin two lines.", lang="en")
    files = {
        str(turtle.value(file, DCAT.downloadURL)): int(str(turtle.value(file, DCAT.byteSize)))
        for file in turtle.objects(dataset, DCAT.distribution)
    }
    assert len(files) == edition.files.count()
    for address, size in files.items():
        assert len(client.get(address.removeprefix(SITE)).content) == size


@pytest.mark.usefixtures("edition")
def test_the_catalogue_has_what_dcat_ap_demands(client: Client) -> None:
    told = graph_of(client, "/catalogue.ttl", "turtle")
    [catalogue] = told.subjects(RDF.type, DCAT.Catalog)
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
        assert told.value(catalogue, needed)
    assert told.value(told.value(catalogue, DCTERMS.publisher), FOAF.name)
    for file in told.subjects(RDF.type, DCAT.Distribution):
        assert told.value(file, DCAT.accessURL)
        assert told.value(file, DCTERMS.license)
    for dataset in told.subjects(RDF.type, DCAT.Dataset):
        for needed in (DCTERMS.title, DCTERMS.description, DCAT.theme, DCAT.contactPoint, DCTERMS.language):
            assert told.value(dataset, needed), needed


class Answer:
    """What the harvester expects of an HTTP library."""

    def __init__(self, content: bytes) -> None:
        self.content, self.text = content, content.decode()


class Harvester(Sickle):  # type: ignore[misc]  # it ships no types
    """The harvester of libraries, on Django's client instead of a socket."""

    def harvest(self, **arguments: Any) -> OAIResponse:
        return OAIResponse(Answer(Client().get("/oai", arguments).content), params=arguments)


def harvester() -> Harvester:
    return Harvester(f"{SITE}/oai")


def test_a_harvester_reads_who_we_are(edition: Edition) -> None:
    identify = harvester().Identify()
    assert (identify.protocolVersion, identify.deletedRecord, identify.baseURL) == ("2.0", "persistent", f"{SITE}/oai")
    assert [form.metadataPrefix for form in harvester().ListMetadataFormats()] == ["oai_dc"]
    sets = {each.setSpec for each in harvester().ListSets()}
    assert {"group", "group:diff", "kind", f"kind:{edition.publication.kind}"} <= sets


def test_a_harvester_reads_a_record(edition: Edition) -> None:
    record = harvester().GetRecord(identifier="oai:127.0.0.1:lessons", metadataPrefix="oai_dc")
    assert isinstance(record, Record)
    told = record.metadata
    assert (told["title"], told["creator"], told["subject"]) == ([edition.title], ["Diffusion & more"], ["Capacity"])
    assert told["identifier"] == [SITE + edition.get_absolute_url()]
    assert record.header.setSpecs == ["group:diff", "kind:report"]


def test_a_harvester_reads_on_from_page_to_page(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PAGE", 2)
    group = factories.group()
    made = [edition, *(factories.published_edition(factories.publication(group)) for _ in range(4))]
    read = [header.identifier for header in harvester().ListIdentifiers(metadataPrefix="oai_dc")]
    assert sorted(read) == sorted(f"oai:127.0.0.1:{one.publication.slug}" for one in made)


def test_what_was_withdrawn_stays_as_deleted(edition: Edition) -> None:
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="Wrong.")
    [record] = harvester().ListRecords(metadataPrefix="oai_dc")
    assert (record.deleted, record.header.identifier) == (True, "oai:127.0.0.1:lessons")


def test_who_harvests_what_is_new_hears_of_other_topics(edition: Edition) -> None:
    """They stand in the record, and may change in print."""
    assert edition.published_at is not None
    after = f"{edition.published_at + dt.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    with pytest.raises(NoRecordsMatch):
        list(harvester().ListRecords(metadataPrefix="oai_dc", **{"from": after}))
    later = edition.published_at + dt.timedelta(days=1)
    actions.set_topics(publication=edition.publication, topics=[], by=factories.secretariat(), now=later)
    [record] = harvester().ListRecords(metadataPrefix="oai_dc", **{"from": after})
    assert (record.metadata.get("subject"), record.header.datestamp) == (None, f"{later:%Y-%m-%dT%H:%M:%SZ}")


def test_harvests_are_cut_by_day_and_set(edition: Edition) -> None:
    day = f"{edition.published_at:%Y-%m-%d}"

    def read(**arguments: str) -> int:
        return len(list(harvester().ListIdentifiers(metadataPrefix="oai_dc", **arguments)))

    assert read(**{"from": day, "until": day}) == read(set="group:diff") == read(set="kind") == 1
    for nothing in ({"from": "2100-01-01"}, {"until": "2023-01-01"}, {"set": "group:other"}, {"set": "odd"}):
        with pytest.raises(NoRecordsMatch):
            read(**nothing)


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nonsense", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&odd=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-01&until=2024-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-02-01T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2100-01-01&until=9999-12-31", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=forged", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=forged", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=group:", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=group:%00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=group:none", "noRecordsMatch"),
        ("verb=ListMetadataFormats&identifier=", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:lessons%00", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:none", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00", "idDoesNotExist"),
    ],
)
def test_each_error_has_its_code(client: Client, query: str, code: str) -> None:
    answer = client.get(f"/oai?{query}")
    error = ET.fromstring(answer.content).find(f"{{{oai.OAI}}}error")  # noqa: S314 - our own answer
    assert answer.status_code == 200
    assert error is not None
    assert error.get("code") == code


def test_a_harvester_meets_the_errors_as_its_own() -> None:
    for expected, verb, arguments in (
        (BadArgument, "ListRecords", {}),
        (BadResumptionToken, "ListRecords", {"resumptionToken": "x"}),
        (IdDoesNotExist, "GetRecord", {"identifier": "x", "metadataPrefix": "oai_dc"}),
    ):
        with pytest.raises(expected):
            list(getattr(harvester(), verb)(**arguments))


def test_questions_may_be_posted() -> None:
    answer = Client(enforce_csrf_checks=True).post("/oai", {"verb": "Identify"})
    assert b"<protocolVersion>2.0" in answer.content


def test_the_sitemap_names_public_pages_that_exist(client: Client, edition: Edition) -> None:
    group = edition.publication.groups.get()
    factories.meeting(group, slug="quiet", announced_at=None, state="draft")
    factories.built_edition(factories.publication(group, slug="unpublished"))
    root = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    addresses = [str(node.text) for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert (
        f'<link rel="canonical" href="{SITE}/outcomes/lessons/v1/">'
        in client.get("/outcomes/lessons/").content.decode()
    )
    assert [one for one in addresses if "lessons" in one] == [f"{SITE}/outcomes/lessons/v1/"]
    assert len(addresses) == len(set(addresses))
    assert [one for one in addresses if "quiet" in one or "unpublished" in one] == []
    assert {client.get(one.removeprefix(SITE)).status_code for one in addresses} == {200}
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_programs_that_keep_to_robots_txt_open_no_personal_link(client: Client) -> None:
    """Each address that holds a token."""
    closed = tuple(re.findall(r"^Disallow: (.+)$", client.get("/robots.txt").content.decode(), re.MULTILINE))
    keyed = [route for route in routes(get_resolver().url_patterns) if "token" in route]
    assert len(keyed) >= 8
    assert [route for route in keyed if not route.startswith(closed)] == []


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    for each in patterns:
        route = prefix + str(each.pattern)
        yield from routes(each.url_patterns, route) if hasattr(each, "url_patterns") else [route]


def test_the_program_interface_keeps_a_tombstone_at_the_edition_and_nothing_at_the_publication(
    client: Client, edition: Edition
) -> None:
    actions.set_doi(edition=edition, by=factories.secretariat(), doi="10.1000/1")
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="Wrong figures.")
    assert client.get("/api/v1/publications/").json()["count"] == 0
    assert client.get("/api/v1/publications/lessons/").status_code == 404
    told = client.get("/api/v1/publications/lessons/v1/").json()
    assert (told["state"], told["withdraw_reason"], told["doi"]) == ("withdrawn", "Wrong figures.", "10.1000/1")
    assert (told["html"], told["abstract"], told["plain_summary"], told["files"]) == ("", "", "", [])
    assert client.get(f"{edition.get_absolute_url()}download/json/").status_code == 410


def test_an_edition_that_is_not_public_is_unknown_to_the_program_interface(client: Client) -> None:
    edition = factories.built_edition(factories.publication(factories.group(), slug="secret"))
    actions.submit(edition=edition, by=factories.secretariat())
    for address in ("secret/", "secret/v1/"):
        assert client.get(f"/api/v1/publications/{address}").status_code == 404
