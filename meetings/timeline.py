"""Who got which letter about a meeting, for those who plan it. What comes next is the forecast's business."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise

from meetings import kinds
from meetings.models import Meeting
from notices.letters import letter_of
from notices.models import Notice

State = Notice.State


@dataclass(frozen=True)
class Gone:
    """The letters of one kind and schedule revision."""

    title: str | Promise
    since: dt.datetime
    letters: list[Notice]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many are in which state, in the order of the states; empty states are left out."""
        tally = {state: sum(1 for letter in self.letters if letter.state == state) for state in State}
        return [(str(state.label), number) for state, number in tally.items() if number]

    @property
    def failed(self) -> list[Notice]:
        return [letter for letter in self.letters if letter.state == State.FAILED]


def _batch(letter: Notice) -> tuple[str, int | None, str | None]:
    """Letters of one kind, schedule revision and (of a series) deed went out together."""
    return letter.kind, letter.payload.get("revision"), letter.payload.get("deed")


def gone(meeting: Meeting) -> list[Gone]:
    """Return what was queued, the earliest first; also the letters that name it among others of its series."""
    letters = Notice.objects.about(meeting)
    if meeting.series_id:
        letters |= Notice.objects.filter(kind=kinds.SERIES, payload__meetings__has_key=str(meeting.pk))
    listed = letters.select_related("recipient").order_by("kind", "payload__revision", "payload__deed", "pk")
    batches = [list(batch) for _, batch in groupby(listed, key=_batch)]
    lines = [Gone(letter_of(batch[0].kind).describes, min(n.due_at for n in batch), batch) for batch in batches]
    return sorted(lines, key=lambda line: line.since)
