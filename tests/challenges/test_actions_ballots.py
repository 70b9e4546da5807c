"""Casting: one ballot per elector, by the clock, whole or not at all."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from challenges import actions
from challenges.errors import BallotRefused, NotAnElector, RoundClosed
from challenges.models import Ballot, Elector, RankingRound
from history.models import Entry
from people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> RankingRound:
    return make.open_round(make.group(), electors=3)


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def answers(of: RankingRound, *values: int) -> dict[int, int]:
    return dict(zip(of.options.order_by("position").values_list("pk", flat=True), values, strict=True))


def stored(of: RankingRound) -> list[list[int]]:
    return sorted(Ballot.objects.filter(round=of).values_list("ranks", flat=True))


def test_a_ballot_is_one_row_with_one_integer_per_option(round_: RankingRound) -> None:
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 2, 1, -1))
    assert stored(round_) == [[2, 1, -1]]


def test_r3_gaps_are_closed_and_ties_kept() -> None:
    round_ = make.open_round(make.group(), electors=1, options=5)
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 70, 3, 3, 0, -1))
    assert stored(round_) == [[2, 1, 1, 0, -1]]


def test_ranks_beyond_every_column_keep_only_their_order(round_: RankingRound) -> None:
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 10**30, 10**29, 1))
    assert stored(round_) == [[3, 2, 1]]


def test_a_ballot_keeps_the_helix_of_the_day_of_opening(round_: RankingRound) -> None:
    elector = round_.electors.order_by("pk")[0]
    User.objects.filter(pk=elector.user.pk).update(helix="civil_society")
    ballot = actions.cast_ballot(round=round_, by=elector.user, ranks=answers(round_, 1, 2, 3))
    assert ballot.helix == elector.helix == "government"


def test_r4_casting_again_replaces_the_ballot_and_counts_once(round_: RankingRound) -> None:
    for ranks in ((1, 2, 3), (3, 2, 1)):
        actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, *ranks))
    round_.refresh_from_db()
    assert (stored(round_), round_.ballots_cast) == ([[3, 2, 1]], 1)


def test_r4_an_empty_ballot_is_participation(round_: RankingRound) -> None:
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 0, 0, 0))
    round_.refresh_from_db()
    assert (stored(round_), round_.ballots_cast) == ([[0, 0, 0]], 1)


def test_casting_leaves_no_trace_in_the_history(round_: RankingRound) -> None:
    before = Entry.objects.count()
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 1, 2, 3))
    assert Entry.objects.count() == before


def test_the_clock_refuses_a_late_ballot_although_the_round_is_still_open(round_: RankingRound) -> None:
    RankingRound.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(RoundClosed):
        actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 1, 2, 3))
    assert nothing_written(round_)


def test_a_stale_round_in_hand_does_not_help(round_: RankingRound) -> None:
    stale = RankingRound.objects.get(pk=round_.pk)
    actions.close_round(round=round_, by=None)
    with pytest.raises(RoundClosed):
        actions.cast_ballot(round=stale, by=voter(round_), ranks=answers(round_, 1, 2, 3))
    assert nothing_written(round_)


def test_a_historic_ballot_is_judged_by_the_time_given(round_: RankingRound) -> None:
    closing = round_.closes_at
    assert closing
    actions.cast_ballot(round=round_, by=voter(round_), ranks=answers(round_, 1, 2, 3), now=closing - dt.timedelta(1))
    with pytest.raises(RoundClosed):
        actions.cast_ballot(round=round_, by=voter(round_, 1), ranks=answers(round_, 1, 2, 3), now=closing)
    assert stored(round_) == [[1, 2, 3]]


def test_who_joins_later_has_no_vote(round_: RankingRound) -> None:
    late = make.member(round_.group)
    with pytest.raises(NotAnElector):
        actions.cast_ballot(round=round_, by=late, ranks=answers(round_, 1, 2, 3))
    assert nothing_written(round_)


def test_who_leaves_later_keeps_the_vote(round_: RankingRound) -> None:
    person = voter(round_)
    person.memberships.update(status="ended", ended_on=timezone.now().date())
    actions.cast_ballot(round=round_, by=person, ranks=answers(round_, 1, 2, 3))
    assert stored(round_) == [[1, 2, 3]]


@pytest.mark.parametrize("fault", ["missing", "foreign", "below"])
def test_a_ballot_that_does_not_answer_the_options_is_refused(round_: RankingRound, fault: str) -> None:
    ranks = answers(round_, 1, 2, 3)
    some = next(iter(ranks))
    if fault == "missing":
        del ranks[some]
    elif fault == "foreign":
        ranks[10**9] = 1
    else:
        ranks[some] = -2
    with pytest.raises(BallotRefused):
        actions.cast_ballot(round=round_, by=voter(round_), ranks=ranks)
    assert nothing_written(round_)


def test_a_ballot_holds_neither_time_nor_running_number() -> None:
    kinds = {field.name: field.get_internal_type() for field in Ballot._meta.get_fields()}
    assert kinds == {
        "id": "UUIDField",
        "round": "ForeignKey",
        "elector": "OneToOneField",
        "helix": "CharField",
        "ranks": "ArrayField",
    }
    assert uuid.UUID(str(Ballot().id)).version == 4


def nothing_written(round_: RankingRound) -> bool:
    fresh = RankingRound.objects.get(pk=round_.pk)
    return (stored(round_), fresh.ballots_cast, Elector.objects.filter(has_voted=True).count()) == ([], 0, 0)
