"""What is loaded depends on the file and on nothing else; production refuses it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from outcomes.models import Reference
from s3cop.demo.book import Book
from s3cop.demo.load import load
from tests.demo.kickoff import TODAY, first_and_pdf

pytestmark = pytest.mark.django_db


EDITION = ("what-holds-regions-back", 1)
AGAIN = {"title": "Main challenges, asked again"}


def swapped(book: Book) -> Book:
    """A file that says of the kick-off only, under other names, its first two options exchanged in every ballot."""
    content: dict[str, Any] = json.loads(json.dumps(book.content))
    [round_] = [record for record in content["challenges"]["rounds"] if record["key"] == "ic-kickoff"]
    [about] = [record for record in content["outcomes"]["publications"] if record["slug"] == EDITION[0]]
    editions = [each for each in content["outcomes"]["editions"] if (each["publication"], each["version"]) == EDITION]
    for ballot in round_["ballots"]:
        ballot["ranks"][:2] = reversed(ballot["ranks"][:2])
    for room in content.values():
        room |= {name: [] for name, records in room.items() if isinstance(records, list)}
    content["meta"] = book.content["meta"]
    content["challenges"]["rounds"] = [round_ | AGAIN]
    content["outcomes"]["publications"] = [about | {"slug": "asked-again"}]
    content["outcomes"]["editions"] = [each | {"publication": "asked-again"} for each in editions]
    return replace(book, content=content)


def test_other_ballots_give_another_headline_and_another_pdf(demo: Book) -> None:
    counts = load(swapped(demo))
    assert (counts["rounds"], counts["published rounds"], counts["editions"]) == (1, 1, 1)
    first, text = first_and_pdf(AGAIN["title"], "asked-again")
    assert first == ("Aligning ecosystems",)
    assert "Aligning ecosystems" in text.split("Building capacity")[0]


@pytest.mark.usefixtures("demo")
def test_the_command_refuses_to_run_in_production(settings: Any) -> None:
    Reference.objects.get(citekey="jrc-2020-manual").delete()
    settings.LOCAL = False
    with pytest.raises(CommandError, match="refused in production"):
        call_command("load_demo", today=TODAY)
    assert not Reference.objects.filter(citekey="jrc-2020-manual").exists()
