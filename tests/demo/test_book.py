"""The demo file is read strictly: dates move as documented, and nothing unknown slips through."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from s3cop.demo.book import FILE, LATER, SECTIONS, Book, UnknownDemoDataError, instant, shifted

REFERENCE = dt.date(2026, 11, 16)
WEEK = dt.timedelta(weeks=1)


def altered(tmp_path: Path, change: Any) -> Path:
    content = json.loads(FILE.read_text())
    change(content)
    path = tmp_path / "demo.json"
    path.write_text(json.dumps(content))
    return path


def test_every_section_of_the_file_is_loaded_or_on_the_list_of_later_parts() -> None:
    book = Book.open(REFERENCE)
    found = {
        f"{room}.{name}"
        for room, sections in book.content.items()
        if room not in {"meta", "taxonomies"}
        for name in sections
    }
    assert found == LATER | set(SECTIONS)
    assert not LATER & set(SECTIONS)


def test_an_unknown_section_is_an_error(tmp_path: Path) -> None:
    path = altered(tmp_path, lambda content: content["meetings"].update(seances=[]))
    with pytest.raises(UnknownDemoDataError, match=r"meetings\.seances"):
        Book.open(REFERENCE, path)


def test_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    path = altered(tmp_path, lambda content: content["people"]["users"][0].update(shoe_size=44))
    with pytest.raises(UnknownDemoDataError, match="shoe_size"):
        Book.open(REFERENCE, path)


def test_expected_results_never_reach_the_loader() -> None:
    assert all("expected" not in record for record in Book.open(REFERENCE).records("challenges.rounds"))


@pytest.mark.parametrize(("days", "weeks"), [(0, 0), (6, 0), (7, 1), (-1, -1), (400, 57)])
def test_relative_dates_move_by_whole_weeks(days: int, weeks: int) -> None:
    assert Book.open(REFERENCE + dt.timedelta(days=days)).shift == weeks * WEEK


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-12-10T10:00", "2026-12-17T10:00"),
        ("2026-12-28", "2027-01-04"),
        ("2027-05", "2027-05"),
        ("Barcelona", "Barcelona"),
        ("2026", "2026"),
    ],
)
def test_a_date_moves_and_keeps_its_form(text: str, moved: str) -> None:
    assert shifted(text, WEEK) == moved


def test_only_relative_records_move() -> None:
    rows = {record["slug"]: record for record in Book.open(REFERENCE + WEEK).records("meetings.meetings")}
    assert rows["ic-2023-06"]["starts_at"] == "2023-06-08T10:00"
    assert rows["ic-next"]["starts_at"] == "2026-12-17T10:00"


def test_times_are_local_times_of_the_zone_in_summer_and_winter() -> None:
    assert instant("2023-06-08T10:00") == dt.datetime(2023, 6, 8, 8, tzinfo=dt.UTC)
    assert instant("2026-12-10T10:00") == dt.datetime(2026, 12, 10, 9, tzinfo=dt.UTC)
    assert instant("2023-11", hour=0) == dt.datetime(2023, 10, 31, 23, tzinfo=dt.UTC)
