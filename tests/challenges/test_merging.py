"""Merging, undoing it within a fortnight, and splitting: nothing is lost, everything links back, all is on record."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from challenges import actions
from challenges.errors import EntryRefused, ReasonMissing, WrongState
from challenges.models import Challenge
from history.models import Entry
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

FORTNIGHT = dt.timedelta(days=14)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


@pytest.fixture
def leader(group: WorkingGroup) -> User:
    return make.leader(group)


def told(challenge: Challenge) -> list[tuple[str, str, dict[str, Any]]]:
    entries = Entry.objects.about(challenge).published().order_by("pk")
    return list(entries.values_list("verb", "reason", "payload"))


def test_merging_is_told_on_both_pages_and_takes_the_subdimensions_along(group: WorkingGroup, leader: User) -> None:
    challenge, into = make.challenge(group, title="From"), make.challenge(group, title="To")
    part = make.challenge(group, parent=challenge)
    merged = actions.merge_challenge(challenge=challenge, into=into, by=leader, reason="The same matter.")
    assert (merged.status, merged.merged_into, merged.status_before) == ("merged", into, "identified")
    part.refresh_from_db()
    assert part.parent == into
    assert told(challenge) == [("merged", "The same matter.", {"into": into.pk, "subdimensions": [part.pk]})]
    assert told(into) == [("took_in", "The same matter.", {"challenge": challenge.pk})]
    assert told(part) == [("edited", "", {"parent": ["From", "To"]})]


def test_a_merge_that_leads_nowhere_is_refused(group: WorkingGroup, leader: User) -> None:
    challenge, cluster = make.challenge(group), make.challenge(group)
    make.challenge(group, parent=challenge)
    gone = make.challenge(group, status="merged", merged_into=cluster)
    aside = [make.challenge(group, status=status) for status in ("parked", "closed")]
    sub = make.challenge(group, parent=cluster)
    for into in (challenge, gone, *aside, sub, make.challenge(make.group())):
        with pytest.raises(EntryRefused):
            actions.merge_challenge(challenge=challenge, into=into, by=leader, reason="R.")
    with pytest.raises(ReasonMissing):
        actions.merge_challenge(challenge=challenge, into=cluster, by=leader, reason="")
    challenge.refresh_from_db()
    assert (challenge.status, told(challenge), told(cluster)) == ("identified", [], [])


@pytest.mark.parametrize("before", ["proposed", "identified", "ranked"])
def test_undoing_a_merger_gives_back_status_and_subdimensions(before: str, group: WorkingGroup, leader: User) -> None:
    challenge, into = make.challenge(group, status=before), make.challenge(group)
    part, moved_on = make.challenge(group, parent=challenge), make.challenge(group, parent=challenge)
    actions.merge_challenge(challenge=challenge, into=into, by=leader, reason="R.")
    third = make.challenge(group)
    Challenge.objects.filter(pk=moved_on.pk).update(parent=third)
    back = actions.undo_merge(challenge=challenge, by=leader, reason="They differ.")
    assert (back.status, back.merged_into, back.status_before) == (before, None, "")
    parents = [Challenge.objects.get(pk=one.pk).parent for one in (part, moved_on)]
    assert parents == [challenge, third]
    assert told(challenge)[-1] == ("merging_undone", "They differ.", {})
    assert told(into)[-1] == ("gave_back", "They differ.", {"challenge": challenge.pk})


def test_a_merger_is_undone_for_fourteen_days(group: WorkingGroup, leader: User) -> None:
    challenge, now = make.challenge(group), timezone.now()
    actions.merge_challenge(challenge=challenge, into=make.challenge(group), by=leader, reason="R.", now=now)
    challenge.refresh_from_db()
    assert [actions.can_undo(challenge, now + FORTNIGHT + shift) for shift in (-SECOND, SECOND)] == [True, False]
    with pytest.raises(WrongState):
        actions.undo_merge(challenge=challenge, by=leader, reason="R.", now=now + FORTNIGHT)
    with pytest.raises(ReasonMissing):
        actions.undo_merge(challenge=challenge, by=leader, reason=" ")
    actions.undo_merge(challenge=challenge, by=leader, reason="R.", now=now + FORTNIGHT - SECOND)
    with pytest.raises(WrongState):
        actions.undo_merge(challenge=challenge, by=leader, reason="Again.")


@pytest.mark.parametrize(("used", "possible"), [("draft", True), ("cancelled", True), ("open", False)])
def test_a_merger_that_a_round_has_used_stays(used: str, possible: bool, group: WorkingGroup, leader: User) -> None:
    challenge, into, other = (make.challenge(group) for _ in range(3))
    before = make.open_round(group, electors=1, options=[challenge, into])
    actions.close_round(round=before, by=None)
    actions.merge_challenge(challenge=challenge, into=into, by=leader, reason="R.")
    challenge.refresh_from_db()
    assert actions.can_undo(challenge)
    round_ = make.round_(group, options=[into, other])
    if used != "draft":
        actions.open_round(round=round_, by=None)
    if used == "cancelled":
        actions.cancel_round(round=round_, by=None, reason="No.")
    assert actions.can_undo(challenge) is possible


def test_a_merged_proposal_stays_within_the_group(group: WorkingGroup, leader: User) -> None:
    proposed, identified = make.challenge(group, status="proposed"), make.challenge(group)
    into = make.challenge(group)
    for challenge in (proposed, identified):
        actions.merge_challenge(challenge=challenge, into=into, by=leader, reason="R.")
    seen = [
        set(found.filter(status="merged").values_list("pk", flat=True))
        for found in (
            Challenge.objects.published(),
            Challenge.objects.visible_to(make.user()),
            Challenge.objects.visible_to(leader),
        )
    ]
    assert seen == [{identified.pk}, {identified.pk}, {identified.pk, proposed.pk}]


def test_a_split_enters_new_challenges_that_link_back(group: WorkingGroup, leader: User) -> None:
    cluster = make.challenge(group)
    challenge = make.challenge(group, parent=cluster, nature="need", status="ranked")
    parts = [actions.Part(title="Money for projects", text="Beyond calls."), actions.Part(title="Money for people")]
    found = actions.split_challenge(challenge=challenge, parts=parts, by=leader, reason="Two matters.")
    rows = [(one.title, one.text, one.status, one.nature, one.parent, one.split_from) for one in found]
    assert rows == [
        ("Money for projects", "Beyond calls.", "identified", "need", cluster, challenge),
        ("Money for people", "", "identified", "need", cluster, challenge),
    ]
    assert told(challenge) == [("split", "Two matters.", {"challenges": [one.pk for one in found]})]
    assert [told(one) for one in found] == [[("identified", "Two matters.", {"split_from": challenge.pk})]] * 2
    challenge.refresh_from_db()
    assert challenge.status == "ranked"


def test_a_challenge_that_is_split_is_parked_on_demand(group: WorkingGroup, leader: User) -> None:
    challenge = make.challenge(group)
    parts = [actions.Part(title="One"), actions.Part(title="Two")]
    actions.split_challenge(challenge=challenge, parts=parts, by=leader, reason="R.", park=True)
    challenge.refresh_from_db()
    assert (challenge.status, [verb for verb, _reason, _payload in told(challenge)]) == ("parked", ["split", "parked"])


def test_a_split_into_one_or_without_a_reason_is_refused_whole(group: WorkingGroup, leader: User) -> None:
    challenge = make.challenge(group)
    parts = [actions.Part(title="One"), actions.Part(title="Two")]
    with pytest.raises(EntryRefused):
        actions.split_challenge(challenge=challenge, parts=parts[:1], by=leader, reason="R.")
    with pytest.raises(ReasonMissing):
        actions.split_challenge(challenge=challenge, parts=parts, by=leader, reason=" ")
    assert list(Challenge.objects.order_by("pk")) == [challenge]


def test_editing_a_part_keeps_where_it_came_from(group: WorkingGroup, leader: User) -> None:
    challenge = make.challenge(group)
    parts = [actions.Part(title="One"), actions.Part(title="Two")]
    part = actions.split_challenge(challenge=challenge, parts=parts, by=leader, reason="R.")[0]
    actions.edit_challenge(challenge=part, entry=actions.Entry(group=group, title="One, reworded"), by=leader)
    part.refresh_from_db()
    assert (part.title, part.split_from) == ("One, reworded", challenge)


@pytest.mark.parametrize(
    "values", [{"status_before": "ranked"}, {"status": "merged", "status_before": "parked"}, {"split_from": "itself"}]
)
def test_what_cannot_be_is_refused_by_the_database(values: dict[str, Any], group: WorkingGroup) -> None:
    challenge = make.challenge(group)
    if "status" in values:
        values = values | {"merged_into": make.challenge(group)}
    if "split_from" in values:
        values = {"split_from": challenge}
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=challenge.pk).update(**values)
