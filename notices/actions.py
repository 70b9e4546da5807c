"""The verbs of the ledger: queue a letter, skip it, try it again. Sending stands in `delivery`."""

import datetime as dt
from typing import Any, TypedDict, Unpack

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from history.actions import record
from history.clock import database_now
from notices import ledger
from notices.models import Notice, NoticeQuerySet
from notices.nudge import DELIVER, after_commit
from people.models import User


class Timing(TypedDict, total=False):
    due_at: dt.datetime | None
    expires_at: dt.datetime | None


def planned(
    kind: str,
    about: models.Model,
    key: str,
    to: User | str,
    *,
    payload: dict[str, Any] | None = None,
    **timing: Unpack[Timing],
) -> Notice:
    """Return an unsaved notice. `to` is a person, or an address of somebody without an account."""
    due_at = timing.get("due_at") or database_now()
    return Notice(
        kind=kind,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        key=key,
        recipient=to if isinstance(to, User) else None,
        address=to if isinstance(to, str) else "",
        payload=payload or {},
        due_at=due_at,
        next_try_at=due_at,
        expires_at=timing.get("expires_at"),
    )


def queue(letters: list[Notice]) -> int:
    """Insert the letters whose key is new, in the caller's transaction; return how many were new.

    Doubling is ruled out by the unique key. Looking first only spares the table hundreds of vain inserts each minute;
    two planners at once may both count a letter that was inserted once.
    """
    known = set(Notice.objects.filter(key__in=[letter.key for letter in letters]).values_list("key", flat=True))
    fresh = [letter for letter in letters if letter.key not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def skip_waiting(letters: NoticeQuerySet, *, reason: str, now: dt.datetime | None = None) -> int:
    """Take those of the letters that wait out of the queue, in the caller's transaction; return how many.

    A letter that a worker holds at this moment is left to its kind's own check.
    """
    return letters.waiting().update(state=Notice.State.SKIPPED, skipped_at=now or database_now(), reason=reason)


@transaction.atomic
def retry(*, notice: Notice, by: User, now: dt.datetime | None = None) -> Notice:
    """Put a failed letter back into the queue with all its tries; its Message-ID stays. Raises WrongState."""
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    moment = now or database_now()
    ledger.move(locked, Notice.State.DUE, now=moment, next_try_at=moment, attempts=0, recipient_state="")
    record(locked, "retried", by=by, at=moment)
    after_commit(DELIVER)
    return locked
