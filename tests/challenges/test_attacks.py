"""Attacks on all that is told of a round together: pages, live room, downloads, API, outcome in each format, letters.

Two rounds that differ only in what must stay secret give the same artefacts, byte for byte; so no attack on them, by
subtraction or by any other means, tells the two apart.
"""

import json
import random
from typing import Any

import pytest

from challenges.disclosure.cells import HELICES
from challenges.models import RankingRound
from outcomes.models import EditionFile
from tests.challenges.artefacts import Ballots, artefacts, staged
from tests.challenges.rounds import helices_of

pytestmark = pytest.mark.django_db

OPTIONS = 3
CITATIONS = {"bib", "ris", "csl"}  # formats that tell of the publication only


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    assert list(one) == list(other)
    return [name for name in one if one[name] != other[name]]


def drawn(chance: random.Random, ballots: int) -> list[list[int]]:
    return [[chance.randint(-1, OPTIONS) for _ in range(OPTIONS)] for _ in range(ballots)]


def mixed(chance: random.Random, ballots: Ballots) -> Ballots:
    return chance.sample(list(ballots), len(ballots))


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a seed of a test


def told(found: dict[str, bytes], of: RankingRound) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(found[f"/rounds/{of.pk}/result.json"])["result"]
    return plain


def test_the_harness_reads_each_kind_of_artefact_and_sees_a_difference_where_there_is_one() -> None:
    round_ = staged(helices_of(government=12))
    first = artefacts(round_, [[1, 2, 3]] * 12)
    for beginning, least in (
        ("/rounds/", 4),
        ("/live/", 1),
        ("/challenges/", 2),
        ("/outcomes/", 5),
        ("/api/v1/", 8),
        ("letter challenges.round_opened", 12),
        ("letter challenges.ballot_reminder", 1),
    ):
        assert len([name for name in first if name.startswith(beginning) and first[name]]) >= least, beginning
    assert artefacts(round_, [[1, 2, 3]] * 12) == first
    changed = differing(first, artefacts(round_, [[1, 3, 2]] * 12))
    files = {name.split("/")[-2]: name for name in first if "/download/" in name}
    assert set(files) == set(EditionFile.Format.values)
    told_by = [name for kind, name in files.items() if kind not in CITATIONS]
    told_in = {"/", "/challenges/", f"/rounds/{round_.pk}/", f"/rounds/{round_.pk}/result.csv", *told_by}
    assert told_in | {f"/api/v1/rounds/{round_.pk}/"} <= set(changed)


def test_who_of_the_hidden_helices_said_what_is_nowhere() -> None:
    """A helix of twelve is shown; six ballots of three others are not, whoever of these cast which."""
    chance = seeded(0)
    round_ = staged(helices_of(government=12, business=3, academia=2, unstated=1))
    ballots = drawn(chance, 18)
    moved = [*ballots[:12], *mixed(chance, ballots[12:])]
    assert moved != ballots
    assert differing(artefacts(round_, ballots), artefacts(round_, moved)) == []


def test_who_of_a_shown_helix_said_what_is_nowhere() -> None:
    chance = seeded(1)
    round_ = staged(helices_of(government=6, business=10))
    ballots = drawn(chance, 16)
    moved = [*mixed(chance, ballots[:6]), *mixed(chance, ballots[6:])]
    assert differing(artefacts(round_, ballots), artefacts(round_, moved)) == []


def test_of_four_ballots_nothing_is_told() -> None:
    round_ = staged(helices_of(government=4))
    first = artefacts(round_, drawn(seeded(0), 4))
    for seed in (1, 2):
        assert differing(first, artefacts(round_, drawn(seeded(seed), 4))) == []


def test_from_five_to_nine_ballots_only_the_order_is_told() -> None:
    """Also to a member who knows the own ballot, the first one: what the others said beyond the order is nowhere."""
    round_ = staged(helices_of(government=4, business=4))
    mine = [1, 2, 3]
    first = artefacts(round_, [mine] * 8)
    assert differing(first, artefacts(round_, [mine, *[[1, 2, 3]] * 6, [1, 2, 0]])) == []


def test_of_a_small_vote_on_a_text_only_the_leading_answer_is_told() -> None:
    """Seven to none or six to one, with or without abstentions: what is told is that Yes leads clearly."""
    round_ = staged(helices_of(government=4, business=4), options=[], wordings=["Yes", "No"])
    yes, no, neither = [1, 0], [0, 1], [-1, -1]
    first = artefacts(round_, [yes] * 8)
    for ballots in ([*[yes] * 7, no], [*[yes] * 7, neither]):
        assert differing(first, artefacts(round_, ballots)) == []


def test_who_of_the_hidden_helices_said_yes_is_nowhere() -> None:
    round_ = staged(helices_of(government=12, business=3, academia=2), options=[], wordings=["Yes", "No"])
    ballots = [*[[1, 0], [0, 1]] * 6, [1, 0], [1, 0], [0, 1], [0, 1], [1, 0]]
    moved = [*ballots[:12], [0, 1], [0, 1], [1, 0], [1, 0], [1, 0]]
    assert differing(artefacts(round_, ballots), artefacts(round_, moved)) == []


def test_with_open_ballots_the_helices_leave_no_trace() -> None:
    """Ballots and the means of a group together would give the group's ballots."""
    chance = seeded(1)
    round_ = staged(helices_of(government=10, business=10, academia=5), policy="open_ballots")
    ballots = drawn(chance, 25)
    first = artefacts(round_, ballots)
    assert differing(first, artefacts(round_, mixed(chance, ballots))) == []
    assert b"# NUMBER ALTERNATIVES: 3" in first[f"/rounds/{round_.pk}/ballots.preflib"]
    assert (told(first, round_)["cells"], told(first, round_)["turnout"]) == ([], [])


@pytest.mark.parametrize("policy", ["breakdown", "open_ballots"])
def test_the_order_in_which_ballots_were_cast_is_nowhere(policy: str) -> None:
    """Not even who came last: the reminder before the last ballot goes to the same person in both."""
    chance = seeded(2)
    round_ = staged(helices_of(government=10, business=6), policy=policy)
    ballots, others = drawn(chance, 16), list(range(15))
    first = artefacts(round_, ballots)
    assert differing(first, artefacts(round_, ballots, order=[*chance.sample(others, 15), 15])) == []


def test_under_the_breakdown_no_ballot_can_be_downloaded_anywhere() -> None:
    round_ = staged(helices_of(government=12, business=12))
    found = artefacts(round_, [[1, 2, 3], [3, 1, 2]] * 12)
    assert b"NUMBER VOTERS" not in found[f"/rounds/{round_.pk}/ballots.preflib"]
    assert [name for name, content in found.items() if b'"ballots": [' in content] == []


def test_what_all_of_a_small_helix_agree_on_shows_no_place() -> None:
    """Six ballots alike: the place on which all agree would be each one's answer, so only the tier stands there."""
    round_ = staged(helices_of(government=6, business=12))
    found = artefacts(round_, [[1, 2, 3]] * 6 + [[1, 2, 3], [2, 1, 3], [1, 3, 2]] * 4)
    cell = told(found, round_)["cells"][HELICES.index("government")]
    assert {(option["shown"], option["reason"], option["rank"]) for option in cell["options"]} == {
        ("tiers", "all_alike", None)
    }


def test_letters_before_and_after_the_vote_say_the_same_to_everybody() -> None:
    """Of the round's letters only the greeting and the person differ: none tells of votes, not even how many."""
    round_ = staged(helices_of(government=12))
    names = {elector.user.display_name for elector in round_.electors.select_related("user")}
    found = artefacts(round_, [[1, 2, 3]] * 11 + [None])
    letters = {kind: set[str]() for kind in ("round_opened", "ballot_reminder")}
    for name, content in found.items():
        if name.startswith("letter "):
            words = content.decode().partition("\n")[2]
            for person in names:
                words = words.replace(f"{person},", "").replace(f"{person}<", "<").replace(f"{person}\n", "\n")
            letters[name.partition(".")[2].partition(":")[0]].add(words)
    assert [len(kinds) for kinds in letters.values()] == [1, 1]


@pytest.mark.parametrize("seed", range(2))
def test_no_difference_of_published_sizes_isolates_fewer_than_five(seed: int) -> None:
    """Over random electorates: totals less any set of shown cells leave none or at least five people."""
    chance = seeded(seed)
    helices: list[str] = []
    ballots: list[list[int] | None] = []
    for helix in (*HELICES, ""):
        voting, silent = chance.choice([0, 1, 3, 4, 5, 6, 9, 10]), chance.choice([0, 1, 4])
        helices += [helix] * (voting + silent)
        ballots += [*drawn(chance, voting), *[None] * silent]
    round_ = staged(helices)
    result = told(artefacts(round_, ballots), round_)
    voted = [cell["n"] for cell in result["cells"] if cell["n"]]
    electors = [row["electors"] for row in result["turnout"] if row["electors"] is not None]
    for whole, shown in ((result["n"], voted), (result["electors"], electors)):
        assert not shown or whole - sum(shown) not in range(1, 5)
        assert [size for size in shown if size < 5] == []
