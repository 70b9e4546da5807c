"""What cannot be in the database, whoever writes it."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from challenges import actions
from challenges.models import Ballot, Challenge, Elector, Focus, FocusEntry, RankingRound, RoundOption
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def refused(write: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_one_seat_and_one_ballot_per_elector(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=1)
    make.vote(round_, [1, 2, 3])
    elector = round_.electors.get()
    assert refused(lambda: Elector.objects.create(round=round_, user=elector.user))
    assert refused(lambda: Ballot.objects.create(round=round_, elector=elector, ranks=[1, 2, 3]))


NEVER: list[dict[str, Any]] = [
    {"state": "open"},
    {"state": "closed", "opened_at": timezone.now()},
    {"state": "published", "opened_at": timezone.now(), "closed_at": timezone.now()},
    {"state": "cancelled"},
    {"closed_at": timezone.now()},
    {"published_at": timezone.now()},
    {"ballots_cast": 1},
    {"opens_at": timezone.now() + dt.timedelta(days=9)},
]


def test_a_state_that_does_not_fit_its_times_cannot_be(group: WorkingGroup) -> None:
    round_ = RankingRound.objects.filter(pk=make.round_(group).pk)
    assert [values for values in NEVER if not refused(partial(round_.update, **values))] == []


def test_what_no_plan_can_break_is_checked_by_the_table_alone(group: WorkingGroup) -> None:
    round_ = make.round_(group)
    round_.ballots_cast = 1
    round_.full_clean()
    with pytest.raises(IntegrityError, match="rankinground_turnout_possible"):
        round_.save()


def test_what_a_plan_can_break_is_told_before_it_is_stored(group: WorkingGroup) -> None:
    first = make.published_round(group, *[[1, 2]] * 5)
    chosen = Challenge.objects.filter(round_options__round=first)
    focus = actions.decide_focus(round=first, entries=[(1, chosen[0])], reason="Because.", by=make.leader(group))
    later = timezone.now() + dt.timedelta(days=9)
    for values in ({"level": 0.3}, {"opens_at": later}, {"repeats": first, "deepens": focus}):
        with pytest.raises(ValidationError):
            make.round_(group, **values)


def test_a_round_never_goes_back(group: WorkingGroup) -> None:
    forward = {"draft": {"open", "cancelled"}, "open": {"closed", "cancelled"}, "closed": {"published"}}
    assert {str(state): set(map(str, to)) for state, to in RankingRound.TRANSITIONS.items() if to} == forward
    assert make.round_(group).state == "draft"


def test_an_option_stands_once_on_a_ballot(group: WorkingGroup) -> None:
    round_ = make.round_(group)
    option = round_.options.order_by("position")[0]
    again = {"round": round_, "challenge": option.challenge, "title": "Again"}
    assert refused(lambda: RoundOption.objects.create(position=9, **again))
    assert refused(lambda: RoundOption.objects.create(position=option.position, round=round_, title="Same place"))


def test_merged_means_merged_into_another(group: WorkingGroup) -> None:
    challenge, other = make.challenge(group), make.challenge(group)
    own = Challenge.objects.filter(pk=challenge.pk)
    assert refused(lambda: own.update(status="merged"))
    assert refused(lambda: own.update(merged_into=other))
    assert refused(lambda: own.update(parent=challenge))


def test_a_focus_has_a_reason_and_names_each_challenge_once(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 5)
    first, second, _third = Challenge.objects.filter(round_options__round=round_).order_by("pk")
    leader = make.leader(group)
    assert refused(lambda: Focus.objects.create(round=round_, reason="", decided_by=leader))
    focus = actions.decide_focus(round=round_, entries=[(1, first)], reason="R.", by=leader)
    assert refused(lambda: FocusEntry.objects.create(focus=focus, rank=2, challenge=first))
    assert refused(lambda: FocusEntry.objects.create(focus=focus, rank=0, challenge=second))
    assert refused(lambda: Focus.objects.create(round=round_, reason="Another.", decided_by=leader))


def test_the_clock_decides_whether_ballots_are_taken() -> None:
    closing = timezone.now()
    tick = dt.timedelta(microseconds=1)
    taken = [
        RankingRound(state=state, closes_at=closes).takes_ballots(now)
        for state, closes, now in [
            ("open", closing, closing - tick),
            ("open", closing, closing),
            ("open", None, closing),
            ("draft", None, closing),
            ("closed", None, closing),
        ]
    ]
    assert taken == [True, False, True, False, False]
