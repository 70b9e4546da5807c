"""Who got which letter about a meeting, and what comes next: for those who plan it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import kinds, reminding
from meetings.models import Attendee, Meeting, ReminderRule
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


@dataclass(frozen=True)
class Coming:
    """A rule that is not due yet, and how many people it would write to if it were due now."""

    title: str | Promise
    when: str
    due_at: dt.datetime
    people: int


def gone(meeting: Meeting) -> list[Gone]:
    """Return what was queued, the earliest first."""
    letters = Notice.objects.about(meeting).select_related("recipient").order_by("kind", "payload__revision", "pk")
    batches = [list(batch) for _, batch in groupby(letters, key=lambda n: (n.kind, n.payload.get("revision")))]
    lines = [Gone(letter_of(batch[0].kind).describes, min(n.due_at for n in batch), batch) for batch in batches]
    return sorted(lines, key=lambda line: line.since)


def coming(
    meeting: Meeting, rules: Iterable[ReminderRule], attendees: list[Attendee], now: dt.datetime
) -> list[Coming]:
    """Return what will be written, the next first; nothing once the meeting is off or has begun."""
    if meeting.state != Meeting.State.SCHEDULED:
        return []
    return [
        Coming(
            letter_of(kinds.reminder(rule.letter)).describes,
            offset_text(rule),
            step.due_at.astimezone(meeting.zone),
            sum(reminding.is_for(rule, step.due_at, attendee, meeting) for attendee in attendees),
        )
        for step in reminding.steps(meeting, rules)
        for rule in step.rules
        if step.due_at > now
    ]


def offset_text(rule: ReminderRule) -> str:
    """Return "14 days before", "2 hours before"; what is counted from is told where it is not the start."""
    seconds = abs(int(rule.offset.total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    pairs = [
        (days, ngettext("%(n)d day", "%(n)d days", days)),
        (hours, ngettext("%(n)d hour", "%(n)d hours", hours)),
        (rest // 60, ngettext("%(n)d minute", "%(n)d minutes", rest // 60)),
    ]
    length = " ".join(text % {"n": number} for number, text in pairs if number)
    if rule.anchor == ReminderRule.Anchor.START:
        return _("%(length)s before") % {"length": length}
    return _("%(length)s from the %(anchor)s") % {"length": length, "anchor": rule.get_anchor_display()}
