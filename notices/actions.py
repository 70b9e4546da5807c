"""The verbs of the ledger: queue a letter, and (see `delivery`) claim, look again, send."""

import datetime as dt
from typing import Any, TypedDict, Unpack

from django.contrib.contenttypes.models import ContentType
from django.db import models

from history.clock import database_now
from notices.models import Notice
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
    """Insert the letters whose key is new, in the caller's transaction; return how many rows the ledger gained."""
    keys = [letter.key for letter in letters]
    before = Notice.objects.filter(key__in=keys).count()
    Notice.objects.bulk_create(letters, ignore_conflicts=True)
    return Notice.objects.filter(key__in=keys).count() - before
