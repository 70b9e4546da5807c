"""Times as people read them, and the two nights a year when clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# -- so long before --------------------------------------------------------------------------------------------------
DAY = dt.timedelta(days=1)
ZONES = st.sampled_from([BRUSSELS, ATHENS, AZORES, *map(ZoneInfo, ("UTC", "Asia/Kathmandu", "Australia/Lord_Howe"))])
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
DAYS = st.integers(-400, 400).map(lambda days: days * DAY)
PARTS = st.integers(-1439, 1439).map(lambda minutes: dt.timedelta(minutes=minutes))


def exists(local: dt.datetime) -> bool:
    """Does the clock on the wall ever show it?"""
    return local.astimezone(dt.UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


@settings(max_examples=50)
@given(MOMENTS, DAYS, ZONES)
def test_days_keep_the_time_on_the_wall(moment: dt.datetime, days: dt.timedelta, zone: ZoneInfo) -> None:
    there, here = times.away(moment, days, zone).astimezone(zone), moment.astimezone(zone)
    wanted = (here.replace(tzinfo=None) + days).replace(tzinfo=zone, fold=0)
    shown = there.replace(tzinfo=None) - wanted.replace(tzinfo=None)
    assert shown == dt.timedelta() if exists(wanted) else dt.timedelta() < shown <= HOUR
    assert abs(times.away(moment, days, zone) - moment - days) <= HOUR


@settings(max_examples=50)
@given(MOMENTS, PARTS, ZONES)
def test_hours_and_minutes_are_counted_as_they_pass(moment: dt.datetime, part: dt.timedelta, zone: ZoneInfo) -> None:
    assert times.away(moment, part, zone) == moment + part


@settings(max_examples=50)
@given(MOMENTS, DAYS, PARTS, ZONES)
def test_days_are_counted_first_and_never_change_sides(
    moment: dt.datetime, days: dt.timedelta, part: dt.timedelta, zone: ZoneInfo
) -> None:
    part = abs(part) if days > dt.timedelta() else -abs(part)
    assert times.away(moment, days + part, zone) == times.away(moment, days, zone) + part
    further, nearer = times.away(moment, 2 * days, zone), times.away(moment, days, zone)
    assert (moment <= nearer <= further) if days >= dt.timedelta() else (moment > nearer > further)


@pytest.mark.parametrize(
    ("starts", "offset", "says"),
    [
        ("2026-03-29T10:00", -1 * DAY, "2026-03-28T10:00:00+01:00"),  # 23 hours before
        ("2026-10-25T10:00", -1 * DAY, "2026-10-24T10:00:00+02:00"),  # 25 hours before
        ("2026-10-25T10:00", -1 * DAY - HOUR, "2026-10-24T09:00:00+02:00"),
        ("2026-03-31T02:30", -2 * DAY, "2026-03-29T03:30:00+02:00"),  # left out
        ("2026-10-27T02:30", -2 * DAY, "2026-10-25T02:30:00+02:00"),  # comes twice
        ("2026-10-25T10:00", -8 * HOUR, "2026-10-25T02:00:00+01:00"),
    ],
)
def test_across_the_nights_in_which_clocks_change(starts: str, offset: dt.timedelta, says: str) -> None:
    away = times.away(times.to_utc(wall(starts), BRUSSELS), offset, BRUSSELS)
    assert away.astimezone(BRUSSELS).isoformat() == says
