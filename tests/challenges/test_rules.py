"""Who may do what: the same answers for views, templates and tests, and no by default."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from challenges import actions, rules
from challenges.models import Challenge, RankingRound
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

KINDS = ["anonymous", "outsider", "other leader", "observer", "member", "rapporteur", "leader", "secretariat", "former"]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


@pytest.fixture
def people(group: WorkingGroup) -> dict[str, object]:
    inside = {role: make.member(group, role=role) for role in ("observer", "member", "rapporteur", "leader")}
    former = make.leader(group)
    former.memberships.update(status="ended", ended_on="2024-01-01")
    return inside | {
        "anonymous": AnonymousUser(),
        "outsider": make.user(),
        "other leader": make.leader(make.group()),
        "secretariat": make.secretariat(),
        "former": former,
    }


def allowed(people: dict[str, object], rule: Callable[[object], bool]) -> set[str]:
    assert rule(None) is False or rule(None) == rule(people["anonymous"])
    return {kind for kind in KINDS if rule(people[kind])}


def test_who_steers_and_who_proposes(group: WorkingGroup, people: dict[str, object]) -> None:
    challenge = make.challenge(group)
    assert allowed(people, lambda who: rules.can_propose(who, group)) == {
        "member",
        "rapporteur",
        "leader",
        "secretariat",
    }
    assert allowed(people, lambda who: rules.can_run(who, group)) == {"leader", "secretariat"}
    assert allowed(people, lambda who: rules.can_edit(who, challenge)) == {"leader", "secretariat"}


def test_only_electors_of_an_open_round_rank(group: WorkingGroup, people: dict[str, object]) -> None:
    draft = make.round_(group)
    assert allowed(people, lambda who: rules.can_rank(who, draft)) == set()
    opened = actions.open_round(round=draft, by=None)
    assert allowed(people, lambda who: rules.can_rank(who, opened)) == {"member"}
    closed = actions.close_round(round=opened, by=None)
    assert allowed(people, lambda who: rules.can_rank(who, closed)) == set()


def test_the_result_opens_to_more_people_step_by_step(group: WorkingGroup, people: dict[str, object]) -> None:
    opened = make.open_round(group)
    assert allowed(people, lambda who: rules.can_see_result(who, opened)) == set()
    closed = actions.close_round(round=opened, by=None)
    assert allowed(people, lambda who: rules.can_see_result(who, closed)) == {"leader", "secretariat"}
    assert allowed(people, lambda who: rules.can_publish(who, closed)) == {"secretariat"}
    published = actions.publish_round(round=closed, by=make.secretariat())
    assert allowed(people, lambda who: rules.can_see_result(who, published)) == set(KINDS)
    assert allowed(people, lambda who: rules.can_publish(who, published)) == set()


def test_the_focus_is_decided_once_by_those_who_steer(group: WorkingGroup, people: dict[str, object]) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 5)
    assert allowed(people, lambda who: rules.can_decide_focus(who, round_)) == {"leader", "secretariat"}
    first = Challenge.objects.filter(round_options__round=round_).order_by("pk")[0]
    leader = people["leader"]
    assert isinstance(leader, User)
    actions.decide_focus(round=round_, entries=[(1, first)], reason="R.", by=leader)
    again = RankingRound.objects.get(pk=round_.pk)
    assert allowed(people, lambda who: rules.can_decide_focus(who, again)) == set()


@pytest.mark.parametrize("state", ["draft", "open", "closed", "published", "cancelled"])
def test_what_is_listed_is_what_the_state_allows(state: str, group: WorkingGroup, people: dict[str, object]) -> None:
    round_ = make.round_(group) if state in {"draft", "cancelled"} else make.open_round(group)
    if state == "cancelled":
        actions.cancel_round(round=round_, by=None)
    if state in {"closed", "published"}:
        round_ = actions.close_round(round=round_, by=None)
    if state == "published":
        actions.publish_round(round=round_, by=make.secretariat())
    inside = {"observer", "member", "rapporteur", "leader", "secretariat"}
    expected = {"draft": {"leader", "secretariat"}, "published": set(KINDS)}.get(state, inside)
    seen = allowed(people, lambda who: RankingRound.objects.visible_to(who).filter(pk=round_.pk).exists())
    assert seen == expected


def test_an_elector_who_left_still_sees_the_round(group: WorkingGroup) -> None:
    person = make.member(group)
    round_ = make.open_round(group)
    person.memberships.update(status="ended", ended_on="2024-01-01")
    assert list(RankingRound.objects.visible_to(person)) == [round_]
    assert rules.can_rank(person, round_)
