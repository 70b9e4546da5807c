"""What is stored at closing: exact figures, everything once, and nothing of a cell that stays hidden."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges import tally
from challenges.count import counting, linear_ordering, pairs, places
from tests.challenges import slow_reference as slow
from tests.challenges.rounds import helices_of, published, stored

DEMO = Path(__file__).parents[2] / "s3cop" / "demo" / "demo.json"
REFERENCE = settings(derandomize=True, deadline=None, max_examples=60, database=None)
ROUNDS = {
    record["key"]: record
    for record in json.loads(DEMO.read_text())["challenges"]["rounds"]
    if (record["expected"] or {}).get("ranks")
}


def demo(key: str) -> tuple[list[list[int]], list[str]]:
    ballots = ROUNDS[key]["ballots"]
    return [ballot["ranks"] for ballot in ballots], [ballot["helix"] for ballot in ballots]


def named(key: str, values: Any) -> dict[str, Any]:
    return dict(zip([option["challenge"] for option in ROUNDS[key]["options"]], values, strict=True))


@pytest.mark.parametrize("key", ROUNDS)
def test_a_round_of_the_demo_counts_as_its_notes_expect(key: str) -> None:
    expected = ROUNDS[key]["expected"]
    figures = stored(*demo(key))
    overall = figures["overall"]
    assert overall["pairwise"] == expected["pairwise"]
    assert overall["compared"] == expected["compared"]
    assert named(key, overall["ranks"]) == expected["ranks"]
    for method in ("schulze_winning", "borda", "copeland"):
        assert named(key, overall["methods"][method]) == expected[f"{method}_ranks"]
    assert named(key, [overall["n"] - known for known in overall["opinions"]]) == expected["no_opinion"]
    means = zip(overall["doubled_ranks"], overall["opinions"], strict=True)
    assert named(key, [round(twice / 2 / known, 3) for twice, known in means]) == expected["mean_rank"]
    assert list(figures["cells"]) == expected["helix_visible"]


def test_the_kick_off_puts_capacity_first_and_two_together_second() -> None:
    ballots, helices = demo("ic-kickoff")
    shown = published(ballots, helices, resamples=1000)
    assert [option.place for option in shown.options] == ["1", "2=", "2=", "4", "5", "6"]
    assert [len(tier) for tier in shown.tiers] == [1, 2, 3]
    assert [(cell.helix, cell.n) for cell in shown.cells] == [
        ("government", 9),
        ("business", 6),
        ("academia", None),
        ("civil_society", None),
    ]
    for cell in shown.cells[:2]:
        ranks = [option.rank for option in cell.options]
        assert named("ic-kickoff", ranks) == ROUNDS["ic-kickoff"]["expected"]["helix_ranks"][cell.helix]


@REFERENCE
@given(st.integers(1, 5).flatmap(lambda m: st.lists(st.lists(st.integers(-1, m), min_size=m, max_size=m), max_size=9)))
def test_places_equal_the_slow_reference(ballots: list[list[int]]) -> None:
    m = len(ballots[0]) if ballots else 2
    table = pairs.ballot_table(ballots).reshape(len(ballots), m)
    found = places.places(pairs.profile(table, pairs.ballot_weights(len(ballots), None, None)))
    given_places = [[slow.place(ballot, option) for ballot in ballots] for option in range(m)]
    assert found.given == [[row.count(place) for place in [*range(1, m + 1), 0]] for row in given_places]
    assert found.opinions == [len(row) - row.count(-1) for row in given_places]
    assert found.top_three == [sum(1 <= place <= 3 for place in row) for row in given_places]
    assert found.firsts == [row.count(1) for row in given_places]
    assert found.alike == [len(set(row) - {-1}) < 2 for row in given_places]
    means = slow.mean_ranks(ballots, m)
    assert found.doubled_ranks == [
        0 if mean is None else 2 * mean * known for mean, known in zip(means, found.opinions, strict=True)
    ]


def test_the_same_ballots_in_another_order_store_the_same_bytes() -> None:
    ballots, helices = demo("ic-kickoff")
    turned = stored(ballots[::-1], helices[::-1], seed=counting.seed_from(ballots[::-1]))
    assert json.dumps(turned) == json.dumps(stored(ballots, helices, seed=counting.seed_from(ballots)))


def test_a_hidden_cell_is_stored_as_its_size_only() -> None:
    figures = stored([[1, 2], [2, 1]] * 6, helices_of(government=9, business=3))
    assert figures["cells"] == {}
    assert figures["turnout"]["business"] == {"ballots": 3, "electors": 3}


def test_fewer_than_five_ballots_store_no_figure() -> None:
    overall = stored([[1, 2], [2, 1], [1, 2], [1, 0]])["overall"]
    assert (overall["n"], overall["ranks"], overall["pairwise"]) == (4, [None, None], [[None, None]] * 2)


def test_an_option_with_fewer_than_five_opinions_is_left_out_of_the_count() -> None:
    ballots = [[1, 2, -1]] * 6 + [[2, 3, 1]] * 4
    overall = stored(ballots)["overall"]
    assert overall["ranks"] == [1, 2, None]
    assert overall["doubled_ranks"] == [20, 40, None]
    assert overall["pairwise"][2] == [None, None, None]


def test_helices_weigh_the_same_only_when_every_one_of_them_can_be_shown() -> None:
    ballots = [[1, 2]] * 12 + [[2, 1]] * 5
    figures = stored(ballots, helices_of(government=12, business=5))
    weighted = tally.aggregate(ballots, groups=helices_of(government=12, business=5))
    assert figures["equal_helices"]["ranks"] == weighted.ranks.tolist() == [1, 1]
    assert stored(ballots, helices_of(government=12, unstated=5))["equal_helices"] is None


def test_ballots_are_stored_with_the_result_under_open_ballots_only() -> None:
    ballots = [[2, 1], [1, 2]] * 5
    assert stored(ballots)["ballots"] is None
    figures = stored(ballots, policy="open_ballots")
    assert (figures["ballots"], figures["cells"]) == (sorted(ballots), {})


def test_a_circle_too_hard_for_kemeny_leaves_kemeny_out(monkeypatch: pytest.MonkeyPatch) -> None:
    m = 19
    ballots = [[(place + turn) % m + 1 for place in range(m)] for turn in range(m)]
    every = ["schulze_winning", "borda", "copeland", "kemeny", "ranked_pairs"]
    assert list(stored(ballots, resamples=5)["overall"]["methods"]) == every
    monkeypatch.setattr(linear_ordering, "MOST_STEPS", 10)
    every.remove("kemeny")
    assert list(stored(ballots, resamples=5)["overall"]["methods"]) == every


def test_a_round_without_ballots_can_be_closed() -> None:
    figures = stored([], electors={"government": 4, "": 2})
    assert figures["overall"]["n"] == 0
    assert figures["turnout"]["unstated"] == {"ballots": 0, "electors": 2}


@pytest.mark.parametrize(
    ("ballots", "helices", "electors", "message"),
    [
        ([[1, 2]], ["industry"], {"industry": 1}, "unknown helix: industry"),
        ([[1, 2]], [], {}, "helices: 0 for 1 ballots"),
        ([[1, 2, 3]], ["business"], {"business": 1}, "options: 2 for ballots on 3"),
        ([[1, 2]], ["business"], {"academia": 1}, "electors: 0 for 1 ballots"),
    ],
)
def test_what_does_not_fit_together_is_named(ballots: Any, helices: Any, electors: Any, message: str) -> None:
    options = [{"id": 1, "title": "A"}, {"id": 2, "title": "B"}]
    with pytest.raises(ValueError, match=message):
        counting.compute(ballots, helices, electors, options=options, rules=counting.Rules())


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(ValueError, match="unknown policy: both"):
        counting.Rules(policy="both")
