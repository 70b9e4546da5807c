"""The ballot paper: reading a field, closing gaps, shuffling, and telling a ballot in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges import paper

RANKS = st.lists(st.integers(-1, 12), max_size=8)


@pytest.mark.parametrize(("text", "value"), [("", 0), ("x", -1), ("1", 1), ("12", 12), ("999999999", 999999999)])
def test_what_may_stand_in_a_field(text: str, value: int) -> None:
    assert paper.answer(text) == value
    assert paper.text_of(value) == text


@pytest.mark.parametrize("text", ["0", "-1", "x ", "X", "1.0", "٣", "1\n", "1000000000", "1_0"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rank"):
        paper.answer(text)


@given(RANKS)
def test_closing_gaps_keeps_order_ties_and_marks(ranks: list[int]) -> None:
    dense = paper.close_gaps(ranks)
    given_ranks = sorted({rank for rank in dense if rank > 0})
    assert given_ranks == list(range(1, len(given_ranks) + 1))
    for a, b in zip(ranks, dense, strict=True):
        assert (a > 0) == (b > 0)
        assert a > 0 or a == b
    pairs = [(i, j) for i in range(len(ranks)) for j in range(len(ranks)) if ranks[i] > 0 < ranks[j]]
    assert all((ranks[i] < ranks[j]) == (dense[i] < dense[j]) for i, j in pairs)


@given(RANKS)
def test_places_count_those_above_and_mark_ties(ranks: list[int]) -> None:
    for rank, place in zip(ranks, paper.places(ranks), strict=True):
        if rank <= 0:
            assert place == ""
        else:
            above = sum(0 < other < rank for other in ranks)
            assert place == f"{above + 1}{'=' if ranks.count(rank) > 1 else ''}"


def test_r2_the_order_depends_on_round_and_elector_and_on_nothing_else() -> None:
    orders = {(r, e): paper.shuffled(range(10), r, e) for r in range(5) for e in range(5)}
    assert len({tuple(order) for order in orders.values()}) == 25
    assert orders == {(r, e): paper.shuffled(reversed(range(10)), r, e) for r, e in orders}
    assert all(sorted(order) == list(range(10)) for order in orders.values())


def test_r2_every_option_comes_first_about_equally_often() -> None:
    firsts = [paper.shuffled(range(6), 1, elector)[0] for elector in range(6000)]
    assert all(900 < firsts.count(option) < 1100 for option in range(6))


def test_a_ballot_in_words() -> None:
    reading = paper.read_back(["A", "B", "C", "D", "E"], [2, 1, 2, 0, -1])
    assert reading == paper.Reading([("1", "B"), ("2=", "A"), ("2=", "C")], ["D"], ["E"])
