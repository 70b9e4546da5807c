"""A kind of letter of our own, so that the room of letters is tested without the rooms above it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from notices import letters
from notices.actions import planned, queue
from notices.letters import Attachment, Draft, Letter
from notices.models import LetterClass, Notice
from people.models import User

KIND, OPTIONAL = "test.plain", "test.optional"
TEXT = '{% extends "mail/base.txt" %}{% block body %}{{ words }}{% endblock %}{% block why %}You asked.{% endblock %}'
HTML = TEXT.replace("base.txt", "base.html").replace("{{ words }}", "<p>{{ words }}</p>")


def unwanted(notice: Notice, _now: dt.datetime) -> str:
    return str(notice.payload.get("unwanted", ""))


def compose(notice: Notice) -> Draft:
    if notice.payload.get("poison"):
        raise RuntimeError("this letter cannot be written")
    parts = (Attachment(notice.payload["ics"], "text/calendar; method=REQUEST"),) if "ics" in notice.payload else ()
    words = notice.payload.get("words", "Hello <there> & everybody.")
    return Draft(notice.payload.get("subject", "A letter"), {"words": words}, alternatives=parts)


@pytest.fixture(scope="module", autouse=True)
def kind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Once in a module: with the settings of templates go all that were read."""
    folder = tmp_path_factory.mktemp("templates")
    mail = folder / "mail"
    mail.mkdir()
    for name in (KIND, OPTIONAL):
        (mail / f"{name}.txt").write_text(TEXT)
        (mail / f"{name}.html").write_text(HTML)
    given: dict[str, Any] = settings.TEMPLATES[0]
    letters.register(Letter(KIND, "A letter of the tests", unwanted, compose))
    more: dict[str, Any] = {"essential": False, "letter_class": LetterClass.MEETING}
    letters.register(Letter(OPTIONAL, "A letter one can do without", unwanted, compose, **more))
    with override_settings(TEMPLATES=[{**given, "DIRS": [*given["DIRS"], str(folder)]}]):
        yield KIND
    for name in (KIND, OPTIONAL):
        del letters._register[name]


@pytest.fixture
def letter() -> Callable[..., Notice]:
    """Queue one letter and return its row; `timing` may hold due_at and expires_at, `payload` another kind."""

    def queued(to: User, key: str = "key", *, timing: dict[str, Any] | None = None, **payload: Any) -> Notice:
        kind = payload.pop("kind", KIND)
        queue([planned(kind, to, key, to, payload=payload, **(timing or {}))])
        return Notice.objects.get(key=key)

    return queued
