"""Reminding those without a ballot, in letters that no page lists and that vanish with the round: they say too much."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.utils.crypto import salted_hmac

from challenges import reminding
from challenges.models import Elector, RankingRound
from history.clock import database_now
from history.each import each_alone
from notices import actions as notices
from notices.models import Notice

REMINDER_LETTER = "challenges.ballot_reminder"
State = RankingRound.State


def remind_electors(*, now: dt.datetime | None = None) -> int:
    """Queue the reminder that is due in each open round, once per elector without a ballot; return how many are new."""
    moment = now or database_now()
    _sweep()
    running = RankingRound.objects.filter(state=State.OPEN, closes_at__gt=moment)
    return each_alone(running.order_by("closes_at", "pk"), partial(_remind, now=moment))


def clear_reminders(round: RankingRound) -> None:
    """Delete the letters of a round that is over; one that is being sent at this moment is swept by the next beat."""
    rows = Notice.objects.about(round).filter(kind=REMINDER_LETTER)
    free = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    Notice.objects.filter(pk__in=list(free)).delete()


@transaction.atomic
def _remind(round: RankingRound, now: dt.datetime) -> int:
    if round.opened_at is None or round.closes_at is None:
        return 0
    step = reminding.current(round.opened_at, round.closes_at, now)
    if step is None:
        return 0
    silent = Elector.objects.filter(round=round, has_voted=False).select_related("user").order_by("pk")
    return notices.queue([_letter(round, step, elector) for elector in silent])


def _letter(round: RankingRound, step: reminding.Step, elector: Elector) -> Notice:
    """The key names nobody: it stands in logs when a letter fails."""
    key = salted_hmac(REMINDER_LETTER, f"{round.pk}:{step.name}:{elector.user_id}").hexdigest()
    letter = notices.planned(
        REMINDER_LETTER,
        round,
        f"{REMINDER_LETTER}:{key}",
        elector.user,
        due_at=step.due_at,
        expires_at=step.expires_at,
    )
    letter.unlisted = True
    return letter


def _sweep() -> None:
    over = RankingRound.objects.exclude(state=State.OPEN)
    Notice.objects.filter(kind=REMINDER_LETTER, about_id__in=over.values("pk")).delete()
