"""Making meetings and changing them: draft, schedule, announce, edit, set the agenda."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from history.clock import database_now
from history.locks import MEETINGS, lock_exclusive
from meetings import before
from meetings.actions import poll_ends, seats, telling
from meetings.actions.rows import AgendaLine, Deed, Details, enter, insert, locked, note, save, write_agenda
from meetings.before import Known
from meetings.errors import InThePast, ScheduledAlready, WrongState
from meetings.models import Meeting
from people.models import User
from workinggroups.models import WorkingGroup

State = Meeting.State
MOVES = ("starts_at", "ends_at")
MATTERS = ("join_url",)  # people are told, but no calendar asks them to answer again


@transaction.atomic
def draft(
    *,
    group: WorkingGroup,
    by: User | None,
    agenda: Sequence[AgendaLine] = (),
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> Meeting:
    """Make a meeting that only the group sees and nobody is invited to yet. Times may be missing or approximate."""
    deed = Deed(by, now or database_now())
    meeting = Meeting(group=group, **details)
    insert(meeting, deed.at)
    write_agenda(meeting, agenda)
    note(meeting, "drafted", deed)
    return meeting


@transaction.atomic
def schedule(
    *,
    group: WorkingGroup,
    by: User | None,
    agenda: Sequence[AgendaLine] = (),
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> Meeting:
    """Make a meeting with an exact time to come, public at once, and queue an invitation for each active member.

    Raises InThePast, ScheduledAlready.
    """
    lock_exclusive(MEETINGS, group.pk)
    _check_is_new(group, details)
    moment = now or database_now()
    meeting = draft(group=group, by=by, agenda=agenda, now=moment, **details)
    return announce(meeting=meeting, by=by, now=moment)


def _check_is_new(group: WorkingGroup, details: Details) -> None:
    same = {name: details[name] for name in ("title", "starts_at") if name in details}
    if group.meetings.filter(state=State.SCHEDULED, **same).exists():
        raise ScheduledAlready(
            _("The group has a meeting of this name at this time already. Nobody was invited twice.")
        )


@transaction.atomic
def announce(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """Schedule a draft, or a meeting whose date was looked for, and invite. Raises WrongState, InThePast.

    Who had heard of an earlier date hears that there is another one; a date poll that is still open ends.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    again = meeting.announced_at is not None
    enter(meeting, State.SCHEDULED)
    must_be_to_come(meeting, deed.at)
    meeting.announced_at = meeting.announced_at or deed.at
    meeting.reason = ""
    if again:
        meeting.sequence += 1
        meeting.schedule_revision += 1
    save(meeting, deed.at)
    poll_ends.withdraw_open(meeting, deed)
    note(meeting, "rescheduled" if again else "scheduled", deed)
    if again:
        telling.tell_change(meeting, deed.at, moved=True)
    telling.invite_late_joiners(meeting=meeting, now=deed.at)
    return meeting


@transaction.atomic
def edit(
    *,
    meeting: Meeting,
    by: User | None,
    agenda: Sequence[AgendaLine] | None = None,
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> Meeting:
    """Change a planned meeting; `agenda=None` leaves the agenda as it is. Exact times replace an approximate date.

    The sequence grows with time, place and mode, the schedule revision with the time only; invited people are told of
    these and of another join link, and of nothing else. Raises WrongState, InThePast.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    change = write(meeting, agenda, deed, details)
    if change.to_tell:
        telling.tell_change(change.meeting, deed.at, moved=change.moved, was=change.was)
    return change.meeting


class Change(NamedTuple):
    """What became of an edit: whether the time is another one, whether invited people have to hear, what they know."""

    meeting: Meeting
    moved: bool
    to_tell: bool
    was: Known


def write(meeting: Meeting, agenda: Sequence[AgendaLine] | None, deed: Deed, details: Details) -> Change:
    """Change a locked meeting as `edit` does, without telling anybody. Raises WrongState, InThePast."""
    if meeting.state not in Meeting.PLANNED:
        raise WrongState(_("This meeting is over or cancelled; its details stay as they are."))
    site, was = site_of(meeting), before.known(meeting)
    changed = {name for name, value in details.items() if getattr(meeting, name) != value}
    for name in changed:
        setattr(meeting, name, details[name])  # type: ignore[literal-required]  # the keys of Details
    if meeting.starts_at:
        meeting.approx_date = ""
    is_on = meeting.state == State.SCHEDULED
    moved, relocated = bool(changed.intersection(MOVES)), site_of(meeting) != site
    if is_on:
        _count(meeting, deed.at, moved=moved, relocated=relocated)
    save(meeting, deed.at)
    if agenda is not None:
        write_agenda(meeting, agenda)
    if "capacity" in changed:
        seats.fill(meeting, deed.at)
    note(meeting, "moved" if moved and is_on else "edited", deed)
    return Change(meeting, moved, is_on and (moved or relocated or bool(changed.intersection(MATTERS))), was)


def _count(meeting: Meeting, now: dt.datetime, *, moved: bool, relocated: bool) -> None:
    if moved:
        must_be_to_come(meeting, now)
    meeting.schedule_revision += moved
    meeting.sequence += moved or relocated


@transaction.atomic
def set_agenda(
    *, meeting: Meeting, lines: Sequence[AgendaLine], by: User | None, now: dt.datetime | None = None
) -> Meeting:
    """Make the agenda these lines, in this order; an item that keeps its title keeps its links. Any state."""
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    write_agenda(meeting, lines)
    note(meeting, "agenda set", deed)
    return meeting


@transaction.atomic
def look_for_date(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """Say that the date is still to be found: draft or postponed becomes polling, exact times go. Raises WrongState."""
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    enter(meeting, State.POLLING)
    meeting.starts_at = meeting.ends_at = meeting.reply_by = None
    meeting.reason = ""
    save(meeting, deed.at)
    note(meeting, "date asked for", deed)
    return meeting


def site_of(meeting: Meeting) -> tuple[str, str]:
    """Return what changes when people have to go elsewhere; the place of an online meeting is nowhere."""
    return meeting.mode, "" if meeting.mode == Meeting.Mode.ONLINE else meeting.place


def must_be_to_come(meeting: Meeting, now: dt.datetime) -> None:
    if meeting.starts_at is None:
        raise InThePast(_("Set the date and the hours first."))
    if meeting.starts_at <= now:
        raise InThePast(_("This time has passed. Choose one to come."))
