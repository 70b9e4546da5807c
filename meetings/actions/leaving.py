"""Who leaves the group loses its coming meetings from the calendar; who comes back gets them again."""

import datetime as dt
from typing import Any

from django.db.models import F

from meetings import kinds
from meetings.actions import seats, telling
from meetings.actions.rows import locked
from meetings.models import Attendee, Meeting
from notices.actions import planned, queue
from notices.models import Notice
from notices.nudge import DELIVER, after_commit


def settle(*, meeting: Meeting, now: dt.datetime) -> int:
    """Follow the group's memberships at one scheduled meeting, in the caller's transaction; return how many letters.

    Found by looking, not told by whoever ends a membership: so it cannot be forgotten. Each step moves the person's own
    SEQUENCE, because a calendar ignores a message that is not newer than the last. Free seats go to those who wait.
    """
    if not meeting.attendees.unsettled().exists():
        return 0
    meeting = locked(meeting)
    rows: list[Any] = list(meeting.attendees.unsettled().select_for_update(of=("self",)).select_related("user"))
    letters = _take_back(meeting, [row for row in rows if not row.is_member and row.withdrawn_at is None], now)
    letters += _bring_back(meeting, [row for row in rows if row.is_member and row.withdrawn_at], now)
    fresh = queue(letters) if letters else 0
    if fresh:
        after_commit(DELIVER)
    return fresh + seats.fill(meeting, now)


def _take_back(meeting: Meeting, left: list[Attendee], now: dt.datetime) -> list[Notice]:
    if not left:
        return []
    _shift(left, withdrawn_at=now, waiting_since=None)
    told = telling.told(meeting)
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
