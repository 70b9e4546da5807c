"""The demo community with a record in every state, and the five kinds of visitors."""

import datetime as dt
import io
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from challenges.actions import Plan, close_round, create_round, open_round
from challenges.models import Challenge, RankingRound
from meetings.actions import materials as papers
from meetings.actions import minutes as minuting
from meetings.models import ActionPoint, Material, Meeting, Minutes
from notices.actions import planned, queue
from notices.models import Notice
from outcomes.models import Edition, Publication
from people.models import User
from workinggroups import actions as groups
from workinggroups.models import Invitation, Membership, WorkingGroup

PAGED: list[type[models.Model]] = [WorkingGroup, Meeting, Challenge, RankingRound, Publication]


@dataclass(frozen=True)
class World:
    """`member` votes in the group, `leader` leads it, `outsider` is signed in and in no group."""

    outsider: User
    member: User
    leader: User
    secretariat: User
    group: WorkingGroup
    draft: RankingRound
    open: RankingRound
    closed: RankingRound
    published: RankingRound
    undecided: RankingRound
    meeting: Meeting
    minutes: Minutes
    in_comment: Minutes
    point: ActionPoint
    paper: Material
    group_paper: Material
    challenge: Challenge
    membership: Membership
    invitation: Invitation
    notice: Notice
    shelved: Edition
    in_review: Edition


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def build_world() -> World:
    """Complete the demo community, which the caller has loaded."""
    group = WorkingGroup.objects.get(slug="interregional-collaboration")
    leader, secretariat = account("leader"), account("secretariat")
    options = list(Challenge.objects.filter(group=group, parent=None).rankable())[:3]

    def plan(title: str) -> RankingRound:
        return create_round(plan=Plan(group=group, title=title, question="Which?", options=options), by=leader)

    closed = close_round(round=open_round(round=plan("Closed"), by=leader), by=leader)
    return World(
        outsider=account("outsider"),
        member=account("member"),
        leader=leader,
        secretariat=secretariat,
        group=group,
        draft=plan("Draft"),
        open=RankingRound.objects.get(title="A second look, second pass"),
        closed=closed,
        published=RankingRound.objects.get(title__startswith="Main challenges"),
        undecided=RankingRound.objects.get(title__startswith="Which parts"),
        meeting=Meeting.objects.get(slug="ic-next"),
        minutes=Minutes.objects.get(meeting__slug="ic-2023-06", revision=2),
        in_comment=minutes_for_comment(leader),
        paper=text_paper("public"),
        group_paper=text_paper("members"),
        point=ActionPoint.objects.open().get(owner=account("member")),
        challenge=Challenge.objects.get(slug="capacity"),
        membership=Membership.objects.get(group=group, user=account("member2")),
        invitation=groups.invite(group=group, email="new@example.org", role="member", by=secretariat),
        notice=failed_notice(group, leader),
        shelved=Edition.objects.get(publication__slug="what-holds-regions-back", version=2),
        in_review=Edition.objects.get(publication__slug="what-the-deployments-show"),
    )


def minutes_for_comment(by: User) -> Minutes:
    """Return a correction of the last meeting's minutes that the group may comment on."""
    meeting = Meeting.objects.get(slug="ic-2026-05")
    wording = minuting.Wording("## Deployments\nTen deployments reported.")
    drafted = minuting.write_minutes(meeting=meeting, by=by, wording=wording, edit=0)
    return minuting.circulate(minutes=drafted, by=by)


def text_paper(access: str) -> Material:
    """Return a paper of the coming meeting: a file of one line."""
    content = papers.Content(io.BytesIO(b"Read this first."), "first.txt")
    meeting = Meeting.objects.get(slug="ic-next")
    return papers.add_material(meeting=meeting, by=None, content=content, title=f"For {access}", access=access)


def failed_notice(group: WorkingGroup, to: User) -> Notice:
    queue([planned("meetings.invitation", group, "a-failed-letter", to)])
    row = Notice.objects.filter(key="a-failed-letter")
    row.update(
        state=Notice.State.FAILED, failed_at=timezone.now() - dt.timedelta(minutes=1), last_error="550 no such user"
    )
    return row.get()
