"""Reminds those who have taken on action points. As all reminders, found by looking, never planned ahead."""

import datetime as dt

from django.db import transaction

from history.clock import database_now
from meetings import kinds, letters, owing
from meetings.owing import Nudge
from notices.actions import planned, queue
from notices.models import Notice


@transaction.atomic
def remind_owners(*, now: dt.datetime | None = None) -> int:
    """Insert the missing letters about open action points near their day; return how many are new."""
    moment = now or database_now()
    return queue([_letter(each) for each in owing.nudges(moment, moment)], again_after=(letters.NOTHING_OPEN,))


def _letter(nudge: Nudge) -> Notice:
    point, owner = nudge.point, nudge.point.owner
    assert owner is not None  # noqa: S101 - tells the type checker: points without an owner are not asked for
    payload = {"which": nudge.which, "due": str(point.due)}
    timing = {"due_at": nudge.due_at, "expires_at": nudge.expires_at}
    return planned(kinds.ACTION_DUE, point, nudge.key, owner, payload=payload, **timing)
