"""The life of a challenge as its page shows it: its steps, taken and to come, and the log of its history."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
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
    "parked": _("Parked"),
    "edited": _("Reworded"),
}
WORDED = {"title": _("Title"), "text": _("Description")}
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
    """One line of the log. round: the round or None; changes: (field, before, after) of a rewording."""

    label: str | Promise
    entry: Entry
    round: int | None
    place: str
    changes: list[tuple[str, Any, Any]]


def steps(challenge: Challenge, entries: Sequence[Entry]) -> list[Step]:
    """Return the way with the last time each step was taken; a step skipped on the way counts as to come."""
    last = {entry.verb: entry.at for entry in entries}
    return [
        Step(SAID[verb], last.get(verb), now=status == challenge.status)
        for status in WAY
        for verb in [VERB_OF.get(status, status.value)]
    ]


def log(entries: Sequence[Entry]) -> list[Line]:
    """Return the public history, latest first."""
    return [_line(entry) for entry in reversed(entries)]


def _line(entry: Entry) -> Line:
    payload = entry.payload
    worded = [name for name in WORDED if entry.verb == "edited" and name in payload]
    return Line(
        label=SAID.get(entry.verb, entry.verb),
        entry=entry,
        round=payload.get("round"),
        place=payload.get("place", ""),
        changes=[(str(WORDED[name]), *payload[name]) for name in worded],
    )
