"""A kind of letter of our own, so that the room of letters is tested without the rooms above it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notices import letters
from notices.actions import planned, queue
from notices.letters import Attachment, Draft, Letter
from notices.models import Notice
from people.models import User

KIND = "test.plain"
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


@pytest.fixture(autouse=True)
def kind(settings: Any, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / f"{KIND}.txt").write_text(TEXT)
    (folder / f"{KIND}.html").write_text(HTML)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], str(tmp_path)]}]
    letters.register(Letter(KIND, "A letter of the tests", unwanted, compose))
    yield KIND
    del letters._register[KIND]


@pytest.fixture
def letter() -> Callable[..., Notice]:
    """Queue one letter and return its row; `timing` may hold due_at and expires_at."""

    def queued(to: User, key: str = "key", *, timing: dict[str, Any] | None = None, **payload: Any) -> Notice:
        queue([planned(KIND, to, key, to, payload=payload, **(timing or {}))])
        return Notice.objects.get(key=key)

    return queued
