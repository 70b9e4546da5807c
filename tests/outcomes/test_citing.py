"""The DOI of an edition: stored by the secretariat, also after publication, and named wherever the edition is cited."""

import copy
import datetime as dt
import io
import json
import re
from typing import Any

import pypdf
import pytest
import rdflib
import rispy
from bibtexparser.entrypoint import parse_string
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rdflib.namespace import DCTERMS

from history.models import Entry
from outcomes import actions, bibliography, files
from outcomes.doi import doi_address
from outcomes.errors import DoiTaken, WrongState
from outcomes.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db
SITE, DOI = "http://127.0.0.1:8000", "10.2760/35.82(x)"
LATER = dt.datetime(2027, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def first(rows_of_module: None) -> Edition:  # noqa: ARG001 - a ground for what is made here
    return factories.published_edition(factories.publication(factories.group(), slug="first"))


@pytest.fixture
def edition(first: Edition) -> Edition:
    return copy.deepcopy(first)


@pytest.fixture(scope="module")
def built(rows_of_module: None) -> Edition:  # noqa: ARG001 - as above
    return factories.built_edition(factories.publication(factories.group()))


@pytest.fixture
def ready(built: Edition) -> Edition:
    return copy.deepcopy(built)


@pytest.fixture
def cited(edition: Edition) -> Edition:
    return actions.set_doi(edition=edition, by=factories.secretariat(), doi=DOI, now=LATER)


def download(client: Client, kind: str) -> bytes:
    return client.get(reverse("outcomes:download", args=["first", 1, kind])).content


@pytest.mark.parametrize(
    "typed",
    [
        DOI,
        f" doi:{DOI} ",
        f"DOI: {DOI}",
        f"DOI {DOI}",
        f"https://doi.org/{DOI}",
        f"http://dx.doi.org/{DOI}",
        f"https://www.doi.org/{DOI}",
        f"doi.org/{DOI}",
        "HTTPS://DOI.ORG/10.2760/35.82%28x%29",
    ],
)
def test_a_doi_is_kept_without_resolver(typed: str) -> None:
    assert bibliography.doi(typed) == DOI


def test_signs_that_would_lead_elsewhere_are_escaped_in_its_address() -> None:
    assert doi_address("10.1002/(a)<1:2>3.0;4#?%") == "https://doi.org/10.1002/(a)%3C1:2%3E3.0;4%23%3F%25"
    assert doi_address("") == ""


def test_page_head_and_link_header_name_it(client: Client, cited: Edition) -> None:
    response = client.get(cited.get_absolute_url())
    html = response.content.decode()
    assert f'<a href="https://doi.org/{DOI}" rel="cite-as external">{DOI}</a>' in html
    assert f"S3 Community of Practice. https://doi.org/{DOI}</p>" in html
    tags = re.findall(r'<meta name="(DC.identifier|citation_doi)" content="([^"]+)">', html)
    page = SITE + cited.get_absolute_url()
    assert tags == [("DC.identifier", page), ("DC.identifier", f"https://doi.org/{DOI}"), ("citation_doi", DOI)]
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(data)["@graph"][0]["identifier"] == f"https://doi.org/{DOI}"
    assert response["Link"].partition(", ")[0] == f'<https://doi.org/{DOI}>; rel="cite-as"'


def test_every_citation_names_it_and_text_and_other_files_stay(client: Client, edition: Edition) -> None:
    kept = {kind: download(client, kind) for kind in ("pdf", "docx", "json", "csv")}
    cited = actions.set_doi(edition=edition, by=factories.secretariat(), doi=DOI)
    (entry,) = parse_string(download(client, "bib").decode()).entries
    (record,) = rispy.load(io.StringIO(download(client, "ris").decode()))
    (item,) = json.loads(download(client, "csl"))
    assert (entry["doi"], record["doi"], item["DOI"]) == (DOI, DOI, DOI)
    assert {kind: download(client, kind) for kind in kept} == kept
    for file in cited.files.all():
        assert len(files.path_of(file.sha256).read_bytes()) == file.size


@pytest.mark.usefixtures("cited")
def test_program_interface_harvesters_and_catalogue_name_it(client: Client) -> None:
    assert client.get("/api/v1/publications/first/").json()["doi"] == DOI
    assert client.get("/api/v1/publications/first/v1/").json()["doi"] == DOI
    since = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2027-03-02T09:00:00Z"}
    assert f"<dc:identifier>https://doi.org/{DOI}</dc:identifier>" in client.get("/oai", since).content.decode()
    graph = rdflib.Graph().parse(data=client.get("/catalogue.ttl").content, format="turtle")
    assert (None, DCTERMS.identifier, rdflib.Literal(f"https://doi.org/{DOI}")) in graph


def test_a_tombstone_keeps_it(client: Client, cited: Edition) -> None:
    actions.withdraw(edition=cited, by=factories.secretariat(), reason="Wrong.")
    assert f'<a href="https://doi.org/{DOI}"' in client.get(cited.get_absolute_url()).content.decode()


def test_the_history_says_when_and_which(cited: Edition) -> None:
    line = Entry.objects.about(cited.publication).published().order_by("-pk")[0]
    assert (line.verb, line.reason, line.at) == ("doi_stored", DOI, LATER)
    actions.set_doi(edition=cited, by=factories.secretariat(), doi="")
    line = Entry.objects.about(cited.publication).published().order_by("-pk")[0]
    assert (line.verb, line.reason, line.payload["before"]) == ("doi_removed", DOI, DOI)


@pytest.mark.usefixtures("cited")
def test_a_doi_belongs_to_one_edition_however_it_is_written(ready: Edition) -> None:
    with pytest.raises(DoiTaken):
        actions.set_doi(edition=ready, by=factories.secretariat(), doi=DOI.upper())
    with pytest.raises(IntegrityError, match="edition_doi_once"), transaction.atomic():
        Edition.objects.filter(pk=ready.pk).update(doi=DOI.upper(), doi_changed_at=LATER)
    with pytest.raises(IntegrityError, match="edition_doi_form"), transaction.atomic():
        Edition.objects.filter(pk=ready.pk).update(doi="11.1/x", doi_changed_at=LATER)


def test_an_edition_that_waits_for_review_is_built_anew_with_it(ready: Edition) -> None:
    asked = actions.set_doi(edition=ready, by=factories.secretariat(), doi=DOI)
    with pytest.raises(WrongState):
        actions.set_doi(edition=asked, by=factories.secretariat(), doi="")
    built = actions.build_edition(asked.pk)
    printed = pypdf.PdfReader(files.path_of(built.files.get(format="pdf").sha256))
    assert f"https://doi.org/{DOI}" in "".join(page.extract_text() for page in printed.pages).replace("\n", "")


def test_the_secretariat_types_it_and_mistakes_are_told_beside_the_field(
    signed_in: Any, edition: Edition, ready: Edition
) -> None:
    where = reverse("outcomes:doi", args=["first", 1])
    office = signed_in(factories.secretariat())
    page = office.post(where, {"doi": "https://example.org/10"})
    assert page.context["form"].errors == {"doi": ["A DOI looks like 10.2760/3582."]}
    assert office.post(where, {"doi": f"https://doi.org/{DOI}"}).status_code == 302
    edition.refresh_from_db()
    assert edition.doi == DOI
    other = reverse("outcomes:doi", args=[ready.publication.slug, 1])
    assert office.post(other, {"doi": DOI}).context["form"].errors == {"doi": ["Another edition has this DOI."]}
    leader = factories.leader(edition.publication.groups.get())
    assert signed_in(leader).post(where, {"doi": ""}).status_code == 403
