"""Geometry in percent, and the markup it is drawn with."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from challenges.disclosure import charts
from challenges.disclosure.published import Reason, Turnout
from tests.challenges.rounds import helices_of, published

BALLOTS = [[1, 2, 3], [2, 1, 3], [1, 3, 2], [3, 1, 2], [1, 2, 0]]
VOID = {"input", "br", "img", "meta", "link"}


def mixed(n: int) -> list[list[int]]:
    return [BALLOTS[k % len(BALLOTS)] for k in range(n)]


class Nesting(HTMLParser):
    """Fails on a tag that is closed by another."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser's signature
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def drawn(name: str, **context: Any) -> str:
    html = render_to_string(f"charts/{name}.html", context)
    parser = Nesting()
    parser.feed(html)
    assert parser.open == []
    assert re.findall(r"style=|\son[a-z]+=|<script", html) == []
    return " ".join(html.split())


def test_the_scale_leaves_room_for_half_a_mark_at_both_ends() -> None:
    x = charts.scale(1, 6)
    assert [x(value) for value in (1, 2, 3.5, 6)] == [2.0, 21.2, 50.0, 98.0]
    assert charts.scale(1, 1)(1) == 50.0


def test_the_axis_counts_the_ranks_and_thins_where_they_would_touch() -> None:
    assert [(tick.v, tick.x) for tick in charts.axis(3)] == [(1, 2.0), (2, 50.0), (3, 98.0)]
    assert [tick.v for tick in charts.axis(25)] == [1, 4, 7, 10, 13, 16, 19, 22, 25]
    assert charts.axis(0) == ()


def test_intervals_stand_tier_by_tier() -> None:
    shown = published([[1, 2, 2]] * 12)
    top, rest = charts.interval_rows(shown.options)
    assert [(row.title, row.place, row.lead, row.x_lo, row.x, row.x_hi) for row in top.rows] == [
        ("A", "1", True, 2.0, 2.0, 2.0)
    ]
    assert [(row.title, row.place, row.lead, row.x_lo, row.x, row.x_hi) for row in rest.rows] == [
        ("B", "2=", False, 50.0, 50.0, 50.0),
        ("C", "2=", False, 50.0, 50.0, 50.0),
    ]


def test_without_figures_there_is_no_band() -> None:
    rows = [row for tier in charts.interval_rows(published(mixed(7)).options) for row in tier.rows]
    assert [(row.x, row.x_lo, row.x_hi) for row in rows] == [(2.0, None, None), (50.0, None, None), (98.0, None, None)]


def test_nothing_published_draws_nothing() -> None:
    assert charts.interval_rows(published(mixed(4)).options) == ()


def test_helices_stand_at_the_rank_they_give() -> None:
    ballots = [[1, 2, 3]] * 4 + [[2, 1, 3]] + [[3, 2, 1]] * 4 + [[2, 3, 1]]
    shown = published(ballots, helices_of(government=5, business=5))
    chart = charts.helix_rows(shown.options, shown.cells)
    row = next(row for row in chart.rows if row.option.title == "A")
    assert [(mark.helix, mark.place, mark.x, mark.y) for mark in row.marks] == [
        ("government", "1", 2.0, 18.0),
        ("business", "3", 98.0, 18.0),
    ]
    assert (row.x_min, row.x_max, row.spread) == (2.0, 98.0, 2)
    assert ([cell.helix for cell in chart.shown], [cell.helix for cell in chart.hidden]) == (
        ["government", "business"],
        ["academia", "civil_society"],
    )
    assert (chart.with_marks, chart.with_figures) == (True, False)


def test_marks_that_would_cover_each_other_are_moved_apart() -> None:
    shown = published(mixed(30), helices_of(government=10, business=10, academia=10))
    chart = charts.helix_rows(shown.options, shown.cells)
    assert [(mark.helix, mark.x, mark.y) for mark in chart.rows[0].marks] == [
        ("government", 2.0, 9.0),
        ("business", 2.0, 18.0),
        ("academia", 2.0, 27.0),
    ]
    assert (chart.rows[0].spread, chart.with_figures) == (0, True)


def test_one_helix_alone_is_no_comparison() -> None:
    shown = published(mixed(15), helices_of(government=9, business=3, academia=3))
    chart = charts.helix_rows(shown.options, shown.cells)
    assert (chart.with_marks, [cell.helix for cell in chart.shown]) == (False, ["government"])
    assert [row.spread for row in chart.rows] == [None] * 3


def test_the_heat_table_follows_the_result_and_shades_by_share() -> None:
    shown = published([[2, 1]] * 9 + [[1, 2]] * 3)
    assert shown.head_to_head is not None
    first, second = charts.heat(shown.options, shown.head_to_head)
    assert (first.option.title, second.option.title) == ("B", "A")
    assert first.cells == (
        charts.HeatCell(None, None, 0, ahead=False, same=True),
        charts.HeatCell(9, 12, 4, ahead=True, same=False),
    )
    assert second.cells[0] == charts.HeatCell(3, 12, 2, ahead=False, same=False)


def test_a_pair_that_is_withheld_stays_empty_in_the_heat_table() -> None:
    shown = published([[1, 2]] * 9 + [[1, -1]] * 3 + [[-1, 1]] * 3)
    assert shown.head_to_head is not None
    rows = charts.heat(shown.options, shown.head_to_head)
    assert rows[0].cells[1] == charts.HeatCell(None, None, 0, ahead=False, same=False)


def test_turnout_is_rounded_to_whole_percent() -> None:
    rows = [Turnout("government", None, 2, 3), Turnout("business", None, 1, 8)]
    hidden = Turnout("academia", Reason.FEWER_THAN_FIVE, None, None)
    assert [bar.percent for bar in charts.turnout_bars([*rows, hidden])] == [67, 13, None]


@pytest.fixture
def chart_of_intervals() -> dict[str, Any]:
    shown = published([[1, 2, 3, -1]] * 9 + [[2, 1, 3, -1]] * 3)
    return {
        "tiers": charts.interval_rows(shown.options),
        "axis": charts.axis(len(shown.options)),
        "withheld": shown.withheld,
        "figures": True,
        "level": shown.method.level,
    }


@pytest.mark.usefixtures("strict_templates")
def test_intervals_are_drawn_with_their_table(chart_of_intervals: dict[str, Any]) -> None:
    html = drawn("intervals", **chart_of_intervals)
    assert re.findall(r'<circle class="dot" cx="([^"]+)"', html) == ["2.0%", "34.0%", "66.0%"]
    assert re.findall(r"<td>([^<]*)</td> <th scope=\"row\">(\w+)</th>", html) == [("1", "A"), ("2", "B"), ("3", "C")]
    assert "90 % interval of the rank" in html
    assert "fewer than five ballots hold an opinion on it: D</p>" in html


@pytest.mark.usefixtures("strict_templates")
def test_positions_keep_their_point_in_a_language_with_commas(chart_of_intervals: dict[str, Any]) -> None:
    with translation.override("de"):
        html = drawn("intervals", **chart_of_intervals)
    assert re.findall(r'(?:cx|x1|x2|x)="(\d+,\d*)%?"', html) == []
    assert re.findall(r'<circle class="dot" cx="([^"]+)"', html) == ["2.0%", "34.0%", "66.0%"]
    assert re.findall(r'<td class="end">(\d,\d\d)</td>', html) == ["1,25", "1,75", "3,00"]


@pytest.mark.usefixtures("strict_templates")
def test_order_without_figures_is_drawn_too() -> None:
    shown = published(mixed(7))
    html = drawn(
        "intervals",
        tiers=charts.interval_rows(shown.options),
        axis=charts.axis(3),
        withheld=shown.withheld,
        figures=False,
        level=0.9,
    )
    assert (html.count("band"), html.count('class="dot"'), html.count('scope="col"')) == (0, 3, 3)


@pytest.mark.usefixtures("strict_templates")
def test_helices_are_drawn_with_shape_and_table_and_what_is_hidden_says_why() -> None:
    ballots = mixed(11) + [[1, 3, 2]] * 6 + mixed(2)
    shown = published(ballots, helices_of(government=11, business=6, academia=2))
    html = drawn("helices", chart=charts.helix_rows(shown.options, shown.cells), axis=charts.axis(3))
    assert "not shown: it would tell what a smaller helix said" in html
    assert html.count("not shown: fewer than five ballots") == 2
    two = published(mixed(17) + mixed(6), helices_of(government=17, business=6))
    html = drawn("helices", chart=charts.helix_rows(two.options, two.cells), axis=charts.axis(3))
    assert html.count('class="hx-mark hx-public"') == html.count('class="hx-mark hx-business"') == 3
    assert re.findall(r"(\d+) ballots</span>", html) == ["17", "6"]
    assert re.findall(r"mean (\d\.\d), top 3: (\d\.\d)", html) == [("1.6", "1.0"), ("1.8", "1.0"), ("2.6", "0.8")]


@pytest.mark.usefixtures("strict_templates")
def test_the_heat_table_is_a_table() -> None:
    shown = published([[2, 1]] * 9 + [[1, 2]] * 3)
    assert shown.head_to_head is not None
    html = drawn("heat", rows=charts.heat(shown.options, shown.head_to_head))
    assert re.findall(r'<td class="([^"]+)">(\d+)</td>', html) == [("q4 mode", "9"), ("q2", "3")]


@pytest.mark.usefixtures("strict_templates")
def test_turnout_is_drawn_with_its_table() -> None:
    electors = {"government": 10, "business": 8, "academia": 7, "civil_society": 2}
    shown = published(mixed(18), helices_of(government=9, business=4, academia=5), electors=electors)
    html = drawn("turnout", rows=charts.turnout_bars(shown.turnout))
    assert re.findall(r'<rect class="hx-(\w+)" width="(\d+)%"', html) == [("public", "90"), ("business", "50")]
    assert html.count("not shown: it would tell the size of a smaller helix") == 1
    assert html.count("not shown: fewer than five members") == 1


def test_places_are_shaded_by_share_and_the_most_frequent_marked() -> None:
    shown = published([[1, 2]] * 9 + [[2, 1]] * 3 + [[0, 1], [1, -1]])
    assert [(row.option.title, row.no_opinion) for row in charts.place_rows(shown.options)] == [("A", 0), ("B", 1)]
    first = charts.place_rows(shown.options)[0]
    assert first.cells == (
        charts.PlaceCell(10, 5, most=True),
        charts.PlaceCell(3, 2, most=False),
        charts.PlaceCell(1, 1, most=False),
    )
    assert charts.place_rows(published(mixed(9)).options) == ()


@pytest.mark.usefixtures("strict_templates")
def test_places_are_drawn_as_a_table() -> None:
    shown = published([[1, 2]] * 9 + [[2, 1]] * 3)
    html = drawn("places", rows=charts.place_rows(shown.options), columns=range(1, 3))
    assert re.findall(r'<td class="(q[^"]+)">(\d+)</td>', html)[:4] == [
        ("q5 mode", "9"),
        ("q2", "3"),
        ("q0", "0"),
        ("q0", "0"),
    ]
    assert html.count('scope="col"') == 4
