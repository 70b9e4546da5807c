"""Casting a ballot: the round's lock shared, then the elector's row; the clock is asked after the lock."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import BigIntegerField, F, QuerySet

from challenges import paper, receipts
from challenges.count.pairs import NO_OPINION
from challenges.errors import AlreadyOnPaper, BallotRefused, NotAnElector, RoundClosed
from challenges.models import Ballot, Elector, RankingRound, Receipt
from history.clock import database_now
from history.locks import ROUND, Busy, lock_shared
from history.prepared import Key, Prepared
from people.models import User


def _seat() -> QuerySet[Elector]:
    keys = {name: Key(name, BigIntegerField()) for name in ("round", "user")}
    return Elector.objects.select_for_update(of=("self",), no_key=True).filter(**keys).order_by()


SEAT = Prepared(_seat)
HELD = Prepared(lambda: RankingRound.objects.filter(pk=Key("pk", BigIntegerField())).order_by())


@transaction.atomic
def cast_ballot(
    *, round: RankingRound, by: User, ranks: Mapping[int, int], receipt: str = "", now: dt.datetime | None = None
) -> Ballot:
    """Record or replace the elector's one ballot.

    ranks: option id -> rank (>= 1), 0 not a priority, -1 no opinion; one entry for each option of the round. Only the
    order of the ranks is kept. Of the receipt, drawn here when none is given, only the hash is kept; it takes the
    place of the one before. Writes no history: who has voted is nobody's business.
    Raises RoundClosed, NotAnElector, AlreadyOnPaper or BallotRefused, and then nothing is written.
    """
    fresh = taking_ballots(round, now)
    elector = SEAT.first(round=fresh.pk, user=by.pk)
    if elector is None:
        raise NotAnElector
    ballot = _kept(fresh, elector, in_order(fresh, ranks))
    Receipt.objects.filter(elector=elector).delete()
    Receipt.objects.create(digest=receipts.digest(receipt or receipts.draw()), round=fresh, elector=elector)
    if not elector.has_voted:
        Elector.objects.filter(pk=elector.pk).update(has_voted=True)
        RankingRound.objects.filter(pk=fresh.pk).update(ballots_cast=F("ballots_cast") + 1)
    return ballot


def _kept(round: RankingRound, elector: Elector, answers: list[int]) -> Ballot:
    """Write the ballot of an elector whose row is held: whoever has voted has one, unless it came on paper."""
    if not elector.has_voted:
        return Ballot.objects.create(round=round, elector=elector, helix=elector.helix, ranks=answers)
    ballot = Ballot.objects.filter(elector=elector).first()
    if ballot is None:
        raise AlreadyOnPaper
    ballot.ranks = answers
    ballot.save(update_fields=["ranks"])
    return ballot


def taking_ballots(round: RankingRound, now: dt.datetime | None) -> RankingRound:
    """Hold the round with the others who cast, and read it again. Raises RoundClosed."""
    try:
        lock_shared(ROUND, round.pk)
    except Busy as error:  # a large round is being counted: a ballot that waits for that comes too late
        raise RoundClosed from error
    (fresh,) = HELD.ask(pk=round.pk)
    if not fresh.takes_ballots(now or database_now()):
        raise RoundClosed
    return fresh


def in_order(round: RankingRound, ranks: Mapping[int, int]) -> list[int]:
    """Answers in the order of the options' positions, without gaps."""
    options = list(round.options.values_list("pk", flat=True))
    if set(options) != set(ranks) or any(rank < NO_OPINION for rank in ranks.values()):
        raise BallotRefused
    return paper.close_gaps([ranks[option] for option in options])
