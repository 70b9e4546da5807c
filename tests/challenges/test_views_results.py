"""The page of a round: turnout only before the result may be seen, then the result through one door."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Challenge, RankingRound
from people.models import Helix, User
from tests import factories as make
from tests.challenges.rounds import helices_of
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
BALLOTS = [[1, 2, 3]] * 8 + [[2, 1, 3]] * 3 + [[3, -1, 0]] * 1


STATES = ("draft", "open", "closed", "cancelled", "published")


@dataclass(frozen=True)
class World:
    """One round in each state, with the same electors, and a client of each kind in the order of the tables below."""

    rounds: dict[str, RankingRound]
    people: dict[str, User]
    clients: dict[str, Client]

    @property
    def published(self) -> RankingRound:
        return self.rounds["published"]

    def statuses(self, address: str) -> list[int]:
        return [client.get(address).status_code for client in self.clients.values()]

    def pages(self, of: RankingRound) -> dict[str, str]:
        """What those who are signed in and belong to the round read."""
        names = [name for name in self.people if name != "outsider"]
        return {name: text(self.clients[name].get(of.get_absolute_url())) for name in names}


@pytest.fixture(scope="module")
def world(rows_of_module: None) -> World:  # noqa: ARG001
    group = make.group()
    make.members(group, *islice(cycle(Helix.values), len(BALLOTS)))
    rounds = {state: in_state(state, group) for state in STATES}
    people = {
        "outsider": make.user(),
        "observer": make.member(group, role="observer"),
        "elector": rounds["open"].electors.order_by("pk")[0].user,
        "leader": make.leader(group),
        "secretariat": make.secretariat(),
    }
    clients = {name: Client() for name in ("anonymous", *people)}
    for name, person in people.items():
        clients[name].force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    connection.check_constraints()  # else each test checks all of this again
    return World(rounds, people, clients)


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def in_state(state: str, group: WorkingGroup) -> RankingRound:
    chosen = [make.challenge(group, title=title) for title in ("Capacity", "Funding", "Alignment")]
    if state == "draft":
        return make.round_(group, options=chosen)
    round_ = make.open_round(group, options=chosen)
    make.vote(round_, *BALLOTS)
    if state == "cancelled":
        return actions.cancel_round(round=round_, by=None, reason="Wrong question.")
    if state != "open":
        round_ = actions.close_round(round=round_, by=None)
    if state == "published":
        round_ = actions.publish_round(round=round_, by=make.secretariat())
    return round_


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", [302, 404, 404, 404, 200, 200]),
        ("open", [302, 404, 200, 200, 200, 200]),
        ("closed", [302, 404, 200, 200, 200, 200]),
        ("cancelled", [302, 404, 200, 200, 200, 200]),
        ("published", [200, 200, 200, 200, 200, 200]),
    ],
)
def test_who_sees_the_page_of_a_round(state: str, expected: list[int], world: World) -> None:
    assert world.statuses(world.rounds[state].get_absolute_url()) == expected


@pytest.mark.parametrize("name", ["result_json", "result_csv"])
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", [302, 404, 404, 404, 404, 404]),
        ("open", [302, 404, 404, 404, 404, 404]),
        ("closed", [302, 404, 404, 404, 200, 200]),
        ("published", [200, 200, 200, 200, 200, 200]),
    ],
)
def test_files_go_through_the_same_door(name: str, state: str, expected: list[int], world: World) -> None:
    assert world.statuses(reverse(f"challenges:{name}", args=[world.rounds[state].pk])) == expected


def test_between_closing_and_publishing_only_those_who_run_the_round_see_the_result(world: World) -> None:
    seen = {name: "Head to head" in page for name, page in world.pages(world.rounds["closed"]).items()}
    assert seen == {"observer": False, "elector": False, "leader": True, "secretariat": True}


def test_while_open_everybody_sees_the_total_and_nothing_else(world: World) -> None:
    for page in world.pages(world.rounds["open"]).values():
        assert "ballots of 12 electors</dt><dd>12</dd>" in page
        assert "Head to head" not in page


def test_an_unknown_round_is_not_found(world: World) -> None:
    for client in (world.clients["anonymous"], world.clients["secretariat"]):
        for pk in (0, 10**30):
            assert client.get(f"/rounds/{pk}/").status_code == 404


def test_the_result_page_tells_the_finding_and_shows_every_chart_with_its_table(world: World) -> None:
    page = text(Client().get(world.published.get_absolute_url())).partition("<main")[2].partition("</main>")[0]
    assert re.search(r"<h1[^>]*> ?Capacity comes first", page)
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page) == [
        "The order, and how sure it is",
        "How often each place was given",
        "Head to head",
        "Where the helices differ",
        "Would another count change the top?",
        "Agreement",
        "Turnout",
        "How the ballots are counted",
        "Downloads",
        "What was asked, word for word",
    ]
    order, places, duels, helices = re.findall(r"<figure.*?</figure>", page)
    assert ["<table" in figure for figure in (order, places, duels)] == [True, True, True]
    assert helices.count("not shown: fewer than five ballots") == 4
    assert "12 of 12 members voted." in page


def test_helices_are_compared_where_their_cells_may_be_shown(group: WorkingGroup) -> None:
    make.members(group, *helices_of(government=6, business=6))
    round_ = make.open_round(group)
    make.vote(round_, *BALLOTS)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    page = text(Client().get(round_.get_absolute_url()))
    assert "Where the helices differ" in page
    assert "Helices weigh the same" in page


@pytest.mark.parametrize(
    ("will_repeat", "said"),
    [
        (False, "The ballots were separated from those who cast them on "),
        (True, "until the planned repeat is published"),
    ],
)
def test_the_page_says_whether_ballots_lead_to_people_and_what_backups_hold(
    will_repeat: bool, said: str, group: WorkingGroup
) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 5, will_repeat=will_repeat)
    page = text(Client().get(round_.get_absolute_url()))
    assert said in page
    assert "Backups that the operator made while the link stood hold it until they expire." in page


@pytest.mark.parametrize(("ballots", "headings"), [(4, 0), (7, 1), (12, 2)])
def test_less_is_shown_of_fewer_ballots(ballots: int, headings: int, group: WorkingGroup) -> None:
    round_ = make.published_round(group, *BALLOTS[:ballots])
    page = text(Client().get(round_.get_absolute_url()))
    shown = [heading in page for heading in ("The order, and how sure it is", "Head to head")]
    assert shown.count(True) == headings
    assert ("No result: fewer than five ballots" in page) is (ballots < 5)


def test_the_headline_is_not_markup(group: WorkingGroup) -> None:
    chosen = [make.challenge(group, title="<script>alert(1)</script> =1+1"), make.challenge(group, title="Other")]
    round_ = make.published_round(group, *[[1, 2]] * 12, options=chosen)
    page = Client().get(round_.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1" in page


def test_the_json_file_holds_what_may_be_shown_and_nothing_more(world: World) -> None:
    round_ = world.published
    response = Client().get(reverse("challenges:result_json", args=[round_.pk]))
    told = json.loads(response.content)
    assert sorted(told) == ["receipts", "result", "round"]
    assert told["round"]["question"] == round_.question
    assert told["result"]["head_to_head"]["pairwise"] == [[0, 8, 12], [3, 0, 11], [0, 0, 0]]
    assert told["result"]["ballots"] is None
    assert not {"seed", "figures", "electors_by_helix"} & set(told["result"])


def test_the_csv_file_holds_one_row_per_challenge(group: WorkingGroup) -> None:
    chosen = [make.challenge(group, title=title) for title in ('=1+1, "quoted"', "Γ", "Third")]
    round_ = make.published_round(group, *BALLOTS, options=chosen)
    response = Client().get(reverse("challenges:result_csv", args=[round_.pk]))
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(row["number"], row["challenge"], row["place"], row["above_2"]) for row in rows] == [
        ("1", '\'=1+1, "quoted"', "1", "8"),
        ("2", "Γ", "2", ""),
        ("3", "Third", "3", "0"),
    ]


def test_the_focus_stands_on_the_page_with_its_reason_and_meeting(world: World) -> None:
    round_, client = world.published, world.clients["leader"]
    meeting = make.meeting(round_.group)
    first, second, third = Challenge.objects.filter(round_options__round=round_).order_by("round_options__position")
    address = reverse("challenges:focus", args=[round_.pk])
    assert f'href="{address}"' in text(client.get(round_.get_absolute_url()))
    data = {f"rank-{first.pk}": "1", f"rank-{second.pk}": "3", f"rank-{third.pk}": "3"}
    client.post(address, data | {"reason": "Taken up together.", "meeting": meeting.pk})
    page = text(Client().get(round_.get_absolute_url()))
    panel = page.partition("What the group took up")[2].partition("</section>")[0]
    assert re.findall(r'<b class="num">([^<]+)</b> <a href="[^"]+">([^<]+)</a>', panel) == [
        ("1", first.title),
        ("2=", third.title),  # Alignment
        ("2=", second.title),  # Funding
    ]
    assert "Taken up together." in panel
    assert meeting.title in panel
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("data", "field"),
    [({}, "reason"), ({"reason": "R."}, "__all__"), ({"reason": "R.", "rank": "0"}, "rank"), ({"rank": "9"}, "rank")],
)
def test_a_focus_without_reason_or_rank_is_an_error(data: dict[str, str], field: str, world: World) -> None:
    round_ = world.published
    first = Challenge.objects.filter(round_options__round=round_).order_by("pk")[0]
    named = {name.replace("rank", f"rank-{first.pk}"): value for name, value in data.items()}
    response = world.clients["leader"].post(reverse("challenges:focus", args=[round_.pk]), named)
    assert field.replace("rank", f"rank-{first.pk}") in response.context["form"].errors
    assert not hasattr(RankingRound.objects.get(pk=round_.pk), "focus")


def test_reading_a_result_sets_no_cookie_and_does_not_vary_by_one(world: World) -> None:
    for name in ("round", "result_json", "result_csv"):
        response = Client().get(reverse(f"challenges:{name}", args=[world.published.pk]))
        assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


@pytest.mark.parametrize("ballots", [10, 30])
def test_the_result_page_takes_the_same_few_queries_for_any_number_of_ballots(
    ballots: int, group: WorkingGroup, django_assert_num_queries: Any
) -> None:
    options = ballots // 10 + 1
    round_ = make.published_round(group, *[list(range(1, options + 1))] * ballots)
    leader = make.leader(group)
    entries = [(1, option.challenge) for option in round_.options.select_related("challenge") if option.challenge]
    actions.decide_focus(round=round_, entries=entries, reason="All.", by=leader)
    with django_assert_num_queries(4):
        Client().get(round_.get_absolute_url())


@pytest.mark.parametrize("options", [2, 6])
def test_the_turnout_page_takes_the_same_queries_for_any_number_of_options(
    options: int, group: WorkingGroup, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    round_ = make.open_round(group, electors=options, options=options)
    make.vote(round_, *[list(range(1, options + 1))] * options)
    elector = round_.electors.order_by("pk").first()
    assert elector
    client = signed_in(elector.user)
    with django_assert_num_queries(7):
        client.get(round_.get_absolute_url())


def test_a_repeat_stands_beside_the_round_it_repeats(group: WorkingGroup) -> None:
    earlier = make.published_round(group, *BALLOTS, will_repeat=True)
    repeat = make.open_round(group, options=[], repeats=earlier)
    make.vote(repeat, *[[3, 2, 1]] * 12)
    actions.close_round(round=repeat, by=None)
    actions.publish_round(round=repeat, by=make.secretariat())
    page = text(Client().get(repeat.get_absolute_url()))
    table = page.partition("What changed since the earlier round")[2].partition("</table>")[0]
    rows = re.findall(
        r'<th scope="row">([^<]+)</th> ?<td class="end">(\d).*?</td> ?<td class="end">(\d).*?</td>', table
    )
    titles = list(repeat.options.order_by("position").values_list("title", flat=True))
    assert rows == [(titles[2], "3", "1"), (titles[1], "2", "2"), (titles[0], "1", "3")]
    assert earlier.get_absolute_url() in page
    assert "The first tier is not the same set of challenges as in the round before." in page


def test_open_ballots_can_be_downloaded_from_ten_on_only() -> None:
    files = []
    for ballots, policy in ((12, "open_ballots"), (9, "open_ballots"), (12, "breakdown")):
        round_ = make.published_round(make.group(), *BALLOTS[:ballots], policy=policy)
        page = text(Client().get(round_.get_absolute_url()))
        response = Client().get(reverse("challenges:ballots_file", args=[round_.pk]))
        files.append((response.status_code, "Ballots for PrefLib" in page))
        if response.status_code == 200:
            lines = response.content.decode().splitlines()
            assert [line for line in lines if not line.startswith("#")] == ["8: 1,2,3", "3: 2,1,3", "1: 1,3"]
            assert response["Content-Disposition"] == f'attachment; filename="round-{round_.pk}-ballots.toi"'
    assert files == [(200, True), (404, False), (404, False)]
