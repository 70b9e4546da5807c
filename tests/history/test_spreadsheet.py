"""A file that a spreadsheet opens runs nothing."""

import pytest

from history.spreadsheet import defused


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_text_that_begins_like_a_formula_is_defused_and_numbers_are_not(cell: str) -> None:
    assert (defused(cell), defused(-1), defused("1=1")) == (f"'{cell}", -1, "1=1")
