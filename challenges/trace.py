"""The life of a challenge as its page shows it: its steps, taken and to come, and the log of its history."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from history.models import Entry

Status = Challenge.Status

# The way of most; parked and merged leave it.
WAY = [Status.PROPOSED, Status.IDENTIFIED, Status.RANKED, Status.IN_FOCUS, Status.ADDRESSED, Status.CLOSED]
SAID = {
    "proposed": _("Proposed"),
    "identified": _("Identified"),
    "ranked": _("Ranked"),
    "put_in_focus": _("Taken into focus"),
    "addressed": _("Addressed"),
    "closed": _("Closed"),
    "merged": _("Merged"),
    "merging_undone": _("Merging undone"),
    "took_in": _("Another challenge was merged into it"),
    "gave_back": _("A merger into it was undone"),
    "split": _("Split"),
    "parked": _("Parked"),
    "edited": _("Reworded"),
}
WORDED = {"title": _("Title"), "text": _("Description"), "parent": _("Cluster")}
VERB_OF = {Status.IN_FOCUS: "put_in_focus"}


@dataclass(frozen=True)
class Step:
    """One step of the way: done, now, or still to come."""

    label: str | Promise
    at: dt.datetime | None
    now: bool

    @property
    def done(self) -> bool:
        return self.at is not None and not self.now


@dataclass(frozen=True)
class Line:
    """One line of the log. round: the round or None; changes: (field, before, after) of a rewording.

    others: the challenges that it was merged into, split into, split from or that it took in.
    """

    label: str | Promise
    entry: Entry
    round: int | None
    place: str
    changes: list[tuple[str, Any, Any]]
    others: list[Challenge]


@dataclass(frozen=True)
class Relatives:
    """Where a challenge came from and where it went, as far as the reader may see."""

    into: Challenge | None
    origin: Challenge | None
    merged: list[Challenge] = field(default_factory=list)
    parts: list[Challenge] = field(default_factory=list)


def steps(challenge: Challenge, entries: Sequence[Entry]) -> list[Step]:
    """Return the way with the last time each step was taken; a step skipped on the way counts as to come."""
    last = {entry.verb: entry.at for entry in entries}
    return [
        Step(SAID[verb], last.get(verb), now=status == challenge.status)
        for status in WAY
        for verb in [VERB_OF.get(status, status.value)]
    ]


def log(entries: Sequence[Entry], known: Mapping[int, Challenge]) -> list[Line]:
    """Return the public history, latest first; of the challenges it names only those in `known` are shown."""
    return [_line(entry, known) for entry in reversed(entries)]


def named(entries: Iterable[Entry]) -> set[int]:
    """Return the ids of the challenges that the history names."""
    return {pk for entry in entries for pk in _others(entry)}


def relatives(challenge: Challenge, known: Mapping[int, Challenge]) -> Relatives:
    """Sort what is known of a challenge's relatives."""
    return Relatives(
        into=known.get(challenge.merged_into_id or 0),
        origin=known.get(challenge.split_from_id or 0),
        merged=[one for one in known.values() if one.merged_into_id == challenge.pk],
        parts=[one for one in known.values() if one.split_from_id == challenge.pk],
    )


def _others(entry: Entry) -> list[int]:
    payload = entry.payload
    single = [payload[name] for name in ("into", "challenge", "split_from") if name in payload]
    return [*single, *payload.get("challenges", [])]


def _line(entry: Entry, known: Mapping[int, Challenge]) -> Line:
    payload = entry.payload
    worded = [name for name in WORDED if entry.verb == "edited" and name in payload]
    return Line(
        label=SAID.get(entry.verb, entry.verb),
        entry=entry,
        round=payload.get("round"),
        place=payload.get("place", ""),
        changes=[(str(WORDED[name]), *payload[name]) for name in worded],
        others=[known[pk] for pk in _others(entry) if pk in known],
    )
