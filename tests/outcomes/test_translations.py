"""The same publication in several languages: linked both ways, each language once, and never a chain."""

import copy
import io
import json
from typing import Any

import docx
import pikepdf
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn

from history.models import Entry
from meetings.languages import NAMES
from outcomes import actions, files
from outcomes.errors import NotTranslatable
from outcomes.models import Edition, Publication
from tests import factories

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
BULGARIAN = {"title": "Какво спира регионите", "abstract": "Членовете подредиха.", "plain_summary": "Накратко: хора."}


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group(name="Diffusion")


def published(group: Any, slug: str, **prose: Any) -> Publication:
    return factories.published_edition(factories.publication(group, slug=slug), **prose).publication


@pytest.fixture(scope="module")
def linked(group: Any) -> tuple[Publication, Publication]:
    original, translation = published(group, "first"), published(group, "first-bg", language="bg", **BULGARIAN)
    actions.link_translation(publication=translation, original=original, by=factories.secretariat())
    return original, translation


@pytest.fixture
def pair(linked: tuple[Publication, Publication]) -> tuple[Publication, Publication]:
    """An English original and its translation."""
    return copy.deepcopy(linked)


@pytest.fixture(scope="module")
def maltese(group: Any) -> Publication:
    return published(group, "third", language="mt", title="Xi jżomm lura r-reġjuni")


@pytest.fixture
def third(maltese: Publication) -> Publication:
    """In a third language, linked to none."""
    return copy.deepcopy(maltese)


def test_each_page_leads_to_the_other_languages(client: Client, pair: tuple[Publication, Publication]) -> None:
    english, bulgarian = (client.get(one.get_absolute_url()) for one in pair)
    link = '<a rel="alternate" hreflang="bg" lang="bg" href="/outcomes/first-bg/">български</a>'
    assert link in english.content.decode()
    assert 'hreflang="en" lang="en" href="/outcomes/first/">English</a>' in bulgarian.content.decode()
    heads = []
    for response in (english, bulgarian):
        head = response.content.decode().partition("</head>")[0]
        heads.append({line.strip() for line in head.splitlines() if "hreflang" in line})
    assert (
        heads[0]
        == heads[1]
        == {
            f'<link rel="alternate" hreflang="en" href="{SITE}/outcomes/first/v1/">',
            f'<link rel="alternate" hreflang="bg" href="{SITE}/outcomes/first-bg/v1/">',
            f'<link rel="alternate" hreflang="x-default" href="{SITE}/outcomes/first/v1/">',
        }
    )
    assert f'<{SITE}/outcomes/first-bg/v1/>; rel="alternate"; hreflang="bg"' in english["Link"]
    assert '<h1 lang="bg">Какво спира регионите</h1>' in bulgarian.content.decode()
    for page, locale in ((english, "en_GB"), (bulgarian, "bg_BG")):
        assert f'<meta property="og:locale" content="{locale}">' in page.content.decode()


def test_sitemap_and_program_interface_name_them(client: Client, pair: tuple[Publication, Publication]) -> None:
    told = client.get("/sitemap.xml").content.decode()
    alternate = f'<xhtml:link rel="alternate" hreflang="bg" href="{SITE}/outcomes/first-bg/v1/" />'
    assert told.count(alternate) == len(pair)
    [translation] = client.get("/api/v1/publications/first/").json()["translations"]
    assert (translation["language"], translation["slug"]) == ("bg", "first-bg")


def test_a_translation_that_is_not_published_is_named_nowhere(
    client: Client, group: Any, pair: tuple[Publication, Publication]
) -> None:
    unseen = factories.publication(group, slug="not-yet-public")
    factories.built_edition(unseen, language="el", **BULGARIAN)
    actions.link_translation(publication=unseen, original=pair[0], by=None)
    for where in ("/outcomes/first/", "/api/v1/publications/first/", "/sitemap.xml"):
        assert "not-yet-public" not in client.get(where).content.decode()


def test_there_are_no_chains_and_each_language_stands_once(
    group: Any, pair: tuple[Publication, Publication], third: Publication
) -> None:
    original, translation = pair
    again = published(group, "again", language="bg", **BULGARIAN)
    for publication, source in [(third, translation), (original, third), (original, original), (again, original)]:
        with pytest.raises(NotTranslatable):
            actions.link_translation(publication=publication, original=source, by=None)
    for publication, source in [(third, translation), (original, third)]:
        with pytest.raises(IntegrityError, match="translation is of an original"), transaction.atomic():
            Publication.objects.filter(pk=publication.pk).update(translation_of=source)


def test_the_link_is_in_the_history_and_can_be_undone(pair: tuple[Publication, Publication]) -> None:
    translation = actions.link_translation(publication=pair[1], original=None, by=factories.secretariat())
    verbs = Entry.objects.about(translation).published().order_by("-pk").values_list("verb", flat=True)[:2]
    assert (translation.translation_of, list(verbs)) == (None, ["translation_unlinked", "translation_linked"])


def test_a_second_edition_in_the_same_language_is_not_published(
    group: Any, pair: tuple[Publication, Publication]
) -> None:
    other = factories.publication(group)
    edition = factories.built_edition(other, language="mt", title="Xi jżomm")
    actions.link_translation(publication=other, original=pair[0], by=None)
    Edition.objects.filter(pk=edition.pk).update(language="bg")
    actions.submit(edition=edition, by=factories.secretariat())
    office = factories.secretariat()
    actions.approve(edition=edition, by=office)
    with pytest.raises(NotTranslatable, match="български"):
        actions.publish_edition(edition=edition, by=office)


def test_a_translation_begins_from_the_records_of_the_original(signed_in: Any, group: Any) -> None:
    told = factories.published_round(group, *[[1, 2, 3]] * 10)
    original = published(group, "alone")
    last = factories.published_edition(original, told)
    writer = signed_in(factories.member(group, role="rapporteur"))
    where = reverse("outcomes:translate", args=["alone"])
    form = writer.get(where).context["form"]
    assert len(form.fields["language"].choices) == len(NAMES)  # all but English, and "choose"
    values = {**BULGARIAN, "language": "bg", "licence": "CC-BY-4.0", "rounds": [told.pk]}
    unchanged = writer.post(where, values | {"title": last.title})
    assert unchanged.context["form"].errors == {"title": ["Write the title in the language of the translation."]}
    assert writer.post(where, values).status_code == 302
    made = Edition.objects.get(publication__translation_of=original)
    assert (made.publication.slug, made.language, made.state) == ("alone-bg", "bg", Edition.State.BUILDING)
    assert [source.record for source in made.sources.all()] == [told]


def test_an_original_is_chosen_on_a_page_and_refusals_stand_beside_the_field(
    signed_in: Any, group: Any, pair: tuple[Publication, Publication], third: Publication
) -> None:
    original, same = pair[0], published(group, "second")
    writer = signed_in(factories.member(group, role="rapporteur"))
    where = reverse("outcomes:original", args=["second"])
    refused = writer.post(where, {"original": original.pk})
    assert refused.context["form"].errors == {"original": ["There is an edition in this language already: English."]}
    assert writer.post(where, {"original": third.pk}).status_code == 302
    same.refresh_from_db()
    assert same.translation_of == third


def test_the_language_stays_over_all_editions(signed_in: Any, pair: tuple[Publication, Publication]) -> None:
    writer = signed_in(factories.secretariat())
    where = reverse("outcomes:next", args=["first-bg"])
    values = {**BULGARIAN, "change_note": "Още думи.", "language": "en", "licence": "CC-BY-4.0"}
    assert writer.post(where, values).status_code == 302
    assert pair[1].editions.get(version=2).language == "bg"


def content(edition: Edition, kind: str) -> io.BytesIO:
    return io.BytesIO(files.path_of(edition.files.get(format=kind).sha256).read_bytes())


def test_files_say_which_words_are_in_which_language(group: Any) -> None:
    """The portal speaks English, the edition Bulgarian: headings and figures are marked as English."""
    built = factories.built_edition(factories.publication(group), language="bg", **BULGARIAN)
    assert '<div class="stack" lang="bg"><p>Накратко: хора.</p></div>' in built.html
    assert ">In plain words</h2>" in built.html
    with pikepdf.open(content(built, "pdf")) as opened:
        assert str(opened.Root.Lang) == "bg"
    assert "Накратко: хора." in pypdf.PdfReader(content(built, "pdf")).pages[2].extract_text()
    file: Any = docx.Document(content(built, "docx"))
    assert file.core_properties.language == "bg"
    assert file.styles.element.find(".//" + qn("w:lang")).get(qn("w:val")) == "en"
    marked = {run.text for run in file.element.body.iter(qn("w:r")) if run.find(".//" + qn("w:lang")) is not None}
    assert {BULGARIAN["title"], BULGARIAN["abstract"], BULGARIAN["plain_summary"]} == marked
    assert json.loads(content(built, "json").read())["edition"]["words"] == "en"
