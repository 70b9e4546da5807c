"""The printed report, read back: contents, bookmarks, heads and feet, captions, drawings, footnotes, how to cite."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from outcomes import document, pdf
from outcomes.nodes import Bars, Document, Intervals, Table, alternative
from tests.outcomes.told import WHEN, WORDS, a_round, a_snapshot, blocks

TITLE = "What holds regions back"
LINK = "https://a.example/report?a=1"
HELICES = ["government", "business", "academia", "civil_society"] * 6
COVER, CONTENTS, FIRST = range(3)  # pages


@pytest.fixture(scope="module")
def told() -> Document:
    counted = a_round([[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 2, 0]] * 6, HELICES)
    return document.compose(a_snapshot(counted, title=TITLE, plain_summary=f"See [the *report*]({LINK})."), WORDS)


@pytest.fixture(scope="module")
def printed(told: Document) -> pypdf.PdfReader:
    leaving = document.absolute(told, "https://portal.example")
    return pypdf.PdfReader(io.BytesIO(pdf.write(leaving, when=WHEN).content))


def lines(page: pypdf.PageObject) -> list[str]:
    return page.extract_text().splitlines()


def drawn_curves(page: pypdf.PageObject) -> int:
    stream = ContentStream(page.get_contents(), page.pdf)
    return sum(operator == b"c" for _operands, operator in stream.operations)


def alternatives(of: Any) -> Iterator[str]:
    """The alternative texts in the tree of tags, in reading order."""
    if isinstance(tag := of.get_object(), dict):
        if "/Alt" in tag:
            yield str(tag["/Alt"])
        below = tag.get("/K", [])
        for part in below if isinstance(below, list) else [below]:
            yield from alternatives(part)


def test_contents_and_bookmarks_lead_to_every_heading(told: Document, printed: pypdf.PdfReader) -> None:
    marks: list[Any] = printed.outline
    headings = [section.heading for section in told.sections]
    numbers = [(printed.get_destination_page_number(mark) or 0) + 1 for mark in marks]
    assert [mark.title for mark in marks] == headings
    listed = (re.sub(r"(?: \.)+ ", " ", line) for line in lines(printed.pages[CONTENTS]))
    assert list(listed)[1 : len(headings) + 1] == [f"{a} {n}" for a, n in zip(headings, numbers, strict=True)]
    assert [a for a, n in zip(headings, numbers, strict=True) if a not in lines(printed.pages[n - 1])] == []


def test_each_page_has_its_section_at_the_head_and_title_and_number_at_the_foot(printed: pypdf.PdfReader) -> None:
    pages = printed.pages[FIRST:]
    assert [lines(page)[0] for page in pages] == ["What was found", "Who was asked, and who voted", "How sure this is"]
    assert [lines(page)[-1] for page in pages] == [f"{TITLE} {number} / 5" for number in (3, 4, 5)]


def test_the_imprint_says_how_to_cite(printed: pypdf.PdfReader) -> None:
    address = "https://portal.example/outcomes/x/v1/"
    assert f"Cite as Group (2023). {TITLE}. Edition 1. Portal. {address}" in lines(printed.pages[CONTENTS])


def test_the_imprint_leads_to_the_data_and_to_the_licence(printed: pypdf.PdfReader) -> None:
    notes: Any = printed.pages[CONTENTS]["/Annots"]
    targets = {note.get_object().get("/A", {}).get("/URI") for note in notes}
    expected = {"https://portal.example/outcomes/x/v1/json/", "https://creativecommons.org/licenses/by/4.0/"}
    assert targets >= expected


def test_the_address_of_a_link_is_a_footnote_on_its_page(printed: pypdf.PdfReader) -> None:
    page = printed.pages[FIRST]
    assert [line for line in lines(page) if "report" in line] == ["See the report1.", f"1{LINK}"]
    targets = [note.get_object().get("/A", {}).get("/URI") for note in page["/Annots"]]  # type: ignore[attr-defined]
    assert targets.count(LINK) == 2


def test_figures_and_tables_are_numbered_drawn_and_told(told: Document, printed: pypdf.PdfReader) -> None:
    charts = [block for block in blocks(told) if isinstance(block, Intervals | Bars)]
    tables = [block for block in blocks(told) if isinstance(block, Table)]
    said = [line for page in printed.pages for line in lines(page) if re.match(r"(Figure|Table) \d", line)]
    expected = {f"Figure {n}. {chart.caption}" for n, chart in enumerate(charts, 1)}
    expected |= {f"Table {n}. {table.caption}" for n, table in enumerate(tables, 1)}
    assert (len(charts), len(tables), set(said), len(said)) == (2, 6, expected, 8)
    assert list(alternatives(printed.trailer["/Root"]["/StructTreeRoot"])) == [alternative(chart) for chart in charts]  # type: ignore[index]
    curves = [drawn_curves(page) for page in printed.pages]
    assert [curve > 0 for curve in curves[FIRST:]] == [True, True, False]
    assert [len(page.images) for page in printed.pages] == [0] * 5
