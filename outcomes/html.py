"""The article of an edition as HTML: canonical, escaped, stored once and never rendered per reader."""

from dataclasses import asdict
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from history.prose import to_html
from outcomes.nodes import Document


def write(document: Document) -> str:
    """Return the sections of the document; its title and head belong to the page."""
    sections = _ready(asdict(document)["sections"])
    lines = render_to_string("outcomes/article/sections.html", {"sections": sections}).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _ready(value: Any) -> Any:
    """Turn Markdown into sanitised HTML, and give each cell of a table the side of its column."""
    if isinstance(value, list | tuple):
        return [_ready(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "prose":
        html = mark_safe(to_html(value["source"]))  # noqa: S308 - sanitised by nh3
        return {"kind": "prose", "html": html, "language": value["language"]}
    if value.get("kind") == "table":
        sides = [column["align"] for column in value["columns"]]
        rows = [[{"text": text, "align": side} for text, side in zip(row, sides, strict=True)] for row in value["rows"]]
        return value | {"rows": rows}
    return {key: _ready(item) for key, item in value.items()}
