"""Ballots on paper, keyed in by the secretariat while the round is open."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from challenges.actions.ballots import in_order, taking_ballots
from challenges.errors import AlreadyOnPaper, NotAnElector
from challenges.models import Ballot, Elector, RankingRound, Receipt
from history import actions as history
from people.models import User


@transaction.atomic
def key_paper_ballot(
    *, round: RankingRound, elector: Elector, by: User, ranks: Mapping[int, int], now: dt.datetime | None = None
) -> None:
    """Count a ballot on paper: the elector has voted, the ballot is kept without the elector and can not be changed.

    It takes the place of what the elector cast online before, silently: who has voted online is nobody's business.
    Raises RoundClosed, NotAnElector, AlreadyOnPaper or BallotRefused, and then nothing is written.
    """
    fresh = taking_ballots(round, now)
    seat = Elector.objects.select_for_update(of=("self",), no_key=True).filter(round=fresh, pk=elector.pk).first()
    if seat is None:
        raise NotAnElector
    replaced, _by_table = Ballot.objects.filter(elector=seat).delete()
    if seat.has_voted and not replaced:
        raise AlreadyOnPaper
    Receipt.objects.filter(elector=seat).delete()
    Ballot.objects.create(round=fresh, helix=seat.helix, ranks=in_order(fresh, ranks))
    Elector.objects.filter(pk=seat.pk).update(has_voted=True)
    RankingRound.objects.filter(pk=fresh.pk).update(
        ballots_cast=F("ballots_cast") + (0 if replaced else 1), paper_ballots=F("paper_ballots") + 1
    )
    history.record(fresh, "paper_ballot", by=by, at=now)
