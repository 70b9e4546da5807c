"""Signing in with e-mail and password; nobody signs up."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions import Profile, create_account
from people.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "eleven horses and a lake"


@pytest.fixture
def person() -> User:
    return create_account(email="person@example.org", password=PASSWORD, profile=Profile("Person"))


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("typed", ["person@example.org", "Person@Example.ORG"])
def test_address_and_password_open_the_door(client: Client, person: User, typed: str) -> None:
    response = client.post(reverse("account_login"), {"login": typed, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("s3cop:dashboard"))
    assert signed_in_as(client) == str(person.pk)


@pytest.mark.parametrize("values", [{"password": "wrong"}, {"login": "nobody@example.org"}, {"login": "a\x00b"}])
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    client: Client, person: User, values: dict[str, str]
) -> None:
    response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD} | values)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert signed_in_as(client) is None


def test_a_closed_account_opens_no_door(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert signed_in_as(client) is None


def test_signing_up_is_closed(client: Client) -> None:
    values = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), values)):
        assert response.status_code == 200
        assert "Accounts come with an invitation" in response.content.decode()
    assert not User.objects.exists()


def set_password(client: Client, link: str, password: str) -> Any:
    page = client.get(link, follow=True)
    assert page.status_code == 200
    return client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_forgotten_password_is_set_anew_by_a_link_in_a_mail(client: Client, person: User) -> None:
    client.post(reverse("account_reset_password"), {"email": person.email})
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert letter.subject == "Choose a new password"
    link = re.search(r"http://testserver(\S+)", str(letter.body))
    assert link
    set_password(client, link[1], "a quite different one")
    assert client.login(email=person.email, password="a quite different one")


def test_a_mail_for_an_unknown_address_promises_no_sign_up(client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    (letter,) = mail.outbox
    assert "no account" in str(letter.body)
    assert "/signup" not in str(letter.body)


def test_the_first_account_of_the_secretariat_gets_a_link_that_works_once(client: Client) -> None:
    said = StringIO()
    call_command("createsecretariat", "First@Example.org", stdout=said)
    first, link = said.getvalue().splitlines()
    assert first == "Account first@example.org created. Set its password here, once and within 3 days:"
    user = User.objects.get()
    assert (user.is_secretariat, user.display_name, user.has_usable_password()) == (True, "First", False)
    assert EmailAddress.objects.get(user=user).verified
    path = "/" + link.split("/", 3)[3]
    set_password(client, path, PASSWORD)
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response["Location"] == reverse("s3cop:dashboard")
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("person@example.org", "There is already an account with the address person@example.org."),
        ("PERSON@example.org", "There is already an account with the address PERSON@example.org."),
        ("no address", "Enter a valid email address. (no address)"),
    ],
)
def test_a_taken_or_broken_address_is_refused_in_one_line(person: User, address: str, reason: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("createsecretariat", address)
    assert (str(refused.value), refused.value.returncode) == (reason, 1)
    assert User.objects.get() == person


def test_a_session_opens_the_own_pages_until_it_ends_or_the_account_is_closed(client: Client, person: User) -> None:
    client.force_login(person)
    home = reverse("people:account")
    assert client.get(home).status_code == 200
    held = Session.objects.get()
    Session.objects.update(expire_date=timezone.now())
    assert client.get(home).status_code == 302
    Session.objects.update(expire_date=held.expire_date)
    client.cookies["sessionid"] = held.session_key  # the answer before took it away
    assert client.get(home).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(home).status_code == 302
