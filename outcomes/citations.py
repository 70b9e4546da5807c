"""An edition as BibTeX, RIS and CSL-JSON, all from one record. Pure: the record is made from the snapshot."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Plain = Mapping[str, Any]
SPECIAL = {  # what BibTeX would take for markup
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Citation:
    """What a reference list needs; `day` is YYYY-MM-DD, `doi` "" where there is none."""

    key: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    day: str
    kind: str
    edition: str
    language: str
    url: str
    doi: str
    licence: str
    abstract: str
    keywords: tuple[str, ...]


def of(snapshot: Plain, doi: str | None = None) -> Citation:
    """Read the snapshot of an edition; the key is `s3cop-<slug>-v<N>` and never changes.

    `doi` is the one the edition has now, where that may be newer than the snapshot.
    """
    site, publication, edition = snapshot["site"], snapshot["publication"], snapshot["edition"]
    return Citation(
        key=f"s3cop-{publication['slug']}-v{edition['version']}",
        title=_line(edition["title"]),
        authors=tuple(_line(group["name"]) for group in publication["groups"]) or (site["name"],),
        publisher=site["name"],
        day=snapshot["made"]["at"][:10],
        kind=publication["kind"],
        edition=str(edition["version"]),
        language=edition["language"],
        url=f"{site['url']}{edition['address']}",
        doi=edition.get("doi", "") if doi is None else doi,
        licence=edition["licence"],
        abstract=_line(edition["abstract"]),
        keywords=tuple(_line(topic["title"]) for topic in publication["topics"]),
    )


def to_bibtex(cited: Citation) -> bytes:
    """A @techreport; groups stand in braces, so that no program takes them for persons."""
    year, month, _day = cited.day.split("-")
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": " and ".join(f"{{{_tex(author)}}}" for author in cited.authors),
        "institution": _tex(cited.publisher),
        "year": year,
        "month": str(int(month)),
        "type": _tex(cited.kind),
        "edition": cited.edition,
        "language": cited.language,
        "url": cited.url,
        "doi": cited.doi,
        "note": _tex(cited.licence),
        "keywords": ", ".join(map(_tex, cited.keywords)),
        "abstract": _tex(cited.abstract),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{{cited.key},", *lines, "}", ""]).encode()


def to_ris(cited: Citation) -> bytes:
    """A RPRT record; every line ends in CRLF."""
    tags = [
        ("TY", "RPRT"),
        ("ID", cited.key),
        ("TI", cited.title),
        *(("AU", author) for author in cited.authors),
        ("PB", cited.publisher),
        ("PY", cited.day[:4]),
        ("DA", cited.day.replace("-", "/")),
        ("M3", cited.kind),
        ("ET", cited.edition),
        ("LA", cited.language),
        *(("KW", keyword) for keyword in cited.keywords),
        ("AB", cited.abstract),
        ("UR", cited.url),
        ("DO", cited.doi),
        ("N1", cited.licence),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "]).encode()


def to_csl(cited: Citation) -> bytes:
    """CSL-JSON: a list with one item, keys sorted."""
    item = {
        "id": cited.key,
        "type": "report",
        "title": cited.title,
        "author": [{"literal": author} for author in cited.authors],
        "publisher": cited.publisher,
        "issued": {"date-parts": [[int(part) for part in cited.day.split("-")]]},
        "genre": cited.kind,
        "edition": cited.edition,
        "language": cited.language,
        "URL": cited.url,
        "DOI": cited.doi,
        "note": cited.licence,
        "abstract": cited.abstract,
        "keyword": ", ".join(cited.keywords),
    }
    known = {name: value for name, value in item.items() if value}
    return (json.dumps([known], ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def written(cited: Citation) -> dict[str, bytes]:
    """Return each format of the citation by its code."""
    return {"bib": to_bibtex(cited), "ris": to_ris(cited), "csl": to_csl(cited)}


def _tex(text: str) -> str:
    return "".join(SPECIAL.get(character, character) for character in text)


def _line(text: str) -> str:
    """One line: a line end would end the field in RIS."""
    return " ".join(text.split())
