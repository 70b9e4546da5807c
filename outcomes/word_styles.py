"""How a Word file looks and what it says of itself: fonts, headings, language, properties, running head. Pure."""

import datetime as dt
from typing import Any, NamedTuple

from outcomes import ooxml
from outcomes.nodes import Document

INK, QUIET, BRAND, LINE, TINT = "17222C", "4A5560", "0D4B5C", "857F72", "E3EEF0"
SAFFRON = "D98E04"
SANS, SERIF = "Calibri", "Georgia"
MARGIN, PAGE_WIDTH, PAGE_HEIGHT = 1417, 11906, 16838  # twentieths of a point: 25 mm, A4
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN


class Look(NamedTuple):
    """Size in half points, colour, space before and after in twentieths of a point; `name` of a style of our own.

    `border` is the side, width (in eighths of a point) and colour of a line; `tabs` are places and kinds of stops,
    `hang` is how far all lines but the first are indented.
    """

    font: str
    size: int
    colour: str
    before: int
    after: int
    bold: bool = False
    name: str = ""
    border: tuple[str, int, str] | None = None
    tabs: tuple[tuple[int, str], ...] = ()
    hang: int = 0
    indent: int = 0


DOTTED_TO_THE_END, AT_THE_END = ((TEXT_WIDTH, "dotted"),), ((TEXT_WIDTH, "end"),)
LABELS, PLACE = 2300, 440  # room for the label of a fact, and for a place in an order
LOOKS = {
    "Normal": Look(SANS, 21, INK, 0, 140),
    "Title": Look(SERIF, 60, INK, 60, 240, bold=True),
    "Subtitle": Look(SANS, 27, QUIET, 0, 200),
    "Heading1": Look(SERIF, 32, INK, 480, 140, bold=True),
    "Heading2": Look(SERIF, 26, INK, 320, 100, bold=True),
    "Heading3": Look(SERIF, 22, INK, 240, 80, bold=True),
    "Heading4": Look(SANS, 21, INK, 200, 60, bold=True),
    "Caption": Look(SANS, 19, INK, 240, 80, bold=True),
    "Quote": Look(SERIF, 22, INK, 120, 60, border=("left", 18, SAFFRON)),
    "Header": Look(SANS, 17, QUIET, 0, 0, border=("bottom", 4, LINE)),
    "Footer": Look(SANS, 17, QUIET, 0, 0, tabs=AT_THE_END),
    "Publisher": Look(SANS, 22, BRAND, 0, 3600, bold=True, name="Publisher", border=("top", 96, BRAND)),
    "Overline": Look(SANS, 21, BRAND, 0, 60, name="Overline"),
    "Byline": Look(SANS, 20, INK, 1200, 240, name="Byline", border=("top", 18, SAFFRON)),
    "Contents": Look(SERIF, 32, INK, 0, 200, bold=True, name="Contents Heading"),
    "TOC1": Look(SANS, 21, INK, 100, 20, bold=True, name="toc 1", tabs=DOTTED_TO_THE_END),
    "TOC2": Look(SANS, 20, INK, 0, 20, name="toc 2", tabs=DOTTED_TO_THE_END, indent=240),
    "Note": Look(SANS, 18, QUIET, 60, 160, name="Note"),
    "Fact": Look(SANS, 20, INK, 0, 40, name="Fact", tabs=((LABELS, "start"),), hang=LABELS),
    "Place": Look(SANS, 20, INK, 0, 40, name="Place", tabs=((PLACE, "start"),), hang=PLACE),
    "Figure": Look(SANS, 20, INK, 0, 0, name="Figure"),
    "TableText": Look(SANS, 18, INK, 30, 30, name="Table Text"),
}
OF_LONG_TITLE = {  # so that the cover stays one page
    "Title": Look(SERIF, 42, INK, 60, 200, bold=True),
    "Subtitle": Look(SANS, 23, QUIET, 0, 120),
    "Publisher": Look(SANS, 22, BRAND, 0, 1000, bold=True, name="Publisher", border=("top", 96, BRAND)),
    "Byline": Look(SANS, 20, INK, 480, 240, name="Byline", border=("top", 18, SAFFRON)),
}
OF_LEAFLET = {
    "Normal": Look(SANS, 19, INK, 0, 90),
    "Title": Look(SERIF, 48, INK, 60, 120, bold=True),
    "Subtitle": Look(SANS, 22, QUIET, 0, 120),
    "Heading1": Look(SERIF, 25, BRAND, 200, 60, bold=True),
    "Heading2": Look(SERIF, 21, INK, 120, 40, bold=True),
    "Publisher": Look(SANS, 20, BRAND, 0, 200, bold=True, name="Publisher", border=("top", 96, BRAND)),
    "Byline": Look(SANS, 18, QUIET, 0, 120, name="Byline", border=("top", 18, SAFFRON)),
    "Fact": Look(SANS, 18, INK, 0, 20, name="Fact", tabs=((1700, "start"),), hang=1700),
    "Place": Look(SANS, 18, INK, 0, 20, name="Place", tabs=((PLACE, "start"),), hang=PLACE),
    "Note": Look(SANS, 17, QUIET, 0, 100, name="Note"),
}
KEPT_WITH_NEXT = {"Heading1", "Heading2", "Heading3", "Heading4", "Figure", "Caption", "Contents"}
LONG_TITLE = 120  # characters
GUTTER = 480  # between the columns of a leaflet


def prepare(file: Any, document: Document, when: dt.datetime) -> None:
    """Give the empty file its styles, its language, its properties and its running foot."""
    _describe(file, document, when.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0))
    _say_language(file, document.labels.language)
    for style, look in _looks(document).items():
        _dress(file, style, look)
    _set_up(file)
    _add_table_style(file)
    _add_link_style(file)
    _set_page(file)
    _run_foot(file, document)


def _looks(document: Document) -> dict[str, Look]:
    if document.layout == "leaflet":
        return LOOKS | OF_LEAFLET
    return LOOKS | OF_LONG_TITLE if len(document.title) > LONG_TITLE else LOOKS


def picture_width() -> int:
    """The width of the text in the unit of pictures (914,400 to the inch)."""
    return TEXT_WIDTH * 635


def numbering_of(file: Any, style: str) -> int:
    """The numbering that the style of a numbered list points to; each level has its own indents."""
    found = next(known for known in file.styles.element.style_lst if known.styleId == style)
    return int(found.pPr.numPr.numId.val)


def in_columns(file: Any) -> str:
    """The end of what stood across the page: all that follows stands in two columns, on the same page."""
    last = file.element.body[-1]
    end = ooxml.end_of_section(last)
    kind = ooxml.element("w:type", {"w:val": "continuous"})
    last.find(_name("w:pgSz")).addprevious(kind)
    columns = last.find(_name("w:cols"))
    columns.set(_name("w:num"), "2")
    columns.set(_name("w:space"), str(GUTTER))
    return end


def _set_up(file: Any) -> None:
    """As a program of today lays it out, breaking long words at the ends of lines."""
    settings = file.settings.element
    for known in settings.iter(_name("w:compatSetting")):
        if known.get(_name("w:name")) == "compatibilityMode":
            known.set(_name("w:val"), "15")
    settings.find(_name("w:defaultTabStop")).addnext(ooxml.element("w:autoHyphenation"))


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
    parts += [kept["w:numPr"], *_lines(look), *_stops(look)]
    parts += [ooxml.element("w:suppressAutoHyphens")] if look.bold or look.tabs else []
    parts += [ooxml.element("w:spacing", room), *_indents(look), kept["w:outlineLvl"]]
    style.append(ooxml.element("w:pPr", None, *(part for part in parts if part is not None)))
    style.append(_letters(look))


def _lines(look: Look) -> list[Any]:
    if look.border is None:
        return []
    side, width, colour = look.border
    line = {"w:val": "single", "w:sz": str(width), "w:space": "8", "w:color": colour}
    return [ooxml.element("w:pBdr", None, ooxml.element(f"w:{side}", line))]


def _stops(look: Look) -> list[Any]:
    """`start` and `end` align there, `dotted` leads to the end by dots."""
    kinds = {"start": {"w:val": "left"}, "end": {"w:val": "right"}, "dotted": {"w:val": "right", "w:leader": "dot"}}
    stops = [ooxml.element("w:tab", {**kinds[kind], "w:pos": str(place)}) for place, kind in look.tabs]
    return [ooxml.element("w:tabs", None, *stops)] if stops else []


def _indents(look: Look) -> list[Any]:
    if not look.hang and not look.indent:
        return []
    sides = {"w:left": str(look.hang or look.indent)}
    return [ooxml.element("w:ind", sides | ({"w:hanging": str(look.hang)} if look.hang else {}))]


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
    quiet = ooxml.element("w:rPr", None, ooxml.element("w:color", {"w:val": QUIET}))
    name = ooxml.element("w:name", {"w:val": "Quiet"})
    character = {"w:type": "character", "w:customStyle": "1", "w:styleId": "Quiet"}
    file.styles.element.append(ooxml.element("w:style", character, name, quiet))


def _set_page(file: Any) -> None:
    from docx.shared import Twips

    page = file.sections[0]
    page.page_width, page.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    for side in ("left", "right", "top", "bottom"):
        setattr(page, f"{side}_margin", Twips(MARGIN))


def _run_foot(file: Any, document: Document) -> None:
    """The title in a line at the head of every page but the first; publisher and page of how many at its foot.

    A report's first page is its cover and has neither; a leaflet's first page should be its only one.
    """
    page = file.sections[0]
    page.different_first_page_header_footer = True
    own = "" if document.language == document.labels.language else document.language
    page.header.paragraphs[0]._p.extend(ooxml.read(ooxml.run(document.short_title, language=own)))  # noqa: SLF001 - the paragraph's element
    feet = [page.footer] if document.layout == "report" else [page.footer, page.first_page_footer]
    for foot in feet:
        parts = [ooxml.run(document.publisher), ooxml.tab(), ooxml.run(f"{document.labels.page} ")]
        parts += [ooxml.field("PAGE", "1"), ooxml.run(" / "), ooxml.field("NUMPAGES", "1")]
        foot.paragraphs[0]._p.extend(ooxml.read(*parts))  # noqa: SLF001 - as above


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
