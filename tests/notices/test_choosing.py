"""People choose their letters on a page, or end them by the link in a letter; nobody ends those of others."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from history.models import Entry
from notices import delivery
from notices.models import Channel, LetterClass, Notice, Preference, QuietHours, Undeliverable
from notices.tokens import ending_of, token_of
from people.models import User
from tests.factories import user
from tests.notices.conftest import OPTIONAL

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
Queued = Callable[..., Notice]
PAGE = "/account/letters/"
ALL_MAIL = dict.fromkeys(LetterClass.values, "mail")


def chosen(person: User) -> dict[str, str]:
    rows = Preference.objects.filter(person=person).order_by("letter_class")
    return {row.letter_class: row.channel for row in rows}


# -- the page --------------------------------------------------------------------------------------------------------
def test_a_choice_is_saved_told_and_shown(signed_in: SignedIn) -> None:
    person = user()
    client = signed_in(person)
    form = ALL_MAIL | {"round": "digest", "outcome": "none", "quiet_from": "22:00", "quiet_until": "07:00"}
    answer = client.post(PAGE, form, follow=True)
    assert "Your choice was saved." in answer.content.decode()
    assert chosen(person) == ALL_MAIL | {"round": "digest", "outcome": "none"}
    hours = QuietHours.objects.get(person=person)
    assert (hours.begins, hours.ends) == (dt.time(22), dt.time(7))
    assert answer.context["form"].initial == ALL_MAIL | {
        "round": "digest",
        "outcome": "none",
        "quiet_from": dt.time(22),
        "quiet_until": dt.time(7),
    }
    assert [(entry.verb, entry.payload) for entry in Entry.objects.about(person)] == [
        ("letters_chosen", {"classes": ["outcome", "round"]})
    ]


def test_the_same_choice_again_changes_nothing(signed_in: SignedIn) -> None:
    person = user()
    client = signed_in(person)
    assert "Nothing was changed." in client.post(PAGE, ALL_MAIL, follow=True).content.decode()
    assert Entry.objects.about(person).count() == 0


def test_empty_quiet_hours_take_them_away(signed_in: SignedIn) -> None:
    person = user()
    QuietHours.objects.create(person=person, begins=dt.time(22), ends=dt.time(7))
    signed_in(person).post(PAGE, ALL_MAIL)
    assert QuietHours.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "22:00"}, "quiet_from"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from"),
        ({"meeting": "pigeon"}, "meeting"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_at_its_field(
    signed_in: SignedIn, wrong: dict[str, str], field: str
) -> None:
    person = user()
    answer = signed_in(person).post(PAGE, ALL_MAIL | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert chosen(person) == {}


def test_the_page_costs_the_same_with_and_without_choices(
    signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = user()
    client = signed_in(person)
    with django_assert_num_queries(6):
        client.get(PAGE)
    client.post(PAGE, ALL_MAIL)
    with django_assert_num_queries(6):
        client.get(PAGE)


def test_who_cannot_be_reached_is_told_on_both_pages(signed_in: SignedIn) -> None:
    person = user(email="Gone@example.org")
    Undeliverable.objects.create(email="gone@example.org", person=person, said="550", since=person.joined_at)
    for page in (PAGE, "/account/"):
        assert "Our letters to gone@example.org are refused." in signed_in(person).get(page).content.decode()
    other = user()
    Undeliverable.objects.create(email="old@example.org", person=other, said="550", since=person.joined_at)
    assert "are refused" not in signed_in(other).get("/account/").content.decode()


# -- the link --------------------------------------------------------------------------------------------------------
def link(person: User, *classes: str) -> str:
    return reverse("notices:unsubscribe", args=[token_of(person, classes or ("meeting",))])


def test_a_link_opened_changes_nothing(client: Client) -> None:
    person = user()
    answer = client.get(link(person))
    assert (answer.status_code, chosen(person), answer.cookies) == (200, {}, {})
    assert "End these letters" in answer.content.decode()


def test_one_click_ends_letters_without_signing_in_and_without_a_cookie() -> None:
    """As mail programs post it (RFC 8058), with CSRF protection switched on."""
    person = user()
    answer = Client(enforce_csrf_checks=True).post(link(person), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, chosen(person), answer.cookies) == (200, {"meeting": "none"}, {})
    assert [(entry.verb, entry.by) for entry in Entry.objects.about(person)] == [("unsubscribed", person)]


def test_clicking_twice_is_as_clicking_once() -> None:
    person = user()
    for _ in range(2):
        Client().post(link(person))
    assert (chosen(person), Entry.objects.about(person).count()) == ({"meeting": "none"}, 1)


@pytest.mark.parametrize("before", ["mail", "digest"])
def test_it_can_be_taken_back_as_it_was(before: str) -> None:
    person = user()
    Preference.objects.create(person=person, letter_class="meeting", channel=before)
    page = Client().post(link(person)).content.decode()
    assert f'name="to" value="{before}"' in page
    again = Client().post(link(person), {"to": before})
    assert "These letters come again" in again.content.decode()
    assert chosen(person) == {"meeting": before}


def test_the_link_of_a_digest_ends_its_classes_and_no_other() -> None:
    person = user()
    Client().post(link(person, "meeting", "outcome"))
    assert chosen(person) == {"meeting": "none", "outcome": "none"}


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "9" + t, lambda t: t.replace("meeting", "round"), str.upper]
)
def test_a_link_that_was_not_made_here_ends_nothing(spoil: Callable[[str], str]) -> None:
    person = user()
    address = reverse("notices:unsubscribe", args=[spoil(token_of(person, ["meeting"]))])
    assert (Client().get(address).status_code, Client().post(address).status_code) == (404, 404)
    assert Preference.objects.count() == 0


def test_the_link_of_an_account_that_is_gone_is_gone() -> None:
    person = user()
    token = token_of(person, ["meeting"])
    person.delete()
    assert ending_of(token) is None


# -- in the letter ---------------------------------------------------------------------------------------------------
def test_a_letter_one_can_do_without_carries_the_link_in_header_and_footer(letter: Queued) -> None:
    person = user()
    letter(person, kind=OPTIONAL)
    delivery.deliver()
    (message,) = mail.outbox
    headers = message.extra_headers
    address = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"No more letters of this kind: {address}" in message.body
    Client().post(address.removeprefix("http://127.0.0.1:8000"))
    assert chosen(person) == {"meeting": Channel.NONE}


def test_an_essential_letter_carries_none(letter: Queued) -> None:
    letter(user())
    delivery.deliver()
    (message,) = mail.outbox
    assert {name for name in message.extra_headers if name.startswith("List-")} == set()
    assert "No more letters" not in message.body


def test_the_link_in_a_digest_ends_the_classes_in_it(letter: Queued) -> None:
    person = user()
    Preference.objects.create(person=person, letter_class="meeting", channel="digest")
    letter(person, kind=OPTIONAL)
    delivery.deliver()
    delivery.deliver(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    ending = ending_of(address.rstrip("/").rpartition("/")[2])
    assert ending
    assert (ending.person, ending.classes) == (person, (LetterClass.MEETING,))
