"""The count against published examples, exact synthetic cases, a slow reference, and the invariants it promises."""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges import tally
from challenges.count import kemeny, methods
from tests.challenges import slow_reference as slow

DATA = Path(__file__).parent / "data"
CHECKSUMS = {
    "README.md": "cf5d2535b86197a521097ad9cc8281718f5e785d973c883675df6ebf575d9b22",
    "expected.json": "3f0bec629fb3160af59f4f75586189198fbf4d814de2555b792c1a9b394cc3d3",
    "synthetic-helix-1.json": "8dd3d230018e4e638b0f433af3c7db9280ee11a6f355ce0fd221325fb078ce71",
    "synthetic-helix-2.json": "9e5aba9b8b1602c76e3706b25d68681bbf1c634548f4a9655b552f2a0d33dec4",
    "synthetic-helix-3.json": "4ec5076fa12b015b1870cb8bf48622c9fe0047169f0ddda92646feb2d0474624",
    "worked_examples.json": "82eee012951b367337b06b167d2e6ebb09f70cb5b26a001c31f9cd6b858f6aff",
}
EXPECTED = json.loads((DATA / "expected.json").read_text())
EXAMPLES = {example["id"]: example for example in json.loads((DATA / "worked_examples.json").read_text())}
SYNTHETIC = {name: json.loads((DATA / f"{name}.json").read_text()) for name in EXPECTED if name.startswith("synth")}
READINGS = [
    (name, reading)
    for name in EXAMPLES
    for reading in ("below", "absent")
    if not isinstance(EXPECTED[name][reading], str)
]
HELIX_READINGS = [(name, key) for name in SYNTHETIC for key in ("one_member_one_vote", "equal_groups_integer_weights")]
REFERENCE = settings(derandomize=True, deadline=None, max_examples=50, database=None)


def rows_of(example: dict[str, Any], unranked: int = 0) -> list[list[int]]:
    """Spell out ballots such as [8, "A>C=D"]."""
    names, rows = example["names"], []
    for count, text in example["ballots"]:
        row = [unranked] * len(names)
        for rank, level in enumerate(text.split(">"), 1):
            for name in level.split("="):
                row[names.index(name)] = rank
        rows += [row] * count
    return rows


def written(names: list[str], ranks: list[int]) -> str:
    """Write ranks as A>B=C."""
    return ">".join(
        "=".join(name for name, own in zip(names, ranks, strict=True) if own == rank) for rank in sorted(set(ranks))
    )


@st.composite
def profiles(draw: st.DrawFn, most_options: int = 5, least: int = -1, fewest: int = 1) -> list[list[int]]:
    m = draw(st.integers(1, most_options))
    return draw(st.lists(st.lists(st.integers(least, m), min_size=m, max_size=m), min_size=fewest, max_size=9))


def ranks(ballots: Any, method: str = "schulze", **options: Any) -> list[int]:
    found: list[int] = tally.aggregate(ballots, method, **options).ranks.tolist()
    return found


def test_the_examples_are_the_ones_that_were_checked() -> None:
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in DATA.iterdir()} == CHECKSUMS


@pytest.mark.parametrize(("name", "reading"), READINGS)
def test_worked_example_is_exact(name: str, reading: str) -> None:
    rows = rows_of(EXAMPLES[name], 0 if reading == "below" else -1)
    expected = EXPECTED[name][reading]
    result = tally.aggregate(rows)
    assert result.ranks.tolist() == expected["schulze_margins_rank"]
    assert result.pairwise.tolist() == expected["pairwise"]
    assert result.condorcet == expected["condorcet_winner"]
    assert methods.schulze_paths(result.pairwise).tolist() == expected["schulze_margins_paths"]
    assert methods.schulze_paths(result.pairwise, "winning").tolist() == expected["schulze_winning_paths"]
    assert ranks(rows, strength="winning") == expected["schulze_winning_rank"]
    assert ranks(rows, "copeland") == expected["copeland_rank"]
    borda = tally.aggregate(rows, "borda")
    assert borda.scores is not None
    assert (borda.ranks.tolist(), borda.scores.tolist()) == (expected["borda_rank"], expected["borda_net"])
    assert_kemeny(tally.aggregate(rows, "kemeny"), expected["kemeny"])


def assert_kemeny(result: tally.Aggregation, expected: dict[str, Any]) -> None:
    assert result.best_worst is not None
    assert result.cost == expected["cost"]
    assert result.best_worst.T.tolist() == [expected["best_rank"], expected["worst_rank"]]
    assert result.ranks.tolist() == expected["best_rank"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_kendalls_w_of_a_worked_example_is_exact(name: str) -> None:
    assert tally.aggregate(rows_of(EXAMPLES[name])).agreement == EXPECTED[name]["kendall_w_below"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_published_result_comes_out(name: str) -> None:
    example = EXAMPLES[name]
    rows, names = rows_of(example), example["names"]
    asked: dict[str, Callable[[], object]] = {
        "schulze_winning_ranking": lambda: written(names, ranks(rows, strength="winning")),
        "schulze_winning_winners": lambda: first(names, ranks(rows, strength="winning")),
        "schulze_margins_winners": lambda: first(names, ranks(rows)),
        "schulze_margins_winners_absent": lambda: first(names, ranks(rows_of(example, -1))),
        "ranked_pairs_ranking": lambda: written(names, ranks(rows, "ranked_pairs", strength="winning")),
        "copeland_ranking": lambda: written(names, ranks(rows, "copeland")),
        "kemeny_ranking": lambda: written(names, ranks(rows, "kemeny")),
    }
    known = {key: value for key, value in example["expect"].items() if key in asked}
    assert known == {key: asked[key]() for key in known}


def first(names: list[str], found: list[int]) -> list[str]:
    return [name for name, rank in zip(names, found, strict=True) if rank == 1]


def test_kemeny_keeps_the_published_number_of_agreements() -> None:
    result = tally.aggregate(rows_of(EXAMPLES["tennessee"]), "kemeny")
    assert result.cost == result.pairwise.sum() - EXAMPLES["tennessee"]["expect"]["kemeny_agreements"]


@pytest.mark.parametrize(("name", "key"), HELIX_READINGS)
def test_synthetic_case_is_exact(name: str, key: str) -> None:
    case, expected = SYNTHETIC[name], EXPECTED[name][key]
    groups = case["groups"] if key.startswith("equal") else None
    result = tally.aggregate(case["ballots"], groups=groups)
    assert result.ranks.tolist() == expected["schulze_margins_rank"]
    assert result.pairwise.tolist() == expected["pairwise"]
    assert result.compared.tolist() == expected["compared"]
    assert result.condorcet == expected["condorcet_winner"]
    assert round(result.n_effective, 6) == expected["n_effective"]
    assert result.agreement is None
    assert methods.schulze_paths(result.pairwise).tolist() == expected["schulze_margins_paths"]
    assert methods.schulze_paths(result.pairwise, "winning").tolist() == expected["schulze_winning_paths"]
    assert ranks(case["ballots"], groups=groups, strength="winning") == expected["schulze_winning_rank"]
    assert ranks(case["ballots"], "borda", groups=groups) == expected["borda_rank"]
    assert ranks(case["ballots"], "copeland", groups=groups) == expected["copeland_rank"]
    assert_kemeny(tally.aggregate(case["ballots"], "kemeny", groups=groups), expected["kemeny"])


@REFERENCE
@given(profiles(), st.data())
def test_every_method_equals_the_slow_reference(ballots: list[list[int]], data: st.DataObject) -> None:
    m = len(ballots[0])
    weights = data.draw(st.lists(st.integers(1, 7), min_size=len(ballots), max_size=len(ballots)))
    table = slow.pairwise(ballots, m, weights)
    result = tally.aggregate(ballots, weights=weights)
    assert result.pairwise.tolist() == table
    assert result.compared.tolist() == slow.compared(ballots, m, weights)
    assert result.condorcet == slow.condorcet_winner(table)
    for strength in methods.STRENGTHS:
        assert methods.schulze_paths(result.pairwise, strength).tolist() == slow.schulze_paths(table, strength)
        assert ranks(ballots, weights=weights, strength=strength) == slow.schulze(table, strength)
        found = ranks(ballots, "ranked_pairs", weights=weights, strength=strength)
        assert found == slow.ranked_pairs(table, strength)
    assert ranks(ballots, "borda", weights=weights) == slow.standing(slow.borda(ballots, m, weights))
    assert ranks(ballots, "copeland", weights=weights) == slow.standing(slow.copeland(table))
    orders, found_orders = slow.kemeny(table), kemeny.kemeny(result.pairwise)
    assert (found_orders.cost, found_orders.best_worst.tolist()) == (orders.cost, orders.best_worst)


@REFERENCE
@given(profiles(least=0))
def test_agreement_equals_the_slow_reference(ballots: list[list[int]]) -> None:
    expected = slow.kendall_w(ballots, len(ballots[0]))
    assert tally.aggregate(ballots).agreement == (None if expected is None else float(expected))


@REFERENCE
@given(profiles(), st.randoms(use_true_random=False), st.sampled_from(methods.METHODS))
def test_no_option_is_favoured_by_its_number(ballots: list[list[int]], chance: random.Random, method: str) -> None:
    order = list(range(len(ballots[0])))
    chance.shuffle(order)
    moved = [[row[i] for i in order] for row in ballots]
    plain = ranks(ballots, method)
    assert ranks(moved, method) == [plain[i] for i in order]


@REFERENCE
@given(profiles(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_no_byte(ballots: list[list[int]], chance: random.Random) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    one, two = (tally.aggregate(rows, resamples=20, seed=3) for rows in (ballots, shuffled))
    assert everything(one) == everything(two)


def everything(result: tally.Aggregation) -> dict[str, Any]:
    return {name: value.tobytes() if hasattr(value, "tobytes") else value for name, value in vars(result).items()}


@REFERENCE
@given(profiles(), st.sampled_from(methods.METHODS))
def test_every_ballot_twice_gives_the_same_ranks(ballots: list[list[int]], method: str) -> None:
    assert ranks(ballots * 2, method) == ranks(ballots, method)
    assert ranks(ballots, method, weights=[3] * len(ballots)) == ranks(ballots, method)


@REFERENCE
@given(profiles(), st.sampled_from(["schulze", "copeland", "kemeny", "ranked_pairs"]))
def test_who_wins_every_majority_stands_alone_at_the_top(ballots: list[list[int]], method: str) -> None:
    result = tally.aggregate(ballots, method)
    if result.condorcet is not None:
        assert [i for i, rank in enumerate(result.ranks.tolist()) if rank == 1] == [result.condorcet]


@REFERENCE
@given(profiles(), st.data())
def test_schulze_is_not_moved_by_clones(ballots: list[list[int]], data: st.DataObject) -> None:
    """A near-duplicate, ranked next to its twin on every ballot, changes nothing between the others."""
    twin = data.draw(st.integers(0, len(ballots[0]) - 1))
    cloned = []
    for row in ballots:
        alone = row[twin] > 0 and row.count(row[twin]) == 1
        step = data.draw(st.integers(-1, 1)) if alone else 0
        spread = [3 * rank if rank > 0 else rank for rank in row]
        cloned.append([*spread, spread[twin] + step])
    plain, fuller = (methods.schulze_paths(tally.aggregate(rows).pairwise) for rows in (ballots, cloned))
    others = [i for i in range(len(ballots[0])) if i != twin]
    for a in others:
        for b in others:
            assert (plain[a, b] > plain[b, a]) == (fuller[a, b] > fuller[b, a])
    winners = {i for i, rank in enumerate(ranks(ballots)) if rank == 1}
    clones = {i if i < len(ballots[0]) else twin for i, rank in enumerate(ranks(cloned)) if rank == 1}
    assert clones == winners


@REFERENCE
@given(profiles())
def test_gaps_between_ranks_do_not_matter(ballots: list[list[int]]) -> None:
    wide = [[rank * 1000 + 7 if rank > 0 else rank for rank in row] for row in ballots]
    assert everything(tally.aggregate(wide)) == everything(tally.aggregate(ballots))


@REFERENCE
@given(profiles(fewest=4))
def test_groups_weigh_the_same_in_total(ballots: list[list[int]]) -> None:
    groups = ["a" if i % 3 else "b" for i in range(len(ballots))]
    few, many = groups.count("b"), groups.count("a")
    by_hand = [few if label == "a" else many for label in groups]
    result = tally.aggregate(ballots, groups=groups)
    assert result.ranks.tolist() == ranks(ballots, weights=by_hand)
    assert result.condorcet == tally.aggregate(ballots, weights=by_hand).condorcet


@pytest.mark.parametrize("different", [1, 4, 40])
def test_a_large_count_equals_the_small_one(different: int) -> None:
    """Beyond some size the pairs are counted option by option, ballots of one weight together where these are few."""
    rows = [[(7 * i + i * j + 3 * j * j) % 10 - 1 for j in range(8)] for i in range(2503)]
    weights = [1 + i % different for i in range(len(rows))]
    result = tally.aggregate(rows, weights=weights)
    assert result.pairwise.tolist() == slow.pairwise(rows, 8, weights)
    assert result.compared.tolist() == slow.compared(rows, 8, weights)


def test_agreement_of_a_large_count_equals_the_reference() -> None:
    rows = [[(7 * i + i * j + 3 * j * j) % 6 for j in range(5)] for i in range(2503)]
    assert tally.aggregate(rows).agreement == float(slow.kendall_w(rows, 5) or 0)


def test_very_large_weights_stay_exact() -> None:
    rows, weights = [[1, 2, 0], [2, 1, -1], [0, 1, 1]], [2**58 + 1, 2**58, 2**57 + 3]
    result = tally.aggregate(rows, weights=weights, resamples=5)
    assert result.pairwise.tolist() == slow.pairwise(rows, 3, weights)
    assert result.compared.tolist() == slow.compared(rows, 3, weights)
    assert result.ranks.tolist() == slow.schulze(slow.pairwise(rows, 3, weights), "margins")


def test_bootstrap_of_one_voice_is_certain() -> None:
    result = tally.aggregate([[1, 2, 2]] * 12, resamples=50)
    assert result.interval is not None
    assert result.p_above is not None
    assert result.interval.tolist() == [[1, 1], [2, 2], [2, 2]]
    assert result.p_above.tolist() == [[0.5, 1.0, 1.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]


def test_bootstrap_interval_holds_the_observed_rank_of_a_clear_case() -> None:
    result = tally.aggregate([[1, 2, 3]] * 18 + [[3, 2, 1]] * 2, resamples=1000, seed=1)
    assert result.interval is not None
    assert result.interval.tolist() == [[1, 1], [2, 2], [3, 3]]


def test_bootstrap_repeats_itself_and_follows_its_seed() -> None:
    rows = SYNTHETIC["synthetic-helix-1"]["ballots"]
    one, same, other = (tally.aggregate(rows, resamples=200, seed=seed) for seed in (1, 1, 2))
    assert everything(one) == everything(same)
    assert everything(one) != everything(other)


def test_bootstrap_stays_within_groups() -> None:
    """Two groups of one ballot each can only be drawn as they are."""
    result = tally.aggregate([[1, 2], [2, 1]], groups=["a", "b"], resamples=30)
    assert result.p_above is not None
    assert result.p_above.tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("method", methods.METHODS)
def test_bootstrap_serves_every_method(method: str) -> None:
    result = tally.aggregate([[1, 2, 3]] * 15 + [[2, 1, 3]], method, resamples=20)
    assert result.interval is not None
    assert result.interval.tolist() == [[1, 1], [2, 2], [3, 3]]


def test_bootstrap_in_blocks_counts_every_resample(monkeypatch: pytest.MonkeyPatch) -> None:
    from challenges.count import resampling

    monkeypatch.setattr(resampling, "BLOCK", 100)
    rows = SYNTHETIC["synthetic-helix-1"]["ballots"]
    result = tally.aggregate(rows, resamples=30)
    assert result.p_above is not None
    assert (result.p_above + result.p_above.T).tolist() == [[1.0] * 6] * 6
    assert result.ranks.tolist() == EXPECTED["synthetic-helix-1"]["one_member_one_vote"]["schulze_margins_rank"]


@pytest.mark.parametrize("method", methods.METHODS)
@pytest.mark.parametrize(("ballots", "expected"), [([], []), ([[], []], []), ([[0, 0]], [1, 1]), ([[5]], [1])])
def test_empty_counts_are_valid(method: str, ballots: list[list[int]], expected: list[int]) -> None:
    result = tally.aggregate(ballots, method, resamples=3)
    assert (result.ranks.tolist(), result.n) == (expected, len(ballots))


def test_options_without_ballots_are_all_level() -> None:
    import numpy as np

    result = tally.aggregate(np.zeros((0, 3), dtype=int), resamples=3)
    assert result.ranks.tolist() == [1, 1, 1]
    assert (result.n, result.n_effective, result.condorcet, result.agreement) == (0, 0.0, None, None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tally.aggregate([1, 2, 3]), "not two-dimensional"),
        (lambda: tally.aggregate([[[1]]]), "not two-dimensional"),
        (lambda: tally.aggregate([[1, 2], [1]]), "same length"),
        (lambda: tally.aggregate([[1, -2]]), "below -1"),
        (lambda: tally.aggregate([[1, 1.5]]), "not integral"),
        (lambda: tally.aggregate([[1, float("nan")]]), "not integral"),
        (lambda: tally.aggregate([[1, float("inf")]]), "too large"),
        (lambda: tally.aggregate([[1, "2"]]), "not integral"),
        (lambda: tally.aggregate([[1, None]]), "not integral"),
        (lambda: tally.aggregate([[1, 10**30]]), "too large"),
        (lambda: tally.aggregate([[1]], weights=[1, 1]), "wrong length"),
        (lambda: tally.aggregate([[1]], weights=[-1]), "negative"),
        (lambda: tally.aggregate([[1], [2]], weights=[0, 0]), "all zero"),
        (lambda: tally.aggregate([[1]], weights=[0.5]), "not integral"),
        (lambda: tally.aggregate([[1], [1]], weights=[2**62, 2**62]), "too large"),
        (lambda: tally.aggregate([[1]], groups=["a", "b"]), "wrong length"),
        (lambda: tally.aggregate([[1]], weights=[1], groups=["a"]), "weights together with groups"),
        (lambda: tally.aggregate([[1]], "approval"), "unknown method: approval"),
        (lambda: tally.aggregate([[1]], strength="ratio"), "unknown strength: ratio"),
        (lambda: tally.aggregate([[1]], resamples=-1), "resamples: negative"),
        (lambda: tally.aggregate([[1]], level=1), "level"),
    ],
)
def test_wrong_input_is_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_published_table_recomputes_its_result() -> None:
    rows = SYNTHETIC["synthetic-helix-2"]["ballots"]
    for method in methods.METHODS:
        result = tally.aggregate(rows, method)
        assert tally.decide(result.pairwise.tolist(), method).ranks.tolist() == result.ranks.tolist()


def test_importing_the_count_loads_nothing_heavy() -> None:
    heavy = ["numpy", "pandas", "networkx", "numba", "scipy", "django"]
    code = f"import sys, challenges.tally; print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
