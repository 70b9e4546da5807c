"""The bricks of a Word file that python-docx has no words for: whole tables, links, fields, equal bytes. Pure."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip entry can have
SIDES = {"start": "start", "center": "center", "end": "end"}
Element = Any  # lxml's elements under python-docx's classes


def element(tag: str, attributes: Mapping[str, str] | None = None, *children: Element, text: str = "") -> Element:
    """Return `<w:tag w:…>`; tag and attributes carry their prefixes."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name) if ":" in name else name, value)
    made.extend(children)
    if text:
        made.text = text
    return made


def run(text: str, *, bold: bool = False, emphasised: bool = False, style: str = "") -> Element:
    """A run of text; line breaks become breaks."""
    marks = [element("w:rStyle", {"w:val": style})] if style else []
    marks += [element("w:b")] if bold else []
    marks += [element("w:i")] if emphasised else []
    parts: list[Element] = [element("w:rPr", None, *marks)] if marks else []
    for number, line in enumerate(text.split("\n")):
        parts += [element("w:br")] if number else []
        parts.append(element("w:t", {"xml:space": "preserve"}, text=line))
    return element("w:r", None, *parts)


def paragraph(style: str, runs: Iterable[Element], *, side: str = "") -> Element:
    marks = [element("w:pStyle", {"w:val": style})] if style else []
    marks += [element("w:jc", {"w:val": SIDES[side]})] if side and side != "start" else []
    return element("w:p", None, element("w:pPr", None, *marks), *runs)


def hyperlink(relation: str, runs: Iterable[Element]) -> Element:
    """A link by the id of its relation."""
    return element("w:hyperlink", {"r:id": relation}, *runs)


def field(instruction: str, shown: str) -> Element:
    """A field such as PAGE, with what stands there until a program works it out."""
    return element("w:fldSimple", {"w:instr": f" {instruction} "}, run(shown))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], sides: Sequence[str], widths: Sequence[int]) -> Element:
    """A table whose first row repeats on every page as its header; `widths` in twentieths of a point."""
    properties = element(
        "w:tblPr",
        None,
        element("w:tblStyle", {"w:val": "PublicationTable"}),
        element("w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblLook", {"w:val": "04A0", "w:firstRow": "1", "w:firstColumn": "1", "w:noVBand": "1"}),
    )
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in widths))
    header = _row(head, sides, widths, is_header=True)
    return element("w:tbl", None, properties, grid, header, *(_row(row, sides, widths) for row in rows))


def _row(cells: Sequence[str], sides: Sequence[str], widths: Sequence[int], *, is_header: bool = False) -> Element:
    marks = [element("w:cantSplit"), *([element("w:tblHeader")] if is_header else [])]
    return element(
        "w:tr",
        None,
        element("w:trPr", None, *marks),
        *(_cell(*cell, bold=is_header) for cell in zip(cells, sides, widths, strict=True)),
    )


def _cell(text: str, side: str, width: int, *, bold: bool) -> Element:
    size = element("w:tcPr", None, element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    return element("w:tc", None, size, paragraph("TableText", [run(text, bold=bold)], side=side))


def packed_alike(content: bytes) -> bytes:
    """The same zip with fixed times and the entries in their order: equal parts give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
