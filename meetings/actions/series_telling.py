"""One letter to each person about many meetings of a series."""

import datetime as dt

from meetings import kinds
from meetings.actions.telling import members_of, told
from meetings.models import Attendee, Meeting, Series
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice
from notices.nudge import DELIVER, after_commit
from people.models import User

PLANNED, CHANGED, CANCELLED = "planned", "changed", "cancelled"


def tell(series: Series, meetings: list[Meeting], deed: str, now: dt.datetime) -> int:
    """Queue the letters; return how many. Of a cancellation hears whoever has heard of one of the meetings."""
    people = _heard(meetings) if deed == CANCELLED else members_of(meetings[0])
    for meeting in meetings:
        _prepare(meeting, deed, people, now)
    payload = {"deed": deed, "meetings": {str(meeting.pk): meeting.schedule_revision for meeting in meetings}}
    last = max(meeting.starts_at for meeting in meetings if meeting.starts_at)
    fresh = queue(
        [
            planned(
                kinds.SERIES,
                series,
                f"{kinds.SERIES}:{series.pk}:{deed}:{now.isoformat()}:{person.pk}",
                person,
                payload=payload,
                due_at=now,
                expires_at=last,
            )
            for person in people
        ]
    )
    if fresh:
        after_commit(DELIVER)
    return fresh


def _heard(meetings: list[Meeting]) -> list[User]:
    reached = set[int]().union(*(told(meeting) for meeting in meetings))
    return list(User.objects.filter(pk__in=reached).order_by("pk"))


def _prepare(meeting: Meeting, deed: str, people: list[User], now: dt.datetime) -> None:
    """Everybody who hears of a meeting to come is invited to it; of one that is off no other letter goes out."""
    if deed == CANCELLED:
        _skip(meeting, list(kinds.ALL), str(meeting.state), now)
        return
    rows = [Attendee(meeting=meeting, user=person, asked_at=now) for person in people]
    Attendee.objects.bulk_create(rows, ignore_conflicts=True)


def withhold(meeting: Meeting, now: dt.datetime, *, moved: bool) -> None:
    """Keep back what a letter about many replaces; who was told another time is asked anew."""
    _skip(meeting, [kinds.UPDATE, kinds.INVITATION], "replaced by a newer letter", now)
    if moved:
        _skip(meeting, list(kinds.REMINDERS), "rescheduled", now)
        Attendee.objects.filter(meeting=meeting).update(asked_at=now)


def _skip(meeting: Meeting, of_kinds: list[str], reason: str, now: dt.datetime) -> None:
    skip_waiting(Notice.objects.about(meeting).filter(kind__in=of_kinds), reason=reason, now=now)
