"""The verbs of this room: record, and move the content version."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import F
from psycopg.types.json import Jsonb

from history.models import ContentVersion, Entry
from history.prepared import cursor_of

if TYPE_CHECKING:
    from people.models import User

COLUMNS = ["about_type_id", "about_id", "verb", "at", "by_id", "reason", "payload", "is_public"]
# Each deed asks for these two: the database keeps them as prepared.
WRITE = """
INSERT INTO history_entry (about_type_id, about_id, verb, at, by_id, reason, payload, is_public)
VALUES (%s, %s, %s, coalesce(%s, statement_timestamp()), %s, %s, %s, %s) RETURNING id, at
"""
STEP = "UPDATE history_contentversion SET number = number + 1 WHERE id = 1"


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
    kind = ContentType.objects.get_for_model(about)
    told = dict(payload or {})
    values = [kind.pk, about.pk, verb, at, by and by.pk, str(reason), Jsonb(told), public]
    with transaction.atomic(savepoint=False):  # what fails here undoes the deed too
        with cursor_of(connection) as cursor:
            cursor.execute(WRITE, values)
            pk, moment = cursor.fetchone()
        if public:
            move_content_version()
    values[3], values[6] = moment, told
    return Entry.from_db(connection.alias, ["id", *COLUMNS], [pk, *values])


def move_content_version() -> None:
    """Tell the cache that public pages changed, where the deed itself is nobody’s business (a withdrawn consent)."""
    with cursor_of(connection) as cursor:
        cursor.execute(STEP)
        known = cursor.rowcount
    if not known:  # the very first
        step = {"number": F("number") + 1}
        ContentVersion.objects.update_or_create(pk=1, defaults=step, create_defaults={"number": 1})
