"""A meeting that will not take place as planned."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from history.clock import database_now
from meetings.actions import poll_ends, telling
from meetings.actions.rows import Deed, enter, locked, note, save
from meetings.errors import ReasonMissing
from meetings.models import Meeting
from people.models import User

State = Meeting.State


@transaction.atomic
def cancel(*, meeting: Meeting, by: User | None, reason: str, now: dt.datetime | None = None) -> Meeting:
    """Cancel for good; whoever was invited hears it once, and no reminder follows. Raises ReasonMissing, WrongState.

    Those too who know that it is postponed, or were asked for dates: they wait for one.
    """
    return _call_off(meeting, State.CANCELLED, reason, Deed(by, now or database_now()))


@transaction.atomic
def postpone(*, meeting: Meeting, by: User | None, reason: str, now: dt.datetime | None = None) -> Meeting:
    """Take the date away; `edit` sets a new one and `announce` invites again. Raises ReasonMissing, WrongState."""
    return _call_off(meeting, State.POSTPONED, reason, Deed(by, now or database_now()))


def _call_off(meeting: Meeting, state: Meeting.State, reason: str, deed: Deed) -> Meeting:
    if not reason.strip():
        raise ReasonMissing(_("Say why: the reason is shown on the page and in the letter."))
    meeting = locked(meeting)
    was_on = meeting.state == State.SCHEDULED
    enter(meeting, state)
    meeting.reason = reason.strip()
    meeting.sequence += was_on
    save(meeting, deed.at)
    note(meeting, str(state), deed, reason=meeting.reason)
    told = telling.tell_off(meeting, deed.at, was_on=was_on)
    poll_ends.withdraw_open(meeting, deed, told=told)
    return meeting
