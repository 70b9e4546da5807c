"""Publishing a result, and unlinking: ballots lose their person for good."""

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import QuerySet

from challenges import disclosure
from challenges.actions.register import step
from challenges.actions.rounds import check_move, locked
from challenges.disclosure.published import Published, Shown
from challenges.models import Ballot, Challenge, RankingRound, RoundResult
from history import actions as history
from history.clock import database_now
from people.models import User

State = RankingRound.State
LONGEST_LINK = dt.timedelta(days=182)  # "six months at most", as the ballot page promises


@transaction.atomic
def publish_round(*, round: RankingRound, by: User, now: dt.datetime | None = None) -> RankingRound:
    """Make the result public, move what it ranked along, and unlink the ballots unless a repeat is planned.

    The ballots of the round that this one repeats are unlinked now at the latest. Raises WrongState.
    """
    fresh = locked(round)
    check_move(fresh, State.PUBLISHED)
    moment = now or database_now()
    fresh.state, fresh.published_at = State.PUBLISHED, moment
    fresh.save(update_fields=["state", "published_at"])
    _move_ranked(fresh, by, now)
    history.record(fresh, "published", by=by, payload={"ballots": fresh.ballots_cast}, public=True, at=now)
    if fresh.repeats:
        _unlink(locked(fresh.repeats), moment)
    if not fresh.will_repeat:
        _unlink(fresh, moment)
    return fresh


@transaction.atomic
def unlink_round(*, round: RankingRound, now: dt.datetime | None = None) -> bool:
    """Unlink ballots whose six months are over; whether there was something to do."""
    fresh = locked(round)
    moment = now or database_now()
    if not overdue(moment).filter(pk=fresh.pk).exists():
        return False
    _unlink(fresh, moment)
    return True


def overdue(now: dt.datetime) -> QuerySet[RankingRound]:
    """Rounds whose ballots have been linked to their electors for too long."""
    return RankingRound.objects.filter(unlinked_at=None, closed_at__lte=now - LONGEST_LINK).order_by("pk")


def _unlink(round: RankingRound, moment: dt.datetime) -> None:
    """Copy the ballots to new rows with random ids in random order; keep a helix only where its cell may be shown."""
    if round.unlinked_at:
        return
    shown = _shown_helices(round)
    rows = list(Ballot.objects.filter(round=round).values_list("helix", "ranks"))
    secrets.SystemRandom().shuffle(rows)
    Ballot.objects.filter(round=round).delete()
    Ballot.objects.bulk_create(
        Ballot(round=round, helix=helix if helix in shown else "", ranks=ranks) for helix, ranks in rows
    )
    round.unlinked_at = moment
    round.save(update_fields=["unlinked_at"])
    history.record(round, "unlinked", at=moment)


def _published(round: RankingRound) -> Published:
    return disclosure.publishable(RoundResult.objects.get(round=round).figures, round.policy)


def _shown_helices(round: RankingRound) -> set[str]:
    return {cell.helix for cell in _published(round).cells if cell.shown is not Shown.NOTHING}


def _move_ranked(round: RankingRound, by: User, now: dt.datetime | None) -> None:
    """What the result gives a place is ranked from now on; below five ballots nothing is."""
    places = {option.id: option.place for option in _published(round).options if option.place}
    placed = Challenge.objects.filter(round_options__in=places, status=Challenge.Status.IDENTIFIED)
    rows = placed.select_for_update(of=("self",), no_key=True).order_by("pk")
    option_of = dict(round.options.values_list("challenge", "pk"))
    for challenge in rows:
        place = places[option_of[challenge.pk]]
        step(challenge, Challenge.Status.RANKED, by=by, now=now, round=round.pk, place=place)
