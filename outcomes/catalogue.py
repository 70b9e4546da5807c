"""The catalogue of all data as DCAT-AP 3: a list of triples, written as Turtle and as JSON-LD; pure."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
FILE_TYPES = {"pdf": "PDF", "docx": "DOCX", "csv": "CSV", "json": "JSON"}
LANGUAGES = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV",
    "mt": "MLT", "nl": "NLD", "pl": "POL", "pt": "POR", "ro": "RON", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Iri:
    """An address, or a name with one of the prefixes."""

    value: str


@dataclass(frozen=True)
class Text:
    """A literal with its language, or its type."""

    value: str
    language: str = ""
    datatype: str = ""


Node = Iri | Text
Triple = tuple[str, str, Node]


@dataclass(frozen=True)
class File:
    """One file of a dataset: where it is, its media type, size in bytes and SHA-256."""

    format: str
    address: str
    media: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """One published edition."""

    page: str
    title: str
    abstract: str
    language: str
    issued: str
    version: str
    licence: str
    keywords: tuple[str, ...]
    creators: tuple[str, ...]
    files: tuple[File, ...]
    doi_address: str = ""


@dataclass(frozen=True)
class Site:
    """Who publishes the catalogue, and where."""

    url: str
    name: str
    description: str
    email: str


def triples(site: Site, datasets: Iterable[Dataset]) -> list[Triple]:
    """Return the whole catalogue, in a stable order."""
    catalogue, publisher, contact = f"{site.url}/catalogue", f"{site.url}/#publisher", f"{site.url}/#contact"
    told: list[Triple] = [
        (publisher, "rdf:type", Iri("foaf:Agent")),
        (publisher, "foaf:name", Text(site.name, "en")),
        (publisher, "foaf:homepage", Iri(f"{site.url}/")),
        (contact, "rdf:type", Iri("vcard:Kind")),
        (contact, "vcard:fn", Text(site.name)),
        (contact, "vcard:hasEmail", Iri(f"mailto:{site.email}")),
        (catalogue, "rdf:type", Iri("dcat:Catalog")),
        (catalogue, "dct:title", Text(site.name, "en")),
        (catalogue, "dct:description", Text(site.description, "en")),
        (catalogue, "dct:publisher", Iri(publisher)),
        (catalogue, "foaf:homepage", Iri(f"{site.url}/")),
        (catalogue, "dct:language", Iri(f"{AUTHORITY}language/ENG")),
        (catalogue, "dct:license", Iri("https://creativecommons.org/licenses/by/4.0/")),
    ]
    for dataset in datasets:
        told.append((catalogue, "dcat:dataset", Iri(f"{dataset.page}#data")))
        told += _dataset(dataset, publisher, contact)
    return told + _service(site, catalogue, publisher)


def _service(site: Site, catalogue: str, publisher: str) -> list[Triple]:
    address = f"{site.url}/api/v1/"
    return [
        (catalogue, "dcat:service", Iri(address)),
        (address, "rdf:type", Iri("dcat:DataService")),
        (address, "dct:title", Text("Read-only interface", "en")),
        (address, "dcat:endpointURL", Iri(address)),
        (address, "dcat:endpointDescription", Iri(f"{address}schema/")),
        (address, "dct:publisher", Iri(publisher)),
    ]


def _dataset(dataset: Dataset, publisher: str, contact: str) -> list[Triple]:
    node, language = f"{dataset.page}#data", dataset.language
    told: list[Triple] = [
        (node, "rdf:type", Iri("dcat:Dataset")),
        (node, "dct:title", Text(dataset.title, language)),
        (node, "dct:description", Text(dataset.abstract, language)),
        (node, "dct:identifier", Text(dataset.page)),
        (node, "dct:publisher", Iri(publisher)),
        (node, "dcat:contactPoint", Iri(contact)),
        (node, "dct:issued", Text(dataset.issued, datatype="xsd:date")),
        (node, "dcat:version", Text(dataset.version)),
        (node, "dcat:landingPage", Iri(dataset.page)),
        (node, "dcat:theme", Iri(f"{AUTHORITY}data-theme/REGI")),
    ]
    told += [(node, "dct:identifier", Text(dataset.doi_address))] if dataset.doi_address else []
    told += [(node, "dcat:keyword", Text(word, language)) for word in dataset.keywords]
    if language in LANGUAGES:
        told.append((node, "dct:language", Iri(f"{AUTHORITY}language/{LANGUAGES[language]}")))
    for number, creator in enumerate(dataset.creators, 1):
        told.append((node, "dct:creator", Iri(f"{node}-creator-{number}")))
        told.append((f"{node}-creator-{number}", "rdf:type", Iri("foaf:Agent")))
        told.append((f"{node}-creator-{number}", "foaf:name", Text(creator, language)))
    for file in dataset.files:
        told.append((node, "dcat:distribution", Iri(f"{file.address}#file")))
        told += _file(file, dataset)
    return told


def _file(file: File, dataset: Dataset) -> list[Triple]:
    node, checksum = f"{file.address}#file", f"{file.address}#checksum"
    told: list[Triple] = [
        (node, "rdf:type", Iri("dcat:Distribution")),
        (node, "dct:title", Text(file.format.upper())),
        (node, "dcat:accessURL", Iri(dataset.page)),
        (node, "dcat:downloadURL", Iri(file.address)),
        (node, "dcat:mediaType", Iri(f"http://www.iana.org/assignments/media-types/{file.media}")),
        (node, "dcat:byteSize", Text(str(file.size), datatype="xsd:nonNegativeInteger")),
        (node, "spdx:checksum", Iri(checksum)),
        (checksum, "rdf:type", Iri("spdx:Checksum")),
        (checksum, "spdx:algorithm", Iri("spdx:checksumAlgorithm_sha256")),
        (checksum, "spdx:checksumValue", Text(file.sha256, datatype="xsd:hexBinary")),
    ]
    if dataset.licence.startswith("https://"):
        told.append((node, "dct:license", Iri(dataset.licence)))
    if file.format in FILE_TYPES:
        told.append((node, "dct:format", Iri(f"{AUTHORITY}file-type/{FILE_TYPES[file.format]}")))
    return told


def to_turtle(told: Iterable[Triple]) -> str:
    """One block for each subject."""
    heads = [f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items()]
    blocks = [
        f"\n<{_safe(subject)}>\n    "
        + " ;\n    ".join(f"{predicate} {_turtle(node)}" for predicate, node in stated)
        + " .\n"
        for subject, stated in _by_subject(told).items()
    ]
    return "".join([*heads, *blocks])


def _turtle(node: Node) -> str:
    if isinstance(node, Iri):
        return node.value if node.value.partition(":")[0] in PREFIXES else f"<{_safe(node.value)}>"
    quoted = '"' + "".join(ESCAPES.get(sign, sign) for sign in node.value) + '"'
    if node.language:
        return f"{quoted}@{node.language}"
    return f"{quoted}^^{node.datatype}" if node.datatype else quoted


def _safe(address: str) -> str:
    """Percent-encode what may not stand between < and >."""
    return "".join(f"%{ord(sign):02X}" if sign in '<>"{}|^`\\ ' or sign < " " else sign for sign in address)


def to_json_ld(told: Iterable[Triple]) -> str:
    graph = []
    for subject, stated in _by_subject(told).items():
        node: dict[str, Any] = {"@id": subject}
        for predicate, value in stated:
            if predicate == "rdf:type" and isinstance(value, Iri):
                node["@type"] = value.value
            else:
                node.setdefault(predicate, []).append(_json(value))
        graph.append(node)
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1)


def _json(node: Node) -> dict[str, str]:
    if isinstance(node, Iri):
        return {"@id": node.value}
    extra = {"@language": node.language} if node.language else {"@type": node.datatype} if node.datatype else {}
    return {"@value": node.value, **extra}


def _by_subject(told: Iterable[Triple]) -> dict[str, list[tuple[str, Node]]]:
    found: dict[str, list[tuple[str, Node]]] = defaultdict(list)
    for subject, predicate, node in told:
        found[subject].append((predicate, node))
    return found
