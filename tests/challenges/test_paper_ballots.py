"""Ballots on paper: counted, without a way back to the person, never twice, and final."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.errors import AlreadyOnPaper, BallotRefused, NotAnElector, RoundClosed
from challenges.models import Ballot, Elector, RankingRound, Receipt
from history.models import Entry
from people.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]


@pytest.fixture(scope="module")
def round_(rows_of_module: None) -> RankingRound:  # noqa: ARG001
    return make.open_round(make.group(), electors=6)


def seats(round_: RankingRound) -> list[Elector]:
    return list(round_.electors.select_related("user").order_by("pk"))


def answers(round_: RankingRound, *ranks: int) -> dict[int, int]:
    return dict(zip(round_.options.order_by("position").values_list("pk", flat=True), ranks, strict=True))


def key(round_: RankingRound, seat: Elector, *ranks: int) -> None:
    actions.key_paper_ballot(round=round_, elector=seat, by=make.secretariat(), ranks=answers(round_, *ranks))


def counted(round_: RankingRound) -> tuple[int, int, int]:
    fresh = RankingRound.objects.get(pk=round_.pk)
    return fresh.ballots_cast, fresh.paper_ballots, Ballot.objects.filter(round=round_).count()


def test_a_ballot_on_paper_counts_and_knows_no_elector(round_: RankingRound) -> None:
    seat = seats(round_)[0]
    key(round_, seat, 1, 3, 0)
    kept = Ballot.objects.get(round=round_)
    assert (kept.elector, kept.helix, kept.ranks) == (None, seat.helix, [1, 2, 0])
    assert Elector.objects.get(pk=seat.pk).has_voted
    assert counted(round_) == (1, 1, 1)


def test_it_is_final_for_the_secretariat_and_for_the_member(round_: RankingRound) -> None:
    seat = seats(round_)[0]
    key(round_, seat, 1, 2, 3)
    with pytest.raises(AlreadyOnPaper):
        key(round_, seat, 3, 2, 1)
    with pytest.raises(AlreadyOnPaper):
        actions.cast_ballot(round=round_, by=seat.user, ranks=answers(round_, 3, 2, 1))
    assert (counted(round_), Ballot.objects.get(round=round_).ranks) == ((1, 1, 1), [1, 2, 3])


def test_it_takes_the_place_of_a_ballot_cast_online_and_nobody_is_told(
    round_: RankingRound, signed_in: SignedIn
) -> None:
    make.vote(round_, [3, 2, 1])
    first, second = seats(round_)[:2]
    client = signed_in(make.secretariat())
    address = reverse("challenges:paper", args=[round_.pk])
    pages = []
    for seat in (first, second):
        data = {f"rank-{pk}": str(rank) for pk, rank in answers(round_, 1, 2, 3).items()}
        response = client.post(address, data | {"elector": str(seat.pk)}, follow=True)
        pages.append([str(message) for message in response.context["flashes"]])
    assert pages == [["The ballot on paper was recorded."]] * 2
    assert counted(round_) == (2, 2, 2)
    assert Receipt.objects.filter(round=round_).count() == 0


def test_the_history_names_neither_the_member_nor_the_answers(round_: RankingRound) -> None:
    key(round_, seats(round_)[0], 1, 2, 3)
    entry = Entry.objects.get(verb="paper_ballot")
    assert (entry.payload, entry.reason, entry.is_public) == ({}, "", False)


def test_after_publication_paper_and_online_ballots_are_alike() -> None:
    round_ = make.open_round(make.group(), electors=12)
    make.vote(round_, *[[1, 2, 3]] * 8, skip=4)
    for seat in seats(round_)[:4]:
        key(round_, seat, 2, 1, 3)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    rows = Ballot.objects.filter(round=round_).values_list("elector", "helix")
    assert {elector for elector, _helix in rows} == {None}
    page = Client().get(round_.get_absolute_url()).content.decode()
    assert "of them on paper, keyed in by the secretariat</dt><dd>4</dd>" in page
    assert counted(round_) == (12, 4, 12)


@pytest.mark.parametrize("state", ["closed", "late"])
def test_nothing_is_keyed_in_after_closing(state: str, round_: RankingRound, signed_in: SignedIn) -> None:
    if state == "closed":
        actions.close_round(round=round_, by=None)
    else:
        RankingRound.objects.filter(pk=round_.pk).update(closes_at=round_.opened_at)
    with pytest.raises(RoundClosed):
        key(round_, seats(round_)[0], 1, 2, 3)
    assert signed_in(make.secretariat()).get(reverse("challenges:paper", args=[round_.pk])).status_code == 302
    assert counted(round_) == (0, 0, 0)


def test_an_elector_of_another_round_and_half_a_ballot_are_refused(round_: RankingRound) -> None:
    other = make.open_round(make.group(), electors=1)
    with pytest.raises(NotAnElector):
        key(round_, seats(other)[0], 1, 2, 3)
    with pytest.raises(BallotRefused):
        actions.key_paper_ballot(round=round_, elector=seats(round_)[0], by=make.secretariat(), ranks={})
    assert counted(round_) == (0, 0, 0)


def test_cancelling_destroys_them_too(round_: RankingRound) -> None:
    key(round_, seats(round_)[0], 1, 2, 3)
    actions.cancel_round(round=round_, by=None, reason="Wrong question.")
    assert counted(round_) == (0, 0, 0)


def test_only_the_secretariat_keys_them_in(round_: RankingRound, signed_in: SignedIn) -> None:
    address = reverse("challenges:paper", args=[round_.pk])
    people = [make.user(), seats(round_)[0].user, make.leader(round_.group), make.secretariat()]
    assert [signed_in(person).get(address).status_code for person in people] == [404, 403, 403, 200]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"elector": ""}, "elector"),
        ({"elector": "x"}, "elector"),
        ({"first": "-3"}, "first"),
        ({"first": "9" * 30}, "first"),
        ({"rank-999999": "1"}, "__all__"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_written(
    change: dict[str, str], field: str, round_: RankingRound, signed_in: SignedIn
) -> None:
    keys = [f"rank-{pk}" for pk in answers(round_, 1, 2, 3)]
    data: dict[str, Any] = dict.fromkeys(keys, "1") | {"elector": str(seats(round_)[0].pk)}
    data |= {name.replace("first", keys[0]): value for name, value in change.items()}
    response = signed_in(make.secretariat()).post(reverse("challenges:paper", args=[round_.pk]), data)
    assert list(response.context["form"].errors) == [field.replace("first", keys[0])]
    assert counted(round_) == (0, 0, 0)


def test_the_member_reads_that_the_paper_was_keyed_in(round_: RankingRound, signed_in: SignedIn) -> None:
    seat = seats(round_)[0]
    key(round_, seat, 1, 2, 3)
    client = signed_in(seat.user)
    page = client.get(reverse("challenges:recap", args=[round_.pk])).content.decode()
    assert "Your ballot on paper was keyed in without your name." in page
    assert "Change it" not in page
    data = {f"rank-{pk}": "1" for pk in answers(round_, 1, 2, 3)}
    response = client.post(reverse("challenges:ballot", args=[round_.pk]), data)
    assert "It counts and cannot be changed." in response.content.decode()


@pytest.mark.parametrize(("chosen", "kept"), [(0, [1, 0]), (1, [0, 1]), (None, [-1, -1])])
def test_on_a_text_the_paper_holds_one_answer(chosen: int | None, kept: list[int], signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=2, options=[], wordings=["Yes", "No"])
    options = list(round_.options.order_by("position").values_list("pk", flat=True))
    address = reverse("challenges:paper", args=[round_.pk])
    client = signed_in(make.secretariat())
    page = client.get(address).content.decode()
    assert ("Answer on the paper" in page, "Ranks as they stand" in page) == (True, False)
    answer = "x" if chosen is None else str(options[chosen])
    data = {"elector": str(round_.electors.order_by("pk")[0].pk), "answer": answer}
    assert client.post(address, data | {"answer": "7000000"}).status_code == 200
    assert client.post(address, data).status_code == 302
    assert [ballot.ranks for ballot in Ballot.objects.filter(round=round_)] == [kept]
