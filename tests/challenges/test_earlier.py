"""R8: a repeat shows each elector the group's earlier tier and the own earlier answer, and fills it in on demand."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.errors import NotReady
from challenges.models import Ballot, RankingRound
from people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
BALLOTS = [[2, 1, 0], *[[1, 2, 3]] * 10, [1, 1, -1]]


def repeat(*, linked: bool = True, ballots: list[list[int]] = BALLOTS) -> RankingRound:
    group = make.group()
    first = make.published_round(group, *ballots, will_repeat=linked)
    return make.open_round(group, options=[], repeats=first)


@pytest.fixture(scope="module")
def again(rows_of_module: None) -> RankingRound:  # noqa: ARG001
    return repeat()


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def page(client: Client, of: RankingRound, query: str = "") -> str:
    content = client.get(reverse("challenges:ballot", args=[of.pk]) + query).content.decode()
    return re.sub(r"\s+", " ", content)


def beside(text: str, of: RankingRound) -> list[str]:
    """What stands beside each option, in the order of positions."""
    found = []
    for title in of.options.order_by("position").values_list("title", flat=True):
        part = text.partition(f"data-name>{title}</h2>")[2]
        match = re.search(r"<strong>(.*?)</strong></p>", part.partition("</li>")[0].replace(" </p>", "</p>"))
        found.append(match.group(1).strip() if match else "")
    return found


def chosen(text: str, of: RankingRound) -> list[str]:
    """The value selected for each option, in the order of positions."""
    found = []
    for pk in of.options.order_by("position").values_list("pk", flat=True):
        select = text.partition(f'name="rank-{pk}"')[2].partition("</select>")[0]
        found += re.findall(r'<option value="([^"]*)" selected>', select)
    return found


def test_r8_beside_every_option_stand_the_groups_tier_and_the_own_answer(
    again: RankingRound, signed_in: SignedIn
) -> None:
    assert beside(page(signed_in(voter(again)), again), again) == [
        "Last time, the group: tier 1 of 3. You: place 2.",
        "Last time, the group: tier 2 of 3. You: place 1.",
        "Last time, the group: tier 3 of 3. You: not a priority.",
    ]
    assert [said.partition("You: ")[2] for said in beside(page(signed_in(voter(again, 11)), again), again)] == [
        "place 1=.",
        "place 1=.",
        "no opinion.",
    ]


def test_r8_the_earlier_answer_is_never_filled_in_unasked(again: RankingRound, signed_in: SignedIn) -> None:
    text = page(signed_in(voter(again)), again)
    assert chosen(text, again) == ["", "", ""]
    assert "data-unsaved" not in text
    assert '<a class="btn btn-s" href="?keep=1">' in text


def test_r8_one_click_fills_it_in_and_records_nothing(again: RankingRound, signed_in: SignedIn) -> None:
    text = page(signed_in(voter(again)), again, "?keep=1")
    assert chosen(text, again) == ["2", "1", ""]
    assert "data-unsaved" in text
    assert "Nothing is recorded until you submit it." in text
    assert Ballot.objects.filter(round=again).count() == 0


def test_without_a_link_only_the_tier_is_shown(signed_in: SignedIn) -> None:
    again = repeat(linked=False)
    text = page(signed_in(voter(again)), again, "?keep=1")
    assert beside(text, again) == [f"Last time, the group: tier {tier} of 3." for tier in (1, 2, 3)]
    assert (chosen(text, again), "?keep=1" in text) == (["", "", ""], False)


def test_what_was_not_published_is_not_shown_here_either(signed_in: SignedIn) -> None:
    again = repeat(ballots=[[1, 2, 3]] * 4)
    assert beside(page(signed_in(voter(again)), again), again) == [f"You: place {place}." for place in (1, 2, 3)]


def test_a_recorded_answer_stands_before_the_earlier_one_until_asked(again: RankingRound, signed_in: SignedIn) -> None:
    make.vote(again, [3, 2, 1])
    client = signed_in(voter(again))
    assert chosen(page(client, again), again) == ["3", "2", "1"]
    assert chosen(page(client, again, "?keep=1"), again) == ["2", "1", ""]


def test_a_first_round_has_nothing_beside_its_options(signed_in: SignedIn) -> None:
    first = make.open_round(make.group(), electors=1)
    assert beside(page(signed_in(voter(first)), first, "?keep=1"), first) == ["", "", ""]


def test_refused_values_keep_their_company(again: RankingRound, signed_in: SignedIn) -> None:
    answers: dict[str, Any] = {f"rank-{pk}": "!" for pk in again.options.values_list("pk", flat=True)}
    response = signed_in(voter(again)).post(reverse("challenges:ballot", args=[again.pk]), answers)
    assert response.content.decode().count("You: ") == 3


def test_a_fourth_round_on_one_question_is_refused() -> None:
    group = make.group()
    rounds = [make.published_round(group, *BALLOTS)]
    for _ in range(2):
        again = make.open_round(group, options=[], repeats=rounds[-1])
        actions.close_round(round=again, by=None)
        rounds.append(actions.publish_round(round=again, by=make.secretariat()))
    with pytest.raises(NotReady, match="Three rounds"):
        make.round_(group, options=[], repeats=rounds[-1])


def test_the_ballot_of_a_repeat_takes_at_most_eight_queries(
    again: RankingRound, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(voter(again))
    with django_assert_max_num_queries(8):
        page(client, again, "?keep=1")
