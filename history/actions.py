"""The verbs of this room: record, and move the content version."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F

from history.models import ContentVersion, Entry

if TYPE_CHECKING:
    from people.models import User


def record(  # noqa: PLR0913 - who, what, about what, why and when are the point
    about: models.Model,
    verb: str,
    *,
    by: "User | None" = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    public: bool = False,
    at: dt.datetime | None = None,
) -> Entry:
    """Write one entry in the caller's transaction; a public one moves the content version too."""
    values: dict[str, Any] = {"at": at} if at else {}
    with transaction.atomic(savepoint=False):  # what fails here undoes the deed too
        entry = Entry.objects.create(
            about_type=ContentType.objects.get_for_model(about),
            about_id=about.pk,
            verb=verb,
            by=by,
            reason=reason,
            payload=dict(payload or {}),
            is_public=public,
            **values,
        )
        if public:
            move_content_version()
    return entry


def move_content_version() -> None:
    """Tell the cache that public pages changed, where the deed itself is nobody’s business (a withdrawn consent)."""
    step = {"number": F("number") + 1}
    if not ContentVersion.objects.filter(pk=1).update(**step):  # the very first
        ContentVersion.objects.update_or_create(pk=1, defaults=step, create_defaults={"number": 1})
