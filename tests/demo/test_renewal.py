"""Renewing brings a loaded demo to another day: every relative date of the file, in every field that holds one."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import DateField, Model

from meetings.models import ActionPoint, DatePoll, Meeting, Registration, Webinar
from s3cop.demo.book import SECTIONS, Book, Record, instant
from s3cop.demo.renewal import renew

pytestmark = pytest.mark.django_db

LATER = Book.open(dt.date(2026, 11, 22) + dt.timedelta(weeks=60))  # far ahead of any clock
ROOMS = ("meetings", "challenges")  # whose rows come from relative records
# What is to come and moves. Everything else these rooms know of time is a moment at which something was done.
MOVED = {
    "Meeting": {"starts_at", "ends_at", "sort_day", "reply_by", "changed_at"},
    "DatePoll": {"closes_at"},
    "DateSlot": {"starts_at", "ends_at"},
    "Webinar": {"starts_at", "ends_at", "sort_day", "changed_at"},
    "ActionPoint": {"due"},
    "RankingRound": {"opens_at", "closes_at"},
    "Attendee": {"asked_at"},  # people are asked anew where the time is another one
}
DONE = {
    "Meeting": {"announced_at", "reminders_paused_at"},
    "AgendaItem": {"began_at", "ended_at"},
    "Attendee": {"replied_at", "waiting_since", "withdrawn_at"},
    "CalendarAddress": {"made_at"},
    "Minutes": {"changed_at", "approved_at", "published_at", "comments_by"},  # the file has none open for comments
    "MinutesComment": {"at"},
    "ActionPoint": {"done_on"},
    "Material": {"embargo_until", "withdrawn_at"},  # no paper of the file has an embargo
    "MaterialVersion": {"added_at"},
    "DatePoll": {"opened_at"},
    "DateAnswer": {"answered_at"},
    "Webinar": {"registration_closes_at", "announced_at"},  # the file's one closes at its start
    "Registration": {"registered_at", "waiting_since"},
    "RankingRound": {"opened_at", "closed_at", "published_at", "cancelled_at", "unlinked_at"},
    "Focus": {"decided_at"},
    "Statement": {"filed_at"},
    "ChallengeComment": {"at"},
    "RoundResult": {"computed_at"},
}


def date_fields() -> Iterator[tuple[type[Model], str]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            yield from ((model, field.name) for field in model._meta.fields if isinstance(field, DateField))


def all_dates() -> dict[tuple[str, str], dict[Any, Any]]:
    """Every date in the rooms: by model and field, then by row."""
    return {
        (model.__name__, name): dict(model._default_manager.order_by("pk").values_list("pk", name))
        for model, name in date_fields()
    }


def named(table: dict[str, set[str]]) -> set[tuple[str, str]]:
    return {(model, field) for model, fields in table.items() for field in fields}


@pytest.mark.usefixtures("demo")
def test_every_date_of_these_rooms_moves_or_is_a_moment_of_the_past() -> None:
    before = all_dates()
    renew(LATER)
    after = all_dates()
    assert named(MOVED) | named(DONE) == set(before)
    assert {field for field, dates in before.items() if after[field] != dates} == named(MOVED)


def relative_dates() -> Iterator[tuple[str, str, str]]:
    """Section, date or time as the file has it, and zone, of each relative record that has not ended."""
    for section in SECTIONS:
        for record in LATER.records(section):
            if record["relative"] and not record.get("closed_at"):
                zone = record.get("timezone") or "Europe/Brussels"
                own = {key: value for key, value in record.items() if key != "ballots"}  # cast already: past
                yield from ((section, text, zone) for text in texts(own) if is_date(text))


def texts(value: Any) -> Iterator[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    yield from [value] if isinstance(value, str) else (text for each in inner for text in texts(each))


def is_date(text: str) -> bool:
    try:
        instant(text)
    except ValueError:
        return False
    return len(text) >= len("2027-05")


@pytest.mark.usefixtures("demo")
def test_every_relative_date_of_the_file_is_found_again() -> None:
    renew(LATER)
    stored = {value for dates in all_dates().values() for value in dates.values()}
    stored |= set(Meeting.objects.exclude(approx_date="").values_list("approx_date", flat=True))
    expected = list(relative_dates())
    missing = [(section, text) for section, text, zone in expected if form(text, zone) not in stored]
    assert missing == []
    assert {section for section, *_ in expected} == {
        "meetings.meetings", "meetings.actions", "meetings.date_polls", "challenges.rounds", "outcomes.webinars",
    }  # fmt: skip


def form(text: str, zone: str) -> object:
    if "T" in text:
        return instant(text, zone)
    return dt.date.fromisoformat(text) if len(text) > len("2027-05") else text


@pytest.mark.usefixtures("demo")
def test_what_is_past_stays_and_a_second_renewal_moves_nothing() -> None:
    past = Meeting.objects.get(slug="ic-2023-06").starts_at
    renew(LATER)
    assert Meeting.objects.get(slug="ic-2023-06").starts_at == past
    assert set(renew(LATER).values()) == {0}


def the_webinar() -> tuple[Record, Webinar]:
    [record] = [each for each in LATER.records("outcomes.webinars") if each["relative"]]
    return record, Webinar.objects.get(slug=record["slug"])


@pytest.mark.usefixtures("demo")
def test_what_the_clock_has_overtaken_is_to_come_again() -> None:
    record, webinar = the_webinar()
    Webinar.objects.filter(pk=webinar.pk).update(state="held")
    Meeting.objects.filter(slug="ic-check-in").update(state="held")
    renew(LATER)
    webinar.refresh_from_db()
    assert webinar.state == record["state"] == "registration_open"
    assert Meeting.objects.get(slug="ic-check-in").state == "scheduled"


@pytest.mark.usefixtures("demo")
def test_what_somebody_has_ended_in_the_demo_stays_ended() -> None:
    _record, webinar = the_webinar()
    Webinar.objects.filter(pk=webinar.pk).update(state="cancelled", reason="Moved to spring.")
    Meeting.objects.filter(slug="ic-next").update(state="cancelled", reason="Moved to spring.")
    ActionPoint.objects.filter(state="open").update(state="done", done_on="2026-11-22")
    DatePoll.objects.update(state="withdrawn")
    before = all_dates()
    renew(LATER)
    after = all_dates()
    for field in (("DatePoll", "closes_at"), ("DateSlot", "starts_at"), ("ActionPoint", "due"), ("Webinar", "ends_at")):
        assert after[field] == before[field], field
    assert not Registration.objects.exists()
