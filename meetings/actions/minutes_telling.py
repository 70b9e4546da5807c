"""Queues the letters that ask a group for comments on minutes, and keeps those back that came to nothing."""

import datetime as dt

from django.utils.translation import gettext_noop

from meetings import kinds, rules
from meetings.actions.rows import Deed
from meetings.models import Minutes
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice
from people.models import User

APPROVED = gettext_noop("approved meanwhile")
TAKEN_BACK = gettext_noop("taken back meanwhile")


def ask_for_comments(minutes: Minutes, deed: Deed) -> int:
    """Write to every member who may comment, but for whoever opened the minutes; return how many letters are new."""
    people = User.objects.filter(pk__in=rules.speakers(minutes.meeting.group_id).values("user")).order_by("pk")
    letters = [
        planned(
            kinds.MINUTES,
            minutes,
            f"{kinds.MINUTES}:{minutes.pk}:{deed.at.isoformat()}:{person.pk}",
            person,
            payload={"edit": minutes.edit},
            due_at=deed.at,
            expires_at=minutes.comments_by,
        )
        for person in people
        if person != deed.by
    ]
    return queue(letters)


def withhold(minutes: Minutes, reason: str, now: dt.datetime) -> None:
    """Take letters that wait out of the queue; one that a worker holds asks for itself."""
    skip_waiting(Notice.objects.about(minutes).filter(kind=kinds.MINUTES), reason=reason, now=now)
