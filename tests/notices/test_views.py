"""The secretariat tries failed letters again; nobody else can."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Entry
from notices.models import Notice
from tests.factories import secretariat, user

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def failed(letter: Callable[..., Notice]) -> Notice:
    row = letter(user())
    Notice.objects.filter(pk=row.pk).update(state="failed", failed_at=row.due_at, attempts=6)
    row.refresh_from_db()
    return row


def test_the_secretariat_puts_a_failed_letter_back(signed_in: SignedIn, failed: Notice) -> None:
    person = secretariat()
    answer = signed_in(person).post(reverse("notices:retry", args=[failed.pk]), {"next": "/desk/"})
    failed.refresh_from_db()
    assert (answer["Location"], failed.state, failed.attempts) == ("/desk/", "due", 0)
    assert [(entry.verb, entry.by) for entry in Entry.objects.about(failed)] == [("retried", person)]


def test_a_second_try_says_that_the_letter_waits_already(signed_in: SignedIn, failed: Notice) -> None:
    client = signed_in(secretariat())
    for _ in range(2):
        answer = client.post(reverse("notices:retry", args=[failed.pk]))
    assert answer["Location"] == reverse("s3cop:dashboard")
    assert Entry.objects.about(failed).count() == 1


def test_nobody_is_led_to_another_site(signed_in: SignedIn, failed: Notice) -> None:
    answer = signed_in(secretariat()).post(reverse("notices:retry", args=[failed.pk]), {"next": "//evil.example/"})
    assert answer["Location"] == reverse("s3cop:dashboard")


def test_others_find_nothing_and_change_nothing(signed_in: SignedIn, failed: Notice) -> None:
    address = reverse("notices:retry", args=[failed.pk])
    assert signed_in(user()).post(address).status_code == 404
    assert signed_in(failed.recipient).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert signed_in(secretariat()).get(address).status_code == 405
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_everybody_sees_the_own_letters_and_the_secretariat_all(failed: Notice) -> None:
    assert list(Notice.objects.visible_to(failed.recipient)) == [failed]
    assert list(Notice.objects.visible_to(secretariat())) == [failed]
    assert list(Notice.objects.visible_to(user())) == []
    assert list(Notice.objects.visible_to(None)) == []
