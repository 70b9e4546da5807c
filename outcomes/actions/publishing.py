"""From approved to public, at once or at a set time, and back: withdrawal. A published text never changes."""

import datetime as dt
import logging
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from history import actions as history
from history.clock import database_now
from history.each import each_alone
from outcomes.actions.locking import check_move, locked, move
from outcomes.actions.translating import check_languages_free
from outcomes.consent import check_still_true
from outcomes.errors import Incomplete, ReasonMissing, Refused, WrongState
from outcomes.models import Edition, EditionFile
from people.models import User

State = Edition.State
logger = logging.getLogger(__name__)


@transaction.atomic
def publish_edition(*, edition: Edition, by: User | None, now: dt.datetime | None = None) -> Edition:
    """Make an approved edition public now; the one before it is superseded at the same moment.

    Raises WrongState; Incomplete when something every edition needs is missing; SourceNotPublic or NamesWithdrawn when
    what it tells may no longer be told; NotTranslatable when another publication says the same in its language.
    """
    fresh = locked(edition)
    check_move(fresh, State.PUBLISHED)
    _check_complete(fresh)
    check_still_true(fresh)
    check_languages_free(fresh.publication, [fresh.language], family_of=fresh.publication)
    for earlier in fresh.publication.editions.published().short():
        earlier.state = State.SUPERSEDED
        earlier.save(update_fields=["state"])
    fresh.published_at = now or database_now()
    return move(fresh, State.PUBLISHED, by=by, now=now, public=True)


@transaction.atomic
def withdraw(*, edition: Edition, by: User, reason: str, now: dt.datetime | None = None) -> Edition:
    """Take a published edition back; its page stays as a notice with the reason. Raises WrongState or ReasonMissing."""
    fresh = locked(edition)
    check_move(fresh, State.WITHDRAWN)
    if not reason.strip():
        raise ReasonMissing
    fresh.withdrawn_at, fresh.withdraw_reason = now or database_now(), reason.strip()
    return move(fresh, State.WITHDRAWN, by=by, now=now, reason=reason.strip(), public=True)


@transaction.atomic
def schedule(*, edition: Edition, by: User, at: dt.datetime, now: dt.datetime | None = None) -> Edition:
    """Let an approved edition appear by itself at a later time; nobody else sees it before. Raises WrongState."""
    fresh = locked(edition)
    check_move(fresh, State.PUBLISHED)
    _check_complete(fresh)
    if at <= (now or database_now()):
        raise WrongState(_("Choose a time that is still to come, or publish the edition at once."))
    fresh.publish_at = at
    fresh.save(update_fields=["publish_at"])
    payload = {"version": fresh.version, "at": at.isoformat()}
    history.record(fresh.publication, "edition_scheduled", by=by, payload=payload, at=now)
    return fresh


@transaction.atomic
def unschedule(*, edition: Edition, by: User | None, reason: str = "", now: dt.datetime | None = None) -> Edition:
    """Keep a scheduled edition back; it stays approved. Raises WrongState."""
    fresh = locked(edition)
    if fresh.state != State.APPROVED or fresh.publish_at is None:
        raise WrongState(_("This edition has no time at which it appears."))
    fresh.publish_at = None
    fresh.save(update_fields=["publish_at"])
    payload = {"version": fresh.version}
    history.record(fresh.publication, "edition_unscheduled", by=by, reason=reason, payload=payload, at=now)
    return fresh


def publish_due(*, now: dt.datetime | None = None) -> int:
    """Publish what is due; return how many. Safe when two workers do it at once: the second finds nothing due.

    What cannot be published loses its time, with the reason in the history, so that it does not come up each minute.
    """
    moment = now or database_now()
    due = Edition.objects.due(moment).order_by("pk").values_list("pk", flat=True)
    return each_alone(due, partial(_publish_due, moment=moment))


@transaction.atomic
def _publish_due(pk: int, moment: dt.datetime) -> bool:
    fresh = locked(Edition.objects.short().get(pk=pk))
    if not Edition.objects.due(moment).filter(pk=pk).exists():
        return False
    try:
        publish_edition(edition=fresh, by=None, now=moment)
    except Refused as refusal:
        logger.warning("edition %s was due and is kept back: %s", pk, refusal)
        unschedule(edition=fresh, by=None, reason=str(refusal), now=moment)
        return False
    return True


def _check_complete(edition: Edition) -> None:
    needed = {
        _("a title"): edition.title,
        _("an abstract"): edition.abstract,
        _("a licence"): edition.licence,
        _("a PDF"): edition.files.filter(format=EditionFile.Format.PDF).exists(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise Incomplete(_("Before publication the edition needs: %(missing)s.") % {"missing": ", ".join(missing)})
