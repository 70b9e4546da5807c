"""What machines read of an edition: schema.org, Dublin Core, citation_*, Open Graph and Link headers; pure.

What the article says comes from the snapshot; topics may change in print, and are those of the page. `day` is the day
of publication, YYYY-MM-DD.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from outcomes.doi import doi_address

Plain = Mapping[str, Any]
Pair = tuple[str, str]
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "json": "application/json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}
DATA = ("csv", "json")
CITATIONS = ("bib", "ris", "csl")
# Open Graph names a language with a country; elsewhere the two have one code (fr_FR).
COUNTRIES = {"cs": "CZ", "da": "DK", "el": "GR", "en": "GB", "et": "EE", "ga": "IE", "sl": "SI", "sv": "SE"}
IN_ADDRESSES = "%/:;?#[]@!$&'()*+,=~"
NOT_IN_DATA = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Described:
    """An edition to be described: its snapshot, formats of its files, day of publication, address of its licence."""

    snapshot: Plain
    formats: Sequence[str]
    day: str
    licence: str
    edition_address: str
    image: str
    topics: Sequence[str]  # titles of those that are public
    doi: str = ""  # bare; it may be newer than the snapshot
    translations: Sequence[Pair] = ()  # language and address of the same in other languages

    @property
    def site(self) -> Plain:
        found: Plain = self.snapshot["site"]
        return found

    @property
    def edition(self) -> Plain:
        found: Plain = self.snapshot["edition"]
        return found

    @property
    def publication(self) -> Plain:
        found: Plain = self.snapshot["publication"]
        return found

    def address(self, path: str) -> str:
        return f"{self.site['url']}{path}"

    @property
    def page(self) -> str:
        return self.address(self.edition_address)

    @property
    def authors(self) -> list[str]:
        return [group["name"] for group in self.publication["groups"]] or [self.site["name"]]

    @property
    def doi_address(self) -> str:
        return doi_address(self.doi)

    def file(self, kind: str) -> str:
        return f"{self.page}download/{kind}/"


def json_ld(of: Described, breadcrumbs: Sequence[Pair]) -> str:
    """Return Report, its Dataset and the BreadcrumbList as text that can stand in a script element of data."""
    graph = [_report(of), _breadcrumbs(breadcrumbs)]
    if any(kind in of.formats for kind in DATA):
        graph.insert(1, _dataset(of))
    return as_data({"@context": "https://schema.org", "@graph": graph})


def as_data(tree: Plain) -> str:
    """JSON in which no character can end the script element around it."""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True).translate(NOT_IN_DATA)


def _work(of: Described) -> dict[str, Any]:
    work = {
        "name": of.edition["title"],
        "description": of.edition["abstract"],
        "inLanguage": of.edition["language"],
        "datePublished": of.day,
        "license": of.licence,
        "version": str(of.edition["version"]),
        "creator": [{"@type": "Organization", "name": name} for name in of.authors],
        "publisher": {"@type": "Organization", "name": of.site["name"], "url": of.site["url"]},
        "keywords": list(of.topics),
        "spatialCoverage": [
            {"@type": "Place", "name": region["name"], "identifier": f"NUTS {region['code']}"}
            for region in of.publication["regions"]
        ],
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in work.items() if value}


def _report(of: Described) -> dict[str, Any]:
    files = [_media(of, kind) for kind in ("pdf", "docx") if kind in of.formats]
    report = {"@type": "Report", "@id": of.page, "url": of.page, "headline": of.edition["title"], "image": of.image}
    identifier = {"identifier": of.doi_address, "sameAs": of.doi_address} if of.doi else {}
    return report | _work(of) | identifier | ({"encoding": files} if files else {})


def _dataset(of: Described) -> dict[str, Any]:
    """Search engines want 50 characters of description at least."""
    files = [_media(of, kind, "DataDownload") for kind in DATA if kind in of.formats]
    words = f"{of.edition['abstract']} – {of.publication['kind']}, {of.site['name']}"
    own = {"@type": "Dataset", "@id": f"{of.page}#data", "isBasedOn": of.page, "distribution": files}
    return _work(of) | {"description": words} | own


def _media(of: Described, kind: str, media_type: str = "MediaObject") -> dict[str, Any]:
    return {"@type": media_type, "contentUrl": of.file(kind), "encodingFormat": MEDIA[kind]}


def _breadcrumbs(steps: Sequence[Pair]) -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": address}
        for position, (name, address) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def named_tags(of: Described) -> list[Pair]:
    """Return `meta name=…`: Dublin Core, then what Google Scholar and reference programs read."""
    tags = [
        ("DC.title", of.edition["title"]),
        *(("DC.creator", author) for author in of.authors),
        ("DC.publisher", of.site["name"]),
        ("DC.date", of.day),
        ("DC.type", "Text"),
        ("DC.language", of.edition["language"]),
        ("DC.rights", of.licence),
        ("DC.identifier", of.page),
        ("DC.identifier", of.doi_address),
        ("DC.description", of.edition["abstract"]),
        *(("DC.subject", topic) for topic in of.topics),
        ("citation_title", of.edition["title"]),
        *(("citation_author", author) for author in of.authors),
        ("citation_publication_date", of.day.replace("-", "/")),
        ("citation_technical_report_institution", of.site["name"]),
        ("citation_language", of.edition["language"]),
        ("citation_abstract_html_url", of.page),
        ("citation_pdf_url", of.file("pdf") if "pdf" in of.formats else ""),
        ("citation_doi", of.doi),
        ("citation_keywords", "; ".join(of.topics)),
        ("twitter:card", "summary_large_image"),
    ]
    return [(name, value) for name, value in tags if value]


def property_tags(of: Described) -> list[Pair]:
    """Return `meta property=…`: Open Graph."""
    return [
        ("og:type", "article"),
        ("og:site_name", of.site["name"]),
        ("og:title", of.edition["title"]),
        ("og:description", of.edition["abstract"]),
        ("og:url", of.page),
        ("og:locale", _locale(of.edition["language"])),
        ("og:image", of.image),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", of.edition["title"]),
        ("article:published_time", of.day),
    ]


def _locale(language: str) -> str:
    return f"{language}_{COUNTRIES.get(language, language.upper())}"


def links(of: Described) -> str:
    """Return the Link header: how to cite, what describes it, its files and licence (signposting.org)."""
    found = [_link(of.doi_address or of.page, "cite-as")]
    found += [_link(of.file(kind), "describedby", MEDIA[kind]) for kind in CITATIONS]
    found += [_link(of.file(kind), "item", MEDIA[kind]) for kind in of.formats if kind in MEDIA]
    found += [_link(address, "alternate", language=code) for code, address in of.translations]
    found += [_link(of.licence, "license")] if of.licence.startswith("https://") else []
    found += [_link("https://schema.org/Report", "type"), _link("https://schema.org/AboutPage", "type")]
    return ", ".join(found)


def _link(address: str, relation: str, media: str = "", *, language: str = "") -> str:
    safe = quote(address, safe=IN_ADDRESSES)  # headers are ASCII; a DOI may hold anything
    known = (f'; type="{media}"' if media else "") + (f'; hreflang="{language}"' if language else "")
    return f'<{safe}>; rel="{relation}"{known}'
