"""What happened to a publication, in words: the public part for everybody, all of it for those who work on it."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, IntegerField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from history.models import Entry, EntryQuerySet
from history.prepared import Key, Prepared
from outcomes.models import Publication

SAID: dict[str, Promise] = {
    "started": _("Publication begun"),
    "edition_planned": _("Edition planned"),
    "edition_edited": _("Text changed"),
    "build_requested": _("Build asked for"),
    "build_cancelled": _("Build called off"),
    "build_failed": _("Build failed"),
    "edition_built": _("Built"),
    "edition_in_review": _("Sent to review"),
    "edition_commented": _("Commented on"),
    "comments_ended": _("Time for comments ended"),
    "edition_signed_off": _("Signed off by a leader"),
    "edition_draft": _("Sent back"),
    "edition_discarded": _("Discarded"),
    "edition_approved": _("Approved"),
    "edition_scheduled": _("Time of appearing set"),
    "edition_unscheduled": _("Kept back"),
    "edition_published": _("Published"),
    "edition_withdrawn": _("Withdrawn"),
    "doi_stored": _("DOI stored"),
    "doi_removed": _("DOI taken away"),
    "topics_changed": _("Topics changed"),
    "translation_linked": _("Marked as a translation"),
    "translation_unlinked": _("No longer marked as a translation"),
}
MOST = 40  # lines shown


@dataclass(frozen=True)
class Line:
    """One deed; `by` is "" for readers who may not know, and for what the portal did by itself."""

    at: dt.datetime
    what: str
    version: int | None
    by: str
    reason: str


def of(publication: Publication, *, inside: bool) -> list[Line]:
    """Return the history, latest first; names and what is not public only for those inside."""
    kind = ContentType.objects.get_for_model(publication).pk
    record = publication.pk
    entries = _entries(kind, record).select_related("by")[:MOST] if inside else TOLD.ask(kind=kind, record=record)
    return [
        Line(
            at=entry.at,
            what=str(SAID[entry.verb]),
            version=entry.payload.get("version"),
            by=str(entry.by) if inside and entry.by else "",
            reason=entry.reason,
        )
        for entry in entries
    ]


def _entries(kind: int | Key, record: int | Key) -> EntryQuerySet:
    """What stands in the history of a record, latest first."""
    return Entry.objects.filter(about_type_id=kind, about_id=record, verb__in=SAID).order_by("-at", "-pk")


TOLD = Prepared(lambda: _entries(Key("kind", IntegerField()), Key("record", BigIntegerField())).published()[:MOST])
