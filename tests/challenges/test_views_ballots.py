"""The ballot page: works as a plain form, refuses what is wrong with the values kept, and says when it is too late."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges import actions
from challenges.models import Ballot, Elector, RankingRound
from people.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]


@pytest.fixture(scope="module")
def round_(rows_of_module: None) -> RankingRound:  # noqa: ARG001
    """An open round; what a test does to it is taken back."""
    opened = make.open_round(make.group(), electors=3)
    connection.check_constraints()  # else each test checks all of this again
    return opened


@pytest.fixture(scope="module")
def first(round_: RankingRound) -> Client:
    """The first elector at the screen."""
    client = Client()
    client.force_login(voter(round_), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def option_ids(of: RankingRound) -> list[int]:
    return list(of.options.order_by("position").values_list("pk", flat=True))


def address(of: RankingRound, name: str = "ballot") -> str:
    return reverse(f"challenges:{name}", args=[of.pk])


def filled(of: RankingRound, *answers: str) -> dict[str, str]:
    return {f"rank-{option}": answer for option, answer in zip(option_ids(of), answers, strict=True)}


def stored(of: RankingRound) -> list[list[int]]:
    return sorted(Ballot.objects.filter(round=of).values_list("ranks", flat=True))


def untouched(of: RankingRound) -> bool:
    fresh = RankingRound.objects.get(pk=of.pk)
    return (stored(of), fresh.ballots_cast, Elector.objects.filter(has_voted=True).count()) == ([], 0, 0)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_r2_the_ballot_starts_with_nothing_ranked(round_: RankingRound, first: Client) -> None:
    page = text(first.get(address(round_)))
    assert re.findall(r'<select name="rank-(\d+)"', page).__len__() == 3
    assert set(re.findall(r'<option value="([^"]*)" selected>', page)) == {""}


def test_r3_each_option_offers_a_rank_not_a_priority_and_no_opinion(round_: RankingRound, first: Client) -> None:
    page = text(first.get(address(round_)))
    select = re.search(r"<select name=\"rank-.*?</select>", page)
    assert select
    assert re.findall(r'<option value="([^"]*)"', select.group()) == ["", "1", "2", "3", "x"]


def test_r2_options_stand_in_an_order_of_each_elector_that_never_changes(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=6, options=7)
    orders = []
    for elector in round_.electors.order_by("pk"):
        pages = [text(signed_in(elector.user).get(address(round_))) for _device in range(2)]
        seen = [re.findall(r'<select name="rank-(\d+)"', page) for page in pages]
        assert seen[0] == seen[1]
        assert sorted(map(int, seen[0])) == option_ids(round_)
        orders.append(tuple(seen[0]))
    assert len(set(orders)) == 6


def test_one_post_records_the_ballot_and_leads_to_the_recap(round_: RankingRound, first: Client) -> None:
    response = first.post(address(round_), filled(round_, "7", "2", "x"))
    assert (response.status_code, response["Location"]) == (302, address(round_, "recap"))
    assert stored(round_) == [[2, 1, -1]]


def test_the_recap_shows_what_was_recorded_and_offers_to_change_it(round_: RankingRound, first: Client) -> None:
    first.post(address(round_), filled(round_, "1", "1", ""))
    page = text(first.get(address(round_, "recap")))
    titles = list(round_.options.order_by("position").values_list("title", flat=True))
    assert re.findall(r'<li><b class="num">(\S+)</b> ([^<]+)</li>', page) == [("1=", titles[0]), ("1=", titles[1])]
    assert f"Not a priority: {titles[2]}" in page
    assert f'href="{address(round_)}"' in page


def test_the_recap_without_a_ballot_leads_to_the_ballot(round_: RankingRound, first: Client) -> None:
    assert first.get(address(round_, "recap"))["Location"] == address(round_)


def test_changing_shows_the_earlier_answers(round_: RankingRound, first: Client) -> None:
    first.post(address(round_), filled(round_, "2", "x", "1"))
    page = text(first.get(address(round_)))
    given = {
        int(option): re.search(r'<option value="([^"]*)" selected>', body).group(1)  # type: ignore[union-attr]
        for option, body in re.findall(r'<select name="rank-(\d+)".*?>(.*?)</select>', page)
    }
    assert [given[option] for option in option_ids(round_)] == ["2", "x", "1"]


def test_the_page_says_turnout_closing_time_promise_and_method(round_: RankingRound, signed_in: SignedIn) -> None:
    make.vote(round_, [1, 2, 3])
    page = text(signed_in(voter(round_, 1)).get(address(round_)))
    assert "1 of 3 members have voted." in page
    assert re.search(r"Open until \w+day \d+ \w+ \d{4}, \d\d:\d\d, Brussels time \(CES?T, UTC\+0[12]:00\)", page)
    assert "when the result is published, it is separated from you for good" in page
    assert "does not cover the operator’s backups until they expire" in page
    assert "the weakest link gives way" in page


@pytest.mark.parametrize(
    "value",
    ["a", "-1", "0", "1.5", "01", "+1", " 1", "1 ", "X", "xx", "\x00", "1\x00", "²", "١", "1e3", "9" * 31, "9" * 5000],
)  # fmt: skip
def test_anything_but_a_rank_is_an_error_beside_its_challenge(round_: RankingRound, first: Client, value: str) -> None:
    response = first.post(address(round_), filled(round_, value, "2", "x"))
    form = response.context["form"]
    faulty, other = (f"rank-{option}" for option in option_ids(round_)[:2])
    assert response.status_code == 200
    assert list(form.errors) == [faulty]
    assert form[faulty].value() == value.replace("\x00", "\ufffd")[:40]
    assert (form[other].value(), form[f"rank-{option_ids(round_)[2]}"].value()) == ("2", "x")
    assert "<title>Error: " in text(response)
    assert untouched(round_)


def test_an_impossible_value_stays_visible_without_being_markup(round_: RankingRound, first: Client) -> None:
    page = text(first.post(address(round_), filled(round_, "<b>1</b>", "", "")))
    assert '<option value="&lt;b&gt;1&lt;/b&gt;" selected>' in page


def test_a_missing_answer_is_an_error(round_: RankingRound, first: Client) -> None:
    data = filled(round_, "1", "2", "3")
    missing = data.popitem()[0]
    response = first.post(address(round_), data)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [missing])
    assert untouched(round_)


@pytest.mark.parametrize("foreign", ["rank-999999", "rank-", "rank-x", "rank-1e9"])
def test_a_foreign_option_is_an_error_of_the_whole_ballot(round_: RankingRound, first: Client, foreign: str) -> None:
    response = first.post(address(round_), filled(round_, "1", "2", "3") | {foreign: "1"})
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, ["__all__"])
    assert [form[f"rank-{option}"].value() for option in option_ids(round_)] == ["1", "2", "3"]
    assert untouched(round_)


def test_r5_an_option_of_another_round_is_foreign(round_: RankingRound, first: Client) -> None:
    other = make.open_round(round_.group)
    response = first.post(address(round_), filled(round_, "1", "2", "3") | filled(other, "", "", ""))
    assert list(response.context["form"].errors) == ["__all__"]
    assert untouched(round_)


def test_an_answer_given_twice_is_an_error(round_: RankingRound, first: Client) -> None:
    twice = f"rank-{option_ids(round_)[0]}"
    data = filled(round_, "1", "2", "3") | {twice: ["1", "2"]}
    response = first.post(address(round_), data)
    assert list(response.context["form"].errors) == [twice]
    assert untouched(round_)


def test_after_closing_the_ballot_is_refused_with_409_and_still_shown(round_: RankingRound, first: Client) -> None:
    actions.close_round(round=round_, by=None)
    response = first.post(address(round_), filled(round_, "2", "1", "x"))
    titles = list(round_.options.order_by("position").values_list("title", flat=True))
    page = text(response)
    assert response.status_code == 409
    assert re.findall(r'<li><b class="num">(\S+)</b> ([^<]+)</li>', page) == [("1", titles[1]), ("2", titles[0])]
    assert f"No opinion: {titles[2]}" in page
    assert "You had cast no ballot before." in page
    assert untouched(round_)


def test_after_closing_the_earlier_ballot_is_said_to_count(round_: RankingRound, first: Client) -> None:
    make.vote(round_, [1, 2, 3])
    actions.close_round(round=round_, by=None)
    response = first.post(address(round_), filled(round_, "3", "nonsense", "1"))
    assert (response.status_code, stored(round_)) == (409, [[1, 2, 3]])
    assert "The ballot you cast before counts." in text(response)


def test_the_clock_closes_before_the_task_does(round_: RankingRound, first: Client) -> None:
    RankingRound.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    assert first.post(address(round_), filled(round_, "1", "2", "3")).status_code == 409
    assert first.get(address(round_))["Location"] == round_.get_absolute_url()
    assert untouched(round_)


def test_a_cancelled_round_says_so(round_: RankingRound, first: Client) -> None:
    make.vote(round_, [1, 2, 3])
    actions.cancel_round(round=round_, by=None, reason="Wrong question.")
    response = first.post(address(round_), filled(round_, "1", "2", "3"))
    assert response.status_code == 409
    assert "cancelled while you ranked" in text(response)
    assert "Wrong question." in text(first.get(address(round_, "recap")))
    assert untouched(round_)


def test_members_without_a_vote_learn_why(round_: RankingRound, signed_in: SignedIn) -> None:
    for person in (make.leader(round_.group), make.member(round_.group), make.member(round_.group, role="observer")):
        for method in ("get", "post"):
            response = getattr(signed_in(person), method)(address(round_), filled(round_, "1", "2", "3"))
            assert (response.status_code, "fixed when it opened" in text(response)) == (403, True)
    assert untouched(round_)


def test_strangers_find_nothing(round_: RankingRound, signed_in: SignedIn) -> None:
    stranger, elsewhere = make.user(), make.member(make.group())
    for person in (stranger, elsewhere):
        for name in ("ballot", "recap"):
            assert signed_in(person).get(address(round_, name)).status_code == 404
        assert signed_in(person).post(address(round_), filled(round_, "1", "2", "3")).status_code == 404
    assert untouched(round_)


def test_anonymous_readers_are_led_to_the_sign_in_page(round_: RankingRound) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(address(round_), filled(round_, "1", "2", "3"))
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert untouched(round_)


def test_the_secretariat_has_no_ballot_either(round_: RankingRound, signed_in: SignedIn) -> None:
    assert signed_in(make.secretariat()).get(address(round_)).status_code == 403


def test_after_publication_the_recap_only_knows_that_one_took_part(signed_in: SignedIn) -> None:
    published = make.published_round(make.group(), *[[1, 2, 3]] * 5)
    page = text(signed_in(voter(published)).get(address(published, "recap")))
    assert "has been separated from you for good" in page
    assert "What was recorded" not in page


@pytest.mark.parametrize("options", [1 + 1, 3 + 3])
def test_the_ballot_page_takes_the_same_queries_for_any_number_of_options(
    options: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    round_ = make.open_round(make.group(), electors=options, options=options)
    make.vote(round_, *[list(range(1, options + 1))] * options)
    client = signed_in(voter(round_))
    with django_assert_num_queries(6):
        client.get(address(round_))


def test_a_repeat_shows_earlier_answers_within_eight_queries(
    signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    group = make.group()
    first = make.published_round(group, *[[1, 2, 3]] * 12, will_repeat=True)
    again = make.open_round(group, options=[], repeats=first)
    client = signed_in(voter(again))
    with django_assert_num_queries(8):
        assert "You: place 1." in text(client.get(address(again)))


@pytest.mark.parametrize(("options", "hint"), [(15, False), (16, True)])
def test_beyond_fifteen_options_the_paper_says_to_pick_first(options: int, hint: bool, signed_in: SignedIn) -> None:
    long = make.open_round(make.group(), electors=1, options=options)
    page = text(signed_in(voter(long)).get(address(long)))
    assert ("pick your most important first, then order them" in page) == hint


def test_the_paper_says_when_it_closes_in_the_zone_of_the_round(signed_in: SignedIn) -> None:
    closes = dt.datetime(2099, 6, 15, 16, 0, tzinfo=dt.UTC)
    round_ = make.open_round(make.group(), electors=1, closes_at=closes, timezone="Europe/Athens")
    page = text(signed_in(voter(round_)).get(address(round_)))
    assert "Open until Monday 15 June 2099, 19:00, Athens time (EEST, UTC+03:00)" in page
    assert re.findall(r'<time class="num" data-countdown datetime="([^"]+)">', page) == ["2099-06-15T16:00:00+00:00"]
    assert "js/countdown.js" in page


def test_a_round_closed_by_hand_counts_nothing_down(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1, closes_at=None)
    page = text(signed_in(voter(round_)).get(address(round_)))
    assert ("data-countdown" in page, "countdown.js" in page) == (False, False)
