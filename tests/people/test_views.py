"""The account page keeps what was typed, says what is wrong, and writes nothing then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from people.actions import install_regions
from people.models import Helix, Organisation, Region, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
ADDRESS = "/account/"


def filled(**values: Any) -> dict[str, Any]:
    return {
        "display_name": "Zoë Demo",
        "organisation": "",
        "new_organisation": "",
        "new_organisation_kind": "",
        "helix": "academia",
        "region": "",
        "language": "en",
        "timezone": "Europe/Athens",
    } | values


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(ADDRESS)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={ADDRESS}")


def test_the_page_shows_the_profile_and_the_groups(signed_in: SignedIn) -> None:
    group = factories.group(name="Group of the page")
    user = factories.member(group, display_name="Ana Demo")
    page = signed_in(user).get(ADDRESS).content.decode()
    assert 'value="Ana Demo"' in page
    assert "Group of the page" in page
    assert user.email in page


def test_saving_writes_every_field(signed_in: SignedIn) -> None:
    install_regions()
    user, organisation = factories.user(), factories.organisation()
    values = filled(organisation=organisation.pk, region="PT19", show_name_publicly="on")
    response = signed_in(user).post(ADDRESS, values, follow=True)
    assert "Your profile was saved." in response.content.decode()
    user.refresh_from_db()
    assert (user.display_name, user.organisation, user.helix) == ("Zoë Demo", organisation, Helix.ACADEMIA)
    assert user.region == Region.objects.get(code="PT19")
    assert (user.timezone, user.show_name_publicly) == ("Europe/Athens", True)


def test_a_region_of_an_older_version_shows_as_the_one_of_today(signed_in: SignedIn) -> None:
    install_regions()
    user = factories.user(region=Region.objects.get(code="PT16"))
    assert '<option value="PT19" selected>' in signed_in(user).get(ADDRESS).content.decode()


def test_an_organisation_that_is_not_in_the_list_is_added(signed_in: SignedIn) -> None:
    user = factories.user()
    values = filled(new_organisation="Cluster of the North", new_organisation_kind="cluster", helix="")
    signed_in(user).post(ADDRESS, values)
    user.refresh_from_db()
    assert user.organisation == Organisation.objects.get(name="Cluster of the North")
    assert user.helix == Helix.BUSINESS


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("display_name", "", "Fill in “Name”"),
        ("display_name", "a\x00b", "Null characters are not allowed."),
        ("display_name", "x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("organisation", "99999999999999999999", "Choose one of the list, or name a new organisation below."),
        ("organisation", "a\x00", "Null characters are not allowed."),
        ("new_organisation", "y" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("new_organisation", "Without a type", "Say what type of organisation this is."),
        ("new_organisation_kind", "circus", "Select a valid choice. circus is not one of the available choices."),
        ("helix", "fifth", "Select a valid choice. fifth is not one of the available choices."),
        ("region", "PT1\x00", "Select a valid choice."),
        ("timezone", "Mars/Olympus", "Select a valid choice. Mars/Olympus is not one of the available choices."),
        ("language", "tlh", "Select a valid choice. tlh is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(
    signed_in: SignedIn, field: str, value: str, error: str
) -> None:
    user = factories.user(display_name="Before")
    response = signed_in(user).post(ADDRESS, filled(**{field: value}))
    assert response.status_code == 200
    assert error in response.content.decode()
    if field != "display_name":
        assert 'value="Zoë Demo"' in response.content.decode()
    user.refresh_from_db()
    assert user.display_name == "Before"
    assert not Organisation.objects.exists()


def test_one_organisation_is_enough(signed_in: SignedIn) -> None:
    known = factories.organisation()
    values = filled(organisation=known.pk, new_organisation="Other", new_organisation_kind="company")
    page = signed_in(factories.user()).post(ADDRESS, values).content.decode()
    assert "Choose from the list or name a new organisation, not both." in page
    assert Organisation.objects.get() == known


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_organisations_and_groups(
    signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    install_regions()
    user = factories.user(region=Region.objects.get(code="PT19"), organisation=factories.organisation())
    for _ in range(count):
        factories.organisation()
        factories.member(factories.group(), person=user)
    client = signed_in(user)
    with django_assert_num_queries(10):
        client.get(ADDRESS)
