"""The register of letter kinds: upper rooms register theirs in `AppConfig.ready()`.
This room knows the interface, not the meeting.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from notices.models import Notice


@dataclass(frozen=True)
class Attachment:
    """An alternative part, like an invitation for calendars; `media_type` has no charset (Django adds it)."""

    content: str
    media_type: str


@dataclass(frozen=True)
class Draft:
    """What a letter says: context of `templates/mail/<kind>.txt` and `.html`. Links are absolute."""

    subject: str
    context: Mapping[str, Any]
    reply_to: str = ""
    alternatives: tuple[Attachment, ...] = field(default=())


@dataclass(frozen=True)
class Letter:
    """One kind of letter.

    `unwanted(notice, now)` looks at the world at the moment of sending and returns "" or a short reason to skip
    the letter ("rescheduled", "no longer a member"). `compose(notice)` is called in the recipient's language.
    """

    kind: str
    describes: str | Promise
    unwanted: Callable[[Notice, dt.datetime], str]
    compose: Callable[[Notice], Draft]
    essential: bool = True


_register: dict[str, Letter] = {}


def register(letter: Letter) -> None:
    """Make a kind known; the same kind twice is an error."""
    if letter.kind in _register:
        raise ValueError(f"letter kind {letter.kind!r} is registered twice")
    _register[letter.kind] = letter


def letter_of(kind: str) -> Letter:
    """Return the registered letter; KeyError for an unknown kind."""
    return _register[kind]


def kinds() -> list[Letter]:
    """All letters, by kind."""
    return [_register[kind] for kind in sorted(_register)]
