"""Who may do what with challenges and rounds, and who is asked to vote. Every answer defaults to no."""

import datetime as dt

from django.db.models import QuerySet

from challenges.models import Challenge, ChallengeComment, Elector, RankingRound
from people.models import User
from workinggroups.models import Membership, WorkingGroup
from workinggroups.rules import can_steer, is_secretariat, role_in

State = RankingRound.State
Role = Membership.Role
STATEMENTS = dt.timedelta(days=30)
PROPOSING = {Role.MEMBER, Role.RAPPORTEUR, Role.LEADER}


def can_propose(user: object, group: WorkingGroup) -> bool:
    """Observers read; everybody else in the group may name a challenge."""
    return is_secretariat(user) or role_in(user, group) in PROPOSING


def can_edit(user: object, challenge: Challenge) -> bool:
    return can_steer(user, challenge.group)


def can_comment(user: object, challenge: Challenge) -> bool:
    """Who may name a challenge may also say something about one."""
    return can_propose(user, challenge.group)


def can_support(user: object, challenge: Challenge) -> bool:
    """Those whose regions it is about; the secretariat sorts, it does not support."""
    return role_in(user, challenge.group) in PROPOSING


def can_remove(user: object, comment: ChallengeComment) -> bool:
    return comment.by == user or can_edit(user, comment.challenge)


def can_run(user: object, group: WorkingGroup) -> bool:
    """May create, open, close and cancel the rounds of the group."""
    return can_steer(user, group)


def can_rank(user: object, round: RankingRound) -> bool:
    """Is an elector of the open round; the clock is asked when the ballot arrives."""
    if not isinstance(user, User) or round.state != State.OPEN:
        return False
    return Elector.objects.filter(round=round, user=user).exists()


def can_see_closed_result(user: object, round: RankingRound) -> bool:
    """Between closing and publishing: those who run the round and nobody else."""
    return round.state == State.CLOSED and can_run(user, round.group)


def can_see_result(user: object, round: RankingRound) -> bool:
    return round.state == State.PUBLISHED or can_see_closed_result(user, round)


def can_publish(user: object, round: RankingRound) -> bool:
    return round.state == State.CLOSED and is_secretariat(user)


def can_key_paper(user: object) -> bool:
    """Types in what members handed in on paper."""
    return is_secretariat(user)


def can_decide_focus(user: object, round: RankingRound) -> bool:
    """After publication, once, and where there are challenges to take up."""
    if round.state != State.PUBLISHED or hasattr(round, "focus") or not can_run(user, round.group):
        return False
    return round.options.filter(challenge__isnull=False).exists()


def takes_statements(round: RankingRound, now: dt.datetime) -> bool:
    """From closing until the group has decided its focus, and for 30 days after publication at most."""
    if round.state == State.CLOSED:
        return True
    published = round.published_at
    return published is not None and not hasattr(round, "focus") and now < published + STATEMENTS


def has_voice(user: object, round: RankingRound) -> bool:
    """May file a minority statement at its time: who could vote, and the members of the group."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return role_in(user, round.group) in PROPOSING or Elector.objects.filter(round=round, user=user).exists()


def can_state(user: object, round: RankingRound, now: dt.datetime) -> bool:
    return takes_statements(round, now) and has_voice(user, round)


def electorate(round: RankingRound, day: dt.date | None = None) -> QuerySet[User]:
    """Whom opening the round would ask: those of the voting roles, today or on a day in the past.

    A repeat asks the electors of the round it repeats again. Nobody is asked while the membership is paused.
    """
    people = User.objects.order_by("pk")
    if round.repeats_id:
        resting = Membership.objects.filter(group=round.group_id, status=Membership.Status.PAUSED)
        earlier = people.filter(is_active=True, electorates__round=round.repeats_id)
        return earlier.exclude(pk__in=resting.values("user"))
    everybody = Membership.objects.active() if day is None else Membership.objects.on(day)
    asked = everybody.filter(group=round.group_id, role__in=round.voting_roles).exclude(status=Membership.Status.PAUSED)
    return people.filter(pk__in=asked.values("user"))
