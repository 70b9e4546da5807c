"""The bricks of a Word file that python-docx has no words for: whole tables, links, fields, equal bytes. Pure."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip entry can have
SHORT = 12  # rows of a table that is not parted
SIDES = {"start": "start", "center": "center", "end": "end"}
Element = Any  # lxml's elements under python-docx's classes


def element(tag: str, attributes: Mapping[str, str] | None = None, *children: Element, text: str = "") -> Element:
    """Return `<w:tag w:…>`; tag and attributes carry their prefixes."""
    name, spaces = _tag(tag)
    made = _parser().makeelement(name, nsmap=spaces)
    for key, value in (attributes or {}).items():
        made.set(_tag(key)[0] if ":" in key else key, value)
    made.extend(children)
    if text:
        made.text = text
    return made


@cache
def _tag(prefixed: str) -> tuple[str, dict[str, str]]:
    """Return the full name and what its prefix stands for; read once, as a report has fifty thousand elements."""
    from docx.oxml.ns import NamespacePrefixedTag

    tag = NamespacePrefixedTag(prefixed)
    return tag.clark_name, tag.nsmap


@cache
def _parser() -> Any:
    """Return the one that makes elements of python-docx's classes."""
    from docx.oxml.parser import oxml_parser

    return oxml_parser


def run(text: str, *, bold: bool = False, emphasised: bool = False, style: str = "", language: str = "") -> Element:
    """A run of text, with its language where that is not the file's; line breaks become breaks."""
    marks = [element("w:rStyle", {"w:val": style})] if style else []
    marks += [element("w:b")] if bold else []
    marks += [element("w:i")] if emphasised else []
    marks += [element("w:lang", {"w:val": language})] if language else []
    parts: list[Element] = [element("w:rPr", None, *marks)] if marks else []
    for number, line in enumerate(text.split("\n")):
        parts += [element("w:br")] if number else []
        parts.append(element("w:t", {"xml:space": "preserve"}, text=line))
    return element("w:r", None, *parts)


def tab() -> Element:
    return element("w:r", None, element("w:tab"))


def paragraph(
    style: str, runs: Iterable[Element], *, side: str = "", keep: bool = False, new_page: bool = False
) -> Element:
    """`keep`: on the page of what follows."""
    marks = [element("w:pStyle", {"w:val": style})] if style else []
    marks += [element("w:keepNext")] if keep else []
    marks += [element("w:pageBreakBefore")] if new_page else []
    marks += [element("w:jc", {"w:val": SIDES[side]})] if side and side != "start" else []
    return element("w:p", None, element("w:pPr", None, *marks), *runs)


def hyperlink(relation: str, runs: Iterable[Element]) -> Element:
    """A link by the id of its relation."""
    return element("w:hyperlink", {"r:id": relation}, *runs)


def field(instruction: str, shown: str) -> Element:
    """A field such as PAGE, with what stands there until a program works it out."""
    return element("w:fldSimple", {"w:instr": f" {instruction} "}, run(shown))


def page_of(name: str) -> list[Element]:
    """The number of the page with the bookmark; programs work it out when they open the file."""
    start = element("w:fldChar", {"w:fldCharType": "begin", "w:dirty": "true"})
    asked = element("w:instrText", {"xml:space": "preserve"}, text=f" PAGEREF {name} \\h ")
    marks = (element("w:fldChar", {"w:fldCharType": kind}) for kind in ("separate", "end"))
    return [element("w:r", None, part) for part in (start, asked, *marks)]


def to_bookmark(name: str, runs: Iterable[Element]) -> Element:
    """A link within the file."""
    return element("w:hyperlink", {"w:anchor": name, "w:history": "1"}, *runs)


def bookmarked(name: str, number: int, runs: Iterable[Element]) -> list[Element]:
    start = element("w:bookmarkStart", {"w:id": str(number), "w:name": name})
    return [start, *runs, element("w:bookmarkEnd", {"w:id": str(number)})]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], sides: Sequence[str], widths: Sequence[int]) -> Element:
    """A table whose first row repeats on every page as its header; `widths` in twentieths of a point."""
    properties = element(
        "w:tblPr",
        None,
        element("w:tblStyle", {"w:val": "PublicationTable"}),
        element("w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"}),
        element("w:tblInd", {"w:w": "0", "w:type": "dxa"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        element("w:tblLook", {"w:val": "04A0", "w:firstRow": "1", "w:firstColumn": "1", "w:noVBand": "1"}),
    )
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in widths))
    header = _row(head, sides, widths, is_header=True)
    kept = len(rows) - 1 if len(rows) <= SHORT else 1  # rows that stay on the page of the next one
    body = (_row(row, sides, widths, keep=number < kept) for number, row in enumerate(rows))
    return element("w:tbl", None, properties, grid, header, *body)


def _row(
    cells: Sequence[str], sides: Sequence[str], widths: Sequence[int], *, is_header: bool = False, keep: bool = True
) -> Element:
    marks = [element("w:cantSplit"), *([element("w:tblHeader")] if is_header else [])]
    return element(
        "w:tr",
        None,
        element("w:trPr", None, *marks),
        *(_cell(*cell, bold=is_header, keep=keep) for cell in zip(cells, sides, widths, strict=True)),
    )


def _cell(text: str, side: str, width: int, *, bold: bool, keep: bool) -> Element:
    size = element("w:tcPr", None, element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    return element("w:tc", None, size, paragraph("TableText", [run(text, bold=bold)], side=side, keep=keep))


def packed_alike(content: bytes) -> bytes:
    """The same zip with fixed times and the entries in their order: equal parts give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
