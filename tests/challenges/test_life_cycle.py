"""The life cycle of a challenge, every pair of statuses, against the table of the domain written out once more here."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from challenges import actions
from challenges.errors import ReasonMissing, WrongState
from challenges.models import Challenge
from history.models import Entry
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

Status = Challenge.Status
# "(r)" asks for a written reason, as in the table of the domain.
TABLE = """
proposed -> identified, merged (r), parked (r)
identified -> ranked, merged (r), parked (r)
ranked -> in_focus, addressed, merged (r), parked (r)
in_focus -> addressed, ranked (r)
addressed -> closed, in_focus (r)
parked -> proposed (r)
merged -> proposed (r), identified (r), ranked (r)
"""
# What follows from a published round, from a decision on the focus, or from merging and undoing it.
BY_ITSELF = {("identified", "ranked"), ("ranked", "in_focus")}


def table() -> dict[tuple[str, str], bool]:
    """(from, to) -> whether a reason is needed."""
    found = {}
    for line in TABLE.strip().splitlines():
        before, _, steps = line.partition(" -> ")
        for step in steps.split(", "):
            found[before, step.removesuffix(" (r)")] = step.endswith("(r)")
    return found


STEPS = table()
BY_HAND = {(before, after) for before, after in STEPS if "merged" not in (before, after)} - BY_ITSELF


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


@pytest.fixture
def leader(group: WorkingGroup) -> User:
    return make.leader(group)


def at(group: WorkingGroup, status: str) -> Challenge:
    if status == Status.MERGED:
        return make.challenge(group, status=status, merged_into=make.challenge(group), status_before="ranked")
    return make.challenge(group, status=status)


def told(challenge: Challenge) -> list[tuple[str, str]]:
    return list(Entry.objects.about(challenge).published().order_by("pk").values_list("verb", "reason"))


def test_the_tables_of_the_model_are_those_of_the_domain() -> None:
    steps = {(str(before), str(after)) for before, onward in Challenge.TRANSITIONS.items() for after in onward}
    assert steps == set(STEPS)
    assert {(str(before), str(after)) for before, after in Challenge.WITH_REASON} == {
        step for step, reasoned in STEPS.items() if reasoned
    }
    assert set(Challenge.TRANSITIONS) == set(Status)


@pytest.mark.parametrize("before", Status.values)
def test_only_the_steps_of_the_table_are_taken_by_hand_and_each_is_on_record(
    before: str, group: WorkingGroup, leader: User
) -> None:
    for after in Status.values:
        challenge = at(group, before)
        if (before, after) in BY_HAND:
            assert actions.move_challenge(challenge=challenge, to=after, by=leader, reason="R.").status == after
            assert told(challenge) == [("put_in_focus" if after == "in_focus" else after, "R.")]
            continue
        with pytest.raises(WrongState):
            actions.move_challenge(challenge=challenge, to=after, by=leader, reason="R.")
        challenge.refresh_from_db()
        assert (challenge.status, told(challenge)) == (before, [])


@pytest.mark.parametrize("before", Status.values)
def test_what_is_offered_is_what_is_possible(before: str, group: WorkingGroup) -> None:
    offered = actions.next_by_hand(at(group, before))
    assert {(before, str(after)) for after in offered} == {step for step in BY_HAND if step[0] == before}


@pytest.mark.parametrize(("before", "after"), sorted(BY_HAND))
def test_a_reason_is_asked_for_where_the_table_says_so(
    before: str, after: str, group: WorkingGroup, leader: User
) -> None:
    challenge = at(group, before)
    needed = STEPS[before, after]
    assert actions.needs_reason(challenge, Status(after)) is needed
    if needed:
        with pytest.raises(ReasonMissing):
            actions.move_challenge(challenge=challenge, to=after, by=leader, reason=" ")
        assert told(challenge) == []
    else:
        assert actions.move_challenge(challenge=challenge, to=after, by=leader).status == after


@pytest.mark.parametrize(("before", "park"), [*product(Status.values, [False, True])])
def test_merging_and_splitting_start_where_the_table_lets_merging_start(
    before: str, park: bool, group: WorkingGroup, leader: User
) -> None:
    possible = (before, "merged") in STEPS
    merged, split = at(group, before), at(group, before)
    assert merged.sortable is possible
    parts = [actions.Part(title="One"), actions.Part(title="Two")]
    steps: list[Callable[[], Any]] = [
        lambda: actions.merge_challenge(challenge=merged, into=make.challenge(group), by=leader, reason="R."),
        lambda: actions.split_challenge(challenge=split, parts=parts, by=leader, reason="R.", park=park),
    ]
    for step in steps:
        if possible:
            step()
        else:
            with pytest.raises(WrongState):
                step()
    split.refresh_from_db()
    assert split.status == ("parked" if possible and park else before)
