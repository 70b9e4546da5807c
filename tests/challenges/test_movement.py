"""Over the rounds on one question: where each line runs, and no more said of the top than two rounds carry."""

import re

import pytest
from django.template.loader import render_to_string

from challenges.disclosure.movement import EDGE, ROW, TOP, Top, movement, top
from tests.challenges.rounds import published

FIRST_A = published([[1, 2, 3]] * 12)
FIRST_C = published([[3, 2, 1]] * 12, repeats=True)
LEVEL = published([[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 4)
FEW = published([[1, 2, 3]] * 4)


def test_one_round_moves_nothing() -> None:
    assert (movement([]), movement([FIRST_A])) == (None, None)


def test_lines_run_from_place_to_place_in_the_order_of_the_last_round() -> None:
    moved = movement([FIRST_A, FIRST_C])
    assert moved is not None
    assert (moved.columns, moved.height) == ((EDGE, 94.0), TOP + 3 * ROW)
    assert [(line.option.title, [(p.x, p.y, p.place) for p in line.points]) for line in moved.lines] == [
        ("C", [(6.0, 174.0, "3"), (94.0, 62.0, "1")]),
        ("B", [(6.0, 118.0, "2"), (94.0, 118.0, "2")]),
        ("A", [(6.0, 62.0, "1"), (94.0, 174.0, "3")]),
    ]
    assert [(line.lead, line.up, len(line.segments)) for line in moved.lines] == [
        (True, True, 1),
        (False, False, 1),
        (False, False, 1),
    ]
    assert [line.option.title for line in moved.drawn][-1] == "C"


def test_three_rounds_stand_at_equal_distances() -> None:
    moved = movement([FIRST_A, LEVEL, FIRST_C])
    assert moved is not None
    assert moved.columns == (6.0, 50.0, 94.0)
    assert [len(line.segments) for line in moved.lines] == [2, 2, 2]


def test_tied_options_do_not_cover_each_other() -> None:
    moved = movement([FIRST_A, published([[1, 1, 2]] * 12)])
    assert moved is not None
    assert [(line.points[-1].place, line.points[-1].y) for line in moved.lines] == [
        ("1=", 62.0),
        ("1=", 118.0),
        ("3", 174.0),
    ]


def test_a_withheld_option_has_no_point_and_breaks_its_line() -> None:
    moved = movement([FIRST_A, published([[1, 2, -1]] * 12), FIRST_A])
    assert moved is not None
    third = next(line for line in moved.lines if line.option.title == "C")
    assert (len(third.points), third.segments) == (2, ())


def test_a_better_rank_within_one_tier_is_no_rise() -> None:
    moved = movement([LEVEL, LEVEL])
    assert moved is not None
    assert [line.up for line in moved.lines] == [False, False, False]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (FIRST_A, FIRST_A, Top.SAME),
        (FIRST_A, FIRST_C, Top.OTHER),
        (FIRST_A, LEVEL, Top.UNTOLD),
        (LEVEL, FIRST_A, Top.UNTOLD),
        (FEW, FIRST_A, Top.UNTOLD),
        (FIRST_A, FEW, Top.UNTOLD),
    ],
)
def test_the_top_is_compared_only_where_both_rounds_have_one(before: object, now: object, said: Top) -> None:
    assert top(before, now) is said  # type: ignore[arg-type]


class Named:
    """What the table's head needs of a round."""

    title = "Main challenges"

    def get_absolute_url(self) -> str:
        return "/rounds/1/"


@pytest.mark.usefixtures("strict_templates")
def test_the_chart_is_drawn_with_its_table() -> None:
    withheld = published([[1, 2, -1]] * 12)
    rounds = [(Named(), FIRST_A), (Named(), withheld)]
    html = render_to_string("charts/bump.html", {"movement": movement([FIRST_A, withheld]), "rounds": rounds})
    text = re.sub(r"\s+", " ", html)
    assert (html.count('class="pt"'), html.count('class="ln"')) == (5, 2)
    titles = re.findall(r'<th scope="row">(\w)</th>', text)
    cells = re.findall(r'<td class="end">(.*?)</td>', text)
    assert list(zip(titles, cells[::2], cells[1::2], strict=True)) == [
        ("A", "1 (tier 1)", "1 (tier 1)"),
        ("B", "2 (tier 2)", "2 (tier 2)"),
        ("C", "3 (tier 3)", "not published"),
    ]
    assert text.count("12 of 12 voted") == 2
