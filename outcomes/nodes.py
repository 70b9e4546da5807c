"""What a document is made of: sections of paragraphs, facts, tables and figures; the same for every format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["start", "end", "center"]
RUNNING, FEW = 80, 7  # characters and words of a running head; what is longer, checkers take for prose


@dataclass(frozen=True)
class Paragraph:
    text: str
    quiet: bool = False  # a remark beside the matter
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Prose:
    """Markdown of an editor; `language` where it is not that of the labels around it, else ""."""

    source: str
    language: str = ""
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True)
class Fact:
    """A label, what is said of it, and where that leads: an address or ""."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Facts:
    items: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Item:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Items:
    items: tuple[Item, ...]
    numbered: bool = False
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Column:
    label: str
    align: Align = "start"


@dataclass(frozen=True)
class Table:
    """The first cell of each row is its heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Interval:
    """One row of the chart: positions are percentages of its width; `values` are said beside it."""

    place: str
    label: str
    low: float
    at: float
    high: float
    values: str
    tier: int


@dataclass(frozen=True)
class Tick:
    label: str
    at: float


@dataclass(frozen=True)
class Intervals:
    """A chart of ranges; all of its numbers stand in the table that follows it."""

    caption: str
    how_to_read: str
    ticks: tuple[Tick, ...]
    rows: tuple[Interval, ...]
    kind: Literal["intervals"] = "intervals"


@dataclass(frozen=True)
class Bar:
    """A share of the longest bar in percent, and what is said beside it; `tone` is a helix or ""."""

    label: str
    share: float
    values: str
    tone: str = ""


@dataclass(frozen=True)
class Bars:
    """A chart of amounts; all of its numbers stand in the table that follows it."""

    caption: str
    how_to_read: str
    rows: tuple[Bar, ...]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, and under them who said so."""

    text: str
    by: str
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Section:
    anchor: str
    heading: str
    blocks: tuple["Block", ...]
    language: str = ""  # of all in it, where it is not that of the labels
    kind: Literal["section"] = "section"


Chart = Intervals | Bars
Leaf = Paragraph | Prose | Quote | Facts | Items | Table | Intervals | Bars
Block = Leaf | Section


@dataclass(frozen=True)
class Labels:
    """Words that a file needs around the document, and their language: that of all that no editor wrote."""

    language: str = "en"
    contents: str = "Contents"
    figure: str = "Figure"
    table: str = "Table"
    page: str = "Page"


@dataclass(frozen=True)
class Document:
    """A publication before it becomes a page or a file; title, standfirst and marked prose are in its language."""

    title: str
    overline: str
    standfirst: str
    byline: str
    language: str
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    facts: Facts
    sections: tuple[Section, ...] = field(default=())
    publisher: str = ""
    layout: Literal["report", "leaflet"] = "report"
    labels: Labels = field(default=Labels())

    @property
    def short_title(self) -> str:
        """The first words, for running heads and feet."""
        words = self.title.split()
        if len(self.title) <= RUNNING and len(words) <= FEW:
            return self.title
        cut = " ".join(words[: FEW - 1])
        return f"{cut if len(cut) < RUNNING else cut[: RUNNING - 1].rpartition(' ')[0] or cut[: RUNNING - 1]} …"


def alternative(chart: Chart) -> str:
    """What a chart shows, in words, for who cannot see it: its rows in their order."""
    if isinstance(chart, Intervals):
        rows = [f"{row.place} {row.label}: {row.values}" for row in chart.rows]
    else:
        rows = [f"{row.label}: {row.values}" for row in chart.rows]
    return f"{chart.caption}. {'; '.join(rows)}."


def charts(blocks: Iterable["Block"]) -> Iterator[Chart]:
    """Every chart, in reading order."""
    for block in blocks:
        if isinstance(block, Section):
            yield from charts(block.blocks)
        elif isinstance(block, Intervals | Bars):
            yield block


def texts(block: Block | Document) -> Iterator[str]:
    """Every text of a block in reading order; Markdown as it stands."""
    if isinstance(block, Document):
        for section in block.sections:
            yield from texts(section)
    elif isinstance(block, Section):
        yield block.heading
        for inner in block.blocks:
            yield from texts(inner)
    else:
        yield from _own_texts(block)


def _own_texts(block: Leaf) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Quote):
        yield from (block.text, block.by)
    elif isinstance(block, Prose):
        yield block.source
    elif isinstance(block, Facts):
        yield from (part for item in block.items for part in (item.label, item.text))
    elif isinstance(block, Items):
        yield from (item.text for item in block.items)
    elif isinstance(block, Table):
        yield block.caption
        yield from (cell for row in block.rows for cell in row)
        yield block.note
    else:
        yield block.caption
