"""Every rule of what may be shown, each by its name, and attacks on all of them together."""

import json
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges import disclosure, tally
from challenges.disclosure import cells
from challenges.disclosure.published import Cell, CellOption, Published, Reason, Shown
from tests.challenges.rounds import helices_of, published, stored

ATTACKS = settings(derandomize=True, deadline=None, max_examples=75, database=None)
MIXED = [[1, 2, 3], [2, 1, 3], [1, 3, 2], [3, 1, 2], [1, 2, 0]]


def mixed(n: int) -> list[list[int]]:
    return [MIXED[k % len(MIXED)] for k in range(n)]


def cell_of(shown: Published, helix: str) -> Cell:
    return next(cell for cell in shown.cells if cell.helix == helix)


def places_of(cell: Cell) -> list[str]:
    return [option.place for option in cell.options]


# The whole, and each option in it


def test_below_five_ballots_nothing_is_published() -> None:
    shown = published(mixed(4))
    assert (shown.shown, shown.reason, shown.n) == (Shown.NOTHING, Reason.FEWER_THAN_FIVE, 4)
    assert [(option.title, option.rank, option.tier, option.figures) for option in shown.options] == [
        ("A", None, None, None),
        ("B", None, None, None),
        ("C", None, None, None),
    ]
    assert (shown.head_to_head, shown.methods, shown.agreement, shown.influence) == (None, (), None, None)
    assert (shown.swaps, shown.cells, shown.turnout, shown.equal_helices) == ((), (), (), None)
    assert (shown.cells_reason, shown.receipts) == (Reason.FEWER_THAN_FIVE, False)


@pytest.mark.parametrize("n", [5, 9])
def test_from_five_to_nine_ballots_order_and_tiers_without_a_number(n: int) -> None:
    shown = published(mixed(n))
    assert shown.shown is Shown.ORDER
    assert [option.title for option in shown.options] == ["A", "B", "C"]
    assert [option.rank for option in shown.options] == [1, 2, 3]
    assert [option.figures for option in shown.options] == [None] * 3
    assert (shown.head_to_head, shown.methods, shown.agreement, shown.influence) == (None, (), None, None)
    assert (shown.swaps, shown.receipts, shown.agreement_reason) == ((), False, Reason.FEWER_THAN_TEN)
    assert [option.minority_first for option in shown.options] == [False] * 3


def test_from_ten_ballots_on_all_figures() -> None:
    shown = published(mixed(10))
    assert (shown.shown, shown.reason, shown.receipts) == (Shown.FIGURES, None, True)
    figures = shown.options[0].figures
    assert figures is not None
    assert (figures.mean_rank, figures.top_three, figures.places, figures.no_opinion) == (1.6, 100, (6, 2, 2, 0), 0)
    assert shown.agreement is not None
    assert shown.agreement.band == "weak"
    assert [method.name for method in shown.methods] == [
        "schulze_winning",
        "borda",
        "copeland",
        "kemeny",
        "ranked_pairs",
    ]


def test_ties_share_a_place_and_stand_by_title() -> None:
    shown = published([[2, 1, 0], [1, 2, 0]] * 5)
    assert [(option.title, option.place) for option in shown.options] == [("A", "1="), ("B", "1="), ("C", "3")]


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        (4, (Shown.NOTHING, Reason.FEWER_THAN_FIVE)),
        (5, (Shown.ORDER, Reason.FEWER_THAN_TEN)),
        (9, (Shown.ORDER, Reason.FEWER_THAN_TEN)),
        (10, (Shown.FIGURES, None)),
    ],
)
def test_each_option_is_shown_by_the_ballots_with_an_opinion_on_it(opinions: int, expected: Any) -> None:
    shown = published([[1, 2, 3]] * opinions + [[1, 2, -1]] * (12 - opinions))
    option = next(option for option in shown.options if option.title == "C")
    assert (option.shown, option.reason) == expected
    assert (option.figures is None) == (opinions < 10)
    assert (option.rank is None) == (opinions < 5)


def test_an_option_that_is_not_shown_leaves_no_gap_in_the_ranks() -> None:
    """A missing 2 would say where it came."""
    shown = published([[1, 2, 3]] * 4 + [[1, -1, 3]] * 8)
    assert [(option.title, option.place) for option in shown.options] == [("A", "1"), ("C", "2"), ("B", "")]


@pytest.mark.parametrize(("both", "expected"), [(9, None), (10, 10)])
def test_each_pair_is_shown_by_the_ballots_with_an_opinion_on_both(both: int, expected: int | None) -> None:
    shown = published([[1, 2]] * both + [[1, -1]] * 6 + [[-1, 1]] * 6)
    assert shown.head_to_head is not None
    assert shown.head_to_head.pairwise == ((0, expected), (None if expected is None else 0, 0))
    assert shown.head_to_head.complete == (expected is not None)
    assert len(shown.swaps) == (expected is not None)


def test_the_published_table_recomputes_the_ranks_by_every_method() -> None:
    figures = stored(mixed(13))
    shown = disclosure.publishable(figures, "breakdown")
    assert shown.head_to_head is not None
    assert shown.head_to_head.complete
    ranks = {method.name: list(method.ranks) for method in shown.methods}
    for method in ("borda", "copeland", "kemeny", "ranked_pairs"):
        assert tally.decide(shown.head_to_head.pairwise, method).ranks.tolist() == ranks[method]
    again = tally.decide(shown.head_to_head.pairwise, "schulze", shown.method.strength)
    assert again.ranks.tolist() == figures["overall"]["ranks"]


def test_agreement_is_not_claimed_when_a_ballot_holds_no_opinion() -> None:
    shown = published([*mixed(12), [1, 2, -1]])
    assert (shown.agreement, shown.agreement_reason) == (None, Reason.SOME_NO_OPINION)


def test_agreement_is_not_claimed_when_all_ballots_are_empty() -> None:
    shown = published([[0, 0]] * 10)
    assert (shown.agreement, shown.agreement_reason) == (None, Reason.NOTHING_TO_COMPARE)


# Helix cells


def test_a_helix_below_five_ballots_is_not_shown() -> None:
    shown = published(mixed(14), helices_of(government=6, business=4, academia=4))
    assert [(cell.helix, cell.shown, cell.reason, cell.n) for cell in shown.cells] == [
        ("government", Shown.ORDER, Reason.FEWER_THAN_TEN, 6),
        ("business", Shown.NOTHING, Reason.FEWER_THAN_FIVE, None),
        ("academia", Shown.NOTHING, Reason.FEWER_THAN_FIVE, None),
        ("civil_society", Shown.NOTHING, Reason.FEWER_THAN_FIVE, None),
    ]


def test_a_helix_of_five_to_nine_shows_order_and_tiers() -> None:
    cell = cell_of(published(mixed(14), helices_of(government=9, business=5)), "government")
    assert places_of(cell) == ["1", "2", "3"]
    assert [option.mean_rank for option in cell.options] == [None] * 3
    assert [option.top_three for option in cell.options] == [None] * 3


def test_a_helix_from_ten_on_shows_means_and_shares_to_one_decimal() -> None:
    cell = cell_of(published(mixed(24), helices_of(government=13, business=11)), "government")
    assert [option.mean_rank for option in cell.options] == [1.5, 1.8, 2.6]
    assert [option.top_three for option in cell.options] == [1.0, 1.0, 0.8]


def test_an_option_of_a_helix_is_shown_by_its_own_opinions() -> None:
    ballots = [[1, 2, 3]] * 4 + [[2, 1, -1]] * 3 + mixed(6)
    cell = cell_of(published(ballots, helices_of(government=7, business=6)), "government")
    assert [(option.shown, option.reason) for option in cell.options] == [
        (Shown.ORDER, Reason.FEWER_THAN_TEN),
        (Shown.ORDER, Reason.FEWER_THAN_TEN),
        (Shown.NOTHING, Reason.FEWER_THAN_FIVE),
    ]


def test_hidden_helices_together_hold_none_or_at_least_five() -> None:
    assert cells.visible({"government": 9, "business": 6, "academia": 5, "civil_society": 3}) == (
        "government",
        "business",
    )
    assert cells.visible({"government": 9, "business": 6, "academia": 5}) == ("government", "business", "academia")
    assert cells.visible({"government": 8, "academia": 4, "business": 5, "civil_society": 2}) == (
        "government",
        "business",
    )
    assert cells.visible({"government": 9, "civil_society": 1}) == ()
    assert cells.visible({}) == ()


def test_a_helix_hidden_for_a_smaller_one_says_so() -> None:
    shown = published(mixed(18), helices_of(government=9, business=6, academia=3))
    assert (cell_of(shown, "business").reason, cell_of(shown, "business").n) == (Reason.PROTECTS_ANOTHER, None)


def test_voters_without_a_helix_form_a_cell_that_is_never_shown() -> None:
    shown = published(mixed(26), helices_of(government=10, business=8, unstated=8))
    assert [cell.helix for cell in shown.cells] == list(cells.HELICES)
    assert [cell.helix for cell in shown.cells if cell.n] == ["government", "business"]
    few = published(mixed(20), helices_of(government=10, business=8, unstated=2))
    assert [cell.helix for cell in few.cells if cell.n] == ["government"]


def test_where_all_ballots_of_a_helix_agree_only_the_tier_is_shown() -> None:
    ballots = [[1, 2, 3]] * 5 + [[1, 3, 2]] * 3 + mixed(7)
    cell = cell_of(published(ballots, helices_of(government=8, business=7)), "government")
    assert cell.options[0] == CellOption(0, Shown.TIERS, Reason.ALL_ALIKE, None, "", 1, None, None)
    assert places_of(cell)[1:] == ["2", "3"]


def test_a_challenge_no_ballot_of_a_helix_ranked_is_shown_by_its_tier_only() -> None:
    ballots = [[1, 2, 0], [2, 1, 0], [1, 0, 0]] * 3 + mixed(5)
    cell = cell_of(published(ballots, helices_of(government=9, business=5)), "government")
    assert (cell.options[2].shown, cell.options[2].reason) == (Shown.TIERS, Reason.ALL_ALIKE)


def test_a_mean_is_withheld_when_the_rest_of_the_opinions_would_be_few() -> None:
    """Option C: 13 opinions of 18, 11 of them in one helix; the mean of the other two could be worked out."""
    ballots = [*mixed(11), [1, 2, 3], [2, 1, 3], *[[1, 2, -1], [2, 1, -1]] * 3]
    cell = cell_of(published(ballots, helices_of(government=11, business=8)), "government")
    assert [(option.shown, option.reason) for option in cell.options] == [
        (Shown.FIGURES, None),
        (Shown.FIGURES, None),
        (Shown.ORDER, Reason.PROTECTS_ANOTHER),
    ]


def test_helices_weighing_the_same_appear_only_when_every_helix_is_shown() -> None:
    whole = published(mixed(15), helices_of(government=10, business=5))
    assert whole.equal_helices is not None
    assert (whole.equal_helices.places, whole.equal_helices_reason) == (("1", "2", "3"), None)
    hidden = published(mixed(24), helices_of(government=10, business=6, academia=6, civil_society=2))
    assert (hidden.equal_helices, hidden.equal_helices_reason) == (None, Reason.HELIX_HIDDEN)
    unstated = published(mixed(22), helices_of(government=10, business=6, unstated=6))
    assert (unstated.equal_helices, unstated.equal_helices_reason) == (None, Reason.HELIX_HIDDEN)


def test_readings_that_put_other_options_on_top_are_named() -> None:
    ballots = [[1, 2, 3]] * 20 + [[3, 1, 2]] * 8 + [[2, 1, 3]] * 5
    shown = published(ballots, helices_of(government=20, business=8, academia=5))
    assert shown.equal_helices is not None
    assert shown.equal_helices.same_top_tier is False


def test_a_repeat_shows_tiers_only_in_cells_below_ten() -> None:
    shown = published(mixed(20), helices_of(government=11, business=9), repeats=True)
    small, large = cell_of(shown, "business"), cell_of(shown, "government")
    assert (small.shown, small.reason, places_of(small)) == (Shown.TIERS, Reason.REPEAT, ["", "", ""])
    assert None not in [option.tier for option in small.options]
    assert (large.shown, places_of(large)) == (Shown.FIGURES, ["1", "2", "3"])


# Turnout


def test_turnout_by_helix_hides_electors_by_the_same_rule() -> None:
    electors = {"government": 10, "business": 7, "academia": 6, "civil_society": 3}
    shown = published(mixed(20), helices_of(government=9, business=6, academia=5), electors=electors)
    assert [(row.helix, row.ballots, row.electors, row.reason) for row in shown.turnout] == [
        ("government", 9, 10, None),
        ("business", 6, 7, None),
        ("academia", None, None, Reason.PROTECTS_ANOTHER),
        ("civil_society", None, None, Reason.FEWER_THAN_FIVE),
    ]


def test_electors_without_a_helix_hide_a_helix_too() -> None:
    electors = {"government": 10, "business": 7, "": 1}
    shown = published(mixed(16), helices_of(government=9, business=7), electors=electors)
    assert [row.helix for row in shown.turnout if row.electors] == ["government"]


def test_turnout_and_breakdown_together_count_no_small_helix() -> None:
    """Business is too near to the small helix for the turnout, and has its five ballots in the breakdown."""
    electors = {"government": 9, "business": 5, "academia": 6, "civil_society": 3}
    told = helices_of(government=8, business=5, academia=4, civil_society=2)
    shown = published(mixed(19), told, electors=electors)
    assert [(cell.helix, cell.n) for cell in shown.cells if cell.n] == [("government", 8), ("business", 5)]
    assert [(row.helix, row.ballots, row.reason) for row in shown.turnout] == [
        ("government", 8, None),
        ("business", None, Reason.PROTECTS_ANOTHER),
        ("academia", None, Reason.PROTECTS_ANOTHER),
        ("civil_society", None, Reason.FEWER_THAN_FIVE),
    ]


def test_total_turnout_is_always_shown() -> None:
    shown = published(mixed(3), electors={"government": 12})
    assert (shown.n, shown.electors) == (3, 12)


# The two policies


def test_under_the_breakdown_no_ballot_leaves() -> None:
    shown = published(mixed(12))
    assert (shown.ballots, shown.ballots_reason) == (None, Reason.BREAKDOWN)


def test_under_open_ballots_no_group_is_shown() -> None:
    shown = published(mixed(25), helices_of(government=13, business=12), policy="open_ballots")
    assert (shown.cells, shown.cells_reason, shown.turnout) == ((), Reason.OPEN_BALLOTS, ())
    assert (shown.equal_helices, shown.equal_helices_reason) == (None, Reason.OPEN_BALLOTS)
    assert shown.ballots == tuple(sorted(map(tuple, mixed(25))))


def test_open_ballots_need_ten_of_them() -> None:
    shown = published(mixed(9), policy="open_ballots")
    assert (shown.ballots, shown.ballots_reason) == (None, Reason.FEWER_THAN_TEN)


def test_the_policy_cannot_change_after_closing() -> None:
    with pytest.raises(ValueError, match="policy: the round was opened for breakdown, not open_ballots"):
        disclosure.publishable(stored(mixed(12)), "open_ballots")


# All of it together

sizes = st.fixed_dictionaries({helix: st.integers(0, 13) for helix in (*cells.HELICES, "unstated")})


@st.composite
def electorates(draw: st.DrawFn) -> tuple[list[list[int]], list[str], dict[str | None, int]]:
    """Ballots with their helix, and how many of each were asked."""
    helices = helices_of(**draw(sizes))
    m = draw(st.integers(2, 3))
    one = st.lists(st.integers(-1, m), min_size=m, max_size=m)
    ballots = draw(st.lists(one, min_size=len(helices), max_size=len(helices)))
    away = draw(sizes)
    keys = {helix: "" if helix == "unstated" else helix for helix in away}
    return ballots, helices, {key: helices.count(key) + away[helix] for helix, key in keys.items()}


@ATTACKS
@given(electorates(), st.booleans(), st.randoms(use_true_random=False))
def test_no_attack_on_random_electorates_succeeds(electorate: Any, repeats: bool, chance: Any) -> None:
    ballots, helices, electors = electorate
    shown = published(ballots, helices, electors=electors, repeats=repeats, resamples=5)
    no_cell_below_five_can_be_isolated_by_subtraction(shown, ballots, helices)
    small_counts_and_hidden_cells_leave_no_number_in_the_json(shown)
    moved = with_the_hidden_changing_places(shown, helices, chance)
    again = published(ballots, moved, electors=electors, repeats=repeats, resamples=5)
    assert again.as_json() == shown.as_json(), "who of the hidden said what changes something that is shown"


def no_cell_below_five_can_be_isolated_by_subtraction(
    shown: Published, ballots: list[list[int]], helices: list[str]
) -> None:
    rests = [shown.n - sum(cell.n or 0 for cell in shown.cells)] if shown.cells else []
    if shown.turnout:
        rests.append(shown.electors - sum(row.electors or 0 for row in shown.turnout))
        told = {row.helix: row.ballots or 0 for row in shown.turnout}
        told |= {cell.helix: cell.n for cell in shown.cells if cell.n}
        rests.append(shown.n - sum(told.values()))
    for option in shown.options:
        known = {
            helix: sum(ballot[option.index] != -1 for ballot, own in zip(ballots, helices, strict=True) if own == helix)
            for helix in {*helices}
        }
        with_mean = [cell.helix for cell in shown.cells if cell.n and cell.options[option.index].mean_rank is not None]
        if with_mean:
            rests.append(sum(known.values()) - sum(known[helix] for helix in with_mean))
        assert [known[helix] for helix in with_mean if known[helix] < 10] == []
        ranked = [cell.helix for cell in shown.cells if cell.n and cell.options[option.index].tier is not None]
        assert [known[helix] for helix in ranked if known[helix] < 5] == []
    assert [rest for rest in rests if 0 < rest < 5] == []


def small_counts_and_hidden_cells_leave_no_number_in_the_json(shown: Published) -> None:
    plain = shown.as_json()
    for cell in plain["cells"]:
        if cell["shown"] == "nothing":
            assert (cell["n"], cell["options"]) == (None, [])
        if cell["shown"] == "order":
            assert {(option["mean_rank"], option["top_three"]) for option in cell["options"]} == {(None, None)}
    assert "seed" not in json.dumps(plain)


def with_the_hidden_changing_places(shown: Published, helices: list[str], chance: Any) -> list[str]:
    seen = {cell.helix for cell in shown.cells if cell.n}
    hidden = [k for k, helix in enumerate(helices) if helix not in seen]
    labels = [helices[k] for k in hidden]
    chance.shuffle(labels)
    moved = list(helices)
    for k, label in zip(hidden, labels, strict=True):
        moved[k] = label
    return moved


def test_a_member_cannot_subtract_the_own_ballot_from_a_small_helix() -> None:
    """From the cell of six and the own ballot, every set of the other five that fits is as good as the true one."""
    mine, others = [1, 2], [[1, 2], [1, 2], [2, 1], [1, 2], [1, 2]]
    whole = mixed_pair(12)
    true = published([mine, *others, *whole], helices_of(government=6, business=12), resamples=5)
    seen = cell_of(true, "government")
    fitting = 0
    # Who of the five said what is the same to the count, so what they say together is guessed, in all its orders.
    guesses = Counter(tuple(sorted(guess)) for guess in product([(1, 2), (2, 1), (1, 1)], repeat=5))
    for guess, orders in guesses.items():
        told = published([mine, *guess, *whole], helices_of(government=6, business=12), resamples=5)
        fitting += orders * (cell_of(told, "government") == seen)
    assert fitting > 50


def mixed_pair(n: int) -> list[list[int]]:
    return [[1, 2] if k % 2 else [2, 1] for k in range(n)]


@pytest.mark.parametrize("policy", ["breakdown", "open_ballots"])
def test_what_is_published_survives_json(policy: str) -> None:
    shown = published(mixed(20), helices_of(government=12, business=8), policy=policy)
    assert Published.from_json(json.loads(json.dumps(shown.as_json()))) == shown
