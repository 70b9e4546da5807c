"""How a Word file looks and what it says of itself: fonts, headings, language, properties, running head. Pure."""

import datetime as dt
from typing import Any, NamedTuple

from outcomes import ooxml
from outcomes.nodes import Document

INK, QUIET, BRAND, LINE, TINT = "17222C", "4A5560", "0D4B5C", "857F72", "E3EEF0"
SANS, SERIF = "Calibri", "Georgia"
MARGIN, PAGE_WIDTH, PAGE_HEIGHT = 1417, 11906, 16838  # twentieths of a point: 25 mm, A4
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN


class Look(NamedTuple):
    """Size in half points, colour, space before and after in twentieths of a point; `name` of a style of our own."""

    font: str
    size: int
    colour: str
    before: int
    after: int
    bold: bool = False
    name: str = ""


LOOKS = {
    "Normal": Look(SANS, 21, INK, 0, 140),
    "Title": Look(SERIF, 52, INK, 60, 160, bold=True),
    "Subtitle": Look(SANS, 26, QUIET, 0, 200),
    "Heading1": Look(SERIF, 32, INK, 480, 140, bold=True),
    "Heading2": Look(SERIF, 26, INK, 320, 100, bold=True),
    "Heading3": Look(SERIF, 22, INK, 240, 80, bold=True),
    "Heading4": Look(SANS, 21, INK, 200, 60, bold=True),
    "Caption": Look(SANS, 19, INK, 240, 80, bold=True),
    "Quote": Look(SERIF, 22, INK, 120, 60),
    "Overline": Look(SANS, 19, BRAND, 0, 60, bold=True, name="Overline"),
    "Byline": Look(SANS, 19, QUIET, 0, 240, name="Byline"),
    "Note": Look(SANS, 18, QUIET, 60, 160, name="Note"),
    "Fact": Look(SANS, 20, INK, 0, 40, name="Fact"),
    "Figure": Look(SANS, 20, INK, 0, 0, name="Figure"),
    "TableText": Look(SANS, 18, INK, 30, 30, name="Table Text"),
}
KEPT_WITH_NEXT = {"Heading1", "Heading2", "Heading3", "Heading4", "Figure", "Caption", "Quote"}


def prepare(file: Any, document: Document, when: dt.datetime) -> None:
    """Give the empty file its styles, its language, its properties and its running foot."""
    _describe(file, document, when.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0))
    _say_language(file, document.language)
    for style, look in LOOKS.items():
        _dress(file, style, look)
    _add_table_style(file)
    _add_link_style(file)
    _set_page(file)
    _run_foot(file, document)


def picture_width() -> int:
    """The width of the text in the unit of pictures (914,400 to the inch)."""
    return TEXT_WIDTH * 635


def numbering_of(file: Any) -> int:
    """The numbering that the style of numbered lists points to."""
    return int(file.styles["List Number"].element.pPr.numPr.numId.val)


def _describe(file: Any, document: Document, moment: dt.datetime) -> None:
    known = file.core_properties
    known.title, known.author = document.title[:255], ", ".join(document.authors)[:255]
    known.subject, known.keywords = document.overline[:255], ", ".join(document.keywords)[:255]
    known.language, known.comments = document.language, ""
    known.created = known.modified = moment
    known.last_modified_by, known.revision = known.author, 1
    relations = file.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype.endswith("/thumbnail")]:
        del relations[key]  # a picture of python-docx's own empty page


def _say_language(file: Any, language: str) -> None:
    defaults = file.styles.element.find(".//{*}docDefaults")
    known = defaults.find(".//{*}lang")
    for name in list(known.attrib):
        del known.attrib[name]
    known.set(_name("w:val"), language)
    fonts = defaults.find(".//{*}rFonts")
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(_name(f"w:{kind}"), SANS)


def _dress(file: Any, style_id: str, look: Look) -> None:
    """Replace the look of a style; the outline level of headings and the numbering of lists stay."""
    root = file.styles.element
    style = next((known for known in root.style_lst if known.styleId == style_id), None)
    if style is None:
        style = ooxml.element("w:style", {"w:type": "paragraph", "w:customStyle": "1", "w:styleId": style_id})
        style.extend([ooxml.element("w:name", {"w:val": look.name}), ooxml.element("w:basedOn", {"w:val": "Normal"})])
        style.append(ooxml.element("w:qFormat"))
        root.append(style)
    kept = {tag: style.find(f"w:pPr/{tag}", style.nsmap) for tag in ("w:numPr", "w:outlineLvl")}
    for old in (*style.findall(_name("w:pPr")), *style.findall(_name("w:rPr"))):
        style.remove(old)
    room = {"w:before": str(look.before), "w:after": str(look.after), "w:line": "276", "w:lineRule": "auto"}
    parts = [ooxml.element("w:keepNext")] if style_id in KEPT_WITH_NEXT else []
    parts += [kept["w:numPr"], ooxml.element("w:spacing", room), kept["w:outlineLvl"]]
    style.append(ooxml.element("w:pPr", None, *(part for part in parts if part is not None)))
    style.append(_letters(look))


def _letters(look: Look) -> Any:
    fonts = {f"w:{kind}": look.font for kind in ("ascii", "hAnsi", "cs", "eastAsia")}
    weight = [ooxml.element("w:b")] if look.bold else []
    sizes = [ooxml.element(tag, {"w:val": str(look.size)}) for tag in ("w:sz", "w:szCs")]
    colour = ooxml.element("w:color", {"w:val": look.colour})
    return ooxml.element("w:rPr", None, ooxml.element("w:rFonts", fonts), *weight, colour, *sizes)


def _add_table_style(file: Any) -> None:
    """Hairlines between rows, a strong line under the header, no upright lines."""
    lines = [
        ooxml.element(f"w:{side}", {"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": LINE})
        for side in ("top", "bottom", "insideH")
    ]
    room = [ooxml.element(f"w:{side}", {"w:w": "80", "w:type": "dxa"}) for side in ("left", "right")]
    shade = ooxml.element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": TINT})
    style = ooxml.element(
        "w:style",
        {"w:type": "table", "w:customStyle": "1", "w:styleId": "PublicationTable"},
        ooxml.element("w:name", {"w:val": "Publication Table"}),
        ooxml.element("w:basedOn", {"w:val": "TableNormal"}),
        ooxml.element(
            "w:tblPr", None, ooxml.element("w:tblBorders", None, *lines), ooxml.element("w:tblCellMar", None, *room)
        ),
        ooxml.element("w:tblStylePr", {"w:type": "firstRow"}, ooxml.element("w:tcPr", None, shade)),
    )
    file.styles.element.append(style)


def _add_link_style(file: Any) -> None:
    marks = [ooxml.element("w:color", {"w:val": BRAND}), ooxml.element("w:u", {"w:val": "single"})]
    style = ooxml.element(
        "w:style",
        {"w:type": "character", "w:styleId": "Hyperlink"},
        ooxml.element("w:name", {"w:val": "Hyperlink"}),
        ooxml.element("w:rPr", None, *marks),
    )
    file.styles.element.append(style)


def _set_page(file: Any) -> None:
    from docx.shared import Twips

    page = file.sections[0]
    page.page_width, page.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    for side in ("left", "right", "top", "bottom"):
        setattr(page, f"{side}_margin", Twips(MARGIN))


def _run_foot(file: Any, document: Document) -> None:
    """The title in the head of every page but the first, and the page of how many at its foot."""
    page = file.sections[0]
    page.different_first_page_header_footer = True
    page.header.paragraphs[0]._p.append(ooxml.run(document.title))  # noqa: SLF001 - one brick for all places
    for foot in (page.footer, page.first_page_footer):
        parts = [ooxml.run(f"{document.labels.page} "), ooxml.field("PAGE", "1"), ooxml.run(" / ")]
        foot.paragraphs[0]._p.extend([*parts, ooxml.field("NUMPAGES", "1")])  # noqa: SLF001 - as above


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
