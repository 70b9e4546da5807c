"""What this room is going to write about rounds. Whoever has no ballot is not named: that would tell who voted."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from challenges import reminding
from challenges.actions.reminders import REMINDER_LETTER
from challenges.actions.rounds import OPENED_LETTER
from challenges.models import RankingRound
from notices import foreseen
from notices.foreseen import Foreseen

State = RankingRound.State
SILENT = "whoever may rank and has no ballot by then"
WHY = {"midway": "half the time is over", "last_day": "a day before it closes"}


def of_rounds(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Rounds that open by themselves, and the reminders of these and of open ones."""
    ends_later = RankingRound.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now))
    for round in ends_later.filter(state=State.DRAFT, opens_at__lte=until).order_by("pk"):
        opens = max(round.opens_at or now, now)
        yield _of(round, opens, "everybody who may rank then", OPENED_LETTER, "it opens by itself")
        yield from _reminders(round, opens, now, until)
    for round in ends_later.filter(state=State.OPEN).order_by("pk"):
        yield from _reminders(round, round.opened_at or now, now, until)


def _reminders(round: RankingRound, opened: dt.datetime, now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    for step in reminding.steps(opened, round.closes_at) if round.closes_at else ():
        if step.due_at <= until and step.expires_at > now:
            had = "; not to whom it has been sent" if step.due_at <= now else ""
            yield _of(round, max(step.due_at, now), SILENT, REMINDER_LETTER, WHY[step.name] + had)


def _of(round: RankingRound, at: dt.datetime, to: str, kind: str, why: str) -> Foreseen:
    return Foreseen(at.astimezone(round.zone), to, kind, f"round {round.pk}", why)


def register_all() -> None:
    foreseen.register("challenges.rounds", of_rounds)
