"""Queues the letters that follow from a verb: invitations, news of a change, and that a meeting is off."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from history import prepared
from meetings import hearing, kinds, letters
from meetings.actions import substitutes
from meetings.actions.rows import locked
from meetings.before import Known
from meetings.models import Attendee, Meeting
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice
from people.models import User


def members_of(meeting: Meeting) -> list[User]:
    """Return the active members of the group, whatever their role."""
    return list(_members(meeting))


def _members(meeting: Meeting) -> QuerySet[User]:
    return User.objects.filter(pk__in=meeting.group.memberships.active().values("user")).order_by("pk")


def invite(meeting: Meeting, people: Iterable[User], now: dt.datetime) -> int:
    """Make the people attendees and queue their invitations; return how many letters are new."""
    invited = list(people)
    rows = [Attendee(meeting=meeting, user=person, asked_at=now) for person in invited]
    prepared.insert(rows)
    return queue(
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
    """Invite today's members who were not asked yet; return how many letters are new.

    Under the meeting's lock: were it moved meanwhile, the letter would say the old time and never leave; were it called
    off, nobody is invited.
    """
    late = list(_members(meeting).exclude(pk__in=meeting.attendees.order_by().values("user")))
    if not late:
        return 0
    with transaction.atomic():
        held = locked(meeting)
        return invite(held, late, now) if held.state == Meeting.State.SCHEDULED else 0


def tell_change(meeting: Meeting, now: dt.datetime, *, moved: bool, was: Known | None = None) -> None:
    """Tell everybody who has heard of the meeting; who has not gets an invitation that says the new time.

    Letters with the old time that wait are skipped. One that a worker holds looks at the schedule revision itself.
    What it was is what they know: a letter that waits knows it better.
    """
    owed, known = _owed_the_time(meeting), _known(meeting)
    _skip(meeting, [kinds.UPDATE, kinds.SUBSTITUTE], letters.REPLACED, now)
    substitutes.tell_change(meeting, now)
    if moved:
        _skip(meeting, [kinds.INVITATION, *kinds.REMINDERS], "rescheduled", now)
    reached = hearing.told(meeting)
    current = Attendee.objects.current().filter(meeting=meeting, withdrawn_at=None)  # who is just back is invited anew
    attendees = list(current.select_related("user").order_by("pk"))
    if moved:
        Attendee.objects.filter(meeting=meeting).update(asked_at=now)
        invite(meeting, [a.user for a in attendees if a.user_id not in reached], now)
    heard = [attendee.user for attendee in attendees if attendee.user_id in reached]
    said = {person: {"moved": moved or person.pk in owed, "was": known.get(person.pk, was)} for person in heard}
    queue([_update(meeting, person, words, now) for person, words in said.items()])


def _update(meeting: Meeting, person: User, said: dict[str, Any], now: dt.datetime) -> Notice:
    return planned(
        kinds.UPDATE,
        meeting,
        f"{kinds.UPDATE}:{meeting.pk}:{meeting.changed_at.isoformat()}:{person.pk}",
        person,
        payload=said | {"revision": meeting.schedule_revision},
        due_at=now,
        expires_at=meeting.starts_at,
    )


def _owed_the_time(meeting: Meeting) -> set[int | None]:
    """Return the ids of those whom the letter about the time that holds has not reached: the next one says it."""
    news = Notice.objects.about(meeting).filter(kind=kinds.UPDATE, payload__moved=True)
    missed = news.filter(state__in=[Notice.State.DUE, Notice.State.FAILED])
    return set(missed.filter(payload__revision=meeting.schedule_revision).values_list("recipient", flat=True))


def _known(meeting: Meeting) -> dict[int, Known | None]:
    """Return by person what a letter that still waits was to compare with."""
    waiting = Notice.objects.about(meeting).waiting().filter(kind=kinds.UPDATE, recipient__isnull=False)
    return {n.recipient_id: n.payload.get("was") for n in waiting.order_by("pk") if n.recipient_id is not None}


def tell_off(meeting: Meeting, now: dt.datetime, *, was_on: bool = True) -> set[int]:
    """Tell everybody whom it concerns, members or not by now; return their ids.

    The letter keeps what it says: a date poll that follows takes the hours off the row. Who waits for another date
    hears however late that there is none.
    """
    unheard = _hours_unheard(meeting)
    _skip(meeting, kinds.ALL, str(meeting.state), now)
    substitutes.tell_off(meeting, now)
    people = User.objects.filter(pk__in=hearing.concerned(meeting)).order_by("pk")
    queue(
        [
            planned(
                kinds.CALLED_OFF,
                meeting,
                f"{kinds.CALLED_OFF}:{meeting.pk}:{meeting.state}:{meeting.sequence}:{person.pk}",
                person,
                payload=_as_it_was(meeting) | unheard.get(person.pk, {}),
                due_at=now,
                expires_at=meeting.starts_at if was_on else None,
            )
            for person in people
        ]
    )
    return {person.pk for person in people}


def _hours_unheard(meeting: Meeting) -> dict[int, dict[str, Any]]:
    """Return by person the hours that a letter did not yet take out of their calendar, and the row has lost since."""
    if meeting.starts_at:
        return {}
    news = Notice.objects.about(meeting).filter(kind=kinds.CALLED_OFF, payload__starts_at__isnull=False)
    missed = news.exclude(state__in=[Notice.State.SENT, Notice.State.SKIPPED]).order_by("pk")
    hours = ("starts_at", "ends_at")
    return {n.recipient_id: {name: n.payload[name] for name in hours} for n in missed if n.recipient_id is not None}


def _as_it_was(meeting: Meeting) -> dict[str, Any]:
    starts, ends = meeting.starts_at, meeting.ends_at
    times = {"starts_at": starts and starts.isoformat(), "ends_at": ends and ends.isoformat()}
    return {"state": meeting.state, "reason": meeting.reason, "sequence": meeting.sequence, **times}


def _skip(meeting: Meeting, of_kinds: Iterable[str], reason: str, now: dt.datetime) -> None:
    skip_waiting(Notice.objects.about(meeting).filter(kind__in=list(of_kinds)), reason=reason, now=now)
