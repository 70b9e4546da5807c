"""Markdown of editors as blocks: its headings as sections and its tables as tables, so that every format has real ones.

Pure.
"""

import re
from collections.abc import Iterator

from outcomes.nodes import Align, Block, Column, Prose, Section, Table
from outcomes.prose import to_text
from outcomes.told import NOTHING

SHORT = 20  # letters of a cell that stands at the end of its column
TABLE = re.compile(r"^\|.+\|[ \t]*\n\|[ \t:|-]+\|[ \t]*(?:\n\|.*\|[ \t]*)*", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
UNDERLINED = re.compile(r"(\A|\n[ \t]*\n) {0,3}([^\s>|#*+-][^\n]*)\n {0,3}(?:=+|--+)[ \t]*$", re.MULTILINE)
RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$", re.MULTILINE)


def blocks(source: str, anchor: str, heading: str, *, language: str = "") -> Iterator[Block]:
    """Return what stands before the first heading, and a section for each; rules between parts are left out.

    `anchor` and `heading` are those of the section around it; `language` where it is not that of the labels.
    """
    parts = HEADING.split(RULE.sub("", UNDERLINED.sub(r"\1## \2", source.replace("\r\n", "\n"))))
    yield from _with_tables(parts[0], heading, language)
    for number, (raw, text) in enumerate(zip(parts[1::2], parts[2::2], strict=True), 1):
        name = to_text(raw) or NOTHING
        yield Section(f"{anchor}-{number}", name, tuple(_with_tables(text, name, language)), language)


def _with_tables(text: str, caption: str, language: str) -> Iterator[Block]:
    """Prose and, between it, tables written with upright strokes; their caption is the heading above."""
    end = 0
    for found in TABLE.finditer(text):
        if before := text[end : found.start()].strip():
            yield Prose(before, language)
        yield _table(caption, [_cells(line) for line in found.group().strip().splitlines()])
        end = found.end()
    if rest := text[end:].strip():
        yield Prose(rest, language)


def _table(caption: str, lines: list[list[str]]) -> Table:
    """A column with its colon at the end of the dashes holds numbers, as long as its cells are short."""
    head, rule, *rows = lines
    filled = [(*row, *[""] * len(head))[: len(head)] for row in rows]
    asked = [dashes.endswith(":") and not dashes.startswith(":") for dashes in (*rule, *[""] * len(head))]
    ends = [asked[at] and at > 0 and all(len(row[at]) <= SHORT for row in filled) for at in range(len(head))]
    sides: list[Align] = ["end" if is_end else "start" for is_end in ends]
    return Table(caption, tuple(map(Column, head, sides)), tuple(map(tuple, filled)))


def _cells(line: str) -> list[str]:
    return [to_text(cell.strip()) for cell in line.strip().strip("|").split("|")]
