"""Meetings planned together. The rows are the truth: each may move, and one edit of many sends one letter."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from history.clock import database_now
from meetings import hearing, times
from meetings.actions import poll_ends, series_telling
from meetings.actions.planning import Change, must_be_to_come, write
from meetings.actions.polls import Slot
from meetings.actions.rows import LONGEST_SLUG, Deed, Details, enter, locked, note, save, save_named
from meetings.errors import ReasonMissing, WrongState
from meetings.models import Meeting, Series
from people.models import User
from workinggroups.models import WorkingGroup

State = Meeting.State
MOST = 40
THIS, LATER, ALL = "this", "later", "all"


class Plan(NamedTuple):
    """What the meetings have in common; `pattern` is the rule the dates were made from."""

    group: WorkingGroup
    title: str
    pattern: str


class Shift(NamedTuple):
    """How times change: whole days, and the hours on the meetings' own clocks (None: as they are)."""

    days: int = 0
    start: dt.time | None = None
    end: dt.time | None = None


@transaction.atomic
def plan_series(
    *,
    plan: Plan,
    slots: Sequence[Slot],
    by: User | None,
    invite: bool,
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> Series:
    """Make one meeting for each slot: drafts, or scheduled with one letter to each member.

    Raises WrongState, InThePast.
    """
    deed = Deed(by, now or database_now())
    if not 1 < len(slots) <= MOST:
        raise WrongState(_("A series has two to forty meetings."))
    series = Series.objects.create(group=plan.group, title=plan.title, pattern=plan.pattern)
    meetings = [_make(series, slot, deed, details) for slot in slots]
    if invite:
        for meeting in meetings:
            _schedule(meeting, deed)
        series_telling.tell(series, meetings, series_telling.PLANNED, deed.at)
    return series


def _make(series: Series, slot: Slot, deed: Deed, details: Details) -> Meeting:
    meeting = Meeting(group=series.group, series=series, **(details | {"title": series.title}))
    meeting.starts_at, meeting.ends_at = slot.starts_at, slot.ends_at
    base = slugify(meeting.title)[:LONGEST_SLUG].strip("-") or meeting.group.slug
    save_named(meeting, f"{base}-{meeting.day()}", partial(save, meeting, deed.at))  # the day tells addresses apart
    note(meeting, "drafted", deed)
    return meeting


def _schedule(meeting: Meeting, deed: Deed) -> None:
    enter(meeting, State.SCHEDULED)
    must_be_to_come(meeting, deed.at)
    meeting.announced_at = deed.at
    save(meeting, deed.at)
    note(meeting, "scheduled", deed)


def in_scope(meeting: Meeting, scope: str, now: dt.datetime | None = None) -> list[Meeting]:
    """Return the meetings of an edit, in order: this one, this and the later ones, or all that are still planned.

    Of many, those that have begun are left out: they take place as they are.
    """
    begun = Q(state=State.SCHEDULED, starts_at__lte=now or database_now())
    rows = Meeting.objects.filter(series=meeting.series_id, state__in=Meeting.PLANNED).exclude(begun)
    if scope == THIS or meeting.series_id is None:
        rows = Meeting.objects.filter(pk=meeting.pk)
    elif scope == LATER:
        rows = rows.filter(_from(meeting))
    return list(rows.select_related("group").order_by("starts_at", "pk"))


def _from(meeting: Meeting) -> Q:
    """Begin with this meeting. Where one of two has no date, the place in which they were planned counts."""
    planned = Q(pk__gte=meeting.pk)  # a series makes its rows in its order
    if meeting.starts_at is None:
        return planned
    return Q(starts_at__gte=meeting.starts_at) | (planned & Q(starts_at=None))


def _must_be_some(meetings: list[Meeting]) -> list[Meeting]:
    if not meetings:
        raise WrongState(_("None of these meetings is still to come."))
    return meetings


@transaction.atomic
def edit_series(
    *,
    meeting: Meeting,
    scope: str,
    by: User | None,
    shift: Shift = Shift(),  # noqa: B008 - immutable
    now: dt.datetime | None = None,
    **details: Unpack[Details],
) -> list[Meeting]:
    """Change what is still planned of a series; whoever is invited hears of all of it in one letter.

    Raises WrongState, InThePast, NoSuchTime.
    """
    deed = Deed(by, now or database_now())
    changes = [_edit(each, shift, details, deed) for each in _must_be_some(in_scope(meeting, scope, deed.at))]
    told = [change.meeting for change in changes if change.to_tell]
    was = {change.meeting.pk: change.was for change in changes if change.to_tell}
    for change in changes:
        if change.to_tell:
            series_telling.withhold(change.meeting, deed.at, moved=change.moved)
    if told:
        series_telling.tell(_series_of(meeting), told, series_telling.CHANGED, deed.at, was=was)
    return [change.meeting for change in changes]


def _edit(meeting: Meeting, shift: Shift, details: Details, deed: Deed) -> Change:
    meeting = locked(meeting)
    values: Details = {**details}
    if shift != Shift() and meeting.local_start and meeting.local_end:
        values |= _moved(meeting, meeting.local_start, meeting.local_end, shift)
    return write(meeting, None, deed, values)


def _moved(meeting: Meeting, start: dt.datetime, end: dt.datetime, shift: Shift) -> Details:
    """Return the new times; answers are awaited as many days before, at the latest until it starts."""
    starts = _shifted(meeting, start, shift.days, shift.start)
    ends = _shifted(meeting, end, shift.days, shift.end)
    if ends <= starts:
        raise WrongState(_("“%(when)s” would end before it starts. Change it alone first.") % {"when": meeting.when})
    if meeting.reply_by is None:
        return {"starts_at": starts, "ends_at": ends}
    answer_by = _shifted(meeting, meeting.reply_by.astimezone(meeting.zone), shift.days, None)
    return {"starts_at": starts, "ends_at": ends, "reply_by": min(answer_by, starts)}


def _shifted(meeting: Meeting, local: dt.datetime, days: int, hour: dt.time | None) -> dt.datetime:
    """The clock on the wall counts: a series does not move with the clocks."""
    day = local.date() + dt.timedelta(days=days)
    return times.to_utc(dt.datetime.combine(day, hour or local.time()), meeting.zone)


@transaction.atomic
def cancel_series(
    *, meeting: Meeting, scope: str, by: User | None, reason: str, now: dt.datetime | None = None
) -> list[Meeting]:
    """Cancel what is still planned of a series, with one letter to each person. Raises ReasonMissing, WrongState."""
    if not reason.strip():
        raise ReasonMissing(_("Say why: the reason is shown on the page and in the letter."))
    deed = Deed(by, now or database_now())
    off = [_cancel(each, reason.strip(), deed) for each in _must_be_some(in_scope(meeting, scope, deed.at))]
    concerned = {each: hearing.concerned(each) for each in off}
    known = [each for each in off if each.announced_at or concerned[each]]  # of other drafts nobody has heard
    if known:
        series_telling.tell(_series_of(meeting), known, series_telling.CANCELLED, deed.at)
    for each in off:
        poll_ends.withdraw_open(each, deed, told=concerned[each])
    return off


def _cancel(meeting: Meeting, reason: str, deed: Deed) -> Meeting:
    meeting = locked(meeting)
    was_on = meeting.state == State.SCHEDULED
    enter(meeting, State.CANCELLED)
    meeting.reason = reason
    meeting.sequence += was_on
    save(meeting, deed.at)
    note(meeting, "cancelled", deed, reason=reason)
    return meeting


def _series_of(meeting: Meeting) -> Series:
    return Series.objects.select_related("group").get(meetings=meeting)
