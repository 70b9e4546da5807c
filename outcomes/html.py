"""The article of an edition as HTML: canonical, escaped, stored once and never rendered per reader."""

from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from history.prose import to_html
from outcomes.nodes import Block, Document, Intervals, Prose, Section, Table


def write(document: Document) -> str:
    """Return the sections of the document; its title and head belong to the page."""
    sections = [_ready(section) for section in document.sections]
    lines = render_to_string("outcomes/article/sections.html", {"sections": sections}).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _ready(block: Block) -> Any:
    """What the templates read of a block. What stands there a thousand times is no matter for nodes of a template."""
    match block:
        case Section():
            return {**vars(block), "blocks": [_ready(inner) for inner in block.blocks]}
        case Prose():
            return {**vars(block), "html": mark_safe(to_html(block.source))}  # noqa: S308 - sanitised by nh3
        case Table():
            return {**vars(block), "body": _body(block)}
        case Intervals():
            return {**vars(block), "grid": _grid(block)}
        case _:
            return block


def _body(table: Table) -> SafeString:
    """The rows; the first cell of each is its heading."""
    ends = [' class="end"' if column.align == "end" else "" for column in table.columns[1:]]
    return SafeString("\n".join(_row(row[0], row[1:], ends) for row in table.rows))


def _row(heading: str, cells: tuple[str, ...], ends: list[str]) -> str:
    written = (f"<td{end}>{escape(cell)}</td>" for cell, end in zip(cells, ends, strict=True))
    return f'<tr><th scope="row">{escape(heading)}</th>{"".join(written)}</tr>'


def _grid(chart: Intervals) -> SafeString:
    """The lines behind each row."""
    lines = (f'<line class="grid" x1="{tick.at}%" x2="{tick.at}%" y1="0" y2="36"/>' for tick in chart.ticks)
    return SafeString("".join(lines))
