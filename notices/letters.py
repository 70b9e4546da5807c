"""The register of letter kinds: upper rooms register theirs in `AppConfig.ready()`.
This room knows the interface, not the meeting.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from history.prepared import Question
from notices.models import LetterClass, Notice


def never(_notice: Notice) -> str:
    """Nothing keeps the letter from leaving."""
    return ""


def nothing(_notice: Notice) -> Question[Any] | None:
    """No question that could be asked beforehand."""
    return None


def no_record() -> models.Model | None:
    """No sample: the catalogue then shows the letter that was queued last."""
    return None


@dataclass(frozen=True)
class Attachment:
    """An alternative part, like an invitation for calendars; `media_type` has no charset (Django adds it)."""

    content: str
    media_type: str


@dataclass(frozen=True)
class Draft:
    """What a letter says: context of `templates/mail/<kind>.txt` and `.html`. Links are absolute.

    Words of this reader alone (names, signed links) stand in `own`, and templates only print them: what remains is
    rendered once for all letters in which it is equal, where `context` holds strings and numbers, no records.
    `classes` are those that the letter's unsubscribe link ends; without any, the class of its kind. `leave_url` is the
    link of somebody without an account, who has no classes to choose by.
    """

    subject: str
    context: Mapping[str, Any]
    reply_to: str = ""
    alternatives: tuple[Attachment, ...] = field(default=())
    classes: tuple[LetterClass, ...] = ()
    leave_url: str = ""
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One kind of letter.

    `unwanted(notice, now)` looks at the world at the moment of sending and returns "" or a short reason to skip
    the letter ("rescheduled", "no longer a member"). `on_hold(notice)` returns "" or why a wanted letter waits until
    somebody lets it go, or until its use is over. `compose(notice)` is called in the recipient's language.
    Essential letters cannot be switched off, gathered or held back: invitations, changes, cancellations, receipts,
    security. Any other but the digest belongs to a class, by which people choose. `who_gets` tells the catalogue the
    recipients in words; `sample` returns a record the letter could be about, for its preview. `asks(notice)` returns
    what `unwanted` will ask the database first, so that it is asked together with the letter's own row, after that is
    locked: the answer is `notice.answer`.
    """

    kind: str
    describes: str | Promise
    unwanted: Callable[[Notice, dt.datetime], str]
    compose: Callable[[Notice], Draft]
    essential: bool = True
    letter_class: LetterClass | None = None
    who_gets: str | Promise = ""
    sample: Callable[[], models.Model | None] = no_record
    on_hold: Callable[[Notice], str] = never
    asks: Callable[[Notice], Question[Any] | None] = nothing


_register: dict[str, Letter] = {}


def register(letter: Letter) -> None:
    """Make a kind known; the same kind twice is an error."""
    if letter.kind in _register:
        raise ValueError(f"letter kind {letter.kind!r} is registered twice")
    _register[letter.kind] = letter


def letter_of(kind: str) -> Letter:
    """Return the registered letter; KeyError for an unknown kind."""
    return _register[kind]


def is_known(kind: str) -> bool:
    return kind in _register


def kinds() -> list[Letter]:
    """All letters, by kind."""
    return [_register[kind] for kind in sorted(_register)]
