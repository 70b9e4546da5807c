"""Who got which letter about a meeting, for those who plan it. What comes next is the forecast's business."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meetings import kinds
from meetings.models import DatePoll, Meeting, Minutes
from notices.letters import letter_of
from notices.models import Notice, NoticeQuerySet

State = Notice.State


@dataclass(frozen=True)
class Gone:
    """The letters of one kind and schedule revision."""

    title: str | Promise
    since: dt.datetime
    letters: list[Notice]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many are in which state, in the order of the states, then on hold; empty states are left out."""
        on_hold = [letter for letter in self.letters if letter.state == State.DUE and letter.reason]
        tally = {state: sum(1 for letter in self.letters if letter.state == state) for state in State}
        tally[State.DUE] -= len(on_hold)
        states = [(str(state.label), number) for state, number in tally.items() if number]
        reasons = Counter(_(letter.reason) for letter in on_hold)
        return states + list(reasons.items())

    @property
    def failed(self) -> list[Notice]:
        return [letter for letter in self.letters if letter.state == State.FAILED]


def _batch(letter: Notice) -> tuple[str, int, int, str]:
    """Letters of one kind, record, schedule revision and (of a series) deed went out together."""
    said = letter.payload
    return letter.kind, letter.about_id, said.get("revision", 0), said.get("deed", "")


def gone(meeting: Meeting) -> list[Gone]:
    """Return what was queued, the earliest first."""
    listed = sorted(_letters_of(meeting), key=lambda letter: (_batch(letter), letter.pk))
    batches = [list(batch) for _key, batch in groupby(listed, key=_batch)]
    lines = [Gone(letter_of(batch[0].kind).describes, min(n.due_at for n in batch), batch) for batch in batches]
    return sorted(lines, key=lambda line: line.since)


def _letters_of(meeting: Meeting) -> Iterable[Notice]:
    """Letters about the meeting, its date polls and minutes; also those that name it among others of its series.

    A union, so that each part is found by its index.
    """
    parts = [
        Notice.objects.about(meeting),
        _about_any(DatePoll, DatePoll.objects.filter(meeting=meeting)),
        _about_any(Minutes, Minutes.objects.filter(meeting=meeting)),
    ]
    if meeting.series_id:
        parts.append(Notice.objects.filter(kind=kinds.SERIES, payload__meetings__has_key=str(meeting.pk)))
    first, *others = (part.select_related("recipient").order_by() for part in parts)
    return first.union(*others, all=True)


def _about_any(model: type[models.Model], records: models.QuerySet[Any]) -> NoticeQuerySet:
    return Notice.objects.filter(about_type=ContentType.objects.get_for_model(model), about_id__in=records.values("pk"))
