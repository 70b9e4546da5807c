"""Meetings that have taken place: by the clock, or recorded afterwards."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from history.clock import database_now
from history.each import each_alone
from meetings.actions.rows import AgendaLine, Deed, Details, enter, insert, locked, note, write_agenda
from meetings.errors import NotYetOver, ReasonMissing, WrongState
from meetings.models import Attendee, Meeting
from people.models import User
from workinggroups.models import WorkingGroup

State = Meeting.State
WRITTEN = ["attended", "reply", "replied_at", "waiting_since", "substitute", "substitute_email"]


class Attendance(NamedTuple):
    """Whether somebody came, in person or by the substitute named (None: nobody wrote it down), and their reply.

    A reply of "none" and a substitute of None leave what is known.
    """

    user: User
    attended: bool | None
    reply: str = Attendee.Reply.NONE
    substitute: str | None = None


@transaction.atomic
def record_past(
    *,
    group: WorkingGroup,
    by: User | None,
    state: str = State.HELD,
    reason: str = "",
    agenda: Sequence[AgendaLine] = (),
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> Meeting:
    """Record a meeting of the past, public at once and without letters, with exact times or an approximate date.

    `state` is where it stands: held, minuted, published, or cancelled (with reason). Raises NotYetOver, WrongState,
    ReasonMissing.
    """
    deed = Deed(by, now or database_now())
    if state not in Meeting.OVER:
        raise WrongState(_("A meeting of the past is held, minuted, published or cancelled."))
    if state == State.CANCELLED and not reason.strip():
        raise ReasonMissing(_("Say why it was cancelled."))
    meeting = Meeting(group=group, state=state, reason=reason.strip(), announced_at=deed.at, **details)
    _must_be_over(meeting, deed.at)
    insert(meeting, deed.at)
    write_agenda(meeting, agenda)
    note(meeting, "recorded", deed, reason=meeting.reason)
    return meeting


def _must_be_over(meeting: Meeting, now: dt.datetime) -> None:
    day = meeting.day()
    if day is None:
        raise NotYetOver(_("Give the date, as exactly as it is known."))
    if meeting.ends_at > now if meeting.ends_at else day > now.date():
        raise NotYetOver(_("This meeting has not ended yet. Schedule it instead."))


@transaction.atomic
def record_attendance(
    *, meeting: Meeting, by: User | None, lines: Iterable[Attendance], now: dt.datetime | None = None
) -> int:
    """Write down who came to a meeting that was held; return how many lines. Raises WrongState."""
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if meeting.state not in {State.HELD, State.MINUTED, State.PUBLISHED}:
        raise WrongState(_("Attendance can be taken once the meeting was held."))
    written = _write(meeting, list(lines), deed.at)
    note(meeting, "attendance taken", deed)
    return written


def _write(meeting: Meeting, lines: list[Attendance], now: dt.datetime) -> int:
    """Three statements, however many people."""
    known = {row.user_id: row for row in Attendee.objects.select_for_update(of=("self",)).filter(meeting=meeting)}
    for row in known.values():
        row.meeting = meeting
    rows = [
        _line(known.get(line.user.pk) or Attendee(meeting=meeting, user=line.user, asked_at=now), line, now)
        for line in lines
    ]
    Attendee.objects.bulk_create(row for row in rows if row.pk is None)
    Attendee.objects.bulk_update((row for row in rows if row.user_id in known), fields=WRITTEN)
    return len(rows)


def _line(attendee: Attendee, line: Attendance, now: dt.datetime) -> Attendee:
    attendee.attended = line.attended
    if line.reply != Attendee.Reply.NONE:
        attendee.reply = Attendee.Reply(line.reply)
        attendee.replied_at = min(now, attendee.meeting.starts_at or now)
        attendee.waiting_since = None
    if line.substitute is not None and line.substitute != attendee.substitute:
        attendee.substitute, attendee.substitute_email = line.substitute, ""
    return attendee


def mark_held(*, now: dt.datetime | None = None) -> int:
    """Mark scheduled meetings whose end has passed as held, each in its own transaction; return how many."""
    due = list(Meeting.objects.to_hold(now or database_now()).values_list("pk", flat=True))
    return each_alone(due, partial(_hold, now=now))


def _hold(pk: int, now: dt.datetime | None) -> bool:
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    moment = now or database_now()
    meeting = rows.to_hold(moment).filter(pk=pk).first()
    if meeting is None:
        return False  # moved, cancelled or held by another worker meanwhile
    enter(meeting, State.HELD)
    meeting.save(update_fields=["state"])
    note(meeting, "held", Deed(None, moment))
    return True
