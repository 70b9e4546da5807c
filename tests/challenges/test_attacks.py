"""Attacks on everything that is published of a round together: page, live room, files, and the outcome's files.

Two rounds that differ only in what must stay secret give the same artefacts, byte for byte; so no attack on them, by
subtraction or by any other means, tells the two apart.
"""

import datetime as dt
import io
import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.cells import HELICES
from challenges.models import LiveRoom, RankingRound, RoundResult
from outcomes.actions import building
from outcomes.models import Edition
from tests import factories as make
from tests.challenges.rounds import helices_of, stored

pytestmark = pytest.mark.django_db

Ballots = Sequence[Sequence[int]]
MOMENT = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
OPTIONS = 3


@pytest.fixture
def edition() -> Edition:
    """An edition, not built, of a published round with a live room; its result is put in by `artefacts`."""
    group = make.group()
    round_ = make.open_round(group, electors=1, options=OPTIONS)
    actions.open_room(round=round_, by=make.secretariat())
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    return make.drafted_edition(make.publication(group), round_)


def artefacts(edition: Edition, ballots: Ballots, helices: Sequence[str], **rules: Any) -> dict[str, bytes]:
    """Everything anybody can read of the round if these had been its ballots."""
    round_ = RankingRound.objects.get(edition_sources__edition=edition)
    options = [
        {"id": pk, "title": title} for pk, title in round_.options.order_by("position").values_list("pk", "title")
    ]
    figures = stored(ballots, helices, **rules)
    figures["options"] = options
    RoundResult.objects.filter(round=round_).update(figures=figures)
    policy = figures["rules"]["policy"]
    RankingRound.objects.filter(pk=round_.pk).update(policy=policy, ballots_cast=len(ballots), electors_asked=99)
    addresses = [
        *(
            reverse(f"challenges:{name}", args=[round_.pk])
            for name in ("round", "result_json", "result_csv", "ballots_file")
        ),
        LiveRoom.objects.get(round=round_).get_absolute_url(),
        "/",
        "/challenges/",
        round_.group.get_absolute_url(),
    ]
    found = {address: Client().get(address).content for address in addresses}
    built = building._build(edition, MOMENT)
    found |= {str(kind): content for kind, content in built.contents.items()}
    found["html"], found["text"] = built.columns["html"].encode(), built.columns["text"].encode()
    found["pdf"] = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(found["pdf"])).pages).encode()
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    assert list(one) == list(other)
    return [name for name in one if one[name] != other[name]]


def drawn(chance: random.Random, ballots: int) -> list[list[int]]:
    return [[chance.randint(-1, OPTIONS) for _ in range(OPTIONS)] for _ in range(ballots)]


@pytest.mark.parametrize("seed", range(2))
def test_who_of_the_hidden_helices_said_what_is_nowhere(seed: int, edition: Edition) -> None:
    """A helix of twelve is shown; six ballots of three others are not, whoever of these cast which."""
    chance = random.Random(seed)  # noqa: S311 - a seed of a test
    helices = helices_of(government=12, business=3, academia=2, unstated=1)
    ballots = drawn(chance, len(helices))
    moved = helices[:12] + chance.sample(helices[12:], 6)
    electors = Counter(helices)
    first = artefacts(edition, ballots, helices, electors=electors)
    assert differing(first, artefacts(edition, ballots, moved, electors=electors)) == []


def test_the_harness_sees_a_difference_where_there_is_one(edition: Edition) -> None:
    helices = helices_of(government=12)
    first = artefacts(edition, [[1, 2, 3]] * 12, helices)
    assert len(differing(first, artefacts(edition, [[1, 3, 2]] * 12, helices))) > 6


@pytest.mark.parametrize("seed", range(2))
def test_of_four_ballots_nothing_is_told(seed: int, edition: Edition) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed of a test
    helices = helices_of(government=4)
    first = artefacts(edition, drawn(chance, 4), helices)
    assert differing(first, artefacts(edition, drawn(chance, 4), helices)) == []


def test_from_five_to_nine_ballots_only_the_order_is_told(edition: Edition) -> None:
    """Also to a member who knows the own ballot, the first one: what the others said beyond the order is nowhere."""
    helices = helices_of(government=4, business=4)
    mine = [1, 2, 3]
    first = artefacts(edition, [mine] * 8, helices)
    others = [[1, 2, 3]] * 6 + [[1, 2, 0]]
    assert differing(first, artefacts(edition, [mine, *others], helices)) == []


def test_with_open_ballots_the_helices_leave_no_trace(edition: Edition) -> None:
    """Ballots and the means of a group together would give the group's ballots."""
    chance = random.Random(1)  # noqa: S311 - a seed of a test
    helices = helices_of(government=10, business=10, academia=5)
    ballots = drawn(chance, 25)
    first = artefacts(edition, ballots, helices, policy="open_ballots")
    moved = chance.sample(helices, 25)
    assert differing(first, artefacts(edition, ballots, moved, policy="open_ballots")) == []
    assert b"# NUMBER ALTERNATIVES: 3" in first[next(name for name in first if name.endswith("ballots.preflib"))]


def test_the_order_in_which_ballots_were_cast_is_nowhere(edition: Edition) -> None:
    chance = random.Random(2)  # noqa: S311 - a seed of a test
    for policy in ("breakdown", "open_ballots"):
        helices = helices_of(government=10, business=6)
        ballots = drawn(chance, 16)
        first = artefacts(edition, ballots, helices, policy=policy)
        mixed = chance.sample(list(zip(ballots, helices, strict=True)), 16)
        again = artefacts(edition, [b for b, _h in mixed], [h for _b, h in mixed], policy=policy)
        assert differing(first, again) == []


def test_under_the_breakdown_no_ballot_can_be_downloaded_anywhere(edition: Edition) -> None:
    helices = helices_of(government=12, business=12)
    found = artefacts(edition, [[1, 2, 3], [3, 1, 2]] * 12, helices)
    file = next(name for name in found if name.endswith("ballots.preflib"))
    assert b"NUMBER VOTERS" not in found[file]
    assert all(b'"ballots": [' not in content for content in found.values())


def test_what_all_of_a_small_helix_agree_on_shows_no_place(edition: Edition) -> None:
    """Six ballots alike: the place on which all agree would be each one's answer, so only the tier stands there."""
    helices = helices_of(government=6, business=12)
    others = [[1, 2, 3], [2, 1, 3], [1, 3, 2]] * 4
    found = artefacts(edition, [[1, 2, 3]] * 6 + others, helices)
    told = json_of(found)["result"]["cells"][HELICES.index("government")]
    assert {(option["shown"], option["reason"], option["rank"]) for option in told["options"]} == {
        ("tiers", "all_alike", None)
    }


def json_of(found: dict[str, bytes]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(found[next(name for name in found if name.endswith("result.json"))])
    return plain


@pytest.mark.parametrize("seed", range(3))
def test_no_difference_of_published_sizes_isolates_fewer_than_five(seed: int, edition: Edition) -> None:
    """Over random electorates: totals less any set of shown cells leave none or at least five people."""
    chance = random.Random(seed)  # noqa: S311 - a seed of a test
    sizes = {helix: chance.choice([0, 1, 3, 4, 5, 6, 9, 10, 11]) for helix in (*HELICES, "unstated")}
    helices = helices_of(**sizes)
    asked = Counter(
        {("" if helix == "unstated" else helix): size + chance.choice([0, 1, 4]) for helix, size in sizes.items()}
    )
    found = artefacts(edition, drawn(chance, len(helices)), helices, electors=asked)
    told = json_of(found)["result"]
    voted = [cell["n"] for cell in told["cells"] if cell["n"]]
    electors = [row["electors"] for row in told["turnout"] if row["electors"] is not None]
    for whole, shown in ((told["n"], voted), (told["electors"], electors)):
        assert not shown or whole - sum(shown) not in range(1, 5)
        assert [size for size in shown if size < 5] == []
