"""The schedule: safe when skipped, doubled or late."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import Model
from django.utils import timezone

from challenges import actions, tasks
from challenges.models import Ballot, RankingRound, RoundResult
from history.models import Entry
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def group() -> WorkingGroup:
    group = make.group()
    make.members(group, *["government"] * 5)
    return group


def states(*rounds: RankingRound) -> list[str]:
    return [RankingRound.objects.get(pk=round_.pk).state for round_ in rounds]


def moved(round_: RankingRound, **times: dt.datetime) -> RankingRound:
    RankingRound.objects.filter(pk=round_.pk).update(**times)
    return round_


def test_due_drafts_open_and_others_wait(group: WorkingGroup) -> None:
    now = timezone.now()
    due = make.round_(group, opens_at=now - HOUR)
    later, by_hand = make.round_(group, opens_at=now + HOUR), make.round_(group)
    missed = moved(make.round_(group), opens_at=now - 2 * HOUR, closes_at=now - HOUR)
    assert [tasks.open_due_rounds() for _ in range(2)] == [1, 0]
    assert states(due, later, by_hand, missed) == ["open", "draft", "draft", "draft"]
    assert Entry.objects.about(due).get(verb="opened").by is None


def test_a_round_that_cannot_open_does_not_hold_up_the_next(caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    empty, good = make.round_(make.group(), opens_at=now - 2 * HOUR), make.round_(make.group(), opens_at=now - HOUR)
    make.member(good.group)
    assert tasks.open_due_rounds() == 1
    assert states(empty, good) == ["draft", "open"]
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("WARNING", None)]


def test_rounds_close_beside_one_that_the_database_refuses(
    group: WorkingGroup, poison: Callable[[type[Model], str], None]
) -> None:
    now = timezone.now()
    three = [moved(make.open_round(group), closes_at=now - hours * HOUR) for hours in (3, 2, 1)]
    poison(RankingRound, f"NEW.id = {three[1].pk}")
    assert tasks.close_due_rounds() == 2
    assert states(*three) == ["closed", "open", "closed"]


def test_due_rounds_close_and_are_counted_once(group: WorkingGroup) -> None:
    due, later, by_hand = (make.open_round(group) for _ in range(3))
    make.vote(due, *[[1, 2, 3]] * 5)
    moved(due, closes_at=timezone.now() - HOUR)
    RankingRound.objects.filter(pk=by_hand.pk).update(closes_at=None)
    assert [tasks.close_due_rounds() for _ in range(2)] == [1, 0]
    assert states(due, later, by_hand) == ["closed", "open", "open"]
    assert RoundResult.objects.get().figures["overall"]["n"] == 5


def test_overdue_links_are_cut(group: WorkingGroup) -> None:
    linked = {}
    for days in (181, 183):
        round_ = make.open_round(group, will_repeat=True)
        make.vote(round_, *[[1, 2, 3]] * 5)
        linked[days] = actions.close_round(round=round_, by=None, now=timezone.now() - dt.timedelta(days=days))
    assert [tasks.unlink_overdue() for _ in range(2)] == [1, 0]
    left = {days: Ballot.objects.filter(round=of).exclude(elector=None).count() for days, of in linked.items()}
    assert left == {181: 5, 183: 0}


def test_the_schedule_knows_these_tasks() -> None:
    from s3cop.celery import app

    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    own = {task.name for task in (tasks.open_due_rounds, tasks.close_due_rounds, tasks.unlink_overdue)}
    assert own <= planned
