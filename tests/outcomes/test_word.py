"""The Word file, read back: headings, lists, tables with header rows, captions, alternative texts, language, bytes."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from functools import partial
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from outcomes import document, pdf, word, word_styles
from outcomes.nodes import Block, Column, Document, Fact, Facts, Prose, Section, Table, alternative
from tests.outcomes.told import WHEN, WORDS, a_round, a_snapshot

PROSE = "In **bold** and [a link](https://a.example)\n\n1. one\n2. two\n\n1) again\n\n- dot\n  - deeper\n\n> said"


@pytest.fixture(scope="module")
def told() -> Document:
    return document.compose(a_snapshot(a_round([[1, 2, 3]] * 12, ["business"] * 12), plain_summary=PROSE), WORDS)


def written(told: Document) -> bytes:
    return word.write(told, when=WHEN, pictures=partial(pdf.pictures, language="en"))


@pytest.fixture(scope="module")
def content(told: Document) -> bytes:
    return written(told)


@pytest.fixture
def file(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def paragraphs(file: Any, style: str) -> list[str]:
    """Texts with their fields, which python-docx leaves out."""
    found = [paragraph._p for paragraph in file.paragraphs if paragraph.style.name == style]
    return ["".join(text.text or "" for text in part.iter(qn("w:t"))) for part in found]


def test_headings_are_headings_in_the_order_of_the_document(file: Any, told: Document) -> None:
    assert paragraphs(file, "Title") == ["Title"]
    assert paragraphs(file, "Heading 1") == [section.heading for section in told.sections]


def test_every_table_has_a_header_row_that_repeats_and_a_caption(file: Any) -> None:
    headers = [table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in file.tables]
    assert headers == [True] * len(file.tables)
    tables = [text for text in paragraphs(file, "Caption") if text.startswith("Table ")]
    assert len(tables) == len(file.tables)
    assert [text.partition(".")[0] for text in tables] == [f"Table {n}" for n in range(1, len(tables) + 1)]


def test_a_chart_is_a_picture_with_its_rows_as_alternative_text(file: Any, told: Document) -> None:
    chart = next(block for block in told.sections[0].blocks if block.kind == "intervals")
    first = file.inline_shapes[0]._inline.docPr
    assert (first.get("descr"), first.get("title")) == (alternative(chart), chart.caption)
    assert "1 Option 0: 1" in first.get("descr")


def test_lists_count_anew_and_links_lead_on(file: Any) -> None:
    numbers = [p._p.pPr.numPr.numId.val for p in file.paragraphs if p.style.name == "List Number"]
    assert (len(numbers), numbers[0] == numbers[1], numbers[1] == numbers[2]) == (3, True, False)
    assert paragraphs(file, "List Bullet 2") == ["deeper"]
    assert paragraphs(file, "Quote") == ["said"]
    assert "https://a.example" in {rel.target_ref for rel in file.part.rels.values() if rel.is_external}


def test_it_says_its_language_and_when_it_was_made(told: Document) -> None:
    file: Any = docx.Document(io.BytesIO(written(replace(told, language="el", title="Τίτλος"))))
    known = file.core_properties
    assert (known.title, known.language, known.author) == ("Τίτλος", "el", "Group")
    assert {known.created.replace(tzinfo=dt.UTC), known.modified.replace(tzinfo=dt.UTC)} == {WHEN}
    assert file.styles.element.find(".//" + qn("w:lang")).get(qn("w:val")) == "en"  # that of the labels
    title = next(paragraph for paragraph in file.paragraphs if paragraph.style.name == "Title")
    assert title._p.find(".//" + qn("w:lang")).get(qn("w:val")) == "el"


def test_the_same_document_gives_the_same_bytes(told: Document, content: bytes) -> None:
    assert written(told) == content
    entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert not [entry.filename for entry in entries if "thumbnail" in entry.filename]


def test_text_that_looks_like_markup_is_text(told: Document) -> None:
    section = Section("s", "<w:p/> & {x}", (Prose("<script>alert(1)</script>"),))
    file: Any = docx.Document(io.BytesIO(written(replace(told, sections=(section,)))))
    assert paragraphs(file, "Heading 1") == ["<w:p/> & {x}"]
    assert "<script>alert(1)</script>" in paragraphs(file, "Normal")


def test_the_contents_lead_to_every_heading(file: Any, told: Document) -> None:
    body = file.element.body
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))]
    assert paragraphs(file, "toc 1") == [section.heading for section in told.sections]
    assert (len(links), set(links) <= marks) == (len(set(links)), True)


def test_wide_tables_fill_the_line_and_no_column_is_too_narrow_for_a_word() -> None:
    wide = document.compose(a_snapshot(a_round([list(range(1, 15))] * 12, ["business"] * 12)), WORDS)
    file: Any = docx.Document(io.BytesIO(written(wide)))
    for table in file.tables:
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert word_styles.TEXT_WIDTH - len(widths) <= sum(widths) <= word_styles.TEXT_WIDTH
        assert min(widths) >= 300
        assert widths[0] >= word_styles.TEXT_WIDTH * 0.2


def rows_kept(table: Any) -> list[bool]:
    """Of each row below the head whether it stays on the page of what follows."""
    marks = [row._tr.find(f".//{qn('w:keepNext')}") for row in table.rows[1:]]
    return [mark is not None for mark in marks]


def in_a_section(told: Document, *blocks: Block) -> Any:
    return docx.Document(io.BytesIO(written(replace(told, sections=(Section("s", "Section", blocks),)))))


def test_short_tables_stay_whole_and_of_long_ones_no_row_stands_alone(told: Document) -> None:
    short, long = (Table("T", (Column("A"),), tuple((f"{n}",) for n in range(rows))) for rows in (3, 40))
    file = in_a_section(told, short, replace(short, note="Note"), long)
    kept = [rows_kept(table) for table in file.tables]
    assert kept[:2] == [[True, True, False], [True, True, True]]
    assert [number for number, is_kept in enumerate(kept[2]) if is_kept] == [0, 38]


def test_a_further_paragraph_of_an_item_has_no_number_and_inner_lists_are_indented(told: Document) -> None:
    file = in_a_section(told, Prose("1. one\n\n   more of one\n\n2. two\n   1. inner"))
    styles = [(part.style.name, part.text) for part in file.paragraphs if part.style.name.startswith("List")]
    assert styles == [
        ("List Number", "one"),
        ("List Continue", "more of one"),
        ("List Number", "two"),
        ("List Number 2", "inner"),
    ]
    outer, inner = (next(part for part in file.paragraphs if part.text == text) for text in ("two", "inner"))
    numbering = file.part.numbering_part.element
    counted = [numbering.num_having_numId(part._p.pPr.numPr.numId.val).abstractNumId.val for part in (outer, inner)]
    own = [int(file.styles[name].element.pPr.numPr.numId.val) for name in ("List Number", "List Number 2")]
    assert counted == [numbering.num_having_numId(number).abstractNumId.val for number in own]
    assert counted[0] != counted[1]


def test_a_long_title_leaves_its_cover_to_itself_and_is_cut_in_running_heads(told: Document) -> None:
    sizes = []
    for title in ("Interregional " * 8, "Interregional " * 9):
        file: Any = docx.Document(io.BytesIO(written(replace(told, title=title.strip()))))
        sizes.append(file.styles["Title"].font.size.pt)
        assert file.sections[0].header.paragraphs[0].text == f"{'Interregional ' * 5}…"
    assert sizes == [30, 21]


def test_places_of_an_order_stand_close_to_what_they_are_of(told: Document) -> None:
    file = in_a_section(told, Facts((Fact("1", "Capacity"), Fact("2=", "Funding"))), Facts((Fact("When", "Today"),)))
    assert paragraphs(file, "Place") == ["1Capacity", "2=Funding"]
    assert paragraphs(file, "Fact")[-1] == "WhenToday"
