"""The document as a Word file: real headings, lists, tables with header rows, captions and alternative texts. Pure.

Equal documents and times give equal bytes. Charts come as pictures drawn by the same program as in the PDF.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from outcomes import fitting, ooxml, prose, widths, word_styles
from outcomes.nodes import (
    Bars,
    Block,
    Chart,
    Document,
    Facts,
    Intervals,
    Items,
    Paragraph,
    Prose,
    Quote,
    Section,
    Table,
    alternative,
    charts,
)

Pictures = Callable[[Sequence[Chart]], list[bytes]]  # charts as PNG
DEEPEST_LIST, DEEPEST_CONTENTS = 3, 2
LETTER, CELL = 100, 270  # twentieths of a point: a letter in a table, and the room beside it in its cell
FEW = 6  # items of a list that stay together
PLACE = 3  # letters of the longest label that is no word


def write(document: Document, *, when: dt.datetime, pictures: Pictures) -> bytes:
    """Return the file; `when` (aware) is the time in its properties, `pictures` draws the charts."""
    import docx

    file = docx.Document()
    word_styles.prepare(file, document, when)
    body = Writer(file, document, pictures(list(charts(document.sections)))).write()
    return ooxml.packed(file.part.package, body)


class Writer:
    """Writes block after block of the body; the file itself takes pictures, numberings and what links lead to."""

    def __init__(self, file: Any, document: Document, pictures: Iterable[bytes]) -> None:
        self.file, self.document, self.pictures = file, document, iter(pictures)
        self.written: list[str] = []
        self.numbers = {"table": count(1), "figure": count(1), "heading": count(1), "picture": count(1)}
        self.language = ""  # of the prose that is being written, where it is not that of the labels
        outline = _outline(document.sections, 1)
        self.headings = [(level, text, _bookmark(number)) for number, (level, text) in enumerate(outline, 1)]

    def write(self) -> str:
        self._cover()
        if self.document.layout == "leaflet":
            self._add(word_styles.in_columns(self.file))
            self._sections(self.document.sections)
            self._facts(self.document.facts)
        else:
            self._contents()
            self._facts(self.document.facts)
            self._sections(self.document.sections)
        return "".join(self.written)

    def _cover(self) -> None:
        head = self.document
        own = "" if head.language == head.labels.language else head.language
        self._say("Publisher", head.publisher)
        self._say("Overline", head.overline)
        self._say("Title", head.title, own)
        if head.standfirst:
            self._say("Subtitle", head.standfirst, own)
        self._say("Byline", head.byline)

    def _contents(self) -> None:
        """Each heading with its page, as a link. No index field: programs would show it without pages until told."""
        self._add(ooxml.paragraph("Contents", [ooxml.run(self.document.labels.contents)], new_page=True))
        for level, heading, name in self.headings:
            if level <= DEEPEST_CONTENTS:
                entry = [ooxml.run(heading), ooxml.tab(), *ooxml.page_of(name)]
                self._add(ooxml.paragraph(f"TOC{level}", [ooxml.to_bookmark(name, entry)]))
        self._say("Note", "")

    def _sections(self, sections: Iterable[Section]) -> None:
        for number, section in enumerate(sections):
            self._section(section, 1, new_page=number == 0 and self.document.layout == "report")

    def _section(self, section: Section, level: int, *, new_page: bool = False) -> None:
        number = next(self.numbers["heading"])
        marked = ooxml.bookmarked(_bookmark(number), number, [ooxml.run(section.heading, language=section.language)])
        self._add(ooxml.paragraph(f"Heading{level}", marked, new_page=new_page))
        for block in section.blocks:
            if isinstance(block, Section):
                self._section(block, level + 1)
            else:
                self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._say("Note" if block.quiet else "Normal", block.text)
            case Prose():
                self.language = block.language
                self._nodes(prose.to_tree(block.source), 1)
                self.language = ""
            case Quote():
                self._say("Quote", block.text)
                self._say("Note", block.by)
            case Facts():
                self._facts(block)
            case Items():
                self._items(block)
            case Table():
                self._table(block)
            case Intervals() | Bars():
                self._chart(block)

    def _say(self, style: str, text: str, language: str = "") -> None:
        self._add(ooxml.paragraph(style, [ooxml.run(text, language=language)]))

    def _add(self, brick: str) -> None:
        self.written.append(brick)

    def _linked(self, runs: Iterable[str], url: str) -> list[str]:
        if not url:
            return list(runs)
        from docx.opc.constants import RELATIONSHIP_TYPE

        return [ooxml.hyperlink(self.file.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True), runs)]

    def _text(self, text: str, url: str = "") -> list[str]:
        return self._linked([ooxml.run(text, style="Hyperlink" if url else "")], url)

    def _facts(self, facts: Facts) -> None:
        style = "Place" if all(len(fact.label) <= PLACE for fact in facts.items) else "Fact"
        for number, fact in enumerate(facts.items, 1):
            label = [ooxml.run(fact.label, style="Quiet"), ooxml.tab()]
            told = [*label, *self._text(fact.text, fact.url)]
            self._add(ooxml.paragraph(style, told, keep=number < len(facts.items)))

    def _items(self, block: Items) -> None:
        number, few = self._new_numbers(1) if block.numbered else 0, len(block.items) <= FEW
        for item in block.items:
            keep = few and item is not block.items[-1]
            self._add(_listed(self._text(item.text, item.url), 1, number, keep=keep))

    def _table(self, table: Table) -> None:
        sides = [column.align for column in table.columns]
        self._caption("table", table.caption)
        head = [column.label for column in table.columns]
        self._add(ooxml.table(head, table.rows, sides, _widths(table), _kept(table)))
        self._say("Note", table.note)

    def _caption(self, kind: str, text: str) -> None:
        """A caption with its number as a field, so that Word can list tables and figures."""
        label = self.document.labels.table if kind == "table" else self.document.labels.figure
        number = str(next(self.numbers[kind]))
        runs = [ooxml.run(f"{label} "), ooxml.field(f"SEQ {label} \\* ARABIC", number), ooxml.run(f". {text}")]
        self._add(ooxml.paragraph("Caption", runs))

    def _chart(self, chart: Chart) -> None:
        self._caption("figure", chart.caption)
        inline = self._drawn()
        inline.docPr.set("descr", alternative(chart))
        inline.docPr.set("title", chart.caption)
        self._add(ooxml.paragraph("Figure", [ooxml.drawing(inline)]))
        self._say("Note", chart.how_to_read)

    def _drawn(self) -> Any:
        """Return the next picture. python-docx would read the whole file so far to find a number nobody else has."""
        from docx.oxml.shape import CT_Inline

        relation, image = self.file.part.get_or_add_image(io.BytesIO(next(self.pictures)))
        size = image.scaled_dimensions(width=word_styles.picture_width())
        return CT_Inline.new_pic_inline(next(self.numbers["picture"]), relation, image.filename, *size)

    def _nodes(self, nodes: Iterable[prose.Node], level: int, *, style: str = "Normal") -> None:
        for node in nodes:
            match node["kind"]:
                case "paragraph":
                    self._add(ooxml.paragraph(style, self._runs(node["children"])))
                case "quote":
                    self._nodes(node["children"], level, style="Quote")
                case "bullets" | "numbers":
                    self._list(node, level)
                case _:
                    self._add(ooxml.paragraph(style, self._runs([node])))

    def _list(self, node: prose.Node, level: int) -> None:
        number = self._new_numbers(level) if node["kind"] == "numbers" else 0
        for item in node["children"]:
            for place, part in enumerate(item["children"]):
                if part["kind"] == "paragraph" and place == 0:
                    self._add(_listed(self._runs(part["children"]), level, number))
                elif part["kind"] == "paragraph":
                    self._add(ooxml.paragraph(_of_level("ListContinue", level), self._runs(part["children"])))
                else:
                    self._nodes([part], level + 1)

    def _new_numbers(self, level: int) -> int:
        root = self.file.part.numbering_part.element
        known = word_styles.numbering_of(self.file, _of_level("ListNumber", level))
        number = root.add_num(root.num_having_numId(known).abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _runs(
        self, nodes: Iterable[prose.Node], *, bold: bool = False, em: bool = False, link: bool = False
    ) -> list[str]:
        return list(self._inline(nodes, bold=bold, em=em, link=link))

    def _inline(self, nodes: Iterable[prose.Node], *, bold: bool, em: bool, link: bool) -> Iterator[str]:
        style = "Hyperlink" if link else ""
        for node in nodes:
            kind = node["kind"]
            if kind in {"text", "break"}:
                text = node.get("text", "\n")
                yield ooxml.run(text, bold=bold, emphasised=em, style=style, language=self.language)
                continue
            linked = link or (kind == "link" and bool(node["url"]))
            inner = self._runs(node["children"], bold=bold or kind == "strong", em=em or kind == "em", link=linked)
            yield from self._linked(inner, node.get("url", ""))


def _listed(runs: Iterable[str], level: int, number: int, *, keep: bool = False) -> str:
    """The first paragraph of a list's item; each numbered list counts from one again."""
    style = _of_level("ListNumber" if number else "ListBullet", level)
    return ooxml.paragraph(style, runs, number=number, keep=keep)


def _of_level(style: str, level: int) -> str:
    """The style of a list within lists."""
    deep = min(level, DEEPEST_LIST)
    return f"{style}{deep if deep > 1 else ''}"


def _kept(table: Table) -> set[int]:
    """Rows on the page of the next one: of a short table all; else neither the first nor the last stands alone.

    The last is on the page of the note.
    """
    last = len(table.rows) - 1
    kept = set(range(last)) if fitting.is_short(table) else {0, last - 1}
    return kept | {last} if table.note else kept


def _widths(table: Table) -> list[int]:
    """In twentieths of a point. Columns of words share what columns of numbers leave."""
    numbers = [letters * LETTER + CELL if letters else 0 for letters in widths.letters(table)]
    weights = widths.weights(table)
    left = word_styles.TEXT_WIDTH - sum(numbers)
    return [number or left * weight // sum(weights) for number, weight in zip(numbers, weights, strict=True)]


def _outline(blocks: Iterable[Block], level: int) -> Iterator[tuple[int, str]]:
    """Level and text of each heading, in their order."""
    for block in blocks:
        if isinstance(block, Section):
            yield level, block.heading
            yield from _outline(block.blocks, level + 1)


def _bookmark(number: int) -> str:
    return f"_Toc{number:08}"
