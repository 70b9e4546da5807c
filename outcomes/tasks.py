"""The builder's tick: rounds without an outcome, and editions that ask to be built. Safe if skipped or killed."""

import logging

from celery import shared_task

from history.clock import database_now
from outcomes import actions
from outcomes.actions import following
from outcomes.errors import Gone
from outcomes.models import Edition

BATCH = 10
logger = logging.getLogger(__name__)


@shared_task(name="outcomes.build_pending")
def build_pending() -> int:
    """Return how many editions were built."""
    actions.park_interrupted()
    for round_id in actions.rounds_without_outcome().values_list("pk", flat=True)[:BATCH]:
        _start(round_id)
    waiting = Edition.objects.to_build(database_now()).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return sum(_build(edition_id) for edition_id in waiting)


@shared_task(name="outcomes.publish_due")
def publish_due() -> int:
    """Let appear what is approved and due; return how many."""
    return actions.publish_due()


@shared_task(name="outcomes.tell_followers")
def tell_followers() -> int:
    """Queue letters about what was published, forget addresses nobody confirmed; return how many were queued."""
    following.forget_unconfirmed()
    return following.tell_followers()


@shared_task(name="outcomes.sweep_files")
def sweep_files() -> int:
    """Delete built files that no edition points to; return how many."""
    return actions.sweep_files()


def _start(round_id: int) -> None:
    try:
        actions.outcome_of_round(round_id=round_id)
    except Exception:
        logger.exception("starting the outcome of round %s", round_id)


def _build(edition_id: int) -> bool:
    try:
        return actions.build_edition(edition_id).state == Edition.State.READY
    except Gone:  # nobody wants it any more
        return False
    except Exception:
        logger.exception("building edition %s", edition_id)
        return False
