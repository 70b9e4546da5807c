"""What stands together on a page of a printed report: tables, rows, charts, the words of a title."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest

from outcomes import document, finding_blocks, pdf
from outcomes.nodes import Block, Column, Document, Item, Items, Paragraph, Prose, Quote, Section, Table
from outcomes.told import Round
from tests.outcomes.told import HELICES, WHEN, WORDS, a_round, a_snapshot

COLUMNS = (Column("Challenge"), Column("Ballots", "end"))
FIRST = 2  # after cover and contents
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebe"
SOFT = "\N{SOFT HYPHEN}"  # at the end of a line where a word is parted


@pytest.fixture(scope="module")
def bare() -> Document:
    return document.compose(a_snapshot(), WORDS)


def printed(bare: Document, *blocks: Block, **values: str) -> list[str]:
    """The text of each page that tells of the blocks."""
    told = replace(bare, sections=(Section("s", "Section", blocks),), **values)  # type: ignore[arg-type]
    pages = pypdf.PdfReader(io.BytesIO(pdf.write(told, when=WHEN).content)).pages
    return [page.extract_text() for page in pages[FIRST:]]


def table(name: str, rows: int, words: str = "", note: str = "") -> Table:
    """Each cell of the first column begins with the table's name and the number of its row."""
    return Table(name, COLUMNS, tuple((f"{name}{number}. {words}", "1") for number in range(rows)), note)


def page_of(pages: list[str], word: str) -> int:
    found = [number for number, text in enumerate(pages) if word in text]
    assert len(found) == 1, word
    return found[0]


def filled(*blocks: Block) -> Iterator[Block]:
    """The blocks with text between them, so that pages end somewhere else in each."""
    for number, block in enumerate(blocks):
        yield Paragraph("Some words. " * 9 * (number % 4 + 1))
        yield block


def test_a_short_table_stands_on_one_page_with_its_caption_and_its_note(bare: Document) -> None:
    names = [f"T{number}x" for number in range(14)]
    pages = printed(bare, *filled(*(table(name, 9, note=f"Note {name}") for name in names)))
    assert len(pages) > 4
    for name in names:
        said = [f"{name}{row}." for row in range(9)]
        assert {page_of(pages, words) for words in (f". {name}\n", *said, f"Note {name}")} == {page_of(pages, said[0])}


def test_the_last_row_of_a_long_table_never_stands_alone(bare: Document) -> None:
    tables = {f"T{rows}x": rows for rows in range(44, 60)}
    pages = printed(bare, *(table(name, rows) for name, rows in tables.items()))
    last = [[page_of(pages, f"{name}{row}.") for row in (rows - 2, rows - 1)] for name, rows in tables.items()]
    assert [pair for pair in last if pair[0] != pair[1]] == []
    assert sum(page_of(pages, f"{name}0.") != pair[0] for (name, _), pair in zip(tables.items(), last, strict=True)) > 9
    assert all(text.count("Challenge") for text in pages), "the head is repeated"


def test_a_row_is_not_parted_between_pages(bare: Document) -> None:
    pages = printed(bare, table("R", 60, words=f"{'and so on ' * 55} end"))
    assert len(pages) > 3
    begun, ended = ([len(re.findall(edge, text)) for text in pages] for edge in (r"R[0-9]+\.", r"end\s"))
    assert (begun, sum(begun)) == (ended, 60)


def test_a_row_taller_than_a_page_goes_on_on_the_next(bare: Document) -> None:
    pages = printed(bare, Table("T", COLUMNS, (("\n".join(f"line{n}." for n in range(90)), "1"), ("after", "2"))))
    assert [page_of(pages, f"line{n}.") for n in (0, 89)] == [0, 1]


def test_a_chart_of_forty_options_is_drawn_in_parts_on_pages_of_their_own() -> None:
    told = Round.read(a_round([list(range(1, 41))] * 12, ["business"] * 12), HELICES, WORDS)
    charts = list(finding_blocks._charts(told))
    assert [chart.caption for chart in charts] == [
        "Places and how sure they are, part 1 of 2",
        "Places and how sure they are, part 2 of 2",
    ]
    assert [row.label for chart in charts for row in chart.rows] == [f"Option {number}" for number in range(40)]
    assert {chart.ticks for chart in charts} == {charts[0].ticks}


def test_a_short_list_and_a_name_under_a_quotation_stay_with_what_they_belong_to(bare: Document) -> None:
    lists = [Items(tuple(Item(f"L{number}x{line}.") for line in range(5))) for number in range(12)]
    quotes = [Quote("Said so. " * 40, f"Name{number}x") for number in range(8)]
    pages = printed(bare, *filled(*lists, *quotes))
    for number in range(12):
        assert len({page_of(pages, f"L{number}x{line}.") for line in range(5)}) == 1
    for number in range(8):
        page = pages[page_of(pages, f"Name{number}x")]
        assert "Said so." in page.partition(f"Name{number}x")[0].rpartition("Name")[2]


def test_only_a_word_wider_than_the_cover_is_parted_in_a_title(bare: Document) -> None:
    told = replace(bare, title=f"Interregional administrations: {LONG}")
    cover = pypdf.PdfReader(io.BytesIO(pdf.write(told, when=WHEN).content)).pages[0].extract_text()
    parts = [line for line in cover.splitlines() if line.rstrip(SOFT) in LONG]
    assert len(parts) > 1
    assert "".join(part.rstrip(SOFT) for part in parts) == LONG
    assert "administrations:" in cover


def test_running_words_end_with_a_whole_word(bare: Document) -> None:
    told = replace(bare, title="Interregional " * 12)
    assert told.short_title == "Interregional Interregional Interregional Interregional Interregional …"
    assert replace(bare, title="x" * 90).short_title == f"{'x' * 79} …"
    assert replace(bare, title="x").short_title == "x"
    assert replace(bare, title="a b c d e f g").short_title == "a b c d e f g"
    assert replace(bare, title="a b c d e f g h").short_title == "a b c d e f …"
    heading = "What the group decided to take up, and why"
    told = replace(bare, sections=(Section("s", heading, (Paragraph("Why."),)),))
    page = pypdf.PdfReader(io.BytesIO(pdf.write(told, when=WHEN).content)).pages[FIRST].extract_text()
    assert page.splitlines()[:2] == ["What the group decided to take …", heading]


def test_the_address_of_a_mailbox_is_written_as_people_write_it(bare: Document) -> None:
    (page,) = printed(bare, Prose("Write to [us](mailto:office@example.org)."))
    assert "1office@example.org" in page.splitlines()


def test_what_has_no_place_to_break_a_line_is_broken_before_the_edge(bare: Document) -> None:
    endless, address = "x1Y2" * 40, f"https://a.example/{'y' * 60}"
    table = Table("T", (Column("A"), Column("B")), ((endless, endless),))
    pages = printed(bare, Paragraph(endless), Prose(f"[link]({address})"), table, title=endless)
    lines = [line.replace(pdf.BREAK, "") for text in pages for line in text.splitlines()]
    assert max(len(line) for line in lines if line in endless) < 100
    assert "".join(line for line in lines if line in endless) == endless * 3
    told = pypdf.PdfReader(io.BytesIO(pdf.write(replace(bare, title=endless), when=WHEN).content))
    assert told.metadata is not None
    assert told.metadata.title == endless
