"""What will be written, to whom, when and why: upper rooms register what they foresee in `AppConfig.ready()`.
This room knows the interface, and what people want of letters.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise

from notices import wishes
from notices.letters import letter_of
from notices.models import Channel, Notice
from people.models import User


@dataclass(frozen=True)
class Foreseen:
    """A letter to come; without a kind, a remark why there is none.

    `at` is in the zone in which it is told. `to` is a person, the address of somebody without an account, or words for
    people whom nobody may name. `about` is a short name of the record.
    """

    at: dt.datetime
    to: User | str
    kind: str
    about: str
    why: str

    @property
    def title(self) -> str | Promise:
        return letter_of(self.kind).describes if self.kind else "No letter"

    @property
    def address(self) -> str:
        return self.to if isinstance(self.to, str) else self.to.email


Foresight = Callable[[dt.datetime, dt.datetime], Iterable[Foreseen]]
_register: dict[str, Foresight] = {}


def register(name: str, look: Foresight) -> None:
    """Ask `look(now, until)` too; it reads and changes nothing. The same name twice is an error."""
    if name in _register:
        raise ValueError(f"foresight {name!r} is registered twice")
    _register[name] = look


def all_until(until: dt.datetime, *, now: dt.datetime) -> list[Foreseen]:
    """Return what is foreseen, the next first; not to whom no account is active, or who wants no such letters."""
    found = [each for name in sorted(_register) for each in _register[name](now, until)]
    prefetch_related_objects([each.to for each in found if isinstance(each.to, User)], "letter_preferences")
    return sorted(filter(_is_wanted, found), key=lambda each: (each.at, each.about, each.address))


def _is_wanted(letter: Foreseen) -> bool:
    if not isinstance(letter.to, User):
        return True
    chosen = wishes.channel_of(Notice(kind=letter.kind, recipient=letter.to))
    return letter.to.is_active and chosen != Channel.NONE
