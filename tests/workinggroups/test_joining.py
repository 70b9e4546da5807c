"""The signed link: it opens once, to the person it was sent to, and writes all or nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Entry
from people.models import Helix, Organisation, User
from tests import factories
from workinggroups import actions
from workinggroups.models import Invitation, Membership
from workinggroups.tokens import join_path, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
PASSWORD = "eleven horses and a lake"


@pytest.fixture
def invitation() -> Invitation:
    by = factories.secretariat(display_name="The Secretariat")
    return actions.invite(group=factories.group(name="The Group"), email="new@example.org", role="member", by=by)


def filled(**values: Any) -> dict[str, Any]:
    return {
        "display_name": "New Person",
        "organisation": "",
        "new_organisation": "",
        "new_organisation_kind": "",
        "helix": "civil_society",
        "region": "",
        "password1": PASSWORD,
        "password2": PASSWORD,
    } | values


def nothing_written() -> bool:
    newcomers = User.objects.filter(is_secretariat=False).exists()
    return not newcomers and not Membership.objects.exists() and not Organisation.objects.exists()


def test_the_link_shows_group_role_and_a_form_and_changes_nothing(client: Client, invitation: Invitation) -> None:
    response = client.get(join_path(invitation))
    page = response.content.decode()
    for part in ("The Group", "Member", "The Secretariat", "new@example.org", 'name="password1"'):
        assert part in page
    assert list(response.cookies) == ["csrftoken"]
    assert "no-store" in response["Cache-Control"]
    assert nothing_written()


def test_the_suggested_helix_is_chosen_already(client: Client) -> None:
    by = factories.secretariat()
    suggested = actions.invite(group=factories.group(), email="n@example.org", role="member", by=by, helix="academia")
    assert '<option value="academia" selected>' in client.get(join_path(suggested)).content.decode()


def test_accepting_makes_account_and_membership_and_signs_in(client: Client, invitation: Invitation) -> None:
    organisation = factories.organisation()
    values = filled(organisation=organisation.pk, show_name_publicly="on")
    response = client.post(join_path(invitation), values, follow=True)
    assert response.redirect_chain == [(invitation.group.get_absolute_url(), 302)]
    assert "Welcome to the group The Group." in response.content.decode()
    assert "Members’ area" in response.content.decode()
    user = User.objects.get(email="new@example.org")
    assert (user.display_name, user.organisation, user.helix) == ("New Person", organisation, Helix.CIVIL_SOCIETY)
    assert user.show_name_publicly
    assert Membership.objects.get().user == user
    signed = Client().post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert signed["Location"] == reverse("s3cop:dashboard")


def test_a_new_organisation_comes_along_and_gives_the_helix(client: Client, invitation: Invitation) -> None:
    values = filled(helix="", new_organisation="University of X", new_organisation_kind="university")
    client.post(join_path(invitation), values)
    user = User.objects.get(email="new@example.org")
    assert (user.helix, str(user.organisation)) == (Helix.ACADEMIA, "University of X")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"display_name": ""}, "Fill in “Name”"),
        ({"display_name": "a\x00b"}, "Null characters are not allowed."),
        ({"display_name": "x" * 121}, "Ensure this value has at most 120 characters (it has 121)."),
        ({"helix": ""}, "Choose the helix you speak for"),
        ({"helix": "fifth"}, "Select a valid choice. fifth is not one of the available choices."),
        ({"region": "XX"}, "Select a valid choice. XX is not one of the available choices."),
        ({"new_organisation": "Without a type"}, "Say what type of organisation this is."),
        ({"new_organisation": "z" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"password2": "something else"}, "The two passwords differ."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({"password1": "new@example.org", "password2": "new@example.org"}, "too similar to the e-mail address"),
        ({"password1": "a\x00" * 9, "password2": "a\x00" * 9}, "Null characters are not allowed."),
        ({"password1": "x" * 501, "password2": "x" * 501}, "Ensure this value has at most 500 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(
    client: Client, invitation: Invitation, values: dict[str, str], error: str
) -> None:
    response = client.post(join_path(invitation), filled(**values))
    assert response.status_code == 200
    assert error in response.content.decode()
    if "display_name" not in values:
        assert 'value="New Person"' in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert ("Type both passwords once more" in response.content.decode()) is not ("password2" in values)
    invitation.refresh_from_db()
    assert invitation.state == "pending"
    assert nothing_written()


def test_the_secretariat_s_people_need_no_helix(client: Client) -> None:
    by = factories.secretariat()
    leading = actions.invite(group=factories.group(), email="lead@example.org", role="leader", by=by)
    client.post(join_path(leading), filled(helix=""))
    assert Membership.objects.get().role == "leader"


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "a.b",
        "%00",
        "x" * 3000,
        signing.Signer(salt="another purpose", sep=".").sign("nonce"),
        signing.Signer(salt="workinggroups.invitation", sep=".").sign("never stored"),
    ],
)
def test_a_link_not_made_here_leads_to_no_invitation(client: Client, token: str) -> None:
    for where in (f"/join/{token}/", f"/join/{token}/decline/"):
        for response in (client.get(where), client.post(where, filled())):
            assert response.status_code == 404
            assert "This link leads to no invitation" in response.content.decode()
    assert nothing_written()


def test_a_tampered_link_is_refused(client: Client, invitation: Invitation) -> None:
    token = token_of(invitation)
    for wrong in (token[:-1], token[1:], f"{token}A", token.swapcase()):
        assert client.post(f"/join/{wrong}/", filled()).status_code == 404
    assert nothing_written()


def end_by(way: str, invitation: Invitation) -> None:
    if way == "expired":
        long_ago = timezone.now() - dt.timedelta(days=20)
        Invitation.objects.filter(pk=invitation.pk).update(
            invited_at=long_ago, expires_at=long_ago + dt.timedelta(days=14)
        )
    elif way == "withdrawn":
        actions.withdraw_invitation(invitation=invitation, by=invitation.invited_by)
    else:
        actions.decline(invitation=invitation)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("expired", "This invitation is too old"),
        ("withdrawn", "This invitation was withdrawn"),
        ("declined", "This invitation was declined"),
    ],
)
def test_an_invitation_that_is_over_says_so_and_writes_nothing(
    client: Client, invitation: Invitation, way: str, said: str
) -> None:
    end_by(way, invitation)
    before = Entry.objects.count()
    for where in (join_path(invitation), f"{join_path(invitation)}decline/"):
        for response in (client.get(where), client.post(where, filled())):
            assert response.status_code == 410
            assert said in response.content.decode()
    assert nothing_written()
    assert Entry.objects.count() == before


def test_the_link_works_once(client: Client, invitation: Invitation) -> None:
    client.post(join_path(invitation), filled())
    response = Client().post(join_path(invitation), filled(display_name="Somebody Else"))
    assert response.status_code == 410
    assert "This invitation was accepted" in response.content.decode()
    assert Membership.objects.get().user.display_name == "New Person"


def test_declining_is_asked_and_then_done(client: Client, invitation: Invitation) -> None:
    where = f"{join_path(invitation)}decline/"
    assert "Decline the invitation?" in client.get(where).content.decode()
    invitation.refresh_from_db()
    assert invitation.state == "pending"
    response = client.post(where, follow=True)
    assert response.status_code == 410
    assert "This invitation was declined" in response.content.decode()
    invitation.refresh_from_db()
    assert (invitation.state, nothing_written()) == ("declined", True)


# -- people who have an account
def test_who_has_an_account_is_asked_to_sign_in_first(client: Client, invitation: Invitation) -> None:
    factories.user(email="New@example.org".lower())
    page = client.get(join_path(invitation)).content.decode()
    assert "There is already an account for new@example.org." in page
    assert f"{reverse('account_login')}?next={join_path(invitation)}" in page
    assert "password1" not in page
    client.post(join_path(invitation), filled())
    assert not Membership.objects.exists()


def test_signed_in_as_that_person_one_button_is_enough(signed_in: SignedIn, invitation: Invitation) -> None:
    person = factories.user(email="new@example.org")
    client = signed_in(person)
    assert "You are signed in as" in client.get(join_path(invitation)).content.decode()
    page = client.post(join_path(invitation), follow=True).content.decode()
    assert "Welcome to the group The Group." in page
    assert Membership.objects.get().user == person


@pytest.mark.parametrize("has_account", [True, False])
def test_signed_in_as_another_person_nothing_happens(
    signed_in: SignedIn, invitation: Invitation, *, has_account: bool
) -> None:
    if has_account:
        factories.user(email="new@example.org")
    client = signed_in(factories.user(display_name="Another Person"))
    page = client.post(join_path(invitation), filled()).content.decode()
    assert "You are signed in as Another Person, but this invitation is for new@example.org." in page
    invitation.refresh_from_db()
    assert (invitation.state, Membership.objects.exists()) == ("pending", False)


def test_a_closed_account_is_told_whom_to_write_to(client: Client, invitation: Invitation) -> None:
    factories.user(email="new@example.org", is_active=False)
    page = client.get(join_path(invitation)).content.decode()
    assert "The account with this address is closed." in page


def test_who_became_a_member_meanwhile_is_told_so(signed_in: SignedIn, invitation: Invitation) -> None:
    person = factories.member(invitation.group, email="new@example.org")
    page = signed_in(person).post(join_path(invitation), follow=True).content.decode()
    assert "This person is already a member of the group" in page
    assert Membership.objects.count() == 1


def test_whoever_opens_the_letter_again_after_joining_is_led_to_the_group(
    signed_in: SignedIn, invitation: Invitation
) -> None:
    person, link = factories.user(email="new@example.org"), join_path(invitation)
    actions.accept(invitation=invitation, by=person)
    answer = signed_in(person).get(link)
    assert (answer.status_code, answer["Location"]) == (302, invitation.group.get_absolute_url())
    assert signed_in(factories.user()).get(link).status_code == 410
