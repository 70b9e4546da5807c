"""Who leaves the group loses its coming meetings from the calendar; who comes back gets them again."""

import datetime as dt
from typing import Any

from django.db.models import F

from meetings import hearing, kinds, letters
from meetings.actions import seats, substitutes
from meetings.actions.rows import locked
from meetings.models import Attendee, Meeting
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice


def settle(*, meeting: Meeting, now: dt.datetime) -> int:
    """Follow the group's memberships at one scheduled meeting, in the caller's transaction; return how many letters.

    Found by looking, not told by whoever ends a membership: so it cannot be forgotten. Each step moves the person's own
    SEQUENCE, because a calendar ignores a message that is not newer than the last. Free seats go to those who wait.
    """
    if not meeting.attendees.unsettled().exists():
        return 0
    meeting = locked(meeting)
    if meeting.state != Meeting.State.SCHEDULED:
        return 0  # called off since it was found
    rows: list[Any] = list(meeting.attendees.unsettled().select_for_update(of=("self",)).select_related("user"))
    left = [row for row in rows if not row.is_member and row.withdrawn_at is None]
    back = [row for row in rows if row.is_member and (row.withdrawn_at or row.is_uninvited)]
    _skip_waiting(meeting, [row.user_id for row in (*left, *back)], now)
    news = _take_back(meeting, left, now) + _bring_back(meeting, back, now)
    return queue(news) + seats.fill(meeting, now)


def _skip_waiting(meeting: Meeting, people: list[int], now: dt.datetime) -> None:
    """An invitation that is still to be tried again would come beside the one on coming back."""
    if not people:
        return
    waiting = Notice.objects.about(meeting).filter(recipient__in=people)
    if meeting.series_id:
        of_series = Notice.objects.filter(kind=kinds.SERIES, payload__meetings__has_key=str(meeting.pk))
        waiting |= of_series.filter(recipient__in=people).exclude(payload__deed="cancelled")
    skip_waiting(waiting, reason=letters.LEFT, now=now)


def _take_back(meeting: Meeting, left: list[Attendee], now: dt.datetime) -> list[Notice]:
    if not left:
        return []
    _shift(left, withdrawn_at=now, waiting_since=None, substitute_shift=F("substitute_shift") + 1)
    for attendee in left:
        if attendee.substitute_email:
            attendee.meeting = meeting
            gone = substitutes.Substitute(attendee.substitute, attendee.substitute_email)
            substitutes.release(attendee, gone, now)
    told = hearing.told(meeting)
    return [_letter(kinds.TAKEN_BACK, meeting, attendee, now) for attendee in left if attendee.user_id in told]


def _bring_back(meeting: Meeting, back: list[Attendee], now: dt.datetime) -> list[Notice]:
    """Asked anew: what they answered before they left says nothing about today."""
    if not back:
        return []
    empty = {"reply": "none", "replied_at": None, "waiting_since": None, "substitute": "", "substitute_email": ""}
    _shift(back, withdrawn_at=None, asked_at=now, **empty)
    return [_letter(kinds.INVITATION, meeting, attendee, now) for attendee in back]


def _shift(attendees: list[Attendee], **values: object) -> None:
    """Write the values with the next SEQUENCE; the rows at hand count along."""
    rows = Attendee.objects.filter(pk__in=[attendee.pk for attendee in attendees])
    rows.update(sequence_shift=F("sequence_shift") + 1, **values)
    for attendee in attendees:
        attendee.sequence_shift += 1


def _letter(kind: str, meeting: Meeting, attendee: Attendee, now: dt.datetime) -> Notice:
    return planned(
        kind,
        meeting,
        f"{kind}:{meeting.pk}:{meeting.schedule_revision}:{attendee.user_id}:{attendee.sequence_shift}",
        attendee.user,
        payload={"revision": meeting.schedule_revision},
        due_at=now,
        expires_at=meeting.starts_at,
    )
