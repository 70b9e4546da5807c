"""Merging, undoing and splitting from the pages: what each form keeps, what it refuses, and who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Challenge
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def address(name: str, challenge: Challenge) -> str:
    return reverse(f"challenges:{name}", args=[challenge.slug])


def test_merging_starts_at_the_challenge_or_in_the_register_and_can_be_undone_there(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, into = make.challenge(group, title="Money"), make.challenge(group, title="Funding")
    client, page = signed_in(make.leader(group)), address("merge", challenge)
    for start in (challenge.get_absolute_url(), "/challenges/"):
        assert f'href="{page}"' in text(client.get(start))
    assert re.findall(r'<option value="([^"]+)"', text(client.get(page))) == [into.slug]
    response = client.post(page, {"into": into.slug, "reason": "The same."}, follow=True)
    assert "It is merged." in text(response)
    undo = address("undo_merge", challenge)
    assert f'href="{undo}"' in text(response)
    client.post(undo, {"reason": ""})
    assert Challenge.objects.get(pk=challenge.pk).status == "merged"
    told = text(client.post(undo, {"reason": "They differ."}, follow=True))
    assert ("It stands in the register again." in told, "<p>They differ.</p>" in told) == (True, True)
    assert Challenge.objects.get(pk=challenge.pk).status == "identified"
    assert client.get(undo).status_code == 302


@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"reason": ""}, "reason"),
        ({"into": ""}, "into"),
        ({"into": "itself"}, "into"),
        ({"into": "elsewhere"}, "into"),
        ({"into": "parked"}, "into"),
        ({"into": "nul\x00"}, "into"),
        ({"into": "part"}, "__all__"),
    ],
)
def test_a_merge_that_does_not_fit_is_an_error_beside_its_field(
    values: dict[str, str], faulty: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, into = make.challenge(group, slug="itself"), make.challenge(group, slug="good")
    make.challenge(make.group(), slug="elsewhere")
    make.challenge(group, slug="parked", status="parked")
    make.challenge(group, slug="part", parent=into)
    make.challenge(group, parent=challenge)
    response = signed_in(make.leader(group)).post(
        address("merge", challenge), {"into": "good", "reason": "Kept", **values}
    )
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [faulty])
    assert form["reason"].value() == values.get("reason", "Kept")
    assert Challenge.objects.get(pk=challenge.pk).status == "identified"


def test_splitting_names_the_new_challenges_on_both_pages(group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group, title="Money")
    client, page = signed_in(make.leader(group)), address("split", challenge)
    assert f'href="{page}"' in text(client.get("/challenges/"))
    data = {"title_1": "Projects", "text_1": "Calls.", "title_2": "People", "text_2": "", "reason": "Two matters."}
    told = text(client.post(page, data, follow=True))
    assert "2 challenges were added." in told
    new = [Challenge.objects.get(title=title) for title in ("Projects", "People")]
    links = " · ".join(f'<a href="{one.get_absolute_url()}">{one.title}</a>' for one in new)
    assert f"Split into: {links}" in told
    back = f'Split from: <a href="{challenge.get_absolute_url()}">Money</a>'
    assert back in text(Client().get(new[0].get_absolute_url()))


def test_the_page_of_a_part_does_not_name_a_parked_origin_to_the_public(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge = make.challenge(group, title="Secret no more")
    data = {"title_1": "One", "title_2": "Two", "reason": "R.", "park": "on"}
    signed_in(make.leader(group)).post(address("split", challenge), data)
    part = Challenge.objects.get(title="One").get_absolute_url()
    pages = [text(client.get(part)) for client in (Client(), signed_in(make.member(group)))]
    assert ["Secret no more" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"title_2": ""}, "title_2"),
        ({"text_3": "A text without a title"}, "title_3"),
        ({"title_1": "x" * 201}, "title_1"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_split_that_does_not_fit_is_an_error_beside_its_field(
    values: dict[str, str], faulty: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge = make.challenge(group)
    data = {"title_1": "One", "title_2": "Two", "text_2": "Kept", "reason": "R."} | values
    response = signed_in(make.leader(group)).post(address("split", challenge), data)
    form = response.context["form"]
    assert (response.status_code, list(form.errors), form["text_2"].value()) == (200, [faulty], "Kept")
    assert Challenge.objects.count() == 1


@pytest.mark.parametrize("name", ["merge", "split", "undo_merge"])
def test_the_register_is_merged_and_split_by_those_who_steer(
    name: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, leader = make.challenge(group), make.leader(group)
    if name == "undo_merge":
        actions.merge_challenge(challenge=challenge, into=make.challenge(group), by=leader, reason="R.")
    people = [make.user(), make.leader(make.group()), make.member(group), leader, make.secretariat()]
    statuses = [client.get(address(name, challenge)).status_code for client in (Client(), *map(signed_in, people))]
    assert statuses == [302, 404, 404, 403, 200, 200]


@pytest.mark.parametrize("name", ["merge", "split"])
def test_what_is_in_focus_is_neither_merged_nor_split(name: str, group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group, status="in_focus")
    response = signed_in(make.leader(group)).get(address(name, challenge))
    assert response.status_code == 403
    assert "neither in focus nor put aside" in text(response)
    assert address(name, challenge) not in text(signed_in(make.secretariat()).get(challenge.get_absolute_url()))


def test_what_the_register_refuses_while_adding_is_an_error_of_the_form(
    group: WorkingGroup, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five times in a row another group was faster with the same title."""
    make.challenge(make.group(), slug="capacity")
    monkeypatch.setattr("challenges.actions.register._free_slug", lambda _title: "capacity")
    data = {"title": "Capacity", "text": "Kept", "nature": "need", "parent": ""}
    response = signed_in(make.member(group)).post("/challenges/new/", data)
    form = response.context["form"]
    refusal = "The short name “capacity” is taken. Try again."
    assert (response.status_code, form.non_field_errors(), form["text"].value()) == (200, [refusal], "Kept")
