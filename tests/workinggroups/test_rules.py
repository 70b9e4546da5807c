"""Who may do what in a group: no, unless a rule says yes."""

import datetime as dt

import pytest

from people.models import User
from tests import factories
from workinggroups import rules
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db

Role = Membership.Role
WHO = ["anonymous", "outsider", "ended", "inactive", "observer", "member", "rapporteur", "leader", "secretariat"]


def person(who: str, group: WorkingGroup) -> User | None:
    if who == "anonymous":
        return None
    if who == "secretariat":
        return factories.secretariat()
    if who in Role.values:
        return factories.member(group, role=who)
    stranger = factories.member(factories.group(), role=Role.LEADER)
    if who == "ended":
        days = {"started_on": dt.date(2023, 1, 1), "ended_on": dt.date(2024, 1, 1)}
        Membership.objects.create(user=stranger, group=group, role=Role.LEADER, status="ended", **days)
    if who == "inactive":
        return factories.member(group, role=Role.LEADER, is_active=False)
    return stranger


RULES = {
    "enter": (rules.can_enter, {"observer", "member", "rapporteur", "leader", "secretariat"}),
    "steer": (rules.can_steer, {"leader", "secretariat"}),
    "write": (rules.can_write, {"rapporteur", "leader", "secretariat"}),
    "edit": (rules.can_edit, {"secretariat"}),
    "invite a member": (lambda u, g: rules.can_invite(u, g, Role.MEMBER), {"leader", "secretariat"}),
    "invite an observer": (lambda u, g: rules.can_invite(u, g, Role.OBSERVER), {"secretariat"}),
    "invite a leader": (lambda u, g: rules.can_invite(u, g, Role.LEADER), {"secretariat"}),
    "manage a member": (lambda u, g: rules.can_manage(u, g, Role.MEMBER), {"leader", "secretariat"}),
    "manage an observer": (lambda u, g: rules.can_manage(u, g, Role.OBSERVER), {"leader", "secretariat"}),
    "manage a rapporteur": (lambda u, g: rules.can_manage(u, g, Role.RAPPORTEUR), {"secretariat"}),
    "manage a leader": (lambda u, g: rules.can_manage(u, g, Role.LEADER), {"secretariat"}),
}


@pytest.mark.parametrize("deed", RULES)
def test_the_rule_says_yes_to_these_and_to_nobody_else(deed: str) -> None:
    rule, allowed = RULES[deed]
    group = factories.group()
    assert {who for who in WHO if rule(person(who, group), group)} == allowed


def test_a_leader_offers_the_roles_that_carry_no_power() -> None:
    group = factories.group()
    leader = factories.leader(group)
    assert rules.roles_to_invite(leader, group) == [Role.MEMBER]
    assert rules.roles_to_give(leader, group) == [Role.MEMBER, Role.OBSERVER]
    assert rules.roles_to_give(factories.secretariat(), group) == list(Role)
    assert rules.roles_to_give(factories.member(group), group) == []


def test_the_members_table_opens_to_insiders_only() -> None:
    group, other = factories.group(), factories.group()
    insider = factories.member(group)
    factories.member(other)
    mine = Membership.objects.get(user=insider)
    assert list(Membership.objects.visible_to(insider)) == [mine]
    assert list(Membership.objects.visible_to(factories.user())) == []
    assert list(Membership.objects.visible_to(None)) == []
    assert Membership.objects.visible_to(factories.secretariat()).count() == 2
