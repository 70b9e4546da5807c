"""Seats in the room. Whoever holds one keeps it; the others wait in the order in which they said yes."""

import datetime as dt

from django.utils.translation import gettext as _

from meetings import balance, kinds
from meetings.errors import NoSeat
from meetings.models import Attendee, Meeting
from notices.actions import planned, queue

Reply = Attendee.Reply


def free(meeting: Meeting, *, but: Attendee | None = None) -> int | None:
    """Return how many seats are free when `but` gives up the own one; None where seats are not counted."""
    if meeting.capacity is None:
        return None
    current = Attendee.objects.current().filter(meeting=meeting)
    if but is not None:
        current = current.exclude(pk=but.pk)
    return meeting.capacity - sum(map(balance.takes_seat, current.order_by("pk")))


def take(meeting: Meeting, attendee: Attendee, *, had_one: bool, now: dt.datetime) -> None:
    """Give the new answer of a locked meeting its seat or its place in the line. Raises NoSeat."""
    waited = attendee.waiting_since
    attendee.waiting_since = None
    if had_one or not balance.takes_seat(attendee):
        return
    left = free(meeting, but=attendee)
    if left is None or left > 0:
        return
    if attendee.reply != Reply.YES:
        raise NoSeat(_("All seats are taken, and a substitute cannot wait for one. Ask the secretariat."))
    attendee.waiting_since = waited or now


def fill(meeting: Meeting, now: dt.datetime) -> int:
    """Give free seats of a locked meeting to those who wait longest, and write to them; return how many."""
    waiting = Attendee.objects.current().filter(meeting=meeting, waiting_since__isnull=False)
    line = list(waiting.select_related("user").order_by("waiting_since", "pk"))
    left = free(meeting) if line else 0
    lucky = line if left is None else line[: max(0, left)]
    for attendee in lucky:
        since, attendee.waiting_since = attendee.waiting_since, None
        attendee.save(update_fields=["waiting_since"])
        _tell(meeting, attendee, since, now)
    return len(lucky)


def _tell(meeting: Meeting, attendee: Attendee, since: dt.datetime | None, now: dt.datetime) -> None:
    """One letter for each wait: whoever gives up the seat and waits again hears of it again."""
    key = f"{kinds.SEAT}:{meeting.pk}:{attendee.user_id}:{since and since.isoformat()}"
    letter = planned(
        kinds.SEAT,
        meeting,
        key,
        attendee.user,
        payload={"revision": meeting.schedule_revision},
        due_at=now,
        expires_at=meeting.starts_at,
    )
    queue([letter])
