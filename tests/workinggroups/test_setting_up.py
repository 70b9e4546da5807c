"""The secretariat sets up a group, and changes its names, its criterion and its mandate."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from history.models import Entry
from people.models import User
from tests import factories
from tests.at_once import behind
from tests.sent import untouched
from workinggroups import criteria
from workinggroups.models import Criterion, WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
NEEDING_A_GROUP = [
    "/meetings/new/",
    "/meetings/new/series/",
    "/meetings/record/",
    "/challenges/new/",
    "/rounds/new/",
    "/outcomes/new/",
]


@pytest.fixture
def office(signed_in: SignedIn) -> Client:
    return signed_in(factories.secretariat())


def sent(office: Client, **values: Any) -> dict[str, Any]:
    return untouched(office, "/groups/new/") | {"name": "Innovation Diffusion"} | values


def test_the_page_of_groups_offers_it_to_the_secretariat_only(office: Client, client: Client) -> None:
    offered = ["Set up a working group" in one.get("/groups/").content.decode() for one in (office, client)]
    assert offered == [True, False]


def test_a_new_group_has_its_page_its_criterion_and_a_history(office: Client) -> None:
    mandate = {"kicked_off": "2026-11", "mandate_from": "2026-11-01", "mandate_until": "2029-11-01"}
    answer = office.post("/groups/new/", sent(office, criterion="2021-2027/07", aliases="Diffusion", **mandate))
    assert (answer.status_code, answer["Location"]) == (302, "/groups/innovation-diffusion/")
    group = WorkingGroup.objects.select_related("criterion").get()
    assert str(group.criterion) == f"7. {criteria.TITLES[6]}"
    assert (group.aliases, group.kicked_off, group.mandate_until) == (["Diffusion"], "2026-11", dt.date(2029, 11, 1))
    assert [entry.verb for entry in Entry.objects.about(group).published()] == ["created"]
    assert "Invite its people next" in office.get("/groups/innovation-diffusion/").content.decode()


def test_a_criterion_that_is_stored_is_not_stored_again(office: Client) -> None:
    own = Criterion.objects.create(number=7, period="2021-2027", title="Our words", legal_base="A law")
    office.post("/groups/new/", sent(office, criterion="2021-2027/07"))
    assert list(WorkingGroup.objects.values_list("criterion", flat=True)) == [own.pk]


@pytest.mark.parametrize("name", ["Innovation diffusion", "Diffusion of Innovation"])
def test_a_name_or_another_name_that_is_taken_is_refused_and_what_was_typed_is_kept(office: Client, name: str) -> None:
    factories.group(slug="known", name="Innovation Diffusion", aliases=["Diffusion of innovation"])
    answer = office.post("/groups/new/", sent(office, name=name, summary="About it"))
    assert answer.context["form"].errors == {"name": ["There is already a group of this name."]}
    assert "About it" in answer.content.decode()


def test_short_names_never_meet_an_address_that_is_taken(office: Client) -> None:
    factories.group(slug="group")
    for name in ("New", "Διάχυση"):
        office.post("/groups/new/", sent(office, name=name))
    assert list(WorkingGroup.objects.order_by("pk").values_list("slug", flat=True)) == ["group", "new-2", "group-2"]


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "Fill in “Name”"),
        ("kicked_off", "2026-02-30", "Write a year, a month or a day, such as 2023, 2023-06 or 2023-06-08."),
        ("mandate_until", "2026-10-31", "The mandate must end after it begins."),
        ("aliases", "x" * 121, "A name may have 120 characters at most."),
        ("aliases", "Known", "One of these names leads to the group Known already."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(office: Client, field: str, value: str, error: str) -> None:
    factories.group(slug="known", name="Known")
    answer = office.post("/groups/new/", sent(office, mandate_from="2026-11-01") | {field: value})
    assert (answer.status_code, error in answer.content.decode()) == (200, True)
    assert WorkingGroup.objects.count() == 1


def test_names_and_mandate_are_changed_on_the_page_and_the_address_stays(office: Client) -> None:
    group = factories.group(slug="diffusion", mandate_from=dt.date(2026, 1, 1), aliases=["Other"])
    address = "/groups/diffusion/edit/"
    office.post(address, untouched(office, address) | {"name": "Innovation", "status": "closed"})
    group.refresh_from_db()
    assert (group.slug, group.name, group.status, group.aliases) == ("diffusion", "Innovation", "closed", ["Other"])
    assert group.mandate_from == dt.date(2026, 1, 1)


def test_nobody_else_sets_up_a_group(signed_in: SignedIn) -> None:
    client = signed_in(factories.leader(factories.group()))
    assert [client.get("/groups/new/").status_code, client.post("/groups/new/").status_code] == [404, 404]


@pytest.mark.parametrize("address", NEEDING_A_GROUP)
def test_without_any_group_the_secretariat_is_led_to_set_one_up(
    office: Client, signed_in: SignedIn, address: str
) -> None:
    answer = office.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/groups/new/")
    assert signed_in(factories.user()).get(address).status_code == 404
    factories.group()
    assert office.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("second", "status", "groups"), [("Ομάδα", 200, ["group"]), ("Друга", 302, ["group", "group-2"])]
)
def test_of_two_groups_set_up_at_once_only_the_same_one_is_refused(
    second: str, status: int, groups: list[str], signed_in: SignedIn
) -> None:
    office = signed_in(factories.secretariat())
    first, other = (sent(office, name=name) for name in ("Ομάδα", second))
    answer = behind(lambda: office.post("/groups/new/", first), lambda: office.post("/groups/new/", other))
    found = WorkingGroup.objects.order_by("slug").values_list("slug", flat=True)
    assert (answer.status_code, list(found)) == (status, groups)
