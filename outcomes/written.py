"""Markdown of editors as blocks: its headings as sections and its tables as tables, so that every format has real ones.

Pure. Read as the page reads articles.
"""

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from history.prose import article_reader
from outcomes.nodes import Align, Block, Column, Prose, Section, Table
from outcomes.prose import to_text
from outcomes.told import NOTHING

if TYPE_CHECKING:
    from markdown_it.token import Token

SHORT = 20  # letters of a cell that stands at the end of its column
APART = {"heading_open", "table_open", "hr"}  # what stands between pieces of prose
TITLE = 2  # lines of an underlined heading; dashes below longer words are meant as a rule


def blocks(source: str, anchor: str, heading: str, *, language: str = "") -> Iterator[Block]:
    """Return what stands before the first heading, and a section for each; rules between parts are left out.

    `anchor` and `heading` are those of the section around it; `language` where it is not that of the labels.
    """
    before, *sections = _parts(source, heading, language)
    yield from before[1]
    for number, (name, inside) in enumerate(sections, 1):
        yield Section(f"{anchor}-{number}", name, tuple(inside), language)


def _parts(source: str, heading: str, language: str) -> list[tuple[str, list[Block]]]:
    """Heading and blocks of each part; a table has the heading above it for a caption."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")  # the ends of lines that the reader knows
    lines = text.split("\n")
    parts: list[tuple[str, list[Block]]] = [(heading, [])]
    begin = 0
    tokens = iter(article_reader().parse(text))
    for token in tokens:
        if token.type not in APART or token.level or token.map is None:
            continue
        if _is_rule(token.type, *token.map):
            lines[token.map[1] - 1] = ""
            continue
        parts[-1][1].extend(_prose(lines[begin : token.map[0]], language))
        begin = token.map[1]
        if token.type == "heading_open":
            parts.append((to_text(next(tokens).content) or NOTHING, []))
        elif token.type == "table_open":
            parts[-1][1].append(_table(parts[-1][0], list(takewhile(lambda one: one.type != "table_close", tokens))))
    parts[-1][1].extend(_prose(lines[begin:], language))
    return parts


def _is_rule(kind: str, first: int, end: int) -> bool:
    return kind == "hr" or (kind == "heading_open" and end - first > TITLE)


def _prose(lines: list[str], language: str) -> list[Prose]:
    text = "\n".join(lines).strip()
    return [Prose(text, language)] if text else []


def _table(caption: str, tokens: list["Token"]) -> Table:
    """A column that is set to the right holds numbers, as long as its cells are short."""
    cells = [to_text(token.content) for token in tokens if token.type == "inline"]
    heads = [token for token in tokens if token.type == "th_open"]
    width = len(heads)
    rows = [tuple(cells[at : at + width]) for at in range(width, len(cells), width)]
    sides: list[Align] = [
        "end" if at and _is_right(head) and all(len(row[at]) <= SHORT for row in rows) else "start"
        for at, head in enumerate(heads)
    ]
    return Table(caption, tuple(map(Column, cells[:width], sides)), tuple(rows))


def _is_right(head: "Token") -> bool:
    return head.attrGet("style") == "text-align:right"
