"""Cadence is a target that is shown, never a lock."""

import datetime as dt

from workinggroups.cadence import Cadence, cadence

DAYS = [dt.date(2023, 6, 8), dt.date(2023, 9, 1), dt.date(2023, 11, 1), dt.date(2025, 6, 19)]


def test_three_years_with_two_meetings_each_make_six() -> None:
    counted = cadence(DAYS, a_year=2, begins=dt.date(2023, 6, 1), ends=dt.date(2026, 6, 1))
    assert counted == Cadence(a_year=2, aim=6, held=4, by_year=((2023, 3), (2025, 1)))


def test_a_mandate_without_an_end_has_no_sum_to_reach() -> None:
    assert cadence(DAYS, a_year=2, begins=dt.date(2023, 6, 1)).aim is None
    assert cadence([], a_year=2) == Cadence(a_year=2, aim=None, held=0, by_year=())


def test_more_meetings_than_foreseen_are_simply_counted() -> None:
    counted = cadence(DAYS, a_year=1, begins=dt.date(2023, 1, 1), ends=dt.date(2024, 1, 1))
    assert (counted.aim, counted.held) == (1, 4)


def test_a_target_of_none_is_none() -> None:
    assert cadence(DAYS, a_year=0, begins=dt.date(2023, 1, 1), ends=dt.date(2026, 1, 1)).aim == 0
