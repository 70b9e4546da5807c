"""Registrations: who waits for a seat, in whose calendar, as which files, how often one may ask."""

import csv
import datetime as dt
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
import vobject
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from history.clock import database_now
from meetings import actions
from meetings.actions import Visitor, registrations
from meetings.errors import RegistrationClosed
from meetings.models import Meeting, Registration, Webinar
from meetings.registration_tokens import registration_path, token_of
from meetings.views import registering
from notices import mail
from notices.letters import letter_of
from notices.models import Notice
from people.models import User
from s3cop.logs import without_tokens
from tests.at_once import behind
from tests.factories import secretariat

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STARTS = dt.datetime(2099, 7, 7, 8, tzinfo=dt.UTC)  # 10:00 in Brussels
NOW = STARTS - 30 * DAY
LINK = "https://meet.example.org/webinar"
ANNE = Visitor("Anne Outside", "anne@example.org", "A cluster", "Who pays?")


def opened(**values: Any) -> Webinar:
    details: dict[str, Any] = {"title": "From capacity to funding", "starts_at": STARTS, "ends_at": STARTS + 2 * HOUR}
    webinar = actions.draft_webinar(by=None, now=NOW, **(details | {"join_url": LINK} | values))
    webinar = actions.announce_webinar(webinar=webinar, by=None, now=NOW)
    return actions.open_registration(webinar=webinar, by=None, now=NOW)


def registered(webinar: Webinar, visitor: Visitor = ANNE) -> Registration:
    registration = actions.register(webinar=webinar, visitor=visitor, now=NOW)
    return actions.confirm(registration=registration, now=NOW)


# -- waiting for a seat ----------------------------------------------------------------------------------------------
BO, CY = Visitor("Bo", "bo@example.org"), Visitor("Cy", "cy@example.org")


def kinds(registration: Registration) -> list[tuple[str, str]]:
    rows = Notice.objects.about(registration).order_by("pk").values_list("kind", "state")
    return [(kind.removeprefix("meetings.webinar_"), state) for kind, state in rows]


def states() -> dict[str, str]:
    return dict(Registration.objects.order_by("pk").values_list("name", "state"))


def test_whoever_confirms_when_all_seats_are_taken_waits_and_moves_up_in_turn() -> None:
    webinar = opened(capacity=1)
    first, second, third = (registered(webinar, visitor) for visitor in (ANNE, BO, CY))
    assert states() == {"Anne Outside": "confirmed", "Bo": "waiting", "Cy": "waiting"}
    assert kinds(second) == [("confirm", "due"), ("waiting", "due")]
    assert [registrations.place_in_queue(each) for each in (first, second, third)] == [0, 1, 2]
    actions.cancel_registration(registration=first, now=NOW)
    assert states() == {"Anne Outside": "cancelled", "Bo": "confirmed", "Cy": "waiting"}
    assert kinds(second) == [("confirm", "due"), ("waiting", "skipped"), ("freed", "due")]
    assert kinds(third)[-1] == ("waiting", "due")


def test_the_letters_of_the_waiting_show_the_link_only_with_the_seat() -> None:
    webinar = opened(capacity=1)
    first, second = (registered(webinar, visitor) for visitor in (ANNE, BO))
    waiting = Notice.objects.about(second).get(kind="meetings.webinar_waiting")
    assert letter_of(waiting.kind).unwanted(waiting, NOW) == ""
    letter = mail.written(waiting)
    assert (letter.subject, LINK in letter.body) == (
        "On the waiting list: From capacity to funding, Tuesday 7 July 2099",
        False,
    )
    actions.cancel_registration(registration=first, now=NOW)
    assert letter_of(waiting.kind).unwanted(waiting, NOW) == "registration changed meanwhile"
    freed = Notice.objects.about(second).get(kind="meetings.webinar_freed")
    letter = mail.written(freed)
    assert (letter.subject, LINK in letter.body) == (
        "A seat is yours now: From capacity to funding, Tuesday 7 July 2099",
        True,
    )
    assert "DTSTART:20990707T080000Z" in str(letter.alternatives)


@pytest.mark.parametrize(("capacity", "seated"), [(2, 2), (None, 3), (1, 1)])
def test_more_seats_are_given_to_those_who_wait(capacity: int | None, seated: int) -> None:
    webinar = opened(capacity=1)
    for visitor in (ANNE, BO, CY):
        registered(webinar, visitor)
    actions.edit_webinar(webinar=webinar, by=None, capacity=capacity, now=NOW)
    assert list(states().values()) == ["confirmed"] * seated + ["waiting"] * (3 - seated)


def test_a_seat_given_back_after_registration_has_closed_is_given_on_and_after_the_beginning_is_not() -> None:
    webinar = opened(capacity=1)
    first, second, third = (registered(webinar, visitor) for visitor in (ANNE, BO, CY))
    actions.close_registration(webinar=webinar, by=None, now=NOW)
    actions.cancel_registration(registration=first, now=STARTS - HOUR)
    assert states()["Bo"] == "confirmed"
    actions.cancel_registration(registration=second, now=STARTS)
    assert states()["Cy"] == "waiting"
    assert kinds(third)[-1] == ("waiting", "due")


def test_who_waits_hears_of_the_end_and_of_no_change_that_concerns_the_others() -> None:
    webinar = opened(capacity=1)
    _first, second = (registered(webinar, visitor) for visitor in (ANNE, BO))
    Notice.objects.update(state="sent", sent_at=NOW)
    actions.edit_webinar(webinar=webinar, by=None, join_url=f"{LINK}/2", now=NOW)
    assert kinds(second)[-1] == ("waiting", "sent")
    actions.cancel_webinar(webinar=webinar, by=None, reason="The speaker is ill.", now=NOW)
    assert kinds(second)[-1] == ("off", "due")


def test_the_queue_is_left_on_the_page_of_the_registration() -> None:
    webinar = opened(capacity=1)
    registered(webinar)
    page = Client().get(webinar.get_absolute_url()).content.decode()
    assert ("All seats are taken." in page, "Join the waiting list" in page) == (True, True)
    assert wish(webinar, "bo@example.org").status_code == 200
    address = registration_path(Registration.objects.get(email="bo@example.org"))
    assert Client().post(address, {"do": "confirm"}).status_code == 302
    page = Client().get(address).content.decode()
    assert ("You are number 1 on the waiting list." in page, LINK in page) == (True, False)
    Client().post(address, {"do": "cancel"})
    assert Registration.objects.get(email="bo@example.org").state == "cancelled"


# -- calendars -------------------------------------------------------------------------------------------------------
def own_feed(person: User) -> Callable[[], Any]:
    address = reverse("meetings:personal_feed", args=[actions.make_address(by=person).token])
    return lambda: Client().get(address)


def test_a_members_own_calendar_holds_the_webinars_they_come_to(anna: User, plan: Callable[..., Meeting]) -> None:
    plan(starts_at=STARTS, ends_at=STARTS + HOUR)
    webinar, feed = opened(), own_feed(anna)
    before = feed()
    pending = actions.register(webinar=webinar, visitor=Visitor("Anna", anna.email.upper()), now=NOW)
    assert feed()["ETag"] == before["ETag"]  # not confirmed
    registration = actions.confirm(registration=pending, now=NOW)
    registered(webinar)  # somebody else
    after = feed()
    assert after["ETag"] != before["ETag"]
    events = vobject.readOne(after.content.decode()).vevent_list
    assert [event.summary.value for event in events] == ["Ninth meeting", "From capacity to funding"]
    assert f"Join online: {LINK}" in events[1].description.value
    actions.cancel_webinar(webinar=webinar, by=None, reason="The speaker is ill.", now=NOW)
    cancelled = vobject.readOne(feed().content.decode()).vevent_list[1]
    assert (cancelled.status.value, LINK in cancelled.description.value) == ("CANCELLED", False)
    Registration.objects.filter(pk=registration.pk).update(state="cancelled")
    assert feed().content == before.content


def test_whoever_has_no_account_adds_the_entry_from_the_page_of_the_registration() -> None:
    registration = actions.register(webinar=opened(), visitor=ANNE, now=NOW)
    address = reverse("meetings:registration_file", args=[token_of(registration)])
    assert Client().get(address).status_code == 404  # nobody has a link to join by before confirming
    actions.confirm(registration=registration, now=NOW)
    assert address in Client().get(registration_path(registration)).content.decode()
    answer = Client().get(address)
    event = vobject.readOne(answer.content.decode()).vevent
    assert (event.dtstart.value, LINK in event.description.value) == (STARTS, True)
    assert ("no-store" in answer["Cache-Control"], answer["Referrer-Policy"]) == (True, "no-referrer")
    assert Client().get(reverse("meetings:registration_file", args=["forged"])).status_code == 404


def test_no_log_keeps_the_link_of_a_registration() -> None:
    assert without_tokens("GET /webinars/registration/a.b/calendar.ics") == (
        "GET /webinars/registration/[token]/calendar.ics"
    )


# -- files -----------------------------------------------------------------------------------------------------------
def test_the_organisers_take_the_list_with_them_and_no_text_becomes_a_formula(signed_in: SignedIn) -> None:
    webinar, office = opened(), signed_in(secretariat())
    registered(webinar, ANNE._replace(question='=HYPERLINK("https://evil.example.org")'))
    actions.register(webinar=webinar, visitor=Visitor("Bo", "bo@example.org"), now=NOW)
    answer = office.get(reverse("meetings:registrations_csv", args=[webinar.slug]))
    assert answer["Cache-Control"] == "private, no-store"
    rows = list(csv.reader(StringIO(answer.content.decode())))
    said, when = '=HYPERLINK("https://evil.example.org")', "2099-06-07 10:00+02:00"
    assert rows == [
        ["Name", "Organisation", "E-mail address", "State", "Registered", "Question"],
        ["Anne Outside", "A cluster", "anne@example.org", "registered", when, f"'{said}"],
        ["Bo", "", "bo@example.org", "to be confirmed", when, ""],
    ]
    book = openpyxl.load_workbook(
        BytesIO(office.get(reverse("meetings:registrations_xlsx", args=[webinar.slug])).content)
    )
    cell = book.worksheets[0]["F2"]
    assert (book.sheetnames, cell.value, cell.data_type) == (["Registrations"], said, "s")


# -- how often -------------------------------------------------------------------------------------------------------
def wish(webinar: Webinar, email: str) -> Any:
    address = reverse("meetings:webinar_register", args=[webinar.slug])
    return Client().post(address, {"name": "Anne", "email": email})


def test_a_mailbox_is_written_to_a_few_times_an_hour_whatever_it_is_registered_for(monkeypatch: Any) -> None:
    monkeypatch.setattr(registering, "MOST_OF_ADDRESS", 2)
    one, other = opened(), opened(title="Another")
    asked = [wish(webinar, email) for webinar, email in ((one, "a@example.org"), (other, "A@Example.org"))]
    late = wish(one, "a@example.org")
    assert [answer.status_code for answer in (*asked, late)] == [200, 200, 429]
    assert (late["Retry-After"], late.context["form"]["email"].value()) == ("3600", "a@example.org")
    assert "What you typed is kept" in late.content.decode()
    assert wish(one, "b@example.org").status_code == 200


def test_a_network_asks_so_often_an_hour_and_its_address_is_kept_nowhere(monkeypatch: Any, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    monkeypatch.setattr(registering, "MOST_OF_NETWORK", 2)
    webinar = opened()
    assert [wish(webinar, f"{name}@example.org").status_code for name in "abc"] == [200, 200, 429]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        kept = str(cursor.fetchall())
    assert ("register" in kept, "127.0.0.1" in kept, "example.org" in kept) == (True, False, False)
    cache.clear()
    assert wish(webinar, "c@example.org").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_waits_while_registration_ends_has_come_too_late() -> None:
    webinar = opened()
    row = Webinar.objects.filter(pk=webinar.pk)
    late = behind(
        lambda: row.select_for_update().get(),
        lambda: actions.register(webinar=webinar, visitor=ANNE),
        then=lambda: row.update(registration_closes_at=database_now()),
    )
    assert (type(late), Registration.objects.count()) == (RegistrationClosed, 0)
