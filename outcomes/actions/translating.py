"""Which publication is a translation of which. The one they are all of is the original; there are no chains."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import actions as history
from meetings.languages import NAMES
from outcomes.errors import Gone, NotTranslatable
from outcomes.models import Edition, Publication
from people.models import User


@transaction.atomic
def link_translation(
    *, publication: Publication, original: Publication | None, by: User | None, now: dt.datetime | None = None
) -> Publication:
    """Mark the publication as a translation of the original, or (None) of nothing. Raises NotTranslatable or Gone."""
    fresh, source = held(publication, original)
    if source is not None:
        _check_may_be(fresh, source)
    if fresh.translation_of_id == (source.pk if source else None):
        return fresh
    verb = "translation_linked" if source else "translation_unlinked"
    fresh.translation_of = source
    fresh.save(update_fields=["translation_of"])
    payload = {"original": source.slug if source else ""}
    history.record(fresh, verb, by=by, payload=payload, public=True, at=now)
    return fresh


def held(publication: Publication, original: Publication | None) -> tuple[Publication, Publication | None]:
    """Hold both until the transaction ends, in one order for everybody, and read them again. Raises Gone."""
    keys = {publication.pk, *([original.pk] if original else [])}
    rows = Publication.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    locked = {row.pk: row for row in rows}
    if locked.keys() != keys:
        raise Gone
    return locked[publication.pk], locked[original.pk] if original else None


def check_languages_free(publication: Publication, languages: Iterable[str], *, family_of: Publication) -> None:
    """Raise NotTranslatable when another of the family speaks one of the languages already."""
    others = Publication.objects.family_of(family_of).exclude(pk=publication.pk)
    for language in sorted(languages_of(others) & set(languages)):
        name = NAMES.get(language, language)
        raise NotTranslatable(_("There is an edition in this language already: %(language)s.") % {"language": name})


def languages_of(publications: QuerySet[Publication]) -> set[str]:
    """The languages of their latest editions."""
    editions = Edition.objects.filter(publication__in=publications).order_by("publication_id", "-version")
    return set(editions.distinct("publication_id").values_list("language", flat=True))


def _check_may_be(publication: Publication, original: Publication) -> None:
    if original.pk == publication.pk or original.translation_of_id is not None:
        raise NotTranslatable(_("Choose the original: this is a translation itself."))
    if publication.translations.exists():
        raise NotTranslatable(_("Others are translations of this publication, so it is an original."))
    own = languages_of(Publication.objects.filter(pk=publication.pk))
    check_languages_free(publication, own, family_of=original)
