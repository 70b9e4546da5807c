"""What surely fits into a printed cell: never less than the font needs, and what follows from it."""

from pathlib import Path

import pytest
from PIL import ImageFont

import outcomes
from outcomes import fitting
from outcomes.nodes import Column, Table

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
