"""What the schedule does: open and close rounds, remind electors, unlink ballots whose six months are over."""

import logging
from collections.abc import Callable, Iterable

from celery import shared_task
from django.db import DatabaseError

from challenges import actions
from challenges.errors import Refused
from challenges.models import RankingRound
from history.clock import database_now

AT_ONCE = 50
logger = logging.getLogger(__name__)


@shared_task(name="challenges.open_due_rounds")
def open_due_rounds() -> int:
    """Open drafts whose opening time has come; one that cannot open stays a draft and is tried again."""
    due = RankingRound.objects.to_open(database_now()).order_by("opens_at", "pk")[:AT_ONCE]
    return _each(due, lambda round: actions.open_round(round=round, by=None))


@shared_task(name="challenges.close_due_rounds")
def close_due_rounds() -> int:
    """Close and count rounds whose closing time has passed."""
    due = RankingRound.objects.to_close(database_now()).order_by("closes_at", "pk")[:AT_ONCE]
    return _each(due, lambda round: actions.close_round(round=round, by=None))


@shared_task(name="challenges.remind_electors")
def remind_electors() -> int:
    """Queue reminders to those without a ballot; return how many are new."""
    return actions.remind_electors()


@shared_task(name="challenges.unlink_overdue")
def unlink_overdue() -> int:
    """Unlink ballots that have been linked to their electors for six months."""
    return _each(actions.overdue(database_now())[:AT_ONCE], lambda round: actions.unlink_round(round=round))


def _each(rounds: Iterable[RankingRound], step: Callable[[RankingRound], object]) -> int:
    """Take the step for each round in a transaction of its own; a failing one does not hold up the others."""
    done = 0
    for round in rounds:
        try:
            step(round)
        except (Refused, DatabaseError, ValueError) as error:
            logger.warning("round %s: %s", round.pk, error)
        else:
            done += 1
    return done
