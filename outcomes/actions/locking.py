"""The lock every verb takes first, and the step from state to state."""

import datetime as dt

from django.utils.translation import gettext as _

from history import actions as history
from notices.nudge import after_commit
from outcomes.errors import Gone, WrongState
from outcomes.models import Edition, Publication
from people.models import User

BUILD = "outcomes.build_pending"


def lock_publication(pk: int) -> Publication:
    """Hold the publication until the transaction ends: its editions change one after the other. Raises Gone."""
    held = Publication.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if held is None:
        raise Gone
    return held


def locked(edition: Edition) -> Edition:
    """Hold the publication, and read the edition again. Raises Gone."""
    publication = lock_publication(edition.publication_id)
    fresh = Edition.objects.select_for_update(of=("self",), no_key=True).filter(pk=edition.pk).first()
    if fresh is None:
        raise Gone
    fresh.publication = publication
    return fresh


def check_move(edition: Edition, to: Edition.State) -> None:
    """Raise WrongState unless the life cycle of editions allows the step."""
    state = Edition.State(edition.state)
    if to not in Edition.TRANSITIONS[state]:
        raise WrongState(_("The edition is %(state)s, so this step is not possible.") % {"state": state.label})


def move(
    edition: Edition,
    to: Edition.State,
    *,
    by: User | None,
    now: dt.datetime | None,
    reason: str = "",
    public: bool = False,
) -> Edition:
    """Save the edition in its new state, with a line in the history of its publication."""
    edition.state = to
    edition.save()
    payload = {"version": edition.version}
    history.record(edition.publication, f"edition_{to}", by=by, reason=reason, payload=payload, public=public, at=now)
    return edition


def wake() -> None:
    """Let a worker look for editions to build, once this transaction is committed."""
    after_commit(BUILD)
