"""How a date poll ends: with a date, or without. Its waiting letters stay, dates that were held become free."""

import datetime as dt
from collections.abc import Collection

from meetings import kinds
from meetings.actions.rows import Deed
from meetings.models import DatePoll, DateSlot, Meeting
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice

ASKING = (kinds.DATE_POLL, kinds.DATE_POLL_OPEN)


def withdraw_open(meeting: Meeting, deed: Deed, *, told: Collection[int] = ()) -> None:
    """End the open poll of a locked meeting, if there is one, without a date from it.

    Who is `told` (ids) in another letter that there will be none gets one more only to free dates in the calendar.
    """
    for poll in meeting.polls.open().select_for_update().order_by("pk"):
        end(poll, None, deed, told=told)


def end(poll: DatePoll, chosen: DateSlot | None, deed: Deed, *, told: Collection[int] = ()) -> None:
    """Set the state, keep letters back that still ask, and free the dates of those in whose calendars they stand."""
    poll.chosen = chosen
    poll.state = DatePoll.State.DECIDED if chosen else DatePoll.State.WITHDRAWN
    poll.save(update_fields=["chosen", "state"])
    asked = Notice.objects.about(poll).filter(kind__in=ASKING)
    skip_waiting(asked, reason=str(poll.state), now=deed.at)
    if chosen is None or poll.hold_dates:
        _release(poll, deed.at, () if poll.hold_dates else told)


def _release(poll: DatePoll, now: dt.datetime, told: Collection[int]) -> None:
    asked = Notice.objects.about(poll).told().filter(kind=kinds.DATE_POLL, recipient__isnull=False)
    letters = [
        planned(
            kinds.DATES_RELEASED,
            poll,
            f"{kinds.DATES_RELEASED}:{poll.pk}:{notice.recipient_id}",
            notice.recipient,
            due_at=now,
        )
        for notice in asked.exclude(recipient__in=told).select_related("recipient").order_by("pk")
        if notice.recipient
    ]
    queue(letters)
