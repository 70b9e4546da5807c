"""The DOI of an edition: the one thing that may still come after publication. The history says when and who."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from history import actions as history
from history.clock import database_now
from history.locks import PUBLICATION_NAMES, STORED_FILES, lock_exclusive, lock_shared
from outcomes import citations, files
from outcomes.actions.drafting import ask_for_build
from outcomes.actions.locking import locked
from outcomes.errors import DoiTaken, WrongState
from outcomes.models import Edition
from people.models import User

State = Edition.State


@transaction.atomic
def set_doi(*, edition: Edition, by: User, doi: str, now: dt.datetime | None = None) -> Edition:
    """Store the DOI (bare), or take it away (""); the citations are written anew, text and other files stay.

    An edition that waits for its review is built anew with it. Raises WrongState, DoiTaken or Gone.
    """
    fresh = held(edition)
    if fresh.state == State.BUILDING:
        raise WrongState(_("The edition is being built. Store its DOI when that is done."))
    if doi and Edition.objects.filter(doi__iexact=doi).exclude(pk=fresh.pk).exists():
        raise DoiTaken
    if doi == fresh.doi:
        return fresh
    payload = {"version": fresh.version, "doi": doi, "before": fresh.doi}
    fresh.doi, fresh.doi_changed_at = doi, now or database_now()
    fresh.save(update_fields=["doi", "doi_changed_at"])
    _cite_anew(fresh)
    verb, said = ("doi_stored", doi) if doi else ("doi_removed", payload["before"])
    history.record(fresh.publication, verb, by=by, reason=str(said), payload=payload, public=_is_public(fresh), at=now)
    return ask_for_build(fresh) if fresh.state == State.READY else fresh


def held(edition: Edition) -> Edition:
    """Hold every DOI, then the edition, until the transaction ends: the second of two sees what the first took.

    Raises Gone.
    """
    lock_exclusive(PUBLICATION_NAMES, 0)
    return locked(edition)


def _is_public(edition: Edition) -> bool:
    return edition.state in Edition.PUBLIC


def _cite_anew(edition: Edition) -> None:
    """The files are written before the rows, as in a build."""
    taken: dict[str, Any] | None = edition.snapshot
    if taken is None:
        return
    lock_shared(STORED_FILES, 0)
    for kind, content in citations.written(citations.of(taken, edition.doi)).items():
        edition.files.filter(format=kind).update(sha256=files.store(content), size=len(content))
