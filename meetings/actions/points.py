"""Action points: done, dropped with a reason, opened again; and open ones put on the next agenda."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from meetings.actions.rows import Deed, locked, note
from meetings.errors import ReasonMissing, WrongState
from meetings.models import ActionPoint, AgendaItem, Meeting
from people.models import User

State = ActionPoint.State


def finish(
    *, point: ActionPoint, by: User | None, on: dt.date | None = None, now: dt.datetime | None = None
) -> ActionPoint:
    """Mark as done, `on` that day (default: today in the meeting's zone). Raises WrongState."""
    return _enter(point, State.DONE, by=by, now=now, on=on)


def drop(*, point: ActionPoint, by: User | None, reason: str, now: dt.datetime | None = None) -> ActionPoint:
    """Give it up for a reason. Raises ReasonMissing, WrongState."""
    if not reason.strip():
        raise ReasonMissing(_("Say why nobody does it any more."))
    return _enter(point, State.DROPPED, by=by, now=now, reason=reason.strip())


def reopen(*, point: ActionPoint, by: User | None, now: dt.datetime | None = None) -> ActionPoint:
    """Take back that it is done. Raises WrongState."""
    return _enter(point, State.OPEN, by=by, now=now)


@transaction.atomic
def _enter(
    point: ActionPoint,
    state: ActionPoint.State,
    *,
    by: User | None,
    now: dt.datetime | None,
    on: dt.date | None = None,
    reason: str = "",
) -> ActionPoint:
    held = _locked(point)
    moment = now or database_now()
    old = State(held.state)
    if state not in ActionPoint.TRANSITIONS[old]:
        raise WrongState(
            _("This action point is “%(old)s” and cannot become “%(new)s”.") % {"old": old.label, "new": state.label}
        )
    today = moment.astimezone(ZoneInfo(held.meeting.timezone)).date()
    held.state, held.reason = state, reason
    held.done_on = (on or today) if state == State.DONE else None
    held.save(update_fields=["state", "reason", "done_on"])
    record(held, str(state) if state != State.OPEN else "opened again", by=by, reason=reason, at=moment)
    return held


def _locked(point: ActionPoint) -> ActionPoint:
    """Return the row as it is now; whoever edits a draft of the minutes may have taken it out."""
    rows = ActionPoint.objects.select_for_update(of=("self",), no_key=True).select_related("meeting__group")
    held = rows.filter(pk=point.pk).first()
    if held is None:
        raise WrongState(_("The minutes no longer hold this action point."))
    return held


def follow_up_title() -> str:
    return _("From last time: open action points")


@transaction.atomic
def carry_over(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> AgendaItem:
    """Make the group's open action points the first item of the agenda.

    The item only names them: the agenda is public, they are the group's. Raises WrongState where nothing is open, where
    they are on the agenda, or the meeting is over.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if meeting.state not in Meeting.PLANNED or not ActionPoint.objects.open().before(meeting).exists():
        raise WrongState(_("No action point of an earlier meeting is open."))
    if meeting.agenda.filter(title=follow_up_title()).exists():
        raise WrongState(_("They are on the agenda already."))
    meeting.agenda.update(position=F("position") + 1)
    item = AgendaItem.objects.create(meeting=meeting, position=1, title=follow_up_title())
    note(meeting, "agenda set", deed)
    return item
