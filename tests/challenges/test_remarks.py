"""Each sentence beside the headline holds for the ballots it is said of."""

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges.disclosure.finding import finding
from challenges.disclosure.published import Influence, Method, Published, Reason
from challenges.disclosure.remarks import Neighbours, OneLess, Remarks, Weights, remarks
from challenges.tally import aggregate, decide
from tests.challenges.rounds import helices_of, published

CLEAR = published([[1, 2, 3, 4]] * 12)
CIRCLE = [[1, 2, 3]] * 5 + [[2, 3, 1]] * 4 + [[3, 1, 2]] * 3


def said_of(shown: Published) -> str:
    titles = [{"title": option.title, "ranks": [option.place]} for option in shown.options if option.place]
    html = render_to_string("challenges/_checks.html", {"shown": shown, "said": remarks(shown), "titles": titles})
    return re.sub(r"\s+", " ", html)


def test_a_clear_result_has_nothing_against_it() -> None:
    assert remarks(CLEAR) == Remarks(
        other_top_three=(),
        other_firsts=(),
        weights=Weights.HIDDEN if CLEAR.equal_helices is None else Weights.SAME,
        one_less=OneLess.NOTHING,
        agreement="unusually_strong",
        no_agreement=None,
        neighbours=(Neighbours("A", "B", 7), Neighbours("B", "C", 7), Neighbours("C", "D", 7)),
    )


@pytest.mark.parametrize("ballots", [0, 4, 7])
def test_below_ten_ballots_nothing_is_remarked(ballots: int) -> None:
    said = remarks(published([[1, 2, 3]] * ballots))
    assert (said.other_top_three, said.other_firsts, said.one_less, said.agreement) == ((), (), None, None)
    assert said.neighbours == ()


def test_a_single_option_has_neither_neighbours_nor_rivals() -> None:
    said = remarks(published([[1]] * 12))
    assert (said.other_firsts, said.neighbours, said.agreement) == ((), (), None)
    assert said.no_agreement is Reason.NOTHING_TO_COMPARE


def test_weak_agreement_is_named_beside_the_headline_and_below() -> None:
    shown = published([[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 4 + [[1, 2, 3]] * 2)
    assert (remarks(shown).agreement, finding(shown).weak) == ("very_weak", "very_weak")
    notes = render_to_string("challenges/_finding_notes.html", {"finding": finding(shown)})
    assert "They agree very weakly." in notes
    assert "The ballots agree very weakly." in said_of(shown)


def test_strong_agreement_is_no_caveat() -> None:
    assert finding(CLEAR).weak == ""
    assert "The ballots agree unusually strongly." in said_of(CLEAR)


def test_no_band_is_claimed_when_a_ballot_holds_no_opinion() -> None:
    shown = published([[1, 2, 3]] * 11 + [[1, 2, -1]])
    assert (remarks(shown).agreement, finding(shown).weak) == (None, "")
    assert "some ballots hold “no opinion”" in said_of(shown)


def test_disagreeing_weightings_are_said_twice_and_agreeing_ones_once() -> None:
    ballots = [[1, 2, 3]] * 20 + [[3, 1, 2]] * 8 + [[2, 1, 3]] * 5
    shown = published(ballots, helices_of(government=20, business=8, academia=5))
    assert remarks(shown).weights is Weights.OTHER
    notes = render_to_string("challenges/_finding_notes.html", {"finding": finding(shown)})
    assert "When every helix weighs the same, the first tier is another" in notes
    assert "the first tier changes" in said_of(shown)
    alike = published([[1, 2, 3]] * 12, helices_of(government=6, business=6))
    assert remarks(alike).weights is Weights.SAME
    assert finding(alike).other_weights is False
    assert "the first tier stays as it is" in said_of(alike)


def test_a_hidden_helix_leaves_no_reading_of_weights() -> None:
    shown = published([[1, 2, 3]] * 12, helices_of(government=9, business=3))
    assert remarks(shown).weights is Weights.HIDDEN


def test_a_method_that_puts_another_first_is_named_beside_the_headline() -> None:
    shown = published([[1, 2, 3, 4, 5]] * 13 + [[0, 1, 2, 3, 4]] * 8)
    assert (finding(shown).kind, remarks(shown).other_firsts) == ("first_alone", ("borda",))
    notes = render_to_string("challenges/_finding_notes.html", {"finding": finding(shown)})
    assert re.sub(r"\s+", " ", notes).count("would put another first, or several level: Borda (points)") == 1


def with_method(shown: Published, *ranks: int) -> Published:
    return replace(shown, methods=(Method("borda", ranks, same_top_three=True),))


def test_a_tie_at_the_top_contradicts_one_that_stands_first_alone() -> None:
    assert remarks(with_method(CLEAR, 1, 1, 3, 4)).other_firsts == ("borda",)
    assert remarks(with_method(CLEAR, 1, 2, 2, 4)).other_firsts == ()


def test_one_of_those_who_share_the_first_place_contradicts_the_others() -> None:
    shared = published([[1, 1, 2, 3]] * 12)
    assert remarks(with_method(shared, 1, 2, 3, 4)).other_firsts == ("borda",)
    assert remarks(with_method(shared, 1, 1, 3, 4)).other_firsts == ()


def test_in_a_tier_that_is_not_told_apart_any_may_be_first() -> None:
    leading = published([[1, 2, 3]] * 6 + [[2, 1, 3]] * 5)
    assert finding(leading).kind == "top_tier"
    assert remarks(with_method(leading, 2, 1, 3)).other_firsts == ()
    assert remarks(with_method(leading, 2, 3, 1)).other_firsts == ("borda",)


def test_where_nothing_is_told_apart_no_method_contradicts() -> None:
    level = published([[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 4)
    assert remarks(with_method(level, 3, 2, 1)).other_firsts == ()


@pytest.mark.parametrize(
    ("influence", "said", "sentence"),
    [
        (Influence(True, True, True), OneLess.FIRST, "There is a ballot without which the first place would change."),
        (Influence(False, True, True), OneLess.TOP_THREE, "there is one without which the top three would change"),
        (Influence(False, False, True), OneLess.ORDER, "some other place may change"),
        (Influence(False, False, False), OneLess.NOTHING, "Leaving out any one ballot changes no place."),
    ],
)
def test_what_one_ballot_less_could_change(influence: Influence, said: OneLess, sentence: str) -> None:
    shown = replace(CLEAR, influence=influence)
    assert remarks(shown).one_less is said
    assert sentence in said_of(shown)
    assert finding(shown).fragile is influence.first


def test_nobody_is_called_fragile_where_nobody_is_called_first() -> None:
    level = published([[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 4)
    assert finding(replace(level, influence=Influence(True, True, True))).fragile is False


def test_in_a_circle_of_majorities_no_number_of_minds_is_given() -> None:
    shown = published(CIRCLE)
    table = shown.head_to_head
    assert table is not None
    for swap, pair in zip(shown.swaps, remarks(shown).neighbours, strict=True):
        against = (table.pairwise[swap.below][swap.above] or 0) > (table.pairwise[swap.above][swap.below] or 0)
        assert (pair.members is None) is against


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations([1, 2, 3]), min_size=10, max_size=14))
def test_so_many_minds_swap_two_neighbours_and_one_less_does_not(ballots: list[list[int]]) -> None:
    shown = published(ballots, resamples=20)
    table = shown.head_to_head
    assert table is not None

    def swapped(above: int, below: int, members: int) -> bool:
        changed = [list(row) for row in table.pairwise]
        changed[above][below] = (changed[above][below] or 0) - members
        changed[below][above] = (changed[below][above] or 0) + members
        ranks = decide(changed).ranks
        return bool(ranks[below] < ranks[above])

    for swap in shown.swaps:
        if swap.members is not None:
            assert swapped(swap.above, swap.below, swap.members)
            assert not swapped(swap.above, swap.below, swap.members - 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations([1, 2, 3, 4]), min_size=10, max_size=14))
def test_the_sentence_on_one_ballot_less_holds_for_each_of_them(ballots: list[list[int]]) -> None:
    """Counted again without each ballot in turn."""

    def ranks(rows: list[list[int]]) -> list[int]:
        return [int(rank) for rank in aggregate(rows).ranks]

    whole = ranks(ballots)
    others = [ranks(ballots[:i] + ballots[i + 1 :]) for i in range(len(ballots))]

    def moved(limit: int) -> bool:
        top = [r <= limit for r in whole]
        return any([r <= limit for r in other] != top for other in others)

    expected = OneLess.ORDER if any(other != whole for other in others) else OneLess.NOTHING
    if moved(3):
        expected = OneLess.TOP_THREE
    if moved(1):
        expected = OneLess.FIRST
    assert remarks(published(ballots, resamples=20)).one_less is expected
