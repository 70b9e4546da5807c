"""Clock times in a person's zone, also on the days on which clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices import hours

BRUSSELS = ZoneInfo("Europe/Brussels")
SEVEN, TEN, HALF_TWO = dt.time(7), dt.time(22), dt.time(2, 30)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "clock", "expected"),
    [
        ("2026-06-15T04:59", SEVEN, "2026-06-15T05:00"),
        ("2026-06-15T05:00", SEVEN, "2026-06-16T05:00"),  # the moment itself is past
        ("2026-03-28T12:00", SEVEN, "2026-03-29T05:00"),  # clocks go forward in between: an hour earlier in UTC
        ("2026-10-24T12:00", SEVEN, "2026-10-25T06:00"),  # and back
        ("2026-03-28T12:00", HALF_TWO, "2026-03-29T01:30"),  # left out: half an hour after the change
        ("2026-10-24T12:00", HALF_TWO, "2026-10-25T00:30"),  # it comes twice, first
        ("2026-10-25T00:30", HALF_TWO, "2026-10-25T01:30"),  # and again
    ],
)
def test_the_next_time_a_clock_shows_this(moment: str, clock: dt.time, expected: str) -> None:
    assert hours.next_at(utc(moment), clock, BRUSSELS) == utc(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-15T19:59", "2026-06-15T19:59"),
        ("2026-06-15T20:00", "2026-06-16T05:00"),  # 22:00 in Brussels
        ("2026-06-16T04:59", "2026-06-16T05:00"),
        ("2026-06-16T05:00", "2026-06-16T05:00"),
        ("2026-03-28T23:00", "2026-03-29T05:00"),
        ("2026-10-24T22:00", "2026-10-25T06:00"),
        ("2026-10-25T00:30", "2026-10-25T06:00"),
    ],
)
def test_quiet_hours_past_midnight_end_in_the_morning(moment: str, expected: str) -> None:
    assert hours.awake(utc(moment), TEN, SEVEN, BRUSSELS) == utc(expected)


def test_quiet_hours_within_a_day_end_on_it() -> None:
    assert hours.awake(utc("2026-06-15T10:30"), dt.time(12), dt.time(14), BRUSSELS) == utc("2026-06-15T12:00")
    assert hours.awake(utc("2026-06-15T09:59"), dt.time(12), dt.time(14), BRUSSELS) == utc("2026-06-15T09:59")


FIRST = utc("2026-01-01T00:00")
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))
CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda minutes: dt.time(*divmod(minutes, 60)))
ZONES = st.sampled_from(["Europe/Brussels", "Atlantic/Azores", "Europe/Athens", "America/Martinique", "Asia/Kathmandu"])


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(MOMENTS, CLOCKS, CLOCKS, ZONES.map(ZoneInfo))
def test_nobody_waits_longer_than_a_day_and_the_change_of_the_clocks(
    moment: dt.datetime, begins: dt.time, ends: dt.time, zone: ZoneInfo
) -> None:
    until = hours.awake(moment, begins, ends, zone)
    assert moment <= until <= moment + dt.timedelta(hours=25)
    assert moment < hours.next_at(moment, begins, zone) <= moment + dt.timedelta(hours=25)
