"""Times as people read them, and the two nights a year when clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from meetings import times

BRUSSELS, ATHENS, AZORES = ZoneInfo("Europe/Brussels"), ZoneInfo("Europe/Athens"), ZoneInfo("Atlantic/Azores")
JUNE, JANUARY = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC), dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
wall = dt.datetime.fromisoformat  # what a clock on the wall shows


def test_a_date_has_weekday_hours_zone_and_offset() -> None:
    assert times.span(JUNE, JUNE + 2 * HOUR, BRUSSELS) == (
        "Monday 15 June 2026, 10:00–12:00, Brussels time (CEST, UTC+02:00)"
    )
    assert times.span(JANUARY, JANUARY + 2 * HOUR, BRUSSELS) == (
        "Thursday 15 January 2026, 10:00–12:00, Brussels time (CET, UTC+01:00)"
    )


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Istanbul", "Istanbul time (UTC+03:00)"),  # a zone without letters
        ("UTC", "UTC time (UTC+00:00)"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time (UTC-03:00)"),
    ],
)
def test_zones_without_letters_show_their_offset(zone: str, text: str) -> None:
    assert times.zone_text(JUNE.astimezone(ZoneInfo(zone))) == text


def test_the_own_clock_is_shown_where_it_differs() -> None:
    assert times.own_span(JUNE, JUNE + HOUR, BRUSSELS, ATHENS) == "11:00–12:00, Athens time (EEST, UTC+03:00)"
    assert times.own_span(JUNE, JUNE + HOUR, BRUSSELS, ZoneInfo("Europe/Paris")) == ""
    late = dt.datetime(2026, 6, 15, 22, 30, tzinfo=dt.UTC)
    assert times.own_span(late, late + HOUR, BRUSSELS, AZORES) == (
        "Monday 15 June 2026, 22:30–23:30, Azores time (UTC+00:00)"
    )


def test_a_meeting_past_midnight_names_both_days() -> None:
    late = dt.datetime(2026, 6, 15, 21, tzinfo=dt.UTC)
    assert times.span(late, late + 2 * HOUR, BRUSSELS).startswith(
        "Monday 15 June 2026, 23:00 – Tuesday 16 June 2026, 01:00"
    )


def test_a_time_that_the_clocks_skip_does_not_exist() -> None:
    with pytest.raises(times.NoSuchTime):
        times.to_utc(wall("2026-03-29T02:30"), BRUSSELS)
    assert times.to_utc(wall("2026-03-29T03:00"), BRUSSELS) == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert times.to_utc(wall("2026-10-25T02:30"), BRUSSELS) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("edge", "zone"), [("0001-01-01T00:00", "Asia/Tokyo"), ("9999-12-31T23:59", "Pacific/Midway")])
def test_the_edges_of_the_calendar_are_no_times(edge: str, zone: str) -> None:
    with pytest.raises(times.NoSuchTime):
        times.to_utc(wall(edge), ZoneInfo(zone))


def test_ten_in_the_morning_stays_ten_in_the_morning_through_the_year() -> None:
    for month in range(1, 13):
        moment = times.to_utc(wall(f"2026-{month:02}-15T10:00"), BRUSSELS)
        assert times.span(moment, moment + HOUR, BRUSSELS).split(", ")[1] == "10:00–11:00"


def test_running_times_stop_where_a_length_is_unknown() -> None:
    assert times.running(JUNE, [15, 45, None, 30]) == [JUNE, JUNE + HOUR / 4, JUNE + HOUR, None]
    assert times.running(None, [15, 30]) == [None, None]
