"""Reads pasted BibTeX, RIS and CSL-JSON into works, one fault per entry that cannot be read; pure."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

MOST, LONGEST = 200, 200_000  # entries and characters of one paste
Values = dict[str, Any]
BIBTEX_KINDS = {
    "techreport": "report", "report": "report", "article": "article", "book": "book", "incollection": "chapter",
    "inbook": "chapter", "inproceedings": "paper", "conference": "paper", "unpublished": "paper",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "dataset": "dataset", "online": "webpage",
    "legislation": "legislation",
}  # fmt: skip
RIS_KINDS = {
    "RPRT": "report", "GOVDOC": "report", "JOUR": "article", "BOOK": "book", "CHAP": "chapter", "CONF": "paper",
    "CPAPER": "paper", "UNPB": "paper", "THES": "thesis", "DATA": "dataset", "ELEC": "webpage", "STAT": "legislation",
}  # fmt: skip
CSL_KINDS = {
    "report": "report", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "article": "paper", "book": "book", "chapter": "chapter", "paper-conference": "paper", "manuscript": "paper",
    "thesis": "thesis", "dataset": "dataset", "webpage": "webpage", "post-weblog": "webpage",
    "legislation": "legislation", "regulation": "legislation",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What cannot be read: the number of the entry (from 1, 0 for the whole text), a code and what it is about."""

    entry: int
    code: str  # "format", "empty", "too_many", "syntax", "no_title"
    detail: str = ""


@dataclass
class Paste:
    """Works in their order, as values of a reference's fields, and the faults of the others."""

    works: list[tuple[int, Values]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(text: str) -> Paste:
    """Read a paste in whichever of the three forms it is."""
    text = text.strip()
    if not text:
        return Paste(faults=[Fault(0, "empty")])
    if len(text) > LONGEST:
        return Paste(faults=[Fault(0, "too_many")])
    reader = _reader(text)
    paste = reader(text) if reader else Paste(faults=[Fault(0, "format")])
    if len(paste.works) > MOST:
        return Paste(faults=[Fault(0, "too_many")])
    if not paste.works and not paste.faults:
        return Paste(faults=[Fault(0, "empty")])
    paste.faults += [Fault(number, "no_title") for number, work in paste.works if not work["title"]]
    paste.faults.sort(key=lambda fault: fault.entry)
    return paste


def _reader(text: str) -> Callable[[str], Paste] | None:
    if text[0] in "[{":
        return _csl
    if re.search(r"^TY {1,2}- ", text, re.MULTILINE):
        return _ris
    return _bibtex if "@" in text else None


def _bibtex(text: str) -> Paste:
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import Entry

    layers = [middlewares.LatexDecodingMiddleware(), middlewares.SeparateCoAuthors()]
    library = parse_string(text, append_middleware=layers)
    blocks = sorted([*library.entries, *library.failed_blocks], key=lambda block: block.start_line or 0)
    paste = Paste()
    for number, block in enumerate(blocks, 1):
        if isinstance(block, Entry):
            plain = {name.lower(): found.value for name, found in block.fields_dict.items()}
            paste.works.append((number, _from_bibtex(block.key, block.entry_type.lower(), plain)))
        else:
            paste.faults.append(Fault(number, "syntax", str(block.raw or "").strip().splitlines()[0][:80]))
    return paste


def _from_bibtex(key: str, kind: str, given: Mapping[str, Any]) -> Values:
    def first(*names: str) -> str:
        return next((_plain(given[name]) for name in names if given.get(name)), "")

    people = given.get("author") or given.get("editor") or []
    return {
        "citekey": key,
        "kind": BIBTEX_KINDS.get(kind, "webpage" if kind == "misc" and first("url") else "other"),
        "title": first("title"),
        "authors": [_plain(person) for person in people] if isinstance(people, list) else [_plain(people)],
        "year": year(first("year", "date")),
        "publisher": first("publisher", "institution", "school", "organization"),
        "place": first("address", "location"),
        "series": first("journal", "journaltitle", "booktitle", "series"),
        "number": first("volume", "number") if kind != "techreport" else "",
        "doi": doi(first("doi")),
        "isbn": isbn(first("isbn")),
        "report_no": first("number") if kind == "techreport" else "",
        "url": first("url"),
        "language": language(first("langid", "language")),
    }


def _ris(text: str) -> Paste:
    import rispy

    paste = Paste()
    entries = [part for part in re.split(r"^ER {1,2}-.*$", text, flags=re.MULTILINE) if part.strip()]
    for number, entry in enumerate(entries, 1):
        try:
            found = rispy.loads(f"{entry.strip()}\nER  - \n")
        except Exception:  # noqa: BLE001 - the library raises what it meets; the entry is named instead
            found = []
        if len(found) == 1:
            paste.works.append((number, _from_ris(found[0])))
        else:
            paste.faults.append(Fault(number, "syntax", entry.strip().splitlines()[0][:80]))
    return paste


def _from_ris(given: Mapping[str, Any]) -> Values:
    def first(*names: str) -> str:
        return next((_plain(given[name]) for name in names if given.get(name)), "")

    urls = given.get("urls") or [given.get("url") or ""]
    people = given.get("authors") or given.get("first_authors") or []
    return {
        "citekey": first("id"),
        "kind": RIS_KINDS.get(str(given.get("type_of_reference", "")), "other"),
        "title": first("title", "primary_title"),
        "authors": [_plain(person) for person in people],
        "year": year(first("year", "publication_year", "date")),
        "publisher": first("publisher"),
        "place": first("place_published"),
        "series": first("journal_name", "secondary_title", "alternate_title3", "tertiary_title"),
        "number": first("volume", "number"),
        "doi": doi(first("doi")),
        "isbn": isbn(first("issn", "isbn")),
        "report_no": "",
        "url": _plain(urls[0]) if urls else "",
        "language": language(first("language")),
    }


def _csl(text: str) -> Paste:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Paste(faults=[Fault(0, "syntax", str(error)[:80])])
    items = found if isinstance(found, list) else [found]
    paste = Paste()
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            paste.works.append((number, _from_csl(item)))
        else:
            paste.faults.append(Fault(number, "syntax", str(item)[:80]))
    return paste


def _from_csl(item: Mapping[str, Any]) -> Values:
    def first(*names: str) -> str:
        return next((_plain(item[name]) for name in names if item.get(name)), "")

    kind = CSL_KINDS.get(first("type"), "other")
    is_report = kind == "report"
    return {
        "citekey": first("id", "citation-key"),
        "kind": kind,
        "title": first("title"),
        "authors": _csl_names(item.get("author") or item.get("editor")),
        "year": year(_csl_date(item.get("issued"))),
        "publisher": first("publisher"),
        "place": first("publisher-place"),
        "series": first("container-title", "collection-title"),
        "number": first("volume", "collection-number", "issue"),
        "doi": doi(first("DOI")),
        "isbn": isbn(first("ISBN")),
        "report_no": first("number") if is_report else "",
        "url": first("URL"),
        "language": language(first("language")),
    }


def _csl_names(people: Any) -> list[str]:
    named = [person for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return [_plain(person.get("literal") or _family_first(person)) for person in named]


def _family_first(person: Mapping[str, Any]) -> str:
    return ", ".join(str(person[part]) for part in ("family", "given") if person.get(part))


def _csl_date(issued: Any) -> str:
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return str(parts[0][0])
    return str(issued.get("raw") or issued.get("literal") or "")


def _plain(value: Any) -> str:
    """Return the text in one line, without the braces that only keep capitals."""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(text.replace("{", "").replace("}", "").split())


def year(text: str) -> int | None:
    found = re.search(r"\b(1[5-9]|2[01])[0-9]{2}\b", text)
    return int(found[0]) if found else None


def doi(text: str) -> str:
    """Return the bare DOI of an address of a resolver (its percent signs decoded), of `doi:…`, or of itself."""
    text = text.strip()
    resolver = re.match(r"(https?://)?((dx|www)\.)?doi\.org/", text, flags=re.IGNORECASE)
    if resolver:
        return unquote(text[resolver.end() :]).strip()
    return re.sub(r"^doi(:\s*|\s+)", "", text, flags=re.IGNORECASE)


def is_doi(bare: str) -> bool:
    """Say whether it has the form of a DOI: registrant, then any suffix without blanks (ISO 26324)."""
    return re.fullmatch(r"10\.[0-9]{4,9}(\.[0-9]+)*/\S+", bare) is not None


def isbn(text: str) -> str:
    """Return the first ISBN with right check digit, without hyphens; "" for none (the field also holds ISSNs)."""
    for run in re.findall(r"[0-9][0-9 -]{8,15}[0-9Xx]", text):
        digits = re.sub(r"[ -]", "", run).upper()
        if is_isbn(digits):
            return digits
    return ""


def is_isbn(digits: str) -> bool:
    """Say whether length, prefix and check digit are right (ISO 2108)."""
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values: Iterable[int] = (10 if digit == "X" else int(digit) for digit in digits)
        return sum((10 - place) * value for place, value in enumerate(values)) % 11 == 0
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        return sum((3 if place % 2 else 1) * int(digit) for place, digit in enumerate(digits)) % 10 == 0
    return False


def language(text: str) -> str:
    """Return the two letters of a language tag; "" where it is none."""
    found = re.match(r"^([A-Za-z]{2})(-|_|$)", text)
    return found[1].lower() if found else {"english": "en", "german": "de", "french": "fr"}.get(text.lower(), "")
