"""What surely fits into a printed cell: never less than the font needs, and what follows from it."""

from pathlib import Path

import pytest
from PIL import ImageFont

import outcomes
from outcomes import fitting, widths
from outcomes.nodes import Column, Interval, Table

FONTS = Path(outcomes.__file__).parent / "typst" / "fonts"
ALL = [chr(code) for code in range(ord(fitting.LAST_OF_KNOWN) + 1)] + ["–"]
NUMBERS = (Column("Challenge"), Column("Place", "center"), Column("Mean", "end"))


def table(*rows: tuple[str, ...]) -> Table:
    return Table("Caption", NUMBERS, rows)


def test_no_letter_is_wider_than_is_thought() -> None:
    font = ImageFont.truetype(str(FONTS / "SourceSans3_400Regular.ttf"), 1000)
    known = [each for each in ALL if fitting._at_most(each) < fitting.LINE]
    wider = [each for each in known if font.getlength(each) / 1000 * fitting.SIZE > fitting._at_most(each)]
    assert len(known) > 1000
    assert wider == []


@pytest.mark.parametrize(
    ("words", "is_single"),
    [
        ("Option 11", True),
        ("Funding ends before a method is used anywhere else", True),
        ("Funding ends before a method that was tried in one region is used in any other", False),
        ("two\nlines", False),
        ("\N{CJK UNIFIED IDEOGRAPH-6F22}", False),
    ],
)
def test_a_row_is_single_where_its_words_fit_whatever_their_letters(words: str, is_single: bool) -> None:
    assert fitting.single(table((words, "1", "2.5"))) == [is_single]


def test_columns_of_numbers_are_bare_unless_they_are_squeezed() -> None:
    many = (Column("Challenge"), *(Column(f"{n}", "end") for n in range(20)))
    squeezed = Table("Caption", many, (("A", *("12.5 (17)" for _ in range(20))),))
    assert fitting.bare(table(("A", "2=", "10.5"), ("B", "2=", "–"))) == [False, True, True]
    assert fitting.bare(squeezed) == [False] * 21
    assert fitting.single(squeezed) == [False]


def test_digits_of_places_stand_one_below_another() -> None:
    blank = fitting.FIGURE_SPACE
    expected = [f"{blank}1{blank}", f"{blank}2=", "10=", "–", ""]
    assert fitting.even(["1", "2=", "10=", "–", ""]) == expected
    assert [len(fitting.even([each])[0]) for each in ("1", "2=")] == [1, 2]
    days = ["1 September 2026", "–", "12"]
    assert fitting.even(days) == days


def test_a_table_of_a_third_of_a_page_is_short_and_no_row_of_usual_text_is_parted() -> None:
    few, many = (table(*[(f"Option {n}", "1", "2.5") for n in range(rows)]) for rows in (15, 16))
    assert [fitting.is_short(each) for each in (few, many)] == [True, False]
    long, endless = (table((words, "1", "2.5")) for words in ("word " * 200, "word\n" * 40))
    assert [fitting.is_short(each) for each in (long, endless)] == [True, False]
    assert [fitting.is_parted(each) for each in (few, long, endless)] == [False, False, True]


def interval(label: str) -> Interval:
    return Interval("1", label, 0, 0, 0, "1", 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([interval("Capacity")] * 23, [23]),
        ([interval("Capacity")] * 40, [20, 20]),
        ([interval("Capacity " * 6)] * 12, [12]),
        ([interval("Capacity " * 22)] * 12, [6, 6]),
        ([interval("Capacity " * 22)] * 4 + [interval("Capacity")] * 20, [7, 17]),
    ],
)
def test_a_chart_taller_than_a_page_comes_in_parts_of_like_height(rows: list[Interval], expected: list[int]) -> None:
    parts = fitting.parts(rows)
    assert [len(part) for part in parts] == expected
    assert [row for part in parts for row in part] == rows


def test_labels_over_numbers_break_into_two_lines_where_there_is_room() -> None:
    labels = ("Place", "90 % interval", "In the top three", "No opinion")
    rows = (("Trust between partners", "1", "1–2", "87 %", "0"),)
    columns = (Column("Challenge"), *(Column(label, "end") for label in labels))
    assert widths.letters(Table("Caption", columns, rows)) == [0, 5, 8, 9, 7]
    long = (("Trust between partners of regions that never met before", *rows[0][1:]),)
    assert widths.letters(Table("Caption", columns, long)) == [0, 5, 8, 5, 7]
