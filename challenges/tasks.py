"""What the schedule does: open and close rounds, remind electors, unlink ballots whose six months are over."""

from celery import shared_task

from challenges import actions
from challenges.errors import Refused
from challenges.models import RankingRound
from history.clock import database_now
from history.each import each_alone

AT_ONCE = 50


@shared_task(name="challenges.open_due_rounds")
def open_due_rounds() -> int:
    """Open drafts whose opening time has come; one that cannot open stays a draft and is tried again."""
    due = RankingRound.objects.to_open(database_now()).order_by("opens_at", "pk")[:AT_ONCE]
    return each_alone(due, _open, refusal=Refused)


@shared_task(name="challenges.close_due_rounds")
def close_due_rounds() -> int:
    """Close and count rounds whose closing time has passed."""
    due = RankingRound.objects.to_close(database_now()).order_by("closes_at", "pk")[:AT_ONCE]
    return each_alone(due, _close, refusal=Refused)


@shared_task(name="challenges.remind_electors")
def remind_electors() -> int:
    """Queue reminders to those without a ballot; return how many are new."""
    return actions.remind_electors()


@shared_task(name="challenges.unlink_overdue")
def unlink_overdue() -> int:
    """Unlink ballots that have been linked to their electors for six months."""
    return each_alone(actions.overdue(database_now())[:AT_ONCE], _unlink)


def _open(round: RankingRound) -> int:
    actions.open_round(round=round, by=None)
    return 1


def _close(round: RankingRound) -> int:
    actions.close_round(round=round, by=None)
    return 1


def _unlink(round: RankingRound) -> int:
    return actions.unlink_round(round=round)
