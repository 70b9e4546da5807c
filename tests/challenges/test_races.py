"""Many at once: one ballot per elector, none after the count, none lost, one result."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from challenges import actions
from challenges.errors import EntryRefused, NotReady, RoundClosed
from challenges.models import Ballot, Challenge, Elector, RankingRound, RoundResult
from history.locks import ROUND, lock_exclusive
from tests import factories as make
from tests.at_once import at_once, behind

pytestmark = pytest.mark.django_db(transaction=True)


def casting(elector: Elector, *ranks: int) -> Callable[[], Any]:
    options = list(elector.round.options.order_by("position").values_list("pk", flat=True))
    answers = dict(zip(options, ranks, strict=True))
    return lambda: actions.cast_ballot(round=elector.round, by=elector.user, ranks=answers)


def seats(of: RankingRound) -> list[Elector]:
    return list(of.electors.select_related("round", "user").order_by("pk"))


def test_r4_two_submissions_at_once_leave_one_ballot() -> None:
    elector = seats(make.open_round(make.group(), electors=1))[0]
    outcomes = at_once(*[casting(elector, *ranks) for ranks in ((1, 2, 3), (3, 2, 1), (1, 1, 1), (0, 0, 1))])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    elector.round.refresh_from_db()
    assert (Ballot.objects.count(), elector.round.ballots_cast) == (1, 1)


def test_electors_do_not_wait_in_vain_for_one_another() -> None:
    round_ = make.open_round(make.group(), electors=8)
    outcomes = at_once(*[casting(elector, 1, 2, 3) for elector in seats(round_)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    round_.refresh_from_db()
    assert (Ballot.objects.count(), round_.ballots_cast) == (8, 8)


@pytest.mark.parametrize("attempt", range(3))
def test_no_ballot_lands_after_the_count_and_none_is_lost(attempt: int) -> None:
    round_ = make.open_round(make.group(), electors=6)
    make.cast(round_, [1, 2, 3], [1, 2, 3])
    steps = [casting(elector, 3, 2, 1) for elector in seats(round_)[2:]]
    steps.insert(attempt, lambda: actions.close_round(round=round_, by=None))
    outcomes = at_once(*steps)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(outcome) for outcome in refused} <= {RoundClosed}
    round_.refresh_from_db()
    counted = RoundResult.objects.get().figures["overall"]["n"]
    assert counted == Ballot.objects.count() == round_.ballots_cast == 6 - len(refused)


def test_a_ballot_that_meets_a_long_count_is_too_late_and_not_an_error() -> None:
    """The count of a large round holds the lock for longer than a request may wait."""
    elector = seats(make.open_round(make.group(), electors=1))[0]
    counting, waited = threading.Event(), threading.Event()

    def count_for_long() -> None:
        with transaction.atomic():
            lock_exclusive(ROUND, elector.round.pk)
            counting.set()
            waited.wait(timeout=30)

    def cast_meanwhile() -> Any:
        counting.wait(timeout=30)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            return casting(elector, 1, 2, 3)()
        finally:
            waited.set()

    _, late = at_once(count_for_long, cast_meanwhile)
    assert (type(late), Ballot.objects.count()) == (RoundClosed, 0)


def test_r7_closing_at_once_gives_one_result() -> None:
    round_ = make.open_round(make.group(), electors=5)
    make.cast(round_, *[[1, 2, 3]] * 5)
    outcomes = at_once(*[lambda: actions.close_round(round=round_, by=None)] * 4)
    assert {(outcome.state, outcome.closed_at) for outcome in outcomes} == {("closed", outcomes[0].closed_at)}
    assert RoundResult.objects.count() == 1


def test_opening_at_once_asks_everybody_once() -> None:
    round_ = make.round_(make.group())
    for _ in range(3):
        make.member(round_.group)
    outcomes = at_once(*[lambda: actions.open_round(round=round_, by=None)] * 3)
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 2
    assert round_.electors.count() == 3


# -- the register ---------------------------------------------------------------------------------------------------


def adding(title: str) -> Callable[[], Any]:
    entry = actions.Entry(group=make.group(), title=title)
    return lambda: actions.add_challenge(entry=entry, status="identified", by=None)


def test_groups_that_name_the_same_challenge_at_once_get_an_address_each() -> None:
    outcomes = at_once(*[adding("Building capacity") for _ in range(4)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    slugs = {challenge.slug for challenge in outcomes}
    assert slugs == {"building-capacity", *(f"building-capacity-{number}" for number in (2, 3, 4))}


def test_two_challenges_merged_into_each_other_at_once_leave_one() -> None:
    group = make.group()
    leader, one, other = make.leader(group), make.challenge(group), make.challenge(group)
    outcomes = at_once(
        lambda: actions.merge_challenge(challenge=one, into=other, by=leader, reason="R."),
        lambda: actions.merge_challenge(challenge=other, into=one, by=leader, reason="R."),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Challenge", "EntryRefused"]
    assert list(Challenge.objects.filter(status="merged").values_list("status", flat=True)) == ["merged"]


def test_of_two_who_repeat_a_round_at_once_one_is_refused() -> None:
    group = make.group()
    plan = actions.Plan(group=group, title="Again", question="", repeats=make.published_round(group, [1, 2], [2, 1]))
    second = behind(*[lambda: actions.create_round(plan=plan, by=None)] * 2)
    assert (type(second), RankingRound.objects.filter(repeats__isnull=False).count()) == (NotReady, 1)


@pytest.mark.parametrize("deed", ["add", "edit"])
def test_nothing_becomes_a_part_of_a_cluster_that_is_being_merged(deed: str) -> None:
    group = make.group()
    leader, cluster, into, other = make.leader(group), *(make.challenge(group) for _ in range(3))
    part = actions.Entry(group=group, title="Part", parent=Challenge.objects.get(pk=cluster.pk))
    deeds: dict[str, Callable[[], Any]] = {
        "add": lambda: actions.add_challenge(entry=part, status="proposed", by=leader),
        "edit": lambda: actions.edit_challenge(challenge=other, entry=part, by=leader),
    }
    merge = partial(actions.merge_challenge, challenge=cluster, into=into, by=leader, reason="R.")
    second = behind(merge, deeds[deed])
    assert (type(second), Challenge.objects.filter(parent__isnull=False).count()) == (EntryRefused, 0)
