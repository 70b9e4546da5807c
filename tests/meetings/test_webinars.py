"""Webinars: their life, open registration, what remains of them, and how registrants are forgotten."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Entry
from meetings import actions, webinar_letters
from meetings.actions import Visitor
from meetings.actions.webinars import _enter
from meetings.errors import InThePast, MeetingError, NotYetOver, ReasonMissing, RegistrationClosed, WrongState
from meetings.models import Registration, Webinar
from notices import mail
from notices.letters import letter_of
from notices.models import Notice
from tests.factories import group, secretariat, user

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
State = Webinar.State
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STARTS = dt.datetime(2099, 7, 7, 8, tzinfo=dt.UTC)  # 10:00 in Brussels
NOW = STARTS - 30 * DAY
# Written down once more, so that nobody changes the table by accident.
ALLOWED = {
    ("draft", "announced"),
    ("announced", "registration_open"),
    ("announced", "cancelled"),
    ("registration_open", "registration_closed"),
    ("registration_open", "cancelled"),
    ("registration_closed", "held"),
    ("registration_closed", "cancelled"),
    ("held", "recording_published"),
}
ANNE = Visitor("Anne Outside", "anne@example.org", "A cluster", "Who pays?")


def drafted(**values: Any) -> Webinar:
    details: dict[str, Any] = {
        "title": "From capacity to funding",
        "starts_at": STARTS,
        "ends_at": STARTS + 2 * HOUR,
        "join_url": "https://meet.example.org/webinar",
    }
    return actions.draft_webinar(by=None, now=NOW, **(details | values))


def opened(**values: Any) -> Webinar:
    webinar = actions.announce_webinar(webinar=drafted(**values), by=None, now=NOW)
    return actions.open_registration(webinar=webinar, by=None, now=NOW)


def registered(webinar: Webinar, visitor: Visitor = ANNE) -> Registration:
    registration = actions.register(webinar=webinar, visitor=visitor, now=NOW)
    return actions.confirm(registration=registration, now=NOW)


def kinds(registration: Registration) -> list[tuple[str, str]]:
    rows = Notice.objects.about(registration).order_by("pk").values_list("kind", "state")
    return [(kind.removeprefix("meetings.webinar_"), state) for kind, state in rows]


def deliver() -> None:
    Notice.objects.filter(state="due").update(state="sent", sent_at=NOW)


# -- life ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("new", State.values)
@pytest.mark.parametrize("old", State.values)
def test_a_webinar_goes_where_the_table_says_and_nowhere_else(old: str, new: str) -> None:
    webinar = Webinar(state=old)
    if (old, new) in ALLOWED:
        assert _enter(webinar, State(new)).state == new
    else:
        with pytest.raises(WrongState):
            _enter(webinar, State(new))


def test_a_webinar_lives_from_draft_to_recording() -> None:
    webinar = opened(groups=[group(name="The club")])
    assert (webinar.state, webinar.slug) == ("registration_open", "from-capacity-to-funding")
    assert actions.advance_webinars(now=STARTS - HOUR) == 0
    assert actions.advance_webinars(now=STARTS) == 1
    webinar.refresh_from_db()
    assert webinar.state == "registration_closed"
    assert [actions.advance_webinars(now=STARTS + n * HOUR) for n in (1, 2, 3)] == [0, 1, 0]
    published = actions.publish_recording(
        webinar=webinar, by=None, recording_url="https://video.example.org/1", participants=150
    )
    assert (published.state, published.participants) == ("recording_published", 150)


def test_one_without_registration_is_held_all_the_same_and_one_that_was_open_to_the_end_too() -> None:
    quiet = actions.announce_webinar(webinar=drafted(), by=None, now=NOW)
    busy = opened(title="Another")
    assert actions.advance_webinars(now=STARTS + 3 * HOUR) == 2
    assert {Webinar.objects.get(pk=each.pk).state for each in (quiet, busy)} == {"held"}


def test_registration_closes_at_the_moment_that_was_set() -> None:
    opened(registration_closes_at=STARTS - DAY)
    assert [actions.advance_webinars(now=STARTS - DAY + n * HOUR) for n in (-1, 0)] == [0, 1]
    assert Webinar.objects.get().state == "registration_closed"


@pytest.mark.parametrize("starts_at", [None, NOW - HOUR])
def test_what_has_no_time_to_come_is_not_announced(starts_at: dt.datetime | None) -> None:
    draft = drafted(starts_at=starts_at, ends_at=starts_at and starts_at + HOUR)
    with pytest.raises(InThePast):
        actions.announce_webinar(webinar=draft, by=None, now=NOW)
    assert Webinar.objects.get().state == "draft"


def test_the_past_is_recorded_with_approximate_dates_and_the_future_is_not() -> None:
    values: dict[str, Any] = {"kind": "conference", "title": "S3 Forum 2023"}
    record = actions.record_webinar(by=None, approx_date="2023-11", **values)
    assert (record.state, record.when, record.calendar_block) == ("held", "November 2023", "")
    again = actions.record_webinar(by=None, approx_date="2023-11", recording_url="https://v.example.org", **values)
    assert (again.state, again.slug) == ("recording_published", "s3-forum-2023-2")
    for more in ({"approx_date": "2100"}, {"starts_at": STARTS, "ends_at": STARTS + HOUR}, {}):
        with pytest.raises(NotYetOver):
            actions.record_webinar(by=None, now=NOW, **(values | more))


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "announced", "announced_at": None},
        {"state": "registration_open", "starts_at": None, "ends_at": None},
        {"state": "cancelled", "reason": ""},
        {"state": "recording_published", "recording_url": ""},
        {"registration_closes_at": STARTS + HOUR},
        {"state": "no such state"},
        {"capacity": 0},
    ],
)
def test_the_database_refuses_what_makes_no_sense(broken: dict[str, Any]) -> None:
    webinar = opened()
    with pytest.raises(DatabaseError), transaction.atomic():
        Webinar.objects.filter(pk=webinar.pk).update(**broken)


def test_a_number_in_a_series_is_given_once() -> None:
    drafted(series="S3 webinars", position=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        drafted(series="S3 webinars", position=1)


# -- registration ----------------------------------------------------------------------------------------------------
def test_whoever_registers_confirms_by_letter_and_then_has_the_link() -> None:
    registration = registered(opened())
    assert (registration.state, kinds(registration)) == ("confirmed", [("confirm", "due"), ("seat", "due")])
    ask, seat = Notice.objects.about(registration).order_by("pk")
    assert letter_of(ask.kind).unwanted(ask, NOW) == "registration changed meanwhile"
    assert (letter_of(seat.kind).unwanted(seat, NOW), seat.address) == ("", "anne@example.org")
    letter = mail.written(seat)
    assert letter.subject == "You are registered: From capacity to funding, Tuesday 7 July 2099"
    for words in (
        "https://meet.example.org/webinar",
        "10:00–12:00, Brussels time (CEST, UTC+02:00)",
        "30 days after the event",
    ):
        assert words in letter.body, words
    [entry] = [str(content) for content, kind in letter.alternatives if str(kind).startswith("text/calendar")]
    assert ("METHOD:PUBLISH" in entry, "DTSTART:20990707T080000Z" in entry, "ATTENDEE" in entry) == (True, True, False)


def test_the_letter_that_asks_shows_no_join_link() -> None:
    registration = actions.register(webinar=opened(), visitor=ANNE, now=NOW)
    notice = Notice.objects.about(registration).get()
    assert letter_of(notice.kind).unwanted(notice, NOW) == ""
    letter = mail.written(notice)
    assert ("https://meet.example.org" in letter.body, "/webinars/registration/" in letter.body) == (False, True)


def test_an_address_that_is_the_same_in_small_letters_only_is_the_same() -> None:
    webinar = opened()
    emails = ("x@istanbul.example", "x@\u0130stanbul.example")
    same = {actions.register(webinar=webinar, visitor=Visitor("Anne", email), now=NOW).pk for email in emails}
    assert len(same) == webinar.registrations.count() == 1


def test_one_address_is_one_registration_and_gets_few_letters() -> None:
    webinar = opened()
    for n in range(5):
        actions.register(webinar=webinar, visitor=ANNE._replace(email="Anne@Example.org", name=f"Anne {n}"), now=NOW)
    registration = Registration.objects.get()
    assert (registration.name, registration.letters, len(kinds(registration))) == ("Anne 4", 3, 3)


def test_seats_are_counted_by_confirmation_and_come_back() -> None:
    webinar = opened(capacity=1)
    second = actions.register(webinar=webinar, visitor=Visitor("Bo", "bo@example.org"), now=NOW)
    first = registered(webinar)
    actions.cancel_registration(registration=first, now=NOW)
    assert actions.confirm(registration=second, now=NOW).state == "confirmed"
    with pytest.raises(WrongState):
        actions.cancel_registration(registration=first, now=NOW)


@pytest.mark.parametrize("moment", [STARTS, STARTS + DAY])
def test_the_clock_closes_registration_whatever_the_schedule_did(moment: dt.datetime) -> None:
    webinar = opened()
    pending = actions.register(webinar=webinar, visitor=ANNE, now=NOW)
    with pytest.raises(RegistrationClosed):
        actions.register(webinar=webinar, visitor=Visitor("Bo", "bo@example.org"), now=moment)
    with pytest.raises(RegistrationClosed):
        actions.confirm(registration=pending, now=moment)


def test_the_registered_hear_of_another_time_once_and_of_a_typo_never() -> None:
    webinar = opened()
    registration = registered(webinar)
    deliver()
    actions.edit_webinar(webinar=webinar, by=None, title="Better title", now=NOW)
    assert len(kinds(registration)) == 2
    for hour in (1, 2):
        times: dict[str, Any] = {"starts_at": STARTS + hour * HOUR, "ends_at": STARTS + (hour + 1) * HOUR}
        actions.edit_webinar(webinar=webinar, by=None, now=NOW + hour * HOUR, **times)
    assert kinds(registration)[2:] == [("changed", "skipped"), ("changed", "due")]
    assert Webinar.objects.get().sequence == 2


def test_the_join_link_comes_once_a_day_before() -> None:
    registration = registered(opened())
    moments = (STARTS - 25 * HOUR, STARTS - 24 * HOUR, STARTS - HOUR, STARTS)
    assert [actions.remind_registered(now=moment) for moment in moments] == [0, 1, 0, 0]
    assert kinds(registration)[2:] == [("soon", "due")]


def test_cancelling_needs_a_reason_and_tells_the_registered() -> None:
    webinar = opened()
    registration = registered(webinar)
    pending = actions.register(webinar=webinar, visitor=Visitor("Bo", "bo@example.org"), now=NOW)
    with pytest.raises(ReasonMissing):
        actions.cancel_webinar(webinar=webinar, by=None, reason=" ", now=NOW)
    actions.cancel_webinar(webinar=webinar, by=None, reason="The speaker is ill.", now=NOW)
    actions.edit_webinar(webinar=webinar, by=None, summary="What it was to be about.", now=NOW)
    deeds = Entry.objects.about(webinar).order_by("pk").values_list("verb", "reason")
    assert list(deeds)[-2:] == [("cancelled", "The speaker is ill."), ("edited", "")]
    assert kinds(registration)[-1] == ("off", "due")
    assert kinds(pending) == [("confirm", "skipped")]
    notice = Notice.objects.get(kind="meetings.webinar_off")
    assert letter_of(notice.kind).unwanted(notice, NOW) == ""
    letter = mail.written(notice)
    assert "The speaker is ill." in letter.body
    assert "STATUS:CANCELLED" in str(letter.alternatives)


def test_registrants_are_forgotten_some_weeks_later_with_their_letters(settings: Any) -> None:
    webinar = opened()
    registered(webinar)
    over = webinar.ends_at
    assert over is not None
    kept = dt.timedelta(days=settings.REGISTRATIONS_KEPT_DAYS)
    assert [actions.forget_registrants(now=over + kept - HOUR), Registration.objects.count()] == [0, 1]
    assert [actions.forget_registrants(now=over + kept), actions.forget_registrants(now=over + kept)] == [1, 0]
    assert (Registration.objects.count(), Notice.objects.count()) == (0, 0)


def test_letters_of_a_removed_registration_are_not_wanted() -> None:
    registration = registered(opened())
    notice = Notice.objects.about(registration).order_by("pk")[0]
    Registration.objects.all().delete()
    assert {unwanted(notice, NOW) for _kind, _says, unwanted, *_more in webinar_letters.LETTERS} == {
        "registration removed"
    }


# -- pages -----------------------------------------------------------------------------------------------------------
def test_anybody_registers_without_an_account_and_get_changes_nothing() -> None:
    webinar, client = opened(), Client()
    address = reverse("meetings:webinar_register", args=[webinar.slug])
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"name": "", "email": "nonsense"})
    assert sorted(wrong.context["form"].errors) == ["email", "name"]
    asked = client.post(address, {"name": "Anne", "email": "anne@example.org", "question": "Why?"})
    assert "We have written to anne@example.org" in asked.content.decode()
    notice = Notice.objects.get()
    assert letter_of(notice.kind).unwanted(notice, NOW) == ""
    link = re.search(r"/webinars/registration/\S+", str(mail.written(notice).body))
    assert link is not None
    for _ in range(2):
        page = client.get(link.group()).content.decode()
        assert ("Confirm my registration" in page, "meet.example.org" in page) == (True, False)
    assert Registration.objects.get().state == "pending"
    assert client.post(link.group(), {"do": "confirm"}).status_code == 302
    assert client.post(link.group(), {"do": "confirm"}).status_code == 409
    page = client.get(link.group()).content.decode()
    assert ("https://meet.example.org/webinar" in page, "Confirm my" in page) == (True, False)
    assert client.post(link.group(), {"do": "cancel"}).status_code == 302
    assert Registration.objects.get().state == "cancelled"
    assert "Register again" in client.get(link.group()).content.decode()


@pytest.mark.parametrize("token", ["forged", "a.b", "x" * 300])
def test_a_link_not_made_here_is_said_to_be_none(token: str) -> None:
    assert Client().get(reverse("meetings:registration", args=[token])).status_code == 404


def test_a_closed_registration_says_so() -> None:
    webinar = actions.announce_webinar(webinar=drafted(), by=None, now=NOW)
    address = reverse("meetings:webinar_register", args=[webinar.slug])
    assert "No more registrations are taken." in Client().get(address).content.decode()
    late = Client().post(address, {"name": "Anne", "email": "anne@example.org"})
    assert (late.status_code, Registration.objects.count()) == (409, 0)


def test_public_pages_and_feeds_show_what_is_announced_and_never_the_link() -> None:
    webinar, hidden = opened(registration_closes_at=STARTS - DAY, capacity=9), drafted(title="Secret plans")
    pages = {
        address: Client().get(address).content.decode()
        for address in ("/webinars/", "/meetings/", webinar.get_absolute_url(), "/meetings/calendar.ics")
    }
    for address, page in pages.items():
        assert ("From capacity to funding" in page, "Secret plans" in page, "meet.example" in page) == (
            True,
            False,
            False,
        ), address
    assert "DTSTART:20990707T080000Z" in pages["/meetings/calendar.ics"]
    assert "9 seats left." in pages[webinar.get_absolute_url()]
    entry = Client().get(reverse("meetings:webinar_file", args=[webinar.slug]))
    assert (entry.status_code, b"BEGIN:VEVENT" in entry.content) == (200, True)
    assert [Client().get(reverse(f"meetings:{name}", args=[hidden.slug])).status_code for name in (
        "webinar", "webinar_register", "webinar_file")] == [404, 404, 404]  # fmt: skip


def test_the_feed_moves_with_a_webinar() -> None:
    webinar = opened()
    first = Client().get("/meetings/calendar.ics")
    same = Client().get("/meetings/calendar.ics", headers={"If-None-Match": first["ETag"]})
    actions.cancel_webinar(webinar=webinar, by=None, reason="Ill.", now=NOW + HOUR)
    later = Client().get("/meetings/calendar.ics", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, later.status_code, later.content.count(b"STATUS:CANCELLED")) == (304, 200, 1)


def test_the_feed_of_a_group_holds_its_webinars_and_no_others() -> None:
    opened(title="Ours", groups=[group(slug="club"), group(slug="other")])
    opened(title="Theirs", groups=[group(slug="third")])
    feeds = {slug: Client().get(f"/groups/{slug}/calendar.ics").content.decode() for slug in ("club", "other", "third")}
    assert {slug: ("Ours" in text, "Theirs" in text) for slug, text in feeds.items()} == {
        "club": (True, False),
        "other": (True, False),
        "third": (False, True),
    }


def test_a_recording_is_a_link_that_loads_nothing_and_stays_hidden_until_published() -> None:
    webinar = actions.record_webinar(by=None, title="Past", approx_date="2024-05", account="Money was the topic.")
    links: dict[str, Any] = {
        "recording_url": "https://video.example.org/1",
        "slides_url": "https://s.example.org/s.pdf",
    }
    actions.edit_webinar(webinar=webinar, by=None, **links)
    page = Client().get(webinar.get_absolute_url()).content.decode()
    assert ("video.example.org" in page, "s.example.org" in page, "Money was the topic." in page) == (False, True, True)
    actions.publish_recording(webinar=webinar, by=None)
    page = Client().get(webinar.get_absolute_url()).content.decode()
    assert re.findall(r'(?:src|href|action)="https://video[^"]*"', page) == ['href="https://video.example.org/1"']
    assert "<iframe" not in page


def form(**values: Any) -> dict[str, Any]:
    sent = {
        "kind": "webinar", "title": "New one", "date": "2099-07-07", "start": "10:00", "end": "12:00",
        "timezone": "Europe/Brussels", "mode": "online", "do": "draft",
    }  # fmt: skip
    return sent | values


def test_the_secretariat_leads_one_through_its_life_in_the_browser(signed_in: SignedIn) -> None:
    client = signed_in(secretariat())
    assert client.get(reverse("meetings:webinar_new")).status_code == 200
    made = client.post(reverse("meetings:webinar_new"), form(languages=["en"], capacity="100"))
    webinar = Webinar.objects.get()
    assert made["Location"] == webinar.get_absolute_url()
    for step, state in (("announce", "announced"), ("open", "registration_open"), ("close", "registration_closed")):
        address = reverse("meetings:webinar_step", args=[webinar.slug, step])
        assert address in client.get(webinar.get_absolute_url()).content.decode()
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
        webinar.refresh_from_db()
        assert webinar.state == state
    edit = reverse("meetings:webinar_edit", args=[webinar.slug])
    shown = client.get(edit).context["form"]
    assert (str(shown["date"].value()), str(shown["start"].value())) == ("2099-07-07", "10:00:00")
    assert client.post(edit, form(title="Renamed", languages=["en"])).status_code == 302
    assert client.get(reverse("meetings:webinar_afterwards", args=[webinar.slug])).status_code == 403
    assert client.get(reverse("meetings:webinar_registrations", args=[webinar.slug])).status_code == 200
    actions.advance_webinars(now=STARTS + DAY)
    after = reverse("meetings:webinar_afterwards", args=[webinar.slug])
    assert client.get(after).status_code == 200
    assert list(client.post(after, {"do": "publish"}).context["form"].errors) == ["recording_url"]
    assert client.post(after, {"do": "save", "account": "Said."}).status_code == 302
    assert client.post(after, {"do": "publish", "recording_url": "https://v.example.org"}).status_code == 302
    webinar.refresh_from_db()
    assert (webinar.state, webinar.title) == ("recording_published", "Renamed")


WRONG: list[tuple[dict[str, str], str]] = [
    ({"title": ""}, "title"),
    ({"start": ""}, "start"),
    ({"end": "09:00"}, "end"),
    ({"timezone": "Europe/Atlantis"}, "timezone"),
    ({"approx_date": "2023-11"}, "approx_date"),
    ({"registration_closes_at": "2099-07-07T10:01"}, "registration_closes_at"),
    ({"join_url": "javascript:alert(1)"}, "join_url"),
    ({"capacity": "0"}, "__all__"),
    ({"do": "record"}, "__all__"),
]


def test_what_is_wrong_comes_back_beside_the_field(signed_in: SignedIn) -> None:
    office, address = signed_in(secretariat()), reverse("meetings:webinar_new")
    for wrong, field in WRONG:
        answer = office.post(address, form(**wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field]), wrong
    assert Webinar.objects.count() == 0


def test_planning_is_the_secretariat_s(signed_in: SignedIn) -> None:
    webinar, stranger = opened(), signed_in(user())
    names = ("webinar_edit", "webinar_cancel", "webinar_registrations", "webinar_afterwards")
    addresses = [reverse(f"meetings:{name}", args=[webinar.slug]) for name in names]
    addresses += [reverse("meetings:webinar_new"), reverse("meetings:webinar_step", args=[webinar.slug, "close"])]
    assert {stranger.post(address, form(reason="x")).status_code for address in addresses} == {403}
    assert {Client().get(address).status_code for address in addresses} == {302}
    office = signed_in(secretariat())
    assert office.get(reverse("meetings:webinar_step", args=[webinar.slug, "fly"])).status_code == 404
    assert office.post(reverse("meetings:webinar_cancel", args=[webinar.slug]), {"reason": "Ill."}).status_code == 302
    assert Webinar.objects.get().state == "cancelled"


@pytest.mark.parametrize("webinars", [1, 3])
def test_the_list_takes_four_queries_and_a_page_three(webinars: int, django_assert_num_queries: Any) -> None:
    for n in range(webinars):
        shown = opened(title=f"Webinar {n}", groups=[group()])
        actions.record_webinar(by=None, title="Past", approx_date="2024-05")
    for address, queries in (("/webinars/", 4), (shown.get_absolute_url(), 3)):
        with django_assert_num_queries(queries):
            assert Client().get(address).status_code == 200


def test_the_catalogue_shows_each_letter_without_a_link_that_works(signed_in: SignedIn) -> None:
    registration = registered(opened())
    office = signed_in(secretariat())
    for kind, *_more in webinar_letters.LETTERS:
        page = office.get(reverse("notices:specimen", args=[kind])).content.decode()
        assert ("From capacity to funding" in page, registration.nonce in page) == (True, False), kind


def test_refusals_are_errors_of_this_room() -> None:
    assert issubclass(RegistrationClosed, MeetingError)
    assert timezone.now() < STARTS


def test_search_finds_announced_webinars_only() -> None:
    opened(title="Lighthouses and harbours")
    drafted(title="Lighthouses in secret")
    page = Client().get("/search/", {"q": "lighthouses"}).content.decode()
    assert ("harbours" in page, "in secret" in page) == (True, False)
