"""The verbs of groups: each state change once, with its trace, or a named error and nothing."""

import datetime as dt
from functools import partial

import pytest
from allauth.account.models import EmailAddress

from history.models import ContentVersion, Entry
from notices.models import Notice
from people.actions import AddressTakenError, Profile
from people.models import User
from tests import factories
from tests.at_once import at_once
from workinggroups import actions, errors
from workinggroups.models import Invitation, Membership, WorkingGroup
from workinggroups.tasks import expire_invitations

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=14)
Role = Membership.Role


def invitation(email: str = "new@example.org", role: str = Role.MEMBER, **values: object) -> Invitation:
    group = values.pop("group", None) or factories.group()
    return actions.invite(group=group, email=email, role=role, by=factories.secretariat(), now=NOW, **values)  # type: ignore[arg-type]


def deeds(about: object) -> list[tuple[str, bool]]:
    return list(Entry.objects.about(about).order_by("pk").values_list("verb", "is_public"))  # type: ignore[arg-type]


def unchanged(before: int) -> bool:
    return Entry.objects.count() == before


# -- memberships
def test_a_paused_membership_is_neither_counted_nor_asked_until_it_goes_on() -> None:
    group, by = factories.group(), factories.secretariat()
    seat = Membership.objects.get(user=factories.member(group))
    paused = actions.pause_membership(membership=seat, by=by, reason="Leave", now=NOW)
    assert (paused.status, paused.ended_on) == ("paused", None)
    assert not group.memberships.active().exists()
    resumed = actions.resume_membership(membership=seat, by=by, now=LATER)
    assert (resumed.status, resumed.role, resumed.started_on) == ("active", seat.role, seat.started_on)
    assert deeds(seat) == [("paused", False), ("resumed", False)]
    assert deeds(group) == [("member_paused", True), ("member_resumed", True)]
    assert Entry.objects.about(seat).order_by("pk")[0].reason == "Leave"


def test_what_is_paused_is_not_paused_again_what_goes_on_not_resumed_and_what_has_ended_neither() -> None:
    by, seat = factories.secretariat(), Membership.objects.get(user=factories.member(factories.group()))
    with pytest.raises(errors.NotPausedError):
        actions.resume_membership(membership=seat, by=by)
    actions.pause_membership(membership=seat, by=by)
    with pytest.raises(errors.AlreadyPausedError):
        actions.pause_membership(membership=seat, by=by)
    actions.end_membership(membership=seat, by=by)  # a paused one ends too
    for verb in (actions.pause_membership, actions.resume_membership):
        with pytest.raises(errors.MembershipEndedError):
            verb(membership=seat, by=by)


def test_adding_a_member_tells_the_person_s_story_privately_and_the_group_s_in_public() -> None:
    group, person, by = factories.group(), factories.user(), factories.secretariat()
    added = actions.add_member(group=group, user=person, role=Role.MEMBER, started_on=NOW.date(), by=by, now=NOW)
    assert (added.group, added.user, added.role, added.status) == (group, person, Role.MEMBER, "active")
    assert deeds(added) == [("joined", False)]
    public = Entry.objects.published().get()
    assert (public.about, public.verb, public.by, public.at) == (group, "member_joined", None, NOW)
    assert ContentVersion.objects.get().number == 1


def test_nobody_is_added_twice() -> None:
    group, by = factories.group(), factories.secretariat()
    person = factories.member(group)
    with pytest.raises(errors.AlreadyMemberError, match="already a member"):
        actions.add_member(group=group, user=person, role=Role.LEADER, started_on=NOW.date(), by=by)
    assert Membership.objects.get().role == Role.MEMBER
    assert unchanged(0)


def test_a_role_changes_with_a_trace_of_both() -> None:
    group, by = factories.group(), factories.secretariat()
    factories.member(group)
    membership = actions.change_role(membership=Membership.objects.get(), role=Role.RAPPORTEUR, by=by, now=NOW)
    membership.refresh_from_db()
    assert membership.role == Role.RAPPORTEUR
    assert Entry.objects.about(membership).get().payload == {"from": "member", "to": "rapporteur"}
    assert deeds(group) == [("role_changed", True)]


def test_the_same_role_again_writes_nothing() -> None:
    factories.member(factories.group())
    actions.change_role(membership=Membership.objects.get(), role=Role.MEMBER, by=factories.secretariat())
    assert unchanged(0)


def test_a_membership_ends_on_its_day_and_its_reason_stays_inside() -> None:
    group, by = factories.group(), factories.secretariat()
    factories.member(group)
    day = dt.date(2026, 3, 1)
    ended = actions.end_membership(membership=Membership.objects.get(), by=by, ended_on=day, reason="moved on", now=NOW)
    ended.refresh_from_db()
    assert (ended.status, ended.ended_on) == ("ended", day)
    assert Entry.objects.about(ended).get().reason == "moved on"
    assert not Entry.objects.published().exclude(reason="").exists()
    assert deeds(group) == [("member_left", True)]


@pytest.mark.parametrize(
    ("day", "error"),
    [(dt.date(2023, 5, 31), errors.EndsBeforeStartError), (dt.date(2026, 3, 11), errors.EndsLaterError)],
)
def test_a_membership_ends_neither_before_it_began_nor_in_the_future(
    day: dt.date, error: type[errors.GroupError]
) -> None:
    factories.member(factories.group())
    with pytest.raises(error):
        actions.end_membership(membership=Membership.objects.get(), by=factories.secretariat(), ended_on=day, now=NOW)
    assert Membership.objects.get().status == "active"
    assert unchanged(0)


def test_what_has_ended_is_over() -> None:
    group, by = factories.group(), factories.secretariat()
    person = factories.member(group)
    membership = actions.end_membership(membership=Membership.objects.get(), by=by, now=NOW)
    before = Entry.objects.count()
    with pytest.raises(errors.MembershipEndedError):
        actions.end_membership(membership=membership, by=by, now=NOW)
    with pytest.raises(errors.MembershipEndedError):
        actions.change_role(membership=membership, role=Role.LEADER, by=by)
    assert unchanged(before)
    actions.add_member(group=group, user=person, role=Role.MEMBER, started_on=NOW.date(), by=by, now=NOW)
    assert group.memberships.active().get().user == person


# -- invitations
def test_an_invitation_queues_one_letter_to_the_address_that_dies_with_it() -> None:
    invited = invitation(" New@Example.org ", helix="academia")
    assert (invited.email, invited.helix, invited.state) == ("new@example.org", "academia", "pending")
    assert (invited.invited_at, invited.expires_at) == (NOW, LATER)
    letter = Notice.objects.get()
    assert (letter.kind, letter.recipient, letter.address) == ("workinggroups.invitation", None, "new@example.org")
    assert (letter.about, letter.due_at, letter.expires_at) == (invited, NOW, LATER)
    assert deeds(invited) == [("invited", False)]


def test_somebody_with_an_account_gets_the_letter_as_that_person() -> None:
    person = factories.user(email="known@example.org")
    invitation("Known@example.org")
    assert Notice.objects.get().recipient == person


def test_nobody_is_invited_twice_at_a_time() -> None:
    first = invitation()
    before = Entry.objects.count()
    with pytest.raises(errors.AlreadyInvitedError, match="has not answered yet"):
        invitation("NEW@example.org", group=first.group)
    assert (Invitation.objects.get(), Notice.objects.count(), unchanged(before)) == (first, 1, True)
    invitation(group=factories.group())


def test_a_late_invitation_makes_room_for_a_new_one() -> None:
    old = invitation()
    by = factories.secretariat()
    new = actions.invite(group=old.group, email=old.email, role=Role.MEMBER, by=by, now=LATER)
    old.refresh_from_db()
    assert (old.state, new.state) == ("expired", "pending")


def test_a_member_is_not_invited_again_but_a_former_one_may_be() -> None:
    group = factories.group()
    factories.member(group, email="in@example.org")
    with pytest.raises(errors.AlreadyMemberError):
        invitation("in@example.org", group=group)
    assert not Notice.objects.exists()
    actions.end_membership(membership=Membership.objects.get(), by=factories.secretariat(), now=NOW)
    assert invitation("in@example.org", group=group).state == "pending"


def test_a_closed_account_is_not_invited() -> None:
    factories.user(email="closed@example.org", is_active=False)
    with pytest.raises(errors.AccountClosedError, match="closed"):
        invitation("closed@example.org")
    assert not Invitation.objects.exists()


def test_accepting_makes_account_and_membership_together() -> None:
    invited = invitation(role=Role.RAPPORTEUR)
    joined = actions.accept_as_newcomer(
        invitation=invited, profile=Profile("New", show_name_publicly=True), password="a long one", now=NOW
    )
    invited.refresh_from_db()
    user = User.objects.get(email="new@example.org")
    assert (joined.user, joined.group, joined.role, joined.started_on) == (
        user,
        invited.group,
        "rapporteur",
        NOW.date(),
    )
    assert (invited.state, invited.answered_at, invited.membership) == ("accepted", NOW, joined)
    assert user.check_password("a long one")
    assert deeds(invited) == [("invited", False), ("accepted", False)]
    assert Entry.objects.published().get().by is None


def test_accepting_with_an_account_adds_the_membership_only() -> None:
    person = factories.user(email="new@example.org")
    invited = invitation()
    joined = actions.accept(invitation=invited, by=person, now=NOW)
    assert (joined.user, joined.group) == (person, invited.group)
    assert User.objects.filter(is_secretariat=False).get() == person


def test_a_second_confirmed_address_is_the_person_s_too() -> None:
    person = factories.user(email="first@example.org")
    EmailAddress.objects.create(user=person, email="new@example.org", verified=True)
    assert actions.accept(invitation=invitation(), by=person, now=NOW).user == person


def test_an_unconfirmed_address_opens_nothing() -> None:
    person = factories.user(email="first@example.org")
    EmailAddress.objects.create(user=person, email="new@example.org", verified=False)
    invited = invitation()
    with pytest.raises(errors.NotInvitedError, match="another person"):
        actions.accept(invitation=invited, by=person, now=NOW)
    assert not Membership.objects.exists()


def test_a_newcomer_whose_address_has_an_account_writes_nothing() -> None:
    invited = invitation()
    factories.user(email="new@example.org")
    before = Entry.objects.count()
    with pytest.raises(AddressTakenError):
        actions.accept_as_newcomer(invitation=invited, profile=Profile("Other"), password="x", now=NOW)
    invited.refresh_from_db()
    assert (invited.state, Membership.objects.exists(), unchanged(before)) == ("pending", False, True)


def accept(invited: Invitation, now: dt.datetime) -> None:
    actions.accept_as_newcomer(invitation=invited, profile=Profile("New"), password="x", now=now)


def decline(invited: Invitation, now: dt.datetime) -> None:
    actions.decline(invitation=invited, now=now)


def withdraw(invited: Invitation, now: dt.datetime) -> None:
    actions.withdraw_invitation(invitation=invited, by=invited.invited_by, now=now)


ANSWERS = {"accept": accept, "decline": decline, "withdraw": withdraw}


@pytest.mark.parametrize("second", ANSWERS)
@pytest.mark.parametrize("first", ANSWERS)
def test_an_invitation_is_answered_once(first: str, second: str) -> None:
    invited = invitation()
    ANSWERS[first](invited, NOW)
    state, before = Invitation.objects.get().state, Entry.objects.count()
    with pytest.raises(errors.InvitationSpentError):
        ANSWERS[second](invited, NOW)
    assert (Invitation.objects.get().state, unchanged(before)) == (state, True)
    assert Membership.objects.count() == (1 if first == "accept" else 0)


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_last_moment_is_just_before_it_expires(answer: str) -> None:
    invited = invitation()
    before = Entry.objects.count()
    with pytest.raises(errors.InvitationExpiredError):
        ANSWERS[answer](invited, LATER)
    assert (Invitation.objects.get().state, User.objects.count(), unchanged(before)) == ("pending", 1, True)
    ANSWERS[answer](invited, LATER - dt.timedelta(microseconds=1))


def test_what_nobody_answered_is_closed_by_the_clock() -> None:
    late, fresh = invitation(), invitation("other@example.org")
    Invitation.objects.filter(pk=fresh.pk).update(expires_at=LATER + dt.timedelta(days=1))
    assert actions.expire_invitations(now=LATER) == 1
    assert actions.expire_invitations(now=LATER) == 0
    assert [row.state for row in Invitation.objects.order_by("pk")] == ["expired", "pending"]
    assert deeds(late) == [("invited", False), ("expired", False)]


def test_the_task_asks_the_clock_itself() -> None:
    invitation()
    assert expire_invitations() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_make_one_account() -> None:
    invited = invitation()

    def accept(name: str) -> Membership:
        return actions.accept_as_newcomer(invitation=invited, profile=Profile(name), password="x", now=NOW)

    outcomes = at_once(partial(accept, "first"), partial(accept, "second"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationSpentError", "Membership"]
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_to_one_address_accepted_at_once_make_one_account() -> None:
    both_invited = [invitation(), invitation()]

    def accept(invited: Invitation) -> Membership:
        return actions.accept_as_newcomer(invitation=invited, profile=Profile("New"), password="x", now=NOW)

    outcomes = at_once(*(partial(accept, invited) for invited in both_invited))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AddressTakenError", "Membership"]
    assert (User.objects.filter(email="new@example.org").count(), Membership.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_at_once_make_one_invitation() -> None:
    group, by = factories.group(), factories.secretariat()

    def invite(email: str) -> Invitation:
        return actions.invite(group=group, email=email, role=Role.MEMBER, by=by, now=NOW)

    outcomes = at_once(partial(invite, "a@example.org"), partial(invite, "A@example.org"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyInvitedError", "Invitation"]
    assert (Invitation.objects.count(), Notice.objects.count()) == (1, 1)


# -- description
def test_describing_writes_what_changed_and_says_so_in_public() -> None:
    group, by = factories.group(), factories.secretariat()
    words = actions.Description("What it is about.", ["One aim"], 3, "")
    assert actions.describe(group=group, description=words, by=by, now=NOW) == ["aims", "target_meetings_per_year"]
    assert (WorkingGroup.objects.get().aims, deeds(group)) == (["One aim"], [("described", True)])
    assert actions.describe(group=group, description=words, by=by, now=NOW) == []
    assert deeds(group) == [("described", True)]
