"""The PDF by typst: tagged, from data only, the same bytes for the same document and time."""

import dataclasses
import datetime as dt
import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from outcomes import characters, prose
from outcomes.nodes import Document, Section, texts

TEMPLATE = Path(__file__).parent / "typst"
STANDARDS: Final[list[Literal["ua-1", "a-2a"]]] = ["ua-1", "a-2a"]
RETRIES = 5
# typst names the character that no font has, or that the standard forbids: `"漢"` or `"\u{0}"`.
NAMED = re.compile(r'(?:the text|codepoint) `"(.+?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class Unprintable(Exception):  # noqa: N818 - reads as what the document is
    """typst refused the document; `str()` is its message."""


@dataclass(frozen=True)
class Pdf:
    content: bytes
    replaced: dict[str, list[str]]  # characters that became U+FFFD, each with the headings of the sections it stood in


def write(document: Document, *, when: dt.datetime) -> Pdf:
    """Set the document; `when` (aware) is the date in the file. Raises Unprintable.

    A character that cannot be set is replaced together with all others of its script, five times at most; the last
    time with everything outside the three alphabets of the EU.
    """
    missing: set[str] = set()
    for attempt in range(RETRIES + 1):
        data = _data(document)
        try:
            return Pdf(_compile(_replace(data, missing), when), _whereabouts(document, missing))
        except Unprintable as refusal:
            named = _named(str(refusal))
            if not named or attempt == RETRIES:
                raise
            missing |= _relatives(json.dumps(data, ensure_ascii=False), named, last=attempt == RETRIES - 1)
    raise AssertionError


def _data(document: Document) -> dict[str, Any]:
    data = characters.cleaned(_with_trees(dataclasses.asdict(document)))
    running = f"{document.title} · {document.byline}"
    return {**data, "running": characters.clean(running)}


def _with_trees(value: Any) -> Any:
    """Turn Markdown into nodes."""
    if isinstance(value, dict):
        if value.get("kind") == "prose":
            return {"kind": "prose", "tree": prose.to_tree(value["source"])}
        return {key: _with_trees(item) for key, item in value.items()}
    return [_with_trees(item) for item in value] if isinstance(value, list | tuple) else value


def _compile(data: dict[str, Any], when: dt.datetime) -> bytes:
    import typst

    with tempfile.TemporaryDirectory(prefix="s3cop-pdf-") as folder:
        root = Path(folder)
        shutil.copy(TEMPLATE / "main.typ", root)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            content: bytes = typst.compile(
                str(root / "main.typ"),
                root=folder,
                font_paths=[str(TEMPLATE / "fonts")],
                ignore_system_fonts=True,
                pdf_standards=[*STANDARDS],
                timestamp=when.astimezone(dt.UTC).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise Unprintable(str(error)) from error
    return content


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
