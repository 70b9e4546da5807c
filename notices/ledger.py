"""The one door through which a letter changes its state."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from history import prepared
from notices.models import Notice

STAMPS = {
    Notice.State.SENT: "sent_at",
    Notice.State.SKIPPED: "skipped_at",
    Notice.State.FAILED: "failed_at",
}


class WrongState(Exception):  # noqa: N818 - named for what happened, like the errors of other rooms
    """The letter cannot go from where it is to where somebody wanted it."""


def move(notice: Notice, state: Notice.State, *, now: dt.datetime, **values: Any) -> Notice:
    """Save the letter in its new state with the stamp that belongs to it; the caller holds the row's lock.

    Raises WrongState. Leaving "claimed" gives the lease back; leaving "failed" takes the stamp away.
    """
    old = Notice.State(notice.state)
    if state not in Notice.TRANSITIONS[old]:
        raise WrongState(
            _("This letter is %(old)s and cannot become %(new)s.") % {"old": old.label, "new": state.label}
        )
    values |= {"state": state, "lease": None, "lease_until": None}
    values |= {stamp: now if state == stamped else None for stamped, stamp in STAMPS.items()}
    for name, value in values.items():
        setattr(notice, name, value)
    prepared.update(notice, list(values))
    return notice
