"""The bricks of a Word file that python-docx has no words for: whole tables, links, fields, equal bytes. Pure.

The body is written as text and never read: a report has fifty thousand elements.
"""

import io
import zipfile
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

LEVEL = 4  # of packing: a third of the work of 6, a tenth more bytes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip entry can have
SIDES = {"start": "start", "center": "center", "end": "end"}
KEPT = {"\r": "&#13;"}  # reading would make a new line of it
Element = Any  # lxml's elements under python-docx's classes
quoted = lru_cache(maxsize=1000)(quoteattr)  # names of styles, again and again


def element(tag: str, attributes: Mapping[str, str] | None = None, *children: Element) -> Element:
    """Return `<w:tag w:…>`; tag and attributes carry their prefixes."""
    from docx.oxml.parser import oxml_parser

    name, spaces = _tag(tag)
    made = oxml_parser.makeelement(name, nsmap=spaces)
    for key, value in (attributes or {}).items():
        made.set(_tag(key)[0] if ":" in key else key, value)
    made.extend(children)
    return made


@cache
def _tag(prefixed: str) -> tuple[str, dict[str, str]]:
    """Return the full name and what its prefix stands for."""
    from docx.oxml.ns import NamespacePrefixedTag

    tag = NamespacePrefixedTag(prefixed)
    return tag.clark_name, tag.nsmap


def read(*bricks: str) -> list[Element]:
    """Return the elements of bricks."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    return list(parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{''.join(bricks)}</w:body>"))


def run(text: str, *, bold: bool = False, emphasised: bool = False, style: str = "", language: str = "") -> str:
    """A run of text, with its language where that is not the file's; line breaks become breaks."""
    marks = f"<w:rStyle w:val={quoted(style)}/>" if style else ""
    marks += "<w:b/>" * bold + "<w:i/>" * emphasised
    marks += f"<w:lang w:val={quoted(language)}/>" if language else ""
    lines = escape(text, KEPT).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r>{f"<w:rPr>{marks}</w:rPr>" if marks else ""}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def tab() -> str:
    return "<w:r><w:tab/></w:r>"


def paragraph(
    style: str, runs: Iterable[str], *, side: str = "", keep: bool = False, new_page: bool = False, number: int = 0
) -> str:
    """`keep`: on the page of what follows; `number`: of the numbering that counts it."""
    return f"<w:p>{_properties(style, side, keep=keep, new_page=new_page, number=number)}{''.join(runs)}</w:p>"


@lru_cache(maxsize=1000)
def _properties(style: str, side: str, *, keep: bool, new_page: bool, number: int) -> str:
    marks = f"<w:pStyle w:val={quoted(style)}/>" if style else ""
    marks += "<w:keepNext/>" * keep + "<w:pageBreakBefore/>" * new_page
    marks += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    marks += f'<w:jc w:val="{SIDES[side]}"/>' if side and side != "start" else ""
    return f"<w:pPr>{marks}</w:pPr>"


def hyperlink(relation: str, runs: Iterable[str]) -> str:
    """A link by the id of its relation."""
    return f"<w:hyperlink r:id={quoted(relation)}>{''.join(runs)}</w:hyperlink>"


def field(instruction: str, shown: str) -> str:
    """A field such as PAGE, with what stands there until a program works it out."""
    return f"<w:fldSimple w:instr={quoted(f' {instruction} ')}>{run(shown)}</w:fldSimple>"


def page_of(name: str) -> list[str]:
    """The number of the page with the bookmark; programs work it out when they open the file."""
    asked = f'<w:instrText xml:space="preserve"> PAGEREF {escape(name)} \\h </w:instrText>'
    start = '<w:fldChar w:fldCharType="begin" w:dirty="true"/>'
    marks = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("separate", "end"))
    return [f"<w:r>{part}</w:r>" for part in (start, asked, *marks)]


def to_bookmark(name: str, runs: Iterable[str]) -> str:
    """A link within the file."""
    return f'<w:hyperlink w:anchor={quoted(name)} w:history="1">{"".join(runs)}</w:hyperlink>'


def bookmarked(name: str, number: int, runs: Iterable[str]) -> list[str]:
    start = f'<w:bookmarkStart w:id="{number}" w:name={quoted(name)}/>'
    return [start, *runs, f'<w:bookmarkEnd w:id="{number}"/>']


def drawing(inline: Element) -> str:
    """A run that holds the picture."""
    return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>"


def end_of_section(properties: Element) -> str:
    """An empty paragraph; all since the last such one is laid out by these properties."""
    return f"<w:p><w:pPr>{properties.xml}</w:pPr></w:p>"


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    sides: Sequence[str],
    widths: Sequence[int],
    kept: Container[int],
) -> str:
    """A table whose first row repeats on every page as its header; `widths` in twentieths of a point.

    `kept` are the numbers of the rows that stay on the page of what follows.
    """
    properties = (
        f'<w:tblPr><w:tblStyle w:val="PublicationTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:firstColumn="1" w:noVBand="1"/></w:tblPr>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    header = _row(head, sides, widths, is_header=True)
    body = "".join(_row(row, sides, widths, keep=number in kept) for number, row in enumerate(rows))
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{header}{body}</w:tbl>"


def _row(
    cells: Sequence[str], sides: Sequence[str], widths: Sequence[int], *, is_header: bool = False, keep: bool = True
) -> str:
    marks = "<w:cantSplit/>" + "<w:tblHeader/>" * is_header
    made = "".join(_cell(*cell, bold=is_header, keep=keep) for cell in zip(cells, sides, widths, strict=True))
    return f"<w:tr><w:trPr>{marks}</w:trPr>{made}</w:tr>"


def _cell(text: str, side: str, width: int, *, bold: bool, keep: bool) -> str:
    words = paragraph("TableText", [run(text, bold=bold)], side=side, keep=keep)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{words}</w:tc>'


def packed(package: Any, body: str) -> bytes:
    """The zip of a file whose body these bricks are, with fixed times: equal parts give equal bytes. PNG is packed."""
    from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
    from docx.opc.pkgwriter import _ContentTypesItem  # python-docx itself would pack all parts in another way

    types: Any = _ContentTypesItem
    parts = list(package.iter_parts())
    for part in parts:
        part.before_marshal()
    blobs = {CONTENT_TYPES_URI: types.from_parts(parts).blob, PACKAGE_URI.rels_uri: package.rels.xml}
    for part in parts:
        blobs[part.partname] = part.blob
        if len(part.rels):
            blobs[part.partname.rels_uri] = part.rels.xml
    main = package.main_document_part.partname
    before, end, size_of_page = blobs[main].rpartition(b"<w:sectPr")
    blobs[main] = b"".join([before, body.encode(), end, size_of_page])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, blob in blobs.items():
            _pack(new, name.membername, blob)
    return out.getvalue()


def _pack(new: zipfile.ZipFile, name: str, blob: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr, entry.create_system = 0o600 << 16, 3
    kind = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
    new.writestr(entry, blob, kind, compresslevel=LEVEL)
