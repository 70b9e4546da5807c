"""What is loaded depends on the file and on nothing else; production refuses it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from people.models import User
from s3cop.demo.book import Book
from s3cop.demo.load import load
from tests.demo.kickoff import TODAY, first_and_pdf

pytestmark = pytest.mark.django_db


EDITION = ("what-holds-regions-back", 1)
NOT_NEEDED = {
    "meetings": ["invitations", "minutes", "decisions", "actions", "materials", "date_polls"],
    "challenges": ["focuses"],
    "outcomes": ["webinars"],
}


def swapped(book: Book) -> Book:
    """The part of the file that leads to the kick-off's result, its first two options exchanged in every ballot."""
    content: dict[str, Any] = json.loads(json.dumps(book.content))
    for room, sections in NOT_NEEDED.items():
        content[room] |= {name: [] for name in sections}
    editions = [each for each in content["outcomes"]["editions"] if (each["publication"], each["version"]) == EDITION]
    [record] = [record for record in content["challenges"]["rounds"] if record["key"] == "ic-kickoff"]
    for ballot in record["ballots"]:
        ballot["ranks"][:2] = reversed(ballot["ranks"][:2])
    content["challenges"]["rounds"], content["outcomes"]["editions"] = [record], editions
    return replace(book, content=content)


def test_other_ballots_give_another_headline_and_another_pdf() -> None:
    load(swapped(Book.open(TODAY)))
    first, text = first_and_pdf()
    assert first == ("Aligning ecosystems",)
    assert "Aligning ecosystems" in text.split("Building capacity")[0]


def test_the_command_refuses_to_run_in_production(settings: Any) -> None:
    settings.LOCAL = False
    with pytest.raises(CommandError, match="refused in production"):
        call_command("load_demo", today=TODAY)
    assert not User.objects.exists()
