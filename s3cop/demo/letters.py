"""Loads what people chose of letters. Who has chosen since keeps their choice."""

from notices.actions import choose
from notices.models import Channel, Preference
from s3cop.demo.book import Book, Record
from s3cop.demo.community import person


def load_preferences(book: Book) -> int:
    """Return how many people have made a new choice."""
    return sum(_choose(record) for record in book.records("notices.preferences"))


def _choose(record: Record) -> bool:
    reader = person(record["user"])
    if Preference.objects.filter(person=reader).exists():
        return False
    channels = {name: Channel(channel) for name, channel in record["channels"].items()}
    return choose(person=reader, channels=channels, quiet=None, by=reader)
