"""What a file is, told by its content. Pure.

Allowed are PDF, Office Open XML and OpenDocument without macros, pictures, plain text, and archives where asked for.
"""

import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import puremagic

WORD = "application/vnd.openxmlformats-officedocument"
OFFICE = {
    "word/document.xml": f"{WORD}.wordprocessingml.document",
    "xl/workbook.xml": f"{WORD}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{WORD}.presentationml.presentation",
}
OPEN_DOCUMENT = {f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")}
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
PDF, TEXT, ARCHIVE = "application/pdf", "text/plain", "application/zip"
SHOWN = {PDF, TEXT, *PICTURES}  # what browsers show by themselves without running anything of it
ENDINGS = {
    PDF: "pdf",
    TEXT: "txt",
    ARCHIVE: "zip",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    f"{WORD}.wordprocessingml.document": "docx",
    f"{WORD}.spreadsheetml.sheet": "xlsx",
    f"{WORD}.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
ALSO = {"image/jpeg": {"jpeg"}, TEXT: {"csv", "md", "tsv", "srt", "vtt"}}
HEAD = 4096  # bytes
MOST_NAMES = 10_000  # in an archive


class NotAllowed(Exception):  # noqa: N818 - named for what happened
    """The content is none of the allowed types; the text is what it seems to be."""


def media_type(file: IO[bytes], *, archives: bool = False) -> str:
    """Return the media type; the file's position is 0 afterwards. Raises NotAllowed."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        return _by_content(file, head, archives=archives)
    finally:
        file.seek(0)


def _by_content(file: IO[bytes], head: bytes, *, archives: bool) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _packed(file, archives=archives)
    guesses: set[str] = {match.mime_type for match in _matches(head)}
    if PDF in guesses and head.startswith(b"%PDF-"):
        return PDF
    pictures: list[str] = sorted(guesses & PICTURES)
    if pictures:
        return pictures[0]
    if _is_text(file):
        return TEXT
    raise NotAllowed(next(iter(sorted(guesses - {""})), ""))


def _matches(head: bytes) -> list["puremagic.PureMagicWithConfidence"]:
    import puremagic

    try:
        return puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # nothing known; an empty file
        return []


def _packed(file: IO[bytes], *, archives: bool) -> str:
    """Return what is inside of a zip: an office file, or an archive."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist()[:MOST_NAMES])
            declared = packed.read("mimetype").decode("ascii", "replace") if _is_short(packed, "mimetype") else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise NotAllowed(ARCHIVE) from error
    if any(name.lower().endswith(("vbaproject.bin", "script-lc.xml")) for name in names):
        raise NotAllowed("macros")
    if declared in OPEN_DOCUMENT:
        return declared
    found = [kind for part, kind in OFFICE.items() if part in names and "[Content_Types].xml" in names]
    if found:
        return found[0]
    if archives:
        return ARCHIVE
    raise NotAllowed(ARCHIVE)


def _is_short(packed: zipfile.ZipFile, name: str) -> bool:
    """A declared type is a line; anything longer is not read."""
    return name in packed.namelist() and packed.getinfo(name).file_size < 100  # noqa: PLR2004


def _is_text(file: IO[bytes]) -> bool:
    """All of it is UTF-8 without control codes; an empty file is nothing."""
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)  # noqa: PLR2004


def named(name: str, media_type: str) -> str:
    """Return a file name that ends as its content says; folders and control codes of the given one are dropped."""
    base = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip(" .")
    stem, dot, ending = base.rpartition(".")
    right = {ENDINGS[media_type], *ALSO.get(media_type, ())}
    if dot and stem and ending.lower() in right:
        return f"{stem[-90:]}.{ending.lower()}"
    return f"{(base or 'paper')[-90:]}.{ENDINGS[media_type]}"
