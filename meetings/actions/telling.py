"""Queues the letters that follow from a verb: invitations, news of a change, and that a meeting is off."""

import datetime as dt
from collections.abc import Iterable

from meetings import kinds
from meetings.models import Attendee, Meeting
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice
from notices.nudge import DELIVER, after_commit
from people.models import User


def members_of(meeting: Meeting) -> list[User]:
    """Return the active members of the group, whatever their role."""
    active = meeting.group.memberships.active()
    return list(User.objects.filter(pk__in=active.values("user")).order_by("pk"))


def invite(meeting: Meeting, people: Iterable[User], now: dt.datetime) -> int:
    """Make the people attendees and queue their invitations; return how many letters are new."""
    invited = list(people)
    rows = [Attendee(meeting=meeting, user=person, asked_at=now) for person in invited]
    Attendee.objects.bulk_create(rows, ignore_conflicts=True)
    return _send(
        [
            planned(
                kinds.INVITATION,
                meeting,
                f"{kinds.INVITATION}:{meeting.pk}:{meeting.schedule_revision}:{person.pk}",
                person,
                payload={"revision": meeting.schedule_revision},
                due_at=now,
                expires_at=meeting.starts_at,
            )
            for person in invited
        ]
    )


def invite_late_joiners(*, meeting: Meeting, now: dt.datetime) -> int:
    """Invite today's members who were not asked yet; return how many letters are new."""
    asked = set(meeting.attendees.values_list("user", flat=True))
    late = [person for person in members_of(meeting) if person.pk not in asked]
    return invite(meeting, late, now) if late else 0


def tell_change(meeting: Meeting, now: dt.datetime, *, moved: bool) -> None:
    """Tell everybody who has heard of the meeting; who has not gets an invitation that says the new time.

    Letters with the old time that wait are skipped. One that a worker holds looks at the schedule revision itself.
    """
    _skip(meeting, [kinds.UPDATE, kinds.SUBSTITUTE], "replaced by a newer letter", now)
    _tell_substitutes(meeting, now)
    if moved:
        _skip(meeting, [kinds.INVITATION, *kinds.REMINDERS], "rescheduled", now)
    reached = told(meeting)
    current = Attendee.objects.current().filter(meeting=meeting).select_related("user").order_by("pk")
    attendees = list(current)
    if moved:
        Attendee.objects.filter(meeting=meeting).update(asked_at=now)
        invite(meeting, [a.user for a in attendees if a.user_id not in reached], now)
    _send(
        [
            planned(
                kinds.UPDATE,
                meeting,
                f"{kinds.UPDATE}:{meeting.pk}:{meeting.changed_at.isoformat()}:{attendee.user_id}",
                attendee.user,
                payload={"revision": meeting.schedule_revision, "moved": moved},
                due_at=now,
                expires_at=meeting.starts_at,
            )
            for attendee in attendees
            if attendee.user_id in reached
        ]
    )


def tell_off(meeting: Meeting, now: dt.datetime) -> None:
    """Tell everybody who has heard of the meeting, members or not by now, as long as it stands in their calendars."""
    _skip(meeting, kinds.ALL, str(meeting.state), now)
    _tell_substitutes(meeting, now)
    attendees = (
        Attendee.objects.filter(meeting=meeting, user__in=told(meeting), withdrawn_at=None)
        .select_related("user")
        .order_by("pk")
    )
    _send(
        [
            planned(
                kinds.CALLED_OFF,
                meeting,
                f"{kinds.CALLED_OFF}:{meeting.pk}:{meeting.sequence}:{attendee.user_id}",
                attendee.user,
                payload={"state": meeting.state},
                due_at=now,
                expires_at=meeting.starts_at,
            )
            for attendee in attendees
        ]
    )


def _tell_substitutes(meeting: Meeting, now: dt.datetime) -> None:
    """Whoever comes in somebody's place has no account to be told by, only an address."""
    sent = Attendee.objects.filter(meeting=meeting, withdrawn_at=None).exclude(substitute_email="").order_by("pk")
    _send(
        [
            planned(
                kinds.SUBSTITUTE,
                meeting,
                f"{kinds.SUBSTITUTE}:news:{meeting.pk}:{attendee.pk}:{meeting.changed_at.isoformat()}",
                attendee.substitute_email,
                payload={"attendee": attendee.pk, "state": meeting.state},
                due_at=now,
                expires_at=meeting.starts_at,
            )
            for attendee in sent
        ]
    )


def told(meeting: Meeting) -> set[int]:
    """Return the ids of the people whom an invitation or its news has reached, or may be reaching now."""
    asking = Notice.objects.about(meeting).told().filter(kind__in=[kinds.INVITATION, kinds.UPDATE])
    reached = set(asking.filter(recipient__isnull=False).values_list("recipient", flat=True))
    return reached | _told_with_series(meeting) if meeting.series_id else reached


def _told_with_series(meeting: Meeting) -> set[int]:
    """Return the ids of those who have heard of it in one letter together with others of its series."""
    named = Notice.objects.filter(kind=kinds.SERIES, payload__meetings__has_key=str(meeting.pk))
    asking = named.told().exclude(payload__deed="cancelled").filter(recipient__isnull=False)
    return set(asking.values_list("recipient", flat=True))


def _skip(meeting: Meeting, of_kinds: Iterable[str], reason: str, now: dt.datetime) -> None:
    skip_waiting(Notice.objects.about(meeting).filter(kind__in=list(of_kinds)), reason=reason, now=now)


def _send(letters: list[Notice]) -> int:
    fresh = queue(letters)
    if fresh:
        after_commit(DELIVER)
    return fresh
