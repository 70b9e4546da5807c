"""The members' area: open to insiders, changed by those whose task it is."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from history.models import Entry
from people.models import User
from tests import factories
from tests.sent import untouched
from workinggroups import actions
from workinggroups.models import Invitation, Membership, WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
Role = Membership.Role


def address(name: str, group: WorkingGroup, *more: int) -> str:
    return reverse(f"workinggroups:{name}", args=[group.slug, *more])


def visitor(who: str, group: WorkingGroup) -> User:
    if who == "secretariat":
        return factories.secretariat()
    if who == "outsider":
        return factories.member(factories.group(), role=Role.LEADER)
    return factories.member(group, role=who)


@pytest.fixture
def group() -> WorkingGroup:
    group = factories.group()
    factories.member(group, display_name="Target Person", email="target@example.org")
    return group


@pytest.fixture
def target(group: WorkingGroup) -> Membership:
    return group.memberships.get(user__display_name="Target Person")


# -- who gets how far
PAGES = {
    "members": {"outsider": 404, "observer": 200, "member": 200, "rapporteur": 200, "leader": 200, "secretariat": 200},
    "invite": {"outsider": 404, "observer": 403, "member": 403, "rapporteur": 403, "leader": 200, "secretariat": 200},
    "change_role": {"outsider": 404, "observer": 403, "member": 403, "leader": 200, "secretariat": 200},
    "end": {"outsider": 404, "observer": 403, "member": 403, "leader": 200, "secretariat": 200},
    "pause": {"outsider": 404, "observer": 403, "member": 403, "leader": 200, "secretariat": 200},
    "resume": {"outsider": 404, "observer": 403, "member": 403, "leader": 200, "secretariat": 200},
    "withdraw": {"outsider": 404, "observer": 403, "member": 403, "leader": 200, "secretariat": 200},
}
POSTS = {
    "invite": {"email": "x@example.org", "role": "member", "helix": ""},
    "change_role": {"role": "observer"},
    "end": {"ended_on": "2024-01-01", "reason": ""},
    "pause": {"reason": ""},
    "resume": {"reason": ""},
    "withdraw": {},
}


def open_address(name: str, group: WorkingGroup, target: Membership) -> str:
    if name in {"change_role", "end", "pause", "resume"}:
        return address(name, group, target.pk)
    if name == "withdraw":
        by = factories.secretariat()
        invited = actions.invite(group=group, email="invited@example.org", role=Role.MEMBER, by=by)
        return address(name, group, invited.pk)
    return address(name, group)


@pytest.mark.parametrize(("name", "who"), [(name, who) for name, answers in PAGES.items() for who in answers])
def test_each_page_opens_to_those_whose_business_it_is(
    signed_in: SignedIn, group: WorkingGroup, target: Membership, name: str, who: str
) -> None:
    client = signed_in(visitor(who, group))
    assert client.get(open_address(name, group, target)).status_code == PAGES[name][who]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, group: WorkingGroup, target: Membership, name: str) -> None:
    where = open_address(name, group, target)
    for response in (client.get(where), client.post(where, POSTS.get(name, {}))):
        assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={where}")


@pytest.mark.parametrize("who", ["outsider", "observer", "member"])
@pytest.mark.parametrize("name", POSTS)
def test_who_may_not_changes_nothing(
    signed_in: SignedIn, group: WorkingGroup, target: Membership, name: str, who: str
) -> None:
    client, where = signed_in(visitor(who, group)), open_address(name, group, target)
    before = [Entry.objects.count(), *Membership.objects.order_by("pk").values(), *Invitation.objects.values()]
    assert client.post(where, POSTS[name]).status_code == PAGES[name][who]
    assert [
        Entry.objects.count(),
        *Membership.objects.order_by("pk").values(),
        *Invitation.objects.values(),
    ] == before


def test_the_refusal_says_whom_to_ask(signed_in: SignedIn, group: WorkingGroup) -> None:
    page = signed_in(factories.member(group)).get(address("invite", group)).content.decode()
    assert "Invitations go out from the secretariat and from the leader of the group." in page


def test_a_membership_of_another_group_is_not_found(signed_in: SignedIn, target: Membership) -> None:
    client, other = signed_in(factories.secretariat()), factories.group()
    assert client.get(address("end", other, target.pk)).status_code == 404
    assert client.get(address("end", other, 10**30)).status_code == 404


# -- what the page shows
def test_members_see_everybody_and_addresses_only_those_who_manage(signed_in: SignedIn, group: WorkingGroup) -> None:
    page = signed_in(visitor("member", group)).get(address("members", group)).content.decode()
    assert "Target Person" in page
    assert "target@example.org" not in page
    for who in ("leader", "secretariat"):
        page = signed_in(visitor(who, group)).get(address("members", group)).content.decode()
        assert "target@example.org" in page


def test_invitations_and_former_members_are_shown_to_those_who_manage(
    signed_in: SignedIn, group: WorkingGroup, target: Membership
) -> None:
    by = factories.secretariat()
    actions.invite(group=group, email="waiting@example.org", role=Role.MEMBER, by=by)
    actions.end_membership(membership=target, by=by)
    page = signed_in(visitor("leader", group)).get(address("members", group)).content.decode()
    assert "1 invitation waits for an answer" in page
    assert "waiting@example.org" in page
    assert "1 former member" in page
    page = signed_in(visitor("member", group)).get(address("members", group)).content.decode()
    assert "waiting@example.org" not in page
    assert "Target Person" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_members_and_invitations(
    signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    group, by = factories.group(), factories.secretariat()
    for number in range(count):
        factories.member(group, organisation=factories.organisation(), region=factories.region(f"A{number}"))
        actions.invite(group=group, email=f"{number}@example.org", role=Role.MEMBER, by=by)
    client = signed_in(by)
    with django_assert_max_num_queries(6) as counted:
        client.get(address("members", group))
    assert len(counted) == 6


# -- what they do
def test_the_secretariat_invites_with_any_role(signed_in: SignedIn, group: WorkingGroup) -> None:
    by = factories.secretariat()
    values = {"email": "New@example.org", "role": "leader", "helix": "academia"}
    response = signed_in(by).post(address("invite", group), values, follow=True)
    assert "The invitation to New@example.org is on its way." in response.content.decode()
    invited = Invitation.objects.get()
    assert (invited.email, invited.role, invited.helix, invited.invited_by) == (
        "new@example.org",
        "leader",
        "academia",
        by,
    )


def test_a_leader_invites_members_only(signed_in: SignedIn, group: WorkingGroup) -> None:
    client = signed_in(visitor("leader", group))
    response = client.post(address("invite", group), {"email": "a@example.org", "role": "leader", "helix": ""})
    assert "Select a valid choice. leader is not one of the available choices." in response.content.decode()
    assert not Invitation.objects.exists()
    client.post(address("invite", group), {"email": "a@example.org", "role": "member", "helix": ""})
    assert Invitation.objects.get().role == "member"


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("", "Fill in “E-mail addresses”"),
        ("nobody", "nobody is no e-mail address."),
        ("a\x00@example.org", "Null characters are not allowed."),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org", ".org is no e-mail address."),
        ("target@example.org", "This person is already a member of the group, or was in this period."),
        ("TARGET@example.org", "This person is already a member of the group, or was in this period."),
        ("waiting@example.org", "This person has already been invited and has not answered yet."),
        ("closed@example.org", "The account with this address is closed."),
    ],
)
def test_an_address_that_cannot_be_invited_is_refused_beside_the_field(
    signed_in: SignedIn, group: WorkingGroup, email: str, error: str
) -> None:
    by = factories.secretariat()
    factories.user(email="closed@example.org", is_active=False)
    actions.invite(group=group, email="waiting@example.org", role=Role.MEMBER, by=by)
    response = signed_in(by).post(address("invite", group), {"email": email, "role": "member", "helix": ""})
    assert response.status_code == 200
    assert error in response.content.decode()
    assert Invitation.objects.count() == 1


def test_an_invitation_is_withdrawn_once(signed_in: SignedIn, group: WorkingGroup) -> None:
    by = factories.secretariat()
    invited = actions.invite(group=group, email="waiting@example.org", role=Role.MEMBER, by=by)
    client, where = signed_in(by), address("withdraw", group, invited.pk)
    assert "Withdraw the invitation?" in client.get(where).content.decode()
    assert Invitation.objects.get().state == "pending"
    page = client.post(where, follow=True).content.decode()
    assert "The invitation to waiting@example.org was withdrawn." in page
    assert Invitation.objects.get().state == "withdrawn"
    assert "answered or withdrawn before" in client.post(where, follow=True).content.decode()


def test_a_leader_does_not_withdraw_what_the_secretariat_alone_may_send(
    signed_in: SignedIn, group: WorkingGroup
) -> None:
    by = factories.secretariat()
    invited = actions.invite(group=group, email="boss@example.org", role=Role.LEADER, by=by)
    client = signed_in(visitor("leader", group))
    assert client.post(address("withdraw", group, invited.pk)).status_code == 403
    assert Invitation.objects.get().state == "pending"
    assert "Withdraw" not in client.get(address("members", group)).content.decode()


def test_a_role_is_changed_after_asking(signed_in: SignedIn, group: WorkingGroup, target: Membership) -> None:
    client, where = signed_in(factories.secretariat()), address("change_role", group, target.pk)
    assert "Change the role of Target Person?" in client.get(where).content.decode()
    page = client.post(where, {"role": "rapporteur"}, follow=True).content.decode()
    assert "Target Person: the role is now WG Rapporteur." in page
    target.refresh_from_db()
    assert target.role == "rapporteur"


def test_a_role_that_somebody_else_has_given_meanwhile_is_shown_first(
    signed_in: SignedIn, group: WorkingGroup, target: Membership
) -> None:
    first, second = signed_in(factories.secretariat(display_name="Anne")), signed_in(factories.secretariat())
    where = address("change_role", group, target.pk)
    as_shown = untouched(second, where)
    assert first.post(where, untouched(first, where) | {"role": "rapporteur"}).status_code == 302
    answer = second.post(where, as_shown | {"role": "observer"})
    target.refresh_from_db()
    assert (answer.status_code, target.role) == (200, "rapporteur")
    assert "Anne changed this while you were writing." in answer.content.decode()
    assert [(each.before, each.now) for each in answer.context["changes"]] == [("Member", "WG Rapporteur")]
    assert second.post(where, answer.context["form"].data.dict()).status_code == 302
    target.refresh_from_db()
    assert target.role == "observer"


def test_a_leader_makes_nobody_a_leader(signed_in: SignedIn, group: WorkingGroup, target: Membership) -> None:
    leader = visitor("leader", group)
    client = signed_in(leader)
    page = client.post(address("change_role", group, target.pk), {"role": "leader"}).content.decode()
    assert "Select a valid choice. leader is not one of the available choices." in page
    target.refresh_from_db()
    assert target.role == "member"
    own = group.memberships.get(user=leader)
    assert client.post(address("end", group, own.pk), POSTS["end"]).status_code == 403


def test_a_membership_is_ended_with_day_and_reason(
    signed_in: SignedIn, group: WorkingGroup, target: Membership
) -> None:
    client, where = signed_in(factories.secretariat()), address("end", group, target.pk)
    assert "End the membership of Target Person?" in client.get(where).content.decode()
    page = client.post(where, {"ended_on": "2024-01-31", "reason": "New post"}, follow=True).content.decode()
    assert "The membership of Target Person has ended." in page
    target.refresh_from_db()
    assert (target.status, target.ended_on) == ("ended", dt.date(2024, 1, 31))
    again = client.post(where, {"ended_on": "2024-01-31", "reason": ""}).content.decode()
    assert "This membership has ended; it cannot be changed any more." in again
    again = client.post(address("change_role", group, target.pk), {"role": "leader"}).content.decode()
    assert "This membership has ended; it cannot be changed any more." in again


def test_a_membership_is_paused_and_goes_on(signed_in: SignedIn, group: WorkingGroup, target: Membership) -> None:
    client = signed_in(visitor("leader", group))
    where, back = address("pause", group, target.pk), address("resume", group, target.pk)
    assert "Pause the membership of Target Person?" in client.get(where).content.decode()
    page = client.post(where, {"reason": "Parental leave"}, follow=True).content.decode()
    for words in ("The membership of Target Person is paused.", "1 person in the group", "1 paused membership", back):
        assert words in page
    assert "paused: ask the leader" in signed_in(target.user).get(reverse("people:account")).content.decode()
    assert signed_in(target.user).get(address("members", group)).status_code == 404
    assert "This membership is paused already." in client.post(where, {"reason": ""}).content.decode()
    assert "Let the membership of Target Person go on?" in client.get(back).content.decode()
    page = client.post(back, {"reason": ""}, follow=True).content.decode()
    assert "The membership of Target Person goes on." in page
    assert "paused" not in page
    assert "This membership is not paused." in client.post(back, {"reason": ""}).content.decode()


def test_members_are_not_told_who_pauses(signed_in: SignedIn, group: WorkingGroup, target: Membership) -> None:
    actions.pause_membership(membership=target, by=factories.secretariat())
    assert "Target Person" not in signed_in(visitor("member", group)).get(address("members", group)).content.decode()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"ended_on": "2023-05-31"}, "The membership must not end before it begins."),
        ({"ended_on": "2999-01-01"}, "A membership ends today or ended before"),
        ({"ended_on": "yesterday"}, "Enter a valid date."),
        ({"ended_on": ""}, "Fill in “First day without membership”"),
        ({"ended_on": "2024-01-01", "reason": "a\x00"}, "Null characters are not allowed."),
        ({"ended_on": "2024-01-01", "reason": "x" * 1001}, "Ensure this value has at most 1000 characters"),
    ],
)
def test_an_end_that_cannot_be_is_refused_and_the_membership_goes_on(
    signed_in: SignedIn, group: WorkingGroup, target: Membership, values: dict[str, str], error: str
) -> None:
    response = signed_in(factories.secretariat()).post(address("end", group, target.pk), {"reason": ""} | values)
    assert response.status_code == 200
    assert error in response.content.decode()
    target.refresh_from_db()
    assert (target.status, Entry.objects.count()) == ("active", 0)


# -- several at once
def test_several_people_are_invited_at_once_however_their_addresses_are_listed(
    signed_in: SignedIn, group: WorkingGroup
) -> None:
    listed = "anna@example.org\r\nBram <Bram@example.org>, chiara@example.org; anna@example.org\r\n\r\n"
    values = {"email": listed, "role": "observer", "helix": ""}
    answer = signed_in(factories.secretariat()).post(address("invite", group), values, follow=True)
    assert "3 invitations are on their way." in answer.content.decode()
    invited = group.invitations.order_by("pk").values_list("email", "role")
    names = ["anna", "bram", "chiara"]
    assert list(invited) == [(f"{name}@example.org", "observer") for name in names]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("new@example.org\nanna at example.org\nbram@", ["anna at example.org is no", "bram@ is no e-mail address."]),
        ("new@example.org, waiting@example.org", ["waiting@example.org: This person has already been invited"]),
        ("\n".join(f"{number}@example.org" for number in range(101)), ["Invite 100 people at once, at most."]),
    ],
)
def test_where_one_cannot_be_invited_nobody_is_and_the_list_is_kept(
    signed_in: SignedIn, group: WorkingGroup, listed: str, said: list[str]
) -> None:
    office = factories.secretariat()
    actions.invite(group=group, email="waiting@example.org", role=Role.MEMBER, by=office)
    values = {"email": listed, "role": "member", "helix": ""}
    page = signed_in(office).post(address("invite", group), values).content.decode()
    assert [words in page for words in said] == [True] * len(said)
    assert listed.split("\n", maxsplit=1)[0] in page
    assert [one.email for one in group.invitations.all()] == ["waiting@example.org"]
