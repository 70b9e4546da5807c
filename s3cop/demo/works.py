"""Loads references to works of others. Nothing says when somebody listed them: they are there from the start."""

from outcomes import bibliography
from outcomes.actions.references import add_reference
from outcomes.models import Reference
from s3cop.demo.book import Book, Record
from s3cop.demo.community import group


def load_references(book: Book) -> int:
    """Return how many were new."""
    return sum(_reference(record) for record in book.records("outcomes.references"))


def _reference(record: Record) -> bool:
    """The file has the place behind the publisher, and the number behind the series."""
    if Reference.objects.filter(citekey=record["key"]).exists():
        return False
    publisher, _, place = (record["publisher"] or "").rpartition(", ")
    series, _, number = (record["series"] or "").rpartition(", No. ")
    work = Reference(
        citekey=record["key"],
        kind=record["type"],
        title=record["title"],
        authors=record["authors"],
        year=record["year"],
        publisher=publisher or place,
        place=place if publisher else "",
        series=series,
        number=number,
        doi=record["doi"] or "",
        isbn=bibliography.isbn(record["isbn"] or ""),
        report_no=record["report_no"] or "",
    )
    add_reference(reference=work, groups=[group(slug) for slug in record["groups"]], by=None)
    return True
