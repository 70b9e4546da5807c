"""An outcome's article on paper and on a phone: tables that stay whole, words wider than the window."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from outcomes import html
from outcomes.document import compose
from outcomes.nodes import Block, Column, Document, Interval, Intervals, Paragraph, Section, Table, Tick
from tests.outcomes.told import WORDS, a_snapshot

CSS = Path(__file__).parents[2] / "static" / "css"
SHEETS = ("tokens", "base", "components", "charts")
LINES = (
    "of => { const text = document.createRange(); text.selectNodeContents(of); return text.getClientRects().length }"
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        yield context.new_page()


def show(page: Page, *blocks: Block) -> None:
    """The article in the styles of its page, without the portal around it."""
    bare = compose(a_snapshot(), WORDS)
    told = Document(**{**vars(bare), "sections": (Section("s", "Section", blocks),)})
    styles = "".join((CSS / f"{sheet}.css").read_text() for sheet in SHEETS)
    page.set_content(
        f'<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><style>{styles}</style>'
        f'<main class="wrap"><div class="prose prose-l stack stack-l">{html.write(told)}</div></main></html>'
    )


def printed(page: Page) -> list[str]:
    """The text of each page of paper."""
    content = page.pdf(format="A4", prefer_css_page_size=True)
    return [part.extract_text() for part in pypdf.PdfReader(io.BytesIO(content)).pages]


def table(name: str, rows: int) -> Table:
    columns = (Column(f"Head {name}"), Column("Ballots", "end"))
    return Table(f"Caption {name}", columns, tuple((f"{name}{number}.", "1") for number in range(rows)))


def test_a_word_wider_than_the_window_is_broken_in_charts_and_tables(page: Page) -> None:
    row = Interval("10=", LONG, 10, 20, 30, "1–2", 1)
    show(page, Intervals("Places", "How", (Tick("1", 0),), (row,)), Table("T", (Column("A"),), ((LONG,),)))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".rows > li:not(.axis) i").evaluate(LINES) == 1, "a place is one line"


def test_tables_stay_whole_on_paper_with_their_captions(page: Page) -> None:
    names = [f"T{number}x" for number in range(9)]
    between = [Paragraph("Some words. " * 20 * (number % 4 + 1)) for number in range(9)]
    show(page, *(block for pair in zip(between, (table(name, 12) for name in names), strict=True) for block in pair))
    pages = printed(page)
    assert len(pages) > 3
    for name in names:
        parts = [f"Caption {name}", f"Head {name}", *(f"{name}{row}." for row in range(12))]
        assert {number for number, text in enumerate(pages) for part in parts if part in text} == {
            next(number for number, text in enumerate(pages) if f"{name}0." in text)
        }


def test_no_row_of_a_long_table_stands_alone_on_paper(page: Page) -> None:
    tables = {f"T{rows}x": rows for rows in range(30, 50, 2)}
    show(page, *(table(name, rows) for name, rows in tables.items()))
    pages = printed(page)
    for name, rows in tables.items():
        at = [next(number for number, text in enumerate(pages) if f"{name}{row}." in text) for row in range(rows)]
        assert (at[0], at[-2]) == (at[1], at[-1]), name
        parts = [f"Caption {name}", f"Head {name}"]
        assert [next(number for number, text in enumerate(pages) if part in text) for part in parts] == [at[0]] * 2
