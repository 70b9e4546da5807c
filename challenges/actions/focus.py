"""The decision on the focus: separate from the result, with a written reason."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.actions.decisions import check_decision
from challenges.actions.register import step
from challenges.actions.rounds import locked
from challenges.errors import FocusRefused, ReasonMissing, WrongState
from challenges.models import Challenge, Focus, FocusEntry, RankingRound
from history import actions as history
from history.clock import database_now
from meetings.models import Decision, Meeting
from people.models import User

Status = Challenge.Status
# From these a challenge is taken up; one that is in focus already stays.
TAKEN_UP_FROM = {Status.RANKED, Status.IN_FOCUS, Status.ADDRESSED}


@transaction.atomic
def decide_focus(
    *,
    round: RankingRound,
    entries: Sequence[tuple[int, Challenge]],
    reason: str,
    taken_in: Meeting | Decision | None = None,
    by: User,
    now: dt.datetime | None = None,
) -> Focus:
    """Take up challenges of a published round, once. entries: (rank, challenge); equal ranks are a joint rank.

    taken_in: the meeting, or the decision where its minutes have it already.
    Raises WrongState, ReasonMissing, FocusRefused or DecisionRefused.
    """
    fresh = locked(round)
    if fresh.state != RankingRound.State.PUBLISHED or Focus.objects.filter(round=fresh).exists():
        raise WrongState(_("The focus is decided once, after the result is published."))
    if not reason.strip():
        raise ReasonMissing
    decision = taken_in if isinstance(taken_in, Decision) else None
    check_decision(decision, fresh.group)
    taken = _lock_challenges(fresh, entries)
    focus = Focus.objects.create(
        round=fresh,
        meeting=taken_in.meeting if isinstance(taken_in, Decision) else taken_in,
        decision=decision,
        reason=reason,
        decided_by=by,
        decided_at=now or database_now(),
    )
    FocusEntry.objects.bulk_create(
        FocusEntry(focus=focus, rank=rank, challenge=taken[challenge.pk]) for rank, challenge in entries
    )
    for challenge in taken.values():
        if challenge.status != Status.IN_FOCUS:
            step(challenge, Status.IN_FOCUS, by=by, reason=reason, now=now, round=fresh.pk)
    history.record(fresh, "focus_decided", by=by, reason=reason, public=True, at=now)
    return focus


def _lock_challenges(round: RankingRound, entries: Sequence[tuple[int, Challenge]]) -> dict[int, Challenge]:
    """Lock the named challenges in the order of their ids. Raises FocusRefused unless all can be taken up."""
    asked = {challenge.pk for _rank, challenge in entries}
    if not entries or len(asked) != len(entries) or any(rank < 1 for rank, _challenge in entries):
        raise FocusRefused(_("Give a rank to at least one challenge, and name each once."))
    rows = Challenge.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=asked, round_options__round=round, status__in=TAKEN_UP_FROM
    )
    taken = {challenge.pk: challenge for challenge in rows.order_by("pk")}
    if set(taken) != asked:
        raise FocusRefused(_("Only challenges that this round ranked and that are still open can be taken up."))
    return taken
