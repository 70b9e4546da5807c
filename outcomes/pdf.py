"""The PDF by typst: tagged, from data only, the same bytes for the same document and time. And charts as pictures."""

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from outcomes import characters, fitting, prose, widths
from outcomes.nodes import Bars, Block, Chart, Document, Intervals, Section, Table, alternative, texts

TEMPLATE = Path(__file__).parent / "typst"
PARTS = ("look", "blocks", "charts")  # what the templates have in common
STANDARDS: Final[list[Literal["ua-1", "a-2a"]]] = ["ua-1", "a-2a"]
RETRIES = 5
SCALES = (1.2, 1.1, 1.0, 0.94, 0.88, 0.82)  # of the letters of a leaflet, until it fits; smaller nobody reads
TOO_LONG = "more than one page"  # what leaflet.typ says then
WIDE, PIECE = 50, 10  # letters without a place to break a line; letters that stand together then
UNBROKEN = re.compile(rf"[^\s/?&=#-]{{{WIDE + 1},}}")
BREAK = "\N{ZERO WIDTH SPACE}"
LINE = 40  # letters that a new line or a heading is worth
PICTURE: Final[dict[str, Any]] = {"format": "png", "ppi": 150.0}  # encoding costs by the pixel
# typst names the character that no font has, or that the standard forbids: `"漢"` or `"\u{0}"`.
NAMED = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class Unprintable(Exception):  # noqa: N818 - reads as what the document is
    """typst refused the document; `str()` is its message."""


class TooLong(Unprintable):
    """A leaflet that takes more than one page, however small its letters."""


@dataclass(frozen=True)
class Pdf:
    content: bytes
    replaced: dict[str, list[str]]  # characters that became U+FFFD, each with the headings of the sections it stood in


def write(document: Document, *, when: dt.datetime) -> Pdf:
    """Set the document; `when` (aware) is the date in the file. Raises Unprintable, or TooLong for a leaflet.

    A character that cannot be set is replaced together with all others of its script, five times at most; the last
    time with everything outside the three alphabets of the EU.
    """
    missing: set[str] = set()
    data = _data(document)
    for attempt in range(RETRIES + 1):
        try:
            fit = _replace(data, missing) if missing else data
            return Pdf(_fitted(fit, document.layout, when), _whereabouts(document, missing))
        except TooLong:
            raise
        except Unprintable as refusal:
            named = _named(str(refusal))
            if not named or attempt == RETRIES:
                raise
            missing |= _relatives(json.dumps(data, ensure_ascii=False), named, last=attempt == RETRIES - 1)
    raise AssertionError


def pictures(charts: Sequence[Chart], *, language: str) -> list[bytes]:
    """Draw charts as PNG, in one go; equal charts give equal bytes."""
    if not charts:
        return []
    return _typeset(characters.cleaned({"charts": charts, "language": language}), "figures")


def _fitted(data: dict[str, Any], layout: str, when: dt.datetime) -> bytes:
    """A leaflet in the largest letters with which it keeps to one page."""
    moment = when.astimezone(dt.UTC).replace(microsecond=0)
    for scale in SCALES if layout == "leaflet" else (1.0,):
        try:
            return _typeset({**data, "scale": scale}, layout, moment)[0]
        except Unprintable as refusal:
            if TOO_LONG not in str(refusal):
                raise
    raise TooLong(TOO_LONG)


def _data(document: Document) -> dict[str, Any]:
    data = {
        **vars(document),
        "sections": [_block(section) for section in document.sections],
        "left": _first_half(document),
        "short": document.short_title,
    }
    parted: dict[str, Any] = _parted(characters.cleaned(data))
    return parted


def _parted(value: Any) -> Any:
    """With places to break lines in what is wider than many a line; addresses stay as they are."""
    if isinstance(value, str):
        return UNBROKEN.sub(_in_pieces, value) if len(value) > WIDE else value
    if isinstance(value, dict):
        return {key: item if key in {"url", "alternative"} else _parted(item) for key, item in value.items()}
    return [_parted(item) for item in value] if isinstance(value, list) else value


def _in_pieces(word: re.Match[str]) -> str:
    letters = word.group()
    return BREAK.join(letters[at : at + PIECE] for at in range(0, len(letters), PIECE))


def _first_half(document: Document) -> int:
    """How many sections stand in the left column of a leaflet: as many as hold half of its words."""
    lengths = [sum(len(text) + LINE for text in texts(section)) for section in document.sections]
    return next((n for n in range(1, len(lengths)) if sum(lengths[:n]) * 2 >= sum(lengths)), len(lengths))


def _block(block: Block) -> dict[str, Any]:
    """What is told of a block: Markdown as nodes, charts with what they say to who cannot see them."""
    if isinstance(block, Section):
        return vars(block) | {"blocks": [_block(inner) for inner in block.blocks]}
    if block.kind == "prose":
        return {"kind": block.kind, "tree": prose.to_tree(block.source), "language": block.language}
    data = vars(block)
    if isinstance(block, Table):
        return data | _laid_out(block)
    return data | {"alternative": alternative(block)} if isinstance(block, Intervals | Bars) else data


def _laid_out(table: Table) -> dict[str, Any]:
    """What a table needs to be set, and its rows with places of equal width."""
    columns = [
        fitting.even(cells) if column.align == "center" else cells
        for column, cells in zip(table.columns, zip(*table.rows, strict=True), strict=False)
    ]
    return {
        "rows": [*zip(*columns, strict=True)],
        "widths": fitting.columns(table),
        "weights": widths.weights(table),
        "bare": fitting.bare(table),
        "single": fitting.single(table),
        "short": fitting.is_short(table),
        "parted": fitting.is_parted(table),
        "tight": widths.is_tight(table),
    }


def _typeset(data: dict[str, Any], template: str, when: dt.datetime | None = None) -> list[bytes]:
    """Set the template with the data: a PDF of that time, or a picture of each page where no time is given."""
    import typst

    kind: dict[str, Any] = {"pdf_standards": [*STANDARDS], "timestamp": when} if when else PICTURE
    with tempfile.TemporaryDirectory(prefix="s3cop-pdf-") as folder:
        root = Path(folder)
        for part in (template, *PARTS):
            shutil.copy(TEMPLATE / f"{part}.typ", root)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            content = typst.compile(str(root / f"{template}.typ"), root=folder, font_paths=_fonts(), **kind)
        except typst.TypstError as error:
            raise Unprintable(str(error)) from error
    return content if isinstance(content, list) else [content]


@cache
def _fonts() -> Any:
    """Ours and typst's own, none of the system; read once."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(TEMPLATE / "fonts")])


def _named(message: str) -> set[str]:
    """The characters a refusal complains of; plain ASCII around them is not to blame."""
    found = (ESCAPED.sub(_unescape, match) for match in NAMED.findall(message))
    return {character for cluster in found for character in cluster if not character.isascii()}


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))


def _relatives(text: str, named: set[str], *, last: bool) -> set[str]:
    """All characters of the text that are kin to the named ones; at the last try, all that are not plain."""
    others = {character for character in text if not character.isascii()} - {characters.REPLACEMENT}
    if last:
        return named | {character for character in others if not characters.is_plain(character)}
    kin = {characters.family(character) for character in named} - set(characters.PLAIN_SCRIPTS)
    return named | {character for character in others if characters.family(character) in kin}


def _replace(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        return value.translate({ord(character): characters.REPLACEMENT for character in missing})
    if isinstance(value, dict):
        return {key: _replace(item, missing) for key, item in value.items()}
    return [_replace(item, missing) for item in value] if isinstance(value, list) else value


def _whereabouts(document: Document, missing: set[str]) -> dict[str, list[str]]:
    head = f"{document.title} {document.standfirst} {document.byline} {document.overline}"
    parts = [(document.title, head), *((section.heading, _words(section)) for section in document.sections)]
    return {character: [heading for heading, words in parts if character in words] for character in sorted(missing)}


def _words(section: Section) -> str:
    return " ".join(texts(section))
