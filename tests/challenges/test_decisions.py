"""A decision in the minutes and what it led to: readers of either find the other, as far as they may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.errors import DecisionRefused
from challenges.forms import DecisionsForm, FocusForm
from challenges.models import Challenge, Focus, RankingRound
from history.models import Entry
from meetings.actions import minutes as verbs
from meetings.actions.minutes import DecisionLine, Wording
from meetings.models import Decision, Meeting
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> WorkingGroup:  # noqa: ARG001
    return make.group()


@pytest.fixture(scope="module")
def chair(group: WorkingGroup) -> User:
    return make.leader(group)


@pytest.fixture(scope="module")
def held(group: WorkingGroup) -> Meeting:
    return make.meeting(group, state="held")


@pytest.fixture(scope="module")
def decision(held: Meeting, chair: User) -> Decision:
    """Approved, not public yet."""
    lines = [DecisionLine("Capacity is taken up first.")]
    minutes = verbs.write_minutes(meeting=held, by=chair, wording=Wording("All came.", lines), edit=0)
    minutes = verbs.circulate(minutes=minutes, by=chair)
    verbs.approve(minutes=minutes, by=chair, edit=minutes.edit)
    return Decision.objects.select_related("meeting").get()


@pytest.fixture(scope="module")
def published(group: WorkingGroup) -> RankingRound:
    return make.published_round(group, *[[1, 2]] * 5)


@pytest.fixture
def focus(published: RankingRound, chair: User) -> Focus:
    first = Challenge.objects.get(round_options__round=published, round_options__position=1)
    return actions.decide_focus(round=published, entries=[(1, first)], reason="It is urgent.", by=chair)


def publish(held: Meeting) -> None:
    verbs.publish(minutes=held.minutes.get(), by=make.secretariat())


def test_a_focus_decided_with_its_words_in_the_minutes_has_their_meeting(
    published: RankingRound, chair: User, decision: Decision
) -> None:
    first = Challenge.objects.get(round_options__round=published, round_options__position=1)
    focus = actions.decide_focus(
        round=published, entries=[(1, first)], reason="It is urgent.", taken_in=decision, by=chair
    )
    assert (focus.decision, focus.meeting) == (decision, decision.meeting)


def test_naming_the_decision_later_brings_the_meeting_and_stands_in_the_history(
    focus: Focus, decision: Decision, chair: User
) -> None:
    named = actions.name_focus_decision(focus=focus, decision=decision, by=chair)
    assert (named.decision, named.meeting) == (decision, decision.meeting)
    freed = actions.name_focus_decision(focus=focus, decision=None, by=chair)
    assert (freed.decision, freed.meeting) == (None, decision.meeting)
    entries = Entry.objects.about(focus.round).filter(verb="focus_decision_named").order_by("pk")
    assert [entry.payload for entry in entries] == [{"decision": decision.pk}, {"decision": None}]


def test_the_decision_of_another_group_stands_behind_nothing_here(decision: Decision, chair: User) -> None:
    other = make.group()
    refused: list[Callable[[], Any]] = [
        lambda: actions.create_round(plan=make.plan(other, decision=decision), by=chair),
        lambda: actions.name_decision(round=make.round_(other), decision=decision, by=chair),
    ]
    for verb in refused:
        with pytest.raises(DecisionRefused):
            verb()
    assert not RankingRound.objects.filter(decision=decision).exists()


def test_a_correction_that_takes_the_decision_out_leaves_focus_and_round(
    focus: Focus, decision: Decision, chair: User, held: Meeting
) -> None:
    actions.name_focus_decision(focus=focus, decision=decision, by=chair)
    minutes = verbs.write_minutes(meeting=held, by=chair, wording=Wording("All came."), edit=0)
    minutes = verbs.circulate(minutes=minutes, by=chair)
    verbs.approve(minutes=minutes, by=chair, edit=minutes.edit)
    focus.refresh_from_db()
    assert (focus.decision, focus.meeting) == (None, held)


def test_both_ends_show_the_link_to_whoever_may_read_it(
    focus: Focus, decision: Decision, chair: User, held: Meeting, signed_in: SignedIn
) -> None:
    actions.name_decision(round=focus.round, decision=decision, by=chair)
    actions.name_focus_decision(focus=focus, decision=decision, by=chair)
    taken_up = focus.entries.get().challenge
    ends = [focus.round.get_absolute_url(), taken_up.get_absolute_url()]
    anchor = f"{reverse('meetings:minutes', args=[held.slug])}#decision-{decision.pk}"
    shown = [client.get(end).content.decode().count(anchor) for client in (Client(), signed_in(chair)) for end in ends]
    assert shown == [0, 0, 2, 1]  # the minutes are not public yet
    publish(held)
    assert [Client().get(end).content.decode().count(anchor) for end in ends] == [2, 1]
    for address in (reverse("meetings:minutes", args=[held.slug]), held.get_absolute_url()):
        links = Client().get(address).context["decisions"][0].links
        assert [link.url for link in links] == [ends[0], f"{ends[0]}#focus"], address


def test_a_draft_that_follows_from_a_decision_is_told_to_those_who_run_it_only(
    group: WorkingGroup, decision: Decision, chair: User, held: Meeting, signed_in: SignedIn
) -> None:
    make.round_(group, decision=decision)
    address = reverse("meetings:minutes", args=[held.slug])
    links = [signed_in(who).get(address).context["decisions"][0].links for who in (chair, make.member(group))]
    assert [len(each) for each in links] == [1, 0]


def test_the_minutes_lead_to_a_plan_with_the_decision_chosen(
    group: WorkingGroup, decision: Decision, chair: User, signed_in: SignedIn
) -> None:
    start = {"group": group.slug, "start": "decision", "decision": str(decision.pk)}
    form = signed_in(chair).get(reverse("challenges:round_new"), start).context["form"]
    assert form.initial == {"decision": decision.pk}


def test_the_form_of_the_focus_offers_the_groups_decisions_and_refuses_another_meeting(
    group: WorkingGroup, published: RankingRound, decision: Decision
) -> None:
    first = Challenge.objects.get(round_options__round=published, round_options__position=1)
    other = make.meeting(group)
    values = {"reason": "It is urgent.", f"rank-{first.pk}": "1", "decision": str(decision.pk)}
    assert FocusForm(values, round=published, challenges=[first]).is_valid()
    wrong = FocusForm(values | {"meeting": str(other.pk)}, round=published, challenges=[first])
    assert wrong.errors == {"decision": [f"This decision was taken in another meeting: {decision.meeting}."]}
    elsewhere = make.published_round(make.group(), *[[1, 2]] * 5)
    assert "decision" in FocusForm(values, round=elsewhere, challenges=[]).errors


def test_the_page_names_what_was_changed_and_nothing_else(
    focus: Focus, decision: Decision, chair: User, signed_in: SignedIn
) -> None:
    address = reverse("challenges:decisions", args=[focus.round_id])
    assert set(DecisionsForm(round=focus.round, focus=None).fields) == {"decision", "seen"}
    answer = signed_in(chair).post(address, {"decision": "", "focus_decision": str(decision.pk)})
    assert (answer.status_code, answer["Location"]) == (302, focus.round.get_absolute_url())
    verbs_told = Entry.objects.about(focus.round).filter(verb__endswith="decision_named").values_list("verb", flat=True)
    assert list(verbs_told) == ["focus_decision_named"]
    focus.refresh_from_db()
    assert focus.decision == decision
