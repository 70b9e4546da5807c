"""Whoever sends a form after their session was over loses nothing of what they have typed."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse

from people import kept
from people.actions import Profile, create_account
from people.kept import Kept
from people.models import User
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
PASSWORD = "eleven horses and a lake"
ORIGIN = "http://testserver"
TEXT = "State aid rules are read differently on the two sides of the border."
FORM = {"title": "Legal differences", "text": TEXT, "nature": "problem"}


@pytest.fixture
def group() -> WorkingGroup:
    return factories.group()


@pytest.fixture
def member(group: WorkingGroup) -> User:
    person = create_account(email="anna@example.org", password=PASSWORD, profile=Profile("Anna"))
    return factories.member(group, person=person)


def post(client: Client, values: dict[str, Any], address: str = "/challenges/new/", origin: str = ORIGIN) -> Any:
    return client.post(address, values, headers={"origin": origin})


def test_a_form_sent_too_late_is_kept_through_the_sign_in_and_sent_on(
    client: Client, member: User, group: WorkingGroup
) -> None:
    late = post(client, FORM)
    assert (late.status_code, "You are no longer signed in" in late.content.decode()) == (403, True)
    sign_in = {"login": member.email, "kept": late.context["kept"]}
    wrong = client.post(reverse("account_login"), sign_in | {"password": "wrong"}).content.decode()
    assert f'name="kept" value="{late.context["kept"]}"' in wrong
    back = client.post(reverse("account_login"), sign_in | {"password": PASSWORD})
    assert back.context["kept"] == Kept("/challenges/new/", list(FORM.items()))
    page = back.content.decode()
    assert [words in page for words in (TEXT, "Sign out")] == [True, True]
    assert post(client, dict(back.context["kept"].fields), back.context["kept"].address).status_code == 302
    assert list(group.challenges.values_list("title", flat=True)) == ["Legal differences"]


@pytest.mark.parametrize(
    ("values", "origin"),
    [(FORM, "https://elsewhere.example"), (FORM, ""), ({"title": ""}, ORIGIN), ({"password": PASSWORD}, ORIGIN)],
)
def test_nothing_is_kept_of_other_sites_of_buttons_and_of_passwords(
    client: Client, values: dict[str, str], origin: str
) -> None:
    answer = post(client, values, origin=origin)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/challenges/new/")


def test_what_was_not_sealed_here_is_not_opened(client: Client, member: User) -> None:
    values = {"login": member.email, "password": PASSWORD, "kept": "forged"}
    answer = client.post(reverse("account_login"), values)
    assert (answer.status_code, answer["Location"]) == (302, reverse("s3cop:dashboard"))


def test_a_token_of_another_sign_in_keeps_the_form_too(member: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert b"You are no longer signed in" in post(browser, FORM).content
    browser.force_login(member)
    late = post(browser, FORM)
    assert (late.status_code, late.context["kept"].fields) == (403, list(FORM.items()))
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    assert post(browser, FORM | {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_form_of_another_site_is_refused_as_before(member: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)
    late = post(browser, FORM, origin="https://elsewhere.example")
    assert (late.status_code, b"Please send the form again" in late.content, TEXT.encode() in late.content) == (
        403,
        True,
        False,
    )


def test_public_forms_are_sent_again_without_signing_in(rf: RequestFactory) -> None:
    request = rf.post("/outcomes/follow/", {"email": "a@example.org"}, headers={"origin": ORIGIN})
    request.user = AnonymousUser()
    answer = Client(enforce_csrf_checks=True).post(
        "/outcomes/follow/", {"email": "a@example.org"}, headers={"origin": ORIGIN}
    )
    assert kept.sent(request) == Kept("/outcomes/follow/", [("email", "a@example.org")])
    assert b"Nothing is lost: send it again" in answer.content
