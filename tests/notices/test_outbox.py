"""What the secretariat sees of letters: the outbox, addresses that refuse them, and every kind with a preview."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from history.clock import database_now
from notices import delivery, words
from notices.models import Notice, Undeliverable
from s3cop.models import Heartbeat
from tests.factories import secretariat, user
from tests.notices.test_delivery import Refusing

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
Queued = Callable[..., Notice]
OUTBOX = "/desk/letters/"


@pytest.fixture
def office(signed_in: SignedIn) -> Client:
    return signed_in(secretariat())


def listed(office: Client, query: str = "") -> list[str]:
    return [row.key for row in office.get(OUTBOX + query).context["page_obj"]]


def test_letters_are_found_by_state_kind_and_person(office: Client, letter: Queued) -> None:
    anna, ben = user(display_name="Anna Example"), user(display_name="Ben", email="ben@example.net")
    letter(anna, "sent")
    delivery.deliver()
    now = timezone.now()
    letter(ben, "later", timing={"due_at": now + dt.timedelta(days=2)})
    letter(anna, "soon", timing={"due_at": now + dt.timedelta(days=1)}, kind="test.optional")
    assert set(listed(office)) == {"sent", "later", "soon"}
    assert listed(office, "?state=due") == ["soon", "later"]  # in the order in which they leave
    assert listed(office, "?state=sent") == ["sent"]
    assert listed(office, "?kind=test.optional") == ["soon"]
    assert listed(office, "?person=example.net") == ["later"]
    assert set(listed(office, "?person=anna")) == {"sent", "soon"}
    assert listed(office, "?state=sent&person=ben") == []


def test_unlisted_letters_are_never_shown(office: Client, letter: Queued) -> None:
    row = letter(user(display_name="Silent Voter"), "secret")
    Notice.objects.filter(pk=row.pk).update(unlisted=True)
    for query in ("", "?state=due", "?person=Silent"):
        answer = office.get(OUTBOX + query)
        assert list(answer.context["page_obj"]) == []
        assert answer.context["counts"] == []


def test_a_failed_letter_says_why_in_words_and_can_be_tried_again_from_here(office: Client, letter: Queued) -> None:
    row = letter(user(), "failed")
    error = "SMTPRecipientsRefused: {'x@example.org': (550, b'no such mailbox')}"
    Notice.objects.filter(pk=row.pk).update(state="failed", failed_at=database_now(), last_error=error)
    page = office.get(OUTBOX + "?state=failed").content.decode()
    assert "The recipient’s mail server refused the address (550)" in page
    assert 'name="next" value="/desk/letters/?state=failed"' in page
    answer = office.post(reverse("notices:retry", args=[row.pk]), {"next": "/desk/letters/?state=failed"})
    assert (answer["Location"], listed(office, "?state=due")) == ("/desk/letters/?state=failed", ["failed"])


def test_a_refused_address_is_flagged_until_a_letter_is_accepted(office: Client, letter: Queued, settings: Any) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{Refusing.__module__}.Refusing"
    person = user(email="Gone@example.org")
    letter(person, "first")
    delivery.deliver()
    flagged = Undeliverable.objects.get()
    assert (flagged.email, flagged.person) == ("gone@example.org", person)
    assert "gone@example.org" in office.get(OUTBOX).content.decode()
    settings.EMAIL_BACKEND = backend
    letter(person, "second")
    delivery.deliver()
    assert (len(mail.outbox), Undeliverable.objects.count()) == (1, 0)


def test_a_second_refusal_keeps_the_day_of_the_first(letter: Queued, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{Refusing.__module__}.Refusing"
    person = user()
    days = [dt.datetime(2026, 6, day, tzinfo=dt.UTC) for day in (15, 16)]
    for day in days:
        letter(person, str(day), timing={"due_at": day})
        delivery.deliver(now=day)
    assert Undeliverable.objects.get().since == days[0]


@pytest.mark.parametrize(("beaten", "warns"), [(None, True), (1, False), (6, True)])
def test_the_secretariat_is_warned_when_the_schedule_stands_still(
    office: Client, beaten: int | None, warns: bool
) -> None:
    if beaten:
        Heartbeat.objects.create(pk=1, beaten_at=database_now() - dt.timedelta(minutes=beaten))
    for page in (OUTBOX, reverse("notices:catalogue"), reverse("s3cop:desk")):
        assert ("Reminders are not being sent." in office.get(page).content.decode()) is warns


def test_the_outbox_costs_the_same_for_one_letter_and_three(
    office: Client, letter: Queued, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    letter(user(), "first")
    with django_assert_num_queries(8):
        office.get(OUTBOX)
    for key in ("second", "third"):
        letter(user(), key)
    with django_assert_num_queries(8):
        office.get(OUTBOX)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("", ""),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "The mail server could not be reached"),
        ("TimeoutError: timed out", "The mail server did not answer in time"),
        ("SMTPDataError: (451, b'try later')", "The mail server did not take the letter (451)"),
        ("SMTPServerDisconnected: Connection unexpectedly closed", "The mail server hung up"),
        ("RuntimeError: no template", "The letter could not be written: RuntimeError: no template"),
    ],
)
def test_errors_are_told_in_words(error: str, said: str) -> None:
    assert words.of_error(error) == said


def test_what_waits_says_for_what(letter: Queued) -> None:
    row = letter(user())
    assert words.of_notice(row) == ""
    row.next_try_at += dt.timedelta(hours=1)
    assert words.of_notice(row) == "Held for the person’s quiet hours"
    row.last_error, row.attempts = "TimeoutError: timed out", 2
    assert words.of_notice(row) == "Tried 2 times. The mail server did not answer in time"


def test_an_unknown_kind_is_not_found(office: Client) -> None:
    assert office.get(reverse("notices:specimen", args=["no.such"])).status_code == 404
    assert office.get(reverse("notices:specimen_html", args=["test.plain"])).status_code == 404
