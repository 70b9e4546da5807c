"""Calendar bytes: what clients choke on, asserted octet by octet. Always a day in June."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from meetings import ical

JUNE = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
OCCASION = ical.Occasion(
    uid="6f1e9a52-0000-4000-8000-000000000000",
    starts_at=JUNE,
    ends_at=JUNE + dt.timedelta(hours=2),
    changed_at=dt.datetime(2026, 5, 1, 12, 30, 15, 999, tzinfo=dt.UTC),
    sequence=3,
    title="Capacity; funding, and more",
    description="Monday 15 June 2026, 10:00–12:00, Brussels time (CEST, UTC+02:00)\nΕλληνικά и български",
    place="Room 2, Brussels",
    url="https://s3.example.org/meetings/ninth/",
)
GROUP = ical.Party('The "club"', "club@example.org")
PERSON = ical.Party('Jörg "der" Weiß; PhD', "joerg@example.org")


def only_event(text: str) -> dict[str, object]:
    events = list(Calendar.from_ical(text).walk("VEVENT"))
    assert len(events) == 1
    return dict(events[0].items())


def test_a_june_morning_stays_where_it_is() -> None:
    text = ical.request(OCCASION, GROUP, PERSON)
    assert "DTSTART:20260615T080000Z\r\n" in text
    assert "DTEND:20260615T100000Z\r\n" in text
    assert "VTIMEZONE" not in text
    assert "RRULE" not in text


def test_times_of_other_zones_are_written_in_utc() -> None:
    athens = dt.timezone(dt.timedelta(hours=3))
    moved = replace(OCCASION, starts_at=OCCASION.starts_at.astimezone(athens))
    assert ical.block(moved) == ical.block(OCCASION)


def test_an_invitation_names_one_person_and_asks_for_an_answer() -> None:
    text = ical.request(OCCASION, GROUP, PERSON)
    calendar = Calendar.from_ical(text)
    event = only_event(text)
    attendee, organiser = event["ATTENDEE"], event["ORGANIZER"]
    assert str(calendar["METHOD"]) == "REQUEST"
    assert (str(attendee), str(organiser)) == ("mailto:joerg@example.org", "mailto:club@example.org")
    assert dict(attendee.params) == {  # type: ignore[attr-defined]  # an address with parameters
        "CN": 'Jörg "der" Weiß; PhD',
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert organiser.params["CN"] == 'The "club"'  # type: ignore[attr-defined]  # as above
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 3)


def test_a_cancellation_carries_the_same_uid_and_the_status() -> None:
    text = ical.cancel(OCCASION, GROUP, PERSON)
    event = only_event(text)
    assert str(Calendar.from_ical(text)["METHOD"]) == "CANCEL"
    assert (event["UID"], event["STATUS"]) == (OCCASION.uid, "CANCELLED")


@pytest.mark.parametrize(("write", "status"), [(ical.request, "CONFIRMED"), (ical.cancel, "CANCELLED")])
def test_another_parser_reads_a_july_letter_the_same(write: Callable[..., str], status: str) -> None:
    july = dt.datetime(2026, 7, 6, 10, tzinfo=ZoneInfo("Europe/Brussels"))
    text = write(replace(OCCASION, starts_at=july, ends_at=july + dt.timedelta(hours=2)), GROUP, PERSON)
    calendar = vobject.readOne(text)
    event = calendar.vevent
    hours = [each.value.astimezone(dt.UTC).hour for each in (event.dtstart, event.dtend)]
    assert (hours, "DTSTART:20260706T080000Z\r\n" in text) == ([8, 10], True)
    assert (event.dtstart.value, calendar.method.value) == (july, write.__name__.upper())
    assert (event.uid.value, event.sequence.value, event.status.value) == (OCCASION.uid, "3", status)
    assert (event.summary.value, event.attendee.value) == (OCCASION.title, "mailto:joerg@example.org")


def test_special_signs_are_escaped_and_read_back() -> None:
    text = ical.block(OCCASION)
    assert "SUMMARY:Capacity\\; funding\\, and more\r\n" in text
    assert "\\nΕλληνικά" in text.replace("\r\n ", "")
    event = only_event(ical.feed([text], "All"))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (OCCASION.title, OCCASION.description)


def test_a_feed_has_neither_organiser_nor_attendees_and_joins_ready_blocks() -> None:
    blocks = [ical.block(OCCASION), ical.block(replace(OCCASION, uid="other", is_cancelled=True))]
    text = ical.feed(blocks, "The club; meetings")
    calendar = Calendar.from_ical(text)
    assert (str(calendar["METHOD"]), str(calendar["X-WR-CALNAME"])) == ("PUBLISH", "The club; meetings")
    assert [str(event["STATUS"]) for event in calendar.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]
    assert "ORGANIZER" not in text
    assert "ATTENDEE" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_an_empty_feed_is_a_calendar_too() -> None:
    assert list(Calendar.from_ical(ical.feed([], "All")).walk("VEVENT")) == []


def test_the_stamp_comes_from_the_row_so_that_bytes_are_stable() -> None:
    assert "DTSTAMP:20260501T123015Z\r\nUID" in ical.block(OCCASION)
    assert "LAST-MODIFIED:20260501T123015Z\r\n" in ical.block(OCCASION)
    assert ical.request(OCCASION, GROUP, PERSON) == ical.request(OCCASION, GROUP, PERSON)


@pytest.mark.parametrize("title", ["x\x00y", "x\x07y", "x\x7fy"])
def test_control_characters_do_not_reach_the_calendar(title: str) -> None:
    assert "SUMMARY:xy\r\n" in ical.block(replace(OCCASION, title=title))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=300), st.text(max_size=120))
def test_any_text_is_folded_at_75_octets_without_splitting_a_character(description: str, name: str) -> None:
    text = ical.request(replace(OCCASION, description=description), GROUP, ical.Party(name, "x@example.org"))
    lines = text.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
        assert b"\n" not in line
        assert b"\r" not in line


@given(
    name=st.text("NAaz09 -éΩ,", min_size=1, max_size=90).map(str.strip).filter(bool),
    address=st.text("NAaz09.@_+-", min_size=1, max_size=90),
    write=st.sampled_from((ical.request, ical.cancel)),
)
@settings(deadline=None, max_examples=60)
def test_the_invitee_of_plain_signs_is_written_as_the_library_writes_any(
    name: str, address: str, write: Callable[..., str]
) -> None:
    invitee = ical.Party(name, address)
    method: ical.Method = "REQUEST" if write is ical.request else "CANCEL"
    whole = write(OCCASION, GROUP, invitee)
    assert ical._attendee_line(method, invitee) in whole
