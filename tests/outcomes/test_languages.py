"""The 24 languages of the Union: searched by their own grammar, chosen in a facet, printed with all their letters."""

import io
import json
from dataclasses import replace
from typing import Any

import docx
import pypdf
import pytest
from django.db.models import F
from django.test import Client

from meetings.languages import NAMES
from outcomes import pdf
from outcomes.catalogue import LANGUAGES
from outcomes.models import Edition
from outcomes.nodes import Column, Document, Facts, Paragraph, Prose, Section, Table
from outcomes.search import STEMMED, UNSTEMMED, query
from tests import factories
from tests.outcomes.test_word import written
from tests.outcomes.told import WHEN

LETTERS = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюяѝ", "cs": "áčďéěíňóřšťúůýž", "da": "æøåé", "de": "äöüß",
    "el": "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ", "en": "abcdefghijklmnopqrstuvwxyz", "es": "áéíñóúü¿¡",
    "et": "äõöüšž", "fi": "äöåšž", "fr": "àâæçéèêëîïôœùûüÿ", "ga": "áéíóúḃċḋḟġṁṗṡṫ", "hr": "čćđšž",
    "hu": "áéíóöőúüű", "it": "àèéìíîòóùú", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūžŗ", "mt": "ċġħżàèìòù",
    "nl": "áéëïóöüĳ", "pl": "ąćęłńóśźż", "pt": "áâãàçéêíóôõú", "ro": "ăâîșțşţ", "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž", "sv": "åäöé",
}  # fmt: skip


def every_letter() -> dict[str, str]:
    return {code: f"{letters} {letters.upper()}" for code, letters in LETTERS.items()}


def test_every_list_of_languages_holds_the_same_24() -> None:
    assert set(NAMES) == set(LETTERS) == set(LANGUAGES)
    assert len(NAMES) == 24


def test_all_letters_read_back_from_pdf_and_word_in_both_typefaces() -> None:
    """Prose is set in the serif, tables in the sans."""
    letters = every_letter()
    blocks = tuple(Prose(f"**{text}** *{text}*", code) for code, text in letters.items())
    rows = tuple((code, text) for code, text in letters.items())
    sections = (Section("s", "A", (*blocks, Table("T", (Column("A"), Column("B")), rows))),)
    told = Document("T", "", "", "", "mt", (), (), Facts(()), sections)
    printed = pdf.write(told, when=WHEN)
    assert printed.replaced == {}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.content)).pages)
    missing = {code: sorted({c for c in said if c not in text}) for code, said in letters.items()}
    assert {code: lost for code, lost in missing.items() if lost} == {}
    file: Any = docx.Document(io.BytesIO(written(told)))
    assert [row.cells[1].text for row in file.tables[0].rows][1:] == list(letters.values())


def test_long_words_of_narrow_columns_are_broken_by_the_rules_of_their_language() -> None:
    word = "Forschungsförderungsinstrumentarium"
    columns = tuple(Column(f"Spalte {n}") for n in range(6))
    told = Document(
        "T", "", "", "", "de", (), (), Facts(()), (Section("s", "A", (Table("T", columns, ((word,) * 6,)),)),)
    )
    labelled = replace(told, labels=replace(told.labels, language="de"))
    text = pypdf.PdfReader(io.BytesIO(pdf.write(labelled, when=WHEN).content)).pages[-1].extract_text()
    assert word not in text
    assert "Forschungsförderung" in text.replace("\u00ad", "").replace("-\n", "").replace("\n", "")


def test_nothing_longer_than_a_line_breaks_a_build() -> None:
    told = Document("T", "", "", "", "fi", (), (), Facts(()), (Section("s", "A" * 300, (Paragraph("b" * 3000),)),))
    assert pdf.write(told, when=WHEN).replaced == {}


INFLECTED = {  # as written, as searched
    "da": ("Regionerne samarbejder", "regioner"), "de": ("Zusammenarbeit der Regionen", "region"),
    "el": ("Συνεργασία των περιφερειών", "περιφερειων"), "en": ("What holds regions back", "region"),
    "es": ("Cooperaciones entre regiones", "región"), "fi": ("Alueiden yhteistyö", "alueille"),
    "fr": ("Les coopérations régionales", "coopération régionale"), "ga": ("Na réigiúin", "réigiúin"),
    "hu": ("A régiók együttműködése", "régiókat"), "it": ("Le regioni collaborano", "regione"),
    "lt": ("Regionų bendradarbiavimas", "regionai"), "nl": ("De regio's werken samen", "werk"),
    "pt": ("As regiões colaboram", "colaborar"), "ro": ("Regiunile colaborează", "regiunilor"),
    "sv": ("Regionerna samarbetar", "regionernas"),
}  # fmt: skip


@pytest.fixture(scope="module")
def titles(rows_of_module: None) -> dict[str, str]:  # noqa: ARG001 - a ground for what is made here
    """A draft in each language; those without a grammar of their own are found as they are written."""
    group = factories.group()
    said = {code: INFLECTED.get(code, (f"{name} naħdmu", ""))[0] for code, name in NAMES.items()}
    for code, title in said.items():
        publication = factories.publication(group)
        factories.drafted_edition(publication, title=title, language=code, abstract="", plain_summary="")
    return said


def looked_for(words: str) -> set[str]:
    return set(Edition.objects.having(words).values_list("language", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("titles")
def test_each_language_is_searched_by_its_own_grammar() -> None:
    assert set(INFLECTED) == set(STEMMED)
    lost = [code for code, (_title, words) in INFLECTED.items() if code not in looked_for(words)]
    assert lost == []
    assert [code for code in NAMES if code not in INFLECTED and code not in looked_for(NAMES[code])] == []


UNSTEMMED_TITLES = {  # as written; as searched, in another form
    "bg": ("Изграждане на способности", "способностите"), "cs": ("Rozvoj schopností", "schopnostmi"),
    "et": ("Piirkondade suutlikkus", "piirkonnad"), "hr": ("Jačanje sposobnosti", "sposobnostima"),
    "lv": ("Reģionu sadarbība", "reģionam"), "mt": ("Ir-reġjuni", "reġjun"), "pl": ("Zdolności regionów", "regionach"),
    "sk": ("Spolupráca regiónov", "regiónmi"), "sl": ("Sodelovanje regij", "regije"),
}  # fmt: skip


@pytest.mark.django_db
def test_a_word_in_another_form_is_found_in_languages_without_a_grammar_too() -> None:
    """Also beside editions of other languages that have it as it was typed: those alone are no answer."""
    assert set(UNSTEMMED_TITLES) | set(STEMMED) == set(NAMES) == set(UNSTEMMED) | set(STEMMED)
    group = factories.group()
    for code, (title, typed) in UNSTEMMED_TITLES.items():
        own = {"title": title, "language": code, "abstract": "", "plain_summary": ""}
        factories.drafted_edition(factories.publication(group), **own)
        factories.drafted_edition(
            factories.publication(group), **own | {"title": f"The word {typed}", "language": "en"}
        )
    lost = [code for code, (_title, typed) in UNSTEMMED_TITLES.items() if not looked_for(typed) >= {code, "en"}]
    assert lost == []
    assert "pl" not in looked_for("regionach -zdolnosci")
    assert [looked_for(words) for words in ('"zdolność regionu"', "kapelusz")] == [{"pl"}, set()]


@pytest.mark.django_db
def test_an_unwanted_word_is_missing_in_every_reading(titles: dict[str, str]) -> None:
    """Only English reads "holding" as "holds"; the other readings must not let its edition in."""
    assert titles["en"] in set(Edition.objects.having("regions").values_list("title", flat=True))
    assert "en" not in looked_for("regions -holding")
    assert "en" not in looked_for('regions -"holds regions"')
    assert "en" not in looked_for("-regions")
    assert "el" in looked_for("-regions")
    ranked = Edition.objects.annotate(q=query("regions -x")).filter(search=F("q"))
    assert ranked.count() >= 1


@pytest.mark.django_db
def test_the_facet_stands_where_there_are_several_languages(client: Client) -> None:
    group = factories.group()
    factories.published_edition(factories.publication(group))
    shown = client.get("/outcomes/").content.decode()
    assert 'name="language"' not in shown
    factories.published_edition(factories.publication(group), language="mt", title="Xi jżomm")
    page = client.get("/outcomes/?language=mt")
    assert [edition.title for edition in page.context["page_obj"]] == ["Xi jżomm"]
    facet = next(one for one in page.context["shelf"].facets if one.name == "language")
    assert [(c.value, c.label, c.n) for c in facet.choices] == [("en", "English", 1), ("mt", "Malti", 1)]
    assert [chip.label for chip in page.context["shelf"].chips] == ["Malti"]
    told = json.loads(client.get("/api/v1/publications/?language=mt").content)
    assert [entry["title"] for entry in told["results"]] == ["Xi jżomm"]
