"""One letter to each person about many meetings of a series."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from meetings import hearing, kinds
from meetings.actions import substitutes
from meetings.actions.telling import members_of
from meetings.before import Known
from meetings.letters import REPLACED
from meetings.models import Attendee, Meeting, Series
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice
from people.models import User

PLANNED, CHANGED, CANCELLED = "planned", "changed", "cancelled"
Unheard = dict[int, dict[str, Any]]  # by the id of the person


def tell(
    series: Series, meetings: list[Meeting], deed: str, now: dt.datetime, *, was: Mapping[int, Known] | None = None
) -> int:
    """Queue the letters; return how many. Of a cancellation hears whoever has heard of one of the meetings.

    `was` says of changed meetings, by id, what people know of them.
    """
    people = _heard(meetings) if deed == CANCELLED else members_of(meetings[0])
    for meeting in meetings:
        _prepare(meeting, deed, people, now)
    unheard = {} if deed == CANCELLED else _take_over(series, now)
    said = {
        "deed": deed,
        "meetings": {str(meeting.pk): meeting.schedule_revision for meeting in meetings},
        "was": {str(pk): known for pk, known in (was or {}).items()},
    }
    coming = [meeting.starts_at for meeting in meetings if meeting.starts_at and meeting.starts_at > now]
    return queue(
        [
            planned(
                kinds.SERIES,
                series,
                f"{kinds.SERIES}:{series.pk}:{deed}:{now.isoformat()}:{person.pk}",
                person,
                payload=_with(said, unheard.get(person.pk)),
                due_at=now,
                expires_at=max(coming, default=None),  # a date may be sought: that news does not age
            )
            for person in people
        ]
    )


def _take_over(series: Series, now: dt.datetime) -> Unheard:
    """Take back the letters about the series that still wait, and return by person what they would have said."""
    waiting = Notice.objects.about(series).waiting().filter(kind=kinds.SERIES).exclude(payload__deed=CANCELLED)
    unheard: Unheard = {}
    for notice in waiting.select_for_update(no_key=True).order_by("pk"):
        if notice.recipient_id is not None:
            unheard[notice.recipient_id] = _with(notice.payload, unheard.get(notice.recipient_id))
    skip_waiting(waiting, reason=REPLACED, now=now)
    return unheard


def _with(said: dict[str, Any], unheard: dict[str, Any] | None) -> dict[str, Any]:
    """Say both in one letter; what has not been planned in somebody's eyes cannot have changed."""
    if unheard is None:
        return said
    deed = PLANNED if PLANNED in {said["deed"], unheard["deed"]} else said["deed"]
    was = said.get("was", {}) | unheard.get("was", {}) if deed == CHANGED else {}
    return {"deed": deed, "meetings": unheard["meetings"] | said["meetings"], "was": was}


def _heard(meetings: list[Meeting]) -> list[User]:
    reached = set[int]().union(*map(hearing.concerned, meetings))
    return list(User.objects.filter(pk__in=reached).order_by("pk"))


def _prepare(meeting: Meeting, deed: str, people: list[User], now: dt.datetime) -> None:
    """Everybody who hears of a meeting to come is invited to it; of one that is off no other letter goes out.

    But for the one that takes hours out of calendars which a date poll has taken off the row.
    """
    if deed == CANCELLED:
        owed = set() if meeting.starts_at else {kinds.CALLED_OFF}
        _skip(meeting, [kind for kind in kinds.ALL if kind not in owed], str(meeting.state), now)
        substitutes.tell_off(meeting, now)
        return
    rows = [Attendee(meeting=meeting, user=person, asked_at=now) for person in people]
    Attendee.objects.bulk_create(rows, ignore_conflicts=True)


def withhold(meeting: Meeting, now: dt.datetime, *, moved: bool) -> None:
    """Keep back what a letter about many replaces; who was told another time is asked anew.

    Substitutes come to one meeting only: they get a letter of their own.
    """
    _skip(meeting, [kinds.UPDATE, kinds.INVITATION, kinds.SUBSTITUTE], REPLACED, now)
    substitutes.tell_change(meeting, now)
    if moved:
        _skip(meeting, list(kinds.REMINDERS), "rescheduled", now)
        Attendee.objects.filter(meeting=meeting).update(asked_at=now)


def _skip(meeting: Meeting, of_kinds: list[str], reason: str, now: dt.datetime) -> None:
    skip_waiting(Notice.objects.about(meeting).filter(kind__in=of_kinds), reason=reason, now=now)
