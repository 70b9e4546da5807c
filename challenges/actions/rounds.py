"""The verbs of a round up to its count: create, edit, open, close, cancel. They hold the round's lock alone."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from challenges import rules
from challenges.actions.agenda import check_item
from challenges.actions.codes import give_code
from challenges.actions.decisions import check_decision
from challenges.actions.register import step
from challenges.actions.reminders import clear_reminders
from challenges.count import counting
from challenges.errors import NotReady, ReasonMissing, WrongState
from challenges.models import Ballot, Challenge, Elector, Focus, RankingRound, Receipt, RoundOption, RoundResult
from history import actions as history
from history.clock import database_now
from history.locks import ROUND, lock_exclusive
from meetings.models import AgendaItem, Decision, Meeting
from notices import actions as notices
from people.models import User
from workinggroups.models import Membership, WorkingGroup

State = RankingRound.State
FEWEST_OPTIONS = 2
MOST_ON_ONE_QUESTION = 3
RESAMPLES = 1000
OPENED_LETTER = "challenges.round_opened"
NEWS = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A round as it is planned. A repeat takes question and options from the round it repeats.

    `wordings` are options that are no challenges, like yes and no to the text that the question holds.
    """

    group: WorkingGroup
    title: str
    question: str
    options: Sequence[Challenge] = ()
    wordings: Sequence[str] = ()
    meeting: Meeting | None = None
    agenda_item: AgendaItem | None = None
    decision: Decision | None = None
    repeats: RankingRound | None = None
    deepens: Focus | None = None
    policy: str = RankingRound.Policy.BREAKDOWN
    strength: str = RankingRound.Strength.MARGINS
    level: float = 0.90
    voting_roles: Sequence[str] = field(default=(Membership.Role.MEMBER,))
    timezone: str = "Europe/Brussels"
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    will_repeat: bool = False


@transaction.atomic
def create_round(*, plan: Plan, by: User | None, now: dt.datetime | None = None) -> RankingRound:
    """Plan a round as a draft. Raises NotReady when the plan contradicts itself, DecisionRefused, AgendaRefused."""
    _check_repeat(plan)
    check_decision(plan.decision, plan.group)
    check_item(plan.agenda_item, plan.meeting)
    round = RankingRound(created_by=by, **_columns(plan))
    round.full_clean()
    round.save(force_insert=True)
    _offer(round, plan)
    history.record(round, "created", by=by, at=now)
    return round


@transaction.atomic
def edit_round(*, round: RankingRound, plan: Plan, by: User, now: dt.datetime | None = None) -> RankingRound:
    """Change a draft; once open nothing changes. The group stays."""
    fresh = locked(round)
    if fresh.state != State.DRAFT:
        raise WrongState(_("The round is no longer a draft, so its question and options are fixed."))
    _check_repeat(plan, fresh)
    check_decision(plan.decision, fresh.group)
    check_item(plan.agenda_item, plan.meeting)
    for name, value in _columns(plan).items():
        if name != "group":
            setattr(fresh, name, value)
    fresh.full_clean()
    fresh.save()
    fresh.options.all().delete()
    _offer(fresh, plan)
    history.record(fresh, "edited", by=by, at=now)
    return fresh


@transaction.atomic
def open_round(*, round: RankingRound, by: User | None, now: dt.datetime | None = None) -> RankingRound:
    """Freeze options and electors and take ballots from now on. Raises WrongState or NotReady."""
    fresh = locked(round)
    check_move(fresh, State.OPEN)
    moment = now or database_now()
    if fresh.closes_at and fresh.closes_at <= moment:
        raise NotReady(_("The closing time has passed. Give the round a later one."))
    _freeze_options(fresh)
    _identify_proposed(fresh, by, now)
    asked = _freeze_electors(fresh, None if now is None else now.astimezone(fresh.zone).date())
    fresh.state, fresh.opened_at, fresh.electors_asked = State.OPEN, moment, asked
    fresh.save(update_fields=["state", "opened_at", "electors_asked"])
    history.record(fresh, "opened", by=by, payload={"electors": asked}, at=now)
    if fresh.meeting_id:
        give_code(fresh)
    _write_to_electors(fresh, moment)
    return fresh


@transaction.atomic
def close_round(*, round: RankingRound, by: User | None, now: dt.datetime | None = None) -> RankingRound:
    """Count once and keep the result; no ballot lands after the count. Closing again changes nothing."""
    fresh = locked(round)
    if fresh.state in {State.CLOSED, State.PUBLISHED}:
        return fresh
    check_move(fresh, State.CLOSED)
    _keep_result(fresh)
    _detach_receipts(fresh)
    clear_reminders(fresh)
    fresh.state, fresh.closed_at = State.CLOSED, now or database_now()
    fresh.save(update_fields=["state", "closed_at"])
    history.record(fresh, "closed", by=by, payload={"ballots": fresh.ballots_cast}, at=now)
    return fresh


@transaction.atomic
def cancel_round(
    *, round: RankingRound, by: User | None, reason: str = "", now: dt.datetime | None = None
) -> RankingRound:
    """Give up a draft or an open round. Ballots of an open one are destroyed, so a reason is needed."""
    fresh = locked(round)
    check_move(fresh, State.CANCELLED)
    if fresh.state == State.OPEN and not reason.strip():
        raise ReasonMissing
    destroyed, _by_table = Ballot.objects.filter(round=fresh).delete()
    Receipt.objects.filter(round=fresh).delete()
    clear_reminders(fresh)
    fresh.electors.update(has_voted=False)
    fresh.state, fresh.cancelled_at, fresh.cancel_reason = State.CANCELLED, now or database_now(), reason
    fresh.ballots_cast = fresh.paper_ballots = 0
    fresh.save(update_fields=["state", "cancelled_at", "cancel_reason", "ballots_cast", "paper_ballots"])
    history.record(fresh, "cancelled", by=by, reason=reason, payload={"ballots destroyed": destroyed}, at=now)
    return fresh


def locked(round: RankingRound) -> RankingRound:
    """Hold the round alone until the transaction ends, and read it again: casting holds the same lock shared."""
    lock_exclusive(ROUND, round.pk)
    rows = RankingRound.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("group").get(pk=round.pk)


def check_move(round: RankingRound, to: RankingRound.State) -> None:
    """Raise WrongState unless the round's life cycle allows the step."""
    state = State(round.state)
    if to not in RankingRound.TRANSITIONS[state]:
        raise WrongState(_("The round is %(state)s, so this step is not possible.") % {"state": state.label})


def checksum(figures: dict[str, Any]) -> str:
    """SHA-256 of the figures in canonical JSON."""
    return hashlib.sha256(json.dumps(figures, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _columns(plan: Plan) -> dict[str, Any]:
    columns = {column.name: getattr(plan, column.name) for column in fields(plan)}
    del columns["options"], columns["wordings"]
    columns["voting_roles"] = list(plan.voting_roles)
    if plan.repeats:
        columns["question"] = plan.repeats.question
    return columns


def _check_repeat(plan: Plan, itself: RankingRound | None = None) -> None:
    """A repeat follows one published round of the group, and at most three rounds share a question."""
    if plan.repeats is None:
        return
    earlier = locked(plan.repeats)  # of two who repeat it at once the second is refused
    if earlier.group_id != plan.group.pk or earlier.state != State.PUBLISHED:
        raise NotReady(_("Only a published round of the same group can be repeated."))
    others = earlier.repeated_by.exclude(state=State.CANCELLED).exclude(pk__in=[itself.pk] if itself else [])
    if others.exists():
        raise NotReady(_("This round has been repeated already."))
    length, first = 1, earlier
    while first.repeats:
        length, first = length + 1, first.repeats
    if length >= MOST_ON_ONE_QUESTION:
        raise NotReady(_("Three rounds on one question are enough. Ask another question."))


def _offer(round: RankingRound, plan: Plan) -> None:
    """Write the options: those of the earlier round word for word, or the chosen challenges and wordings."""
    copies: list[tuple[Challenge | None, str, str]]
    if plan.repeats:
        copies = [(o.challenge, o.title, o.text) for o in plan.repeats.options.select_related("challenge")]
    else:
        copies = [(challenge, challenge.title, challenge.text) for challenge in plan.options]
        copies += [(None, wording, "") for wording in plan.wordings]
    RoundOption.objects.bulk_create(
        RoundOption(round=round, position=position, challenge=challenge, title=title, text=text)
        for position, (challenge, title, text) in enumerate(copies, 1)
    )


def _freeze_options(round: RankingRound) -> None:
    """Copy titles and texts as they stand now; a repeat keeps the wording of the round it repeats."""
    options = list(round.options.select_related("challenge"))
    if len(options) < FEWEST_OPTIONS:
        raise NotReady(_("A round needs at least two challenges to rank."))
    if round.repeats_id:
        return
    changed = []
    for option in options:
        challenge = option.challenge
        if challenge is None:
            continue
        if challenge.status in {Challenge.Status.MERGED, Challenge.Status.PARKED}:
            raise NotReady(_("“%(title)s” has been merged or parked. Edit the round first.") % {"title": option.title})
        if (option.title, option.text) != (challenge.title, challenge.text):
            option.title, option.text = challenge.title, challenge.text
            changed.append(option)
    RoundOption.objects.bulk_update(changed, ["title", "text"])


def _identify_proposed(round: RankingRound, by: User | None, now: dt.datetime | None) -> None:
    """Whoever puts a proposed challenge to the vote has identified it; its page becomes public."""
    proposed = Challenge.objects.filter(round_options__round=round, status=Challenge.Status.PROPOSED)
    for challenge in proposed.select_for_update(of=("self",), no_key=True).order_by("pk"):
        step(challenge, Challenge.Status.IDENTIFIED, by=by, now=now)


def _freeze_electors(round: RankingRound, day: dt.date | None) -> int:
    asked = [Elector(round=round, user=user, helix=user.helix) for user in rules.electorate(round, day)]
    if not asked:
        raise NotReady(_("Nobody in the group has a role that votes."))
    Elector.objects.bulk_create(asked)
    return len(asked)


def _write_to_electors(round: RankingRound, opened: dt.datetime) -> None:
    """Queue one letter to each elector; after a week it is no news any more."""
    stale = min(opened + NEWS, round.closes_at or opened + NEWS)
    if stale <= database_now():
        return
    seats = round.electors.select_related("user").order_by("pk")
    notices.queue(
        [
            notices.planned(
                OPENED_LETTER, round, f"{OPENED_LETTER}:{round.pk}:{seat.user.pk}", seat.user,
                due_at=opened, expires_at=stale,
            )
            for seat in seats
        ]
    )  # fmt: skip


def _keep_result(round: RankingRound) -> None:
    ballots = list(Ballot.objects.filter(round=round).values_list("ranks", "helix"))
    ranks = [row for row, _helix in ballots]
    seed = counting.seed_from(ranks)
    options = list(round.options.values("id", "title", "challenge"))
    figures = counting.compute(
        ranks,
        [helix for _row, helix in ballots],
        Counter(round.electors.values_list("helix", flat=True)),
        options=options,
        rules=counting.Rules(
            policy=round.policy,
            strength=round.strength,
            level=round.level,
            resamples=RESAMPLES,
            seed=seed,
            repeats=round.repeats_id is not None,
            on_text=all(option["challenge"] is None for option in options),
        ),
    )
    software = f"count {figures['version']}, numpy {figures['software']['numpy']}"
    RoundResult.objects.create(round=round, figures=figures, checksum=checksum(figures), seed=seed, software=software)


def _detach_receipts(round: RankingRound) -> None:
    """Write the hashes anew without their electors, in their own order: no ballot changes any more."""
    digests = sorted(Receipt.objects.filter(round=round).values_list("digest", flat=True))
    Receipt.objects.filter(round=round).delete()
    Receipt.objects.bulk_create(Receipt(digest=digest, round=round) for digest in digests)
