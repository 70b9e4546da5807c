"""What was begun by mistake: an edition that never appeared goes for good, and with the only one its publication."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from challenges.models import RankingRound
from history import actions as history
from history.clock import database_now
from notices.actions import skip_waiting
from notices.models import Notice
from outcomes.actions.drafting import OUTCOME_DISCARDED
from outcomes.actions.locking import locked
from outcomes.errors import WrongState
from outcomes.models import Edition, EditionSource, Publication
from people.models import User

State = Edition.State
DISCARDED = "edition_discarded"
UNSENT = gettext_noop("discarded")


@transaction.atomic
def discard_edition(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Publication | None:
    """Delete an edition that never appeared; return its publication, or None when that went with its only edition.

    Raises WrongState, or Gone when somebody was faster. Files stay for the sweeping; what it tells of stays.
    """
    fresh = locked(edition)
    check_may_go(fresh)
    moment = now or database_now()
    publication, groups = fresh.publication, list(fresh.publication.groups.order_by("pk"))
    untold = list(rounds_left_untold(fresh).order_by("pk"))
    skip_waiting(Notice.objects.about(fresh), reason=UNSENT, now=moment)
    deed = {"slug": publication.slug, "version": fresh.version, "title": fresh.title}
    for about in (publication, *groups):
        history.record(about, DISCARDED, by=by, payload=deed, at=now)
    fresh.delete()
    is_last = not publication.editions.exists()
    if is_last:
        publication.delete()
    for round_ in untold:
        history.record(round_, OUTCOME_DISCARDED, by=by, payload=deed, at=now)
    return None if is_last else publication


def check_may_go(edition: Edition) -> None:
    """Raise WrongState, with what to do instead, for an edition that must stay."""
    if edition.state in Edition.PUBLIC:
        raise WrongState(_("What has appeared is withdrawn, never discarded: its address stays, with the reason."))
    if edition.state == State.BUILDING:
        raise WrongState(_("The edition is being built. Call the build off first, then discard it."))
    if edition.state not in Edition.EDITABLE:
        state = State(edition.state).label
        raise WrongState(_("The edition is %(state)s. Send it back first, then discard it.") % {"state": state})
    others = edition.publication.editions.exclude(pk=edition.pk)
    if edition.publication.translations.exists() and not others.exists():
        raise WrongState(
            _("Other publications are translations of this one. Say first that they are none, or discard them.")
        )


def rounds_left_untold(edition: Edition) -> QuerySet[RankingRound]:
    """Rounds of which no edition tells once this one is gone; the portal would begin their outcomes by itself."""
    elsewhere = EditionSource.objects.exclude(edition=edition).exclude(round=None)
    free = Q(publication=None)
    if not edition.publication.editions.exclude(pk=edition.pk).exists():
        free |= Q(publication=edition.publication_id)
    told = RankingRound.objects.filter(Q(edition_sources__edition=edition) | Q(publication=edition.publication_id))
    return told.filter(free).exclude(pk__in=elsewhere.values("round")).distinct()
