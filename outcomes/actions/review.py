"""From ready to published: review by a second person, publication, and withdrawal. A published text never changes."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from history import actions as history
from history.clock import database_now
from outcomes import rules
from outcomes.actions.locking import check_move, locked
from outcomes.errors import Incomplete, ReasonMissing, SamePerson
from outcomes.models import Edition, EditionFile
from people.models import User

State = Edition.State


@transaction.atomic
def submit(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """Send a built edition to review. Raises WrongState."""
    fresh = locked(edition)
    check_move(fresh, State.IN_REVIEW)
    fresh.submitted_at, fresh.submitted_by = now or database_now(), by
    return _move(fresh, State.IN_REVIEW, by, now)


@transaction.atomic
def approve(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """Approve an edition in review. Raises WrongState, or SamePerson for whoever sent it there."""
    fresh = locked(edition)
    check_move(fresh, State.APPROVED)
    if rules.is_own(by, fresh):
        raise SamePerson
    fresh.approved_at, fresh.approved_by = now or database_now(), by
    return _move(fresh, State.APPROVED, by, now)


@transaction.atomic
def return_to_draft(*, edition: Edition, by: User, reason: str, now: dt.datetime | None = None) -> Edition:
    """Send an edition back from review with a reason. Raises WrongState or ReasonMissing."""
    fresh = locked(edition)
    check_move(fresh, State.DRAFT)
    if not reason.strip():
        raise ReasonMissing
    fresh.submitted_at, fresh.submitted_by = None, None
    return _move(fresh, State.DRAFT, by, now, reason=reason.strip())


@transaction.atomic
def publish_edition(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """Make an approved edition public; the one before it is superseded at the same moment.

    Raises WrongState, or Incomplete when something every edition needs is missing.
    """
    fresh = locked(edition)
    check_move(fresh, State.PUBLISHED)
    _check_complete(fresh)
    for earlier in fresh.publication.editions.published().short():
        earlier.state = State.SUPERSEDED
        earlier.save(update_fields=["state"])
    fresh.published_at = now or database_now()
    return _move(fresh, State.PUBLISHED, by, now, public=True)


@transaction.atomic
def withdraw(*, edition: Edition, by: User, reason: str, now: dt.datetime | None = None) -> Edition:
    """Take a published edition back; its page stays as a notice with the reason. Raises WrongState or ReasonMissing."""
    fresh = locked(edition)
    check_move(fresh, State.WITHDRAWN)
    if not reason.strip():
        raise ReasonMissing
    fresh.withdrawn_at, fresh.withdraw_reason = now or database_now(), reason.strip()
    return _move(fresh, State.WITHDRAWN, by, now, reason=reason.strip(), public=True)


def _check_complete(edition: Edition) -> None:
    needed = {
        _("a title"): edition.title,
        _("an abstract"): edition.abstract,
        _("a language"): edition.language,
        _("a licence"): edition.licence,
        _("a PDF"): edition.files.filter(format=EditionFile.Format.PDF).exists(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise Incomplete(_("Before publication the edition needs: %(missing)s.") % {"missing": ", ".join(missing)})


def _move(
    edition: Edition, to: State, by: User, now: dt.datetime | None, *, reason: str = "", public: bool = False
) -> Edition:
    edition.state = to
    edition.save()
    payload = {"version": edition.version}
    history.record(edition.publication, f"edition_{to}", by=by, reason=reason, payload=payload, public=public, at=now)
    return edition
