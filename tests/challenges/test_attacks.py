"""Attacks on all that is told of a round together: pages, live room, downloads, API, outcome in each format, letters.

Two rounds that differ only in what must stay secret give the same artefacts, byte for byte; so no attack on them, by
subtraction or by any other means, tells the two apart.
"""

import json
import random
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from challenges.disclosure.cells import HELICES
from challenges.models import RankingRound
from outcomes.models import EditionFile
from tests.challenges.artefacts import Ballots, artefacts, result_of, staged
from tests.challenges.rounds import helices_of

pytestmark = pytest.mark.django_db

OPTIONS = 3
CITATIONS = {"bib", "ris", "csl"}  # formats that tell of the publication only


def drawn(chance: random.Random, ballots: int) -> list[list[int]]:
    return [[chance.randint(-1, OPTIONS) for _ in range(OPTIONS)] for _ in range(ballots)]


def mixed(chance: random.Random, ballots: Ballots) -> Ballots:
    return chance.sample(list(ballots), len(ballots))


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a seed of a test


@dataclass(frozen=True)
class Told:
    """A round, how its electors answer, and all that is told of it then."""

    of: RankingRound
    ballots: Ballots

    @cached_property
    def found(self) -> dict[str, bytes]:
        return artefacts(self.of, self.ballots)

    def __getitem__(self, name: str) -> bytes:
        """A page of the round."""
        return self.found[f"{self.of.get_absolute_url()}{name}"]

    @property
    def result(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(self["result.json"])["result"]
        return plain

    def differing(self, ballots: Ballots, order: list[int] | None = None) -> list[str]:
        """What would be told otherwise if they answered so, or in this order."""
        first, other = self.found, artefacts(self.of, ballots, order)
        assert list(other) == list(first)
        return [name for name in other if other[name] != first[name]]


def told(helices: list[str], ballots: Ballots, **values: Any) -> Told:
    return Told(staged(helices, **values), ballots)


def one_comes_last(chance: random.Random, ballots: Ballots) -> list[int]:
    """An order to vote in that keeps who comes last: to this person goes the reminder before the last ballot."""
    last = len(ballots) - 1
    return [*chance.sample(range(last), last), last]


def test_the_harness_reads_each_kind_of_artefact_and_sees_a_difference_where_there_is_one() -> None:
    """Eleven of twelve vote, all alike."""
    alike = told(helices_of(government=12), [*[[1, 2, 3]] * 11, None])
    for beginning, least in (
        ("/rounds/", 4),
        ("/live/", 1),
        ("/challenges/", 2),
        ("/outcomes/", 5),
        ("/api/v1/", 8),
        ("letter challenges.round_opened", 12),
        ("letter challenges.ballot_reminder", 1),
    ):
        assert len([name for name in alike.found if name.startswith(beginning) and alike.found[name]]) >= least, (
            beginning
        )
    changed = alike.differing([*[[1, 3, 2]] * 11, None])
    files = {name.split("/")[-2]: name for name in alike.found if "/download/" in name}
    assert set(files) == set(EditionFile.Format.values)
    told_by = [name for kind, name in files.items() if kind not in CITATIONS]
    told_in = {"/", "/challenges/", f"/rounds/{alike.of.pk}/", f"/rounds/{alike.of.pk}/result.csv", *told_by}
    assert told_in | {f"/api/v1/rounds/{alike.of.pk}/"} <= set(changed)
    letters_before_and_after_the_vote_say_the_same_to_everybody(alike)


def letters_before_and_after_the_vote_say_the_same_to_everybody(alike: Told) -> None:
    """Of the round's letters only the greeting and the person differ: none tells of votes, not even how many."""
    names = {elector.user.display_name for elector in alike.of.electors.select_related("user")}
    letters = {kind: set[str]() for kind in ("round_opened", "ballot_reminder")}
    for name, content in alike.found.items():
        if name.startswith("letter "):
            words = content.decode().partition("\n")[2]
            for person in names:
                words = words.replace(f"{person},", "").replace(f"{person}<", "<").replace(f"{person}\n", "\n")
            letters[name.partition(".")[2].partition(":")[0]].add(words)
    assert [len(kinds) for kinds in letters.values()] == [1, 1]


def test_who_of_the_hidden_helices_said_what_is_nowhere() -> None:
    """A helix of twelve is shown; six ballots of three others are not, whoever of these cast which."""
    chance = seeded(0)
    first = told(helices_of(government=12, business=3, academia=2, unstated=1), drawn(chance, 18))
    moved = [*first.ballots[:12], *mixed(chance, first.ballots[12:])]
    assert moved != first.ballots
    assert first.differing(moved) == []


def test_who_of_a_shown_helix_said_what_and_when_is_nowhere() -> None:
    """The same ballots within each helix by others of it, and in another order; the first helix is of one mind."""
    chance = seeded(2)
    given = [*[[1, 2, 3]] * 6, *drawn(chance, 16)]
    by_helix = told(helices_of(government=6, business=10, academia=6), given)
    moved = [*given[:6], *mixed(chance, given[6:16]), *mixed(chance, given[16:])]
    assert moved != given
    assert by_helix.differing(moved, one_comes_last(chance, given)) == []
    what_all_of_a_small_helix_agree_on_shows_no_place(by_helix)
    under_the_breakdown_no_ballot_can_be_downloaded_anywhere(by_helix)


def what_all_of_a_small_helix_agree_on_shows_no_place(by_helix: Told) -> None:
    """Six ballots alike: the place on which all agree would be each one's answer, so only the tier stands there."""
    cell = by_helix.result["cells"][HELICES.index("government")]
    assert {(option["shown"], option["reason"], option["rank"]) for option in cell["options"]} == {
        ("tiers", "all_alike", None)
    }


def under_the_breakdown_no_ballot_can_be_downloaded_anywhere(by_helix: Told) -> None:
    assert b"NUMBER VOTERS" not in by_helix["ballots.preflib"]
    assert [name for name, content in by_helix.found.items() if b'"ballots": [' in content] == []


def test_of_four_ballots_nothing_is_told() -> None:
    first = told(helices_of(government=4), drawn(seeded(0), 4))
    assert first.differing(drawn(seeded(1), 4)) == []


def test_from_five_to_nine_ballots_only_the_order_is_told() -> None:
    """Also to a member who knows the own ballot, the first one: what the others said beyond the order is nowhere."""
    mine = [1, 2, 3]
    first = told(helices_of(government=4, business=4), [mine] * 8)
    assert first.differing([mine, *[[1, 2, 3]] * 6, [1, 2, 0]]) == []


def test_of_a_small_vote_on_a_text_only_the_leading_answer_is_told() -> None:
    """Seven to none or six to one, with or without abstentions: what is told is that Yes leads clearly."""
    yes, no, neither = [1, 0], [0, 1], [-1, -1]
    first = told(helices_of(government=4, business=4), [yes] * 8, options=[], wordings=["Yes", "No"])
    for ballots in ([*[yes] * 7, no], [*[yes] * 7, neither]):
        assert first.differing(ballots) == []


def test_who_of_the_hidden_helices_said_yes_is_nowhere() -> None:
    ballots = [*[[1, 0], [0, 1]] * 6, [1, 0], [1, 0], [0, 1], [0, 1], [1, 0]]
    helices = helices_of(government=12, business=3, academia=2)
    first = told(helices, ballots, options=[], wordings=["Yes", "No"])
    assert first.differing([*ballots[:12], [0, 1], [0, 1], [1, 0], [1, 0], [1, 0]]) == []


def test_with_open_ballots_neither_helices_nor_the_order_leave_a_trace() -> None:
    """Ballots and the means of a group together would give the group's ballots."""
    chance = seeded(1)
    first = told(helices_of(government=10, business=10, academia=5), drawn(chance, 25), policy="open_ballots")
    assert first.differing(mixed(chance, first.ballots), one_comes_last(chance, first.ballots)) == []
    assert b"# NUMBER ALTERNATIVES: 3" in first["ballots.preflib"]
    assert (first.result["cells"], first.result["turnout"]) == ([], [])


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
    result = result_of(staged(helices), ballots)
    voted = [cell["n"] for cell in result["cells"] if cell["n"]]
    electors = [row["electors"] for row in result["turnout"] if row["electors"] is not None]
    for whole, shown in ((result["n"], voted), (result["electors"], electors)):
        assert not shown or whole - sum(shown) not in range(1, 5)
        assert [size for size in shown if size < 5] == []
