"""Accounts and profiles: made once, changed with a trace, named only with consent."""

import pytest
from allauth.account.models import EmailAddress

from history.models import ContentVersion, Entry
from people.actions import (
    AddressTakenError,
    NewOrganisation,
    Profile,
    create_account,
    create_secretariat,
    update_profile,
)
from people.models import Helix, Organisation, User
from tests import factories
from tests.at_once import behind

pytestmark = pytest.mark.django_db


def verbs(of: User) -> list[str]:
    return list(Entry.objects.about(of).order_by("pk").values_list("verb", flat=True))


def test_a_new_account_has_a_confirmed_address_and_its_password() -> None:
    user = create_account(email="New.Person@Example.org", password="a long password", profile=Profile("New Person"))
    assert (user.email, user.check_password("a long password")) == ("new.person@example.org", True)
    address = EmailAddress.objects.get()
    assert (address.user, address.email, address.verified, address.primary) == (user, user.email, True, True)
    assert verbs(user) == ["joined"]


@pytest.mark.parametrize("again", ["taken@example.org", "TAKEN@example.org", " taken@example.org "])
def test_an_address_makes_one_account_only(again: str) -> None:
    factories.user(email="taken@example.org")
    with pytest.raises(AddressTakenError, match="already an account"):
        create_account(email=again, password="x", profile=Profile("Second"))
    assert User.objects.count() == 1


def test_without_a_helix_the_one_of_the_organisation_counts() -> None:
    profile = Profile("Person", organisation=NewOrganisation("Δήμος", Organisation.Kind.REGIONAL_AUTHORITY))
    user = create_account(email="a@example.org", password=None, profile=profile)
    assert user.organisation
    assert (user.helix, user.organisation.slug) == (Helix.GOVERNMENT, "organisation")
    assert not user.has_usable_password()


def test_an_own_helix_stands_before_that_of_the_organisation() -> None:
    profile = Profile("P", organisation=NewOrganisation("Uni", Organisation.Kind.UNIVERSITY), helix=Helix.BUSINESS)
    assert create_account(email="a@example.org", password=None, profile=profile).helix == Helix.BUSINESS


def test_a_new_organisation_of_a_known_name_is_the_known_one() -> None:
    known = factories.organisation(name="Known University")
    profile = Profile("P", organisation=NewOrganisation("known university", Organisation.Kind.COMPANY))
    assert create_account(email="a@example.org", password=None, profile=profile).organisation == known
    assert Organisation.objects.get() == known


def test_new_organisations_with_one_short_name_get_numbers() -> None:
    for number, name in enumerate(["Uni A", "Uni, A", "Uni – A"]):
        profile = Profile("P", organisation=NewOrganisation(name, Organisation.Kind.UNIVERSITY))
        create_account(email=f"{number}@example.org", password=None, profile=profile)
    assert sorted(Organisation.objects.values_list("slug", flat=True)) == ["uni-a", "uni-a-2", "uni-a-3"]


def test_consent_at_joining_stands_in_the_history_and_nowhere_public() -> None:
    user = create_account(email="a@example.org", password=None, profile=Profile("P", show_name_publicly=True))
    assert verbs(user) == ["joined", "agreed_to_be_named"]
    assert not Entry.objects.published().exists()


def test_a_withdrawn_consent_holds_at_once_and_tells_the_page_cache() -> None:
    user = factories.user(show_name_publicly=True)
    profile = Profile(user.display_name, helix=user.helix, show_name_publicly=False)
    assert update_profile(user=user, profile=profile, by=user) == ["show_name_publicly"]
    user.refresh_from_db()
    assert not user.show_name_publicly
    assert verbs(user) == ["profile_changed", "withdrew_name"]
    assert not Entry.objects.published().exists()
    assert ContentVersion.objects.get().number == 1


def test_a_change_nobody_else_sees_moves_no_public_version() -> None:
    user = factories.user()
    profile = Profile(user.display_name, helix=user.helix, timezone="Europe/Helsinki")
    assert update_profile(user=user, profile=profile, by=user) == ["timezone"]
    assert not ContentVersion.objects.exists()


def test_saving_what_is_there_already_writes_nothing() -> None:
    user = factories.user()
    assert update_profile(user=user, profile=Profile(user.display_name, helix=user.helix), by=user) == []
    assert not Entry.objects.exists()


def test_an_account_of_the_secretariat_has_no_password_and_no_admin_rights() -> None:
    user = create_secretariat(email="s@example.org", display_name="S")
    assert (user.is_secretariat, user.is_staff, user.has_usable_password()) == (True, False, False)
    assert EmailAddress.objects.get().verified


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_organisation_at_once_share_it() -> None:
    def join(email: str) -> User:
        profile = Profile("New Person", NewOrganisation("The same one", Organisation.Kind.COMPANY))
        return create_account(email=email, password=None, profile=profile)

    second = behind(lambda: join("one@example.org"), lambda: join("two@example.org"))
    assert (second.organisation, second.helix) == (Organisation.objects.get(), Helix.BUSINESS)
