"""Which decision in the minutes stands behind a round or a focus. Minutes come later, so it is named at any time."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.errors import DecisionRefused, WrongState
from challenges.models import Focus, RankingRound
from history import actions as history
from meetings.models import Decision
from people.models import User
from workinggroups.models import WorkingGroup


@transaction.atomic
def name_decision(
    *, round: RankingRound, decision: Decision | None, by: User, now: dt.datetime | None = None
) -> RankingRound:
    """Say which decision the round belongs to, or that there is none. Raises WrongState, DecisionRefused."""
    rows = RankingRound.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    fresh = rows.get(pk=round.pk)
    check_decision(decision, fresh.group)
    if fresh.state == RankingRound.State.CANCELLED:
        raise WrongState(_("The round was cancelled; nothing is added to it."))
    fresh.decision = decision
    fresh.save(update_fields=["decision"])
    public = fresh.state == RankingRound.State.PUBLISHED
    history.record(fresh, "decision_named", by=by, payload=_named(decision), public=public, at=now)
    return fresh


@transaction.atomic
def name_focus_decision(*, focus: Focus, decision: Decision | None, by: User, now: dt.datetime | None = None) -> Focus:
    """Say where the minutes have the focus; the meeting is that of the decision then. Raises DecisionRefused."""
    rows = Focus.objects.select_for_update(of=("self",), no_key=True).select_related("round__group")
    fresh = rows.get(pk=focus.pk)
    check_decision(decision, fresh.round.group)
    fresh.decision = decision
    fresh.meeting = decision.meeting if decision else fresh.meeting
    fresh.save(update_fields=["decision", "meeting"])
    history.record(fresh.round, "focus_decision_named", by=by, payload=_named(decision), public=True, at=now)
    return fresh


def check_decision(decision: Decision | None, group: WorkingGroup) -> None:
    """Raise DecisionRefused unless the decision, if there is one, was taken by that group."""
    if decision and decision.meeting.group_id != group.pk:
        raise DecisionRefused


def _named(decision: Decision | None) -> dict[str, int | None]:
    return {"decision": decision.pk if decision else None}
