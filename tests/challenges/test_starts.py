"""Beginnings of a plan, and yes or no to a text from the plan to the result."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions, rules, starts
from challenges.models import Ballot, Challenge, Focus, RankingRound
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group(name="Ports")


def decided(group: WorkingGroup, *, rank: int = 1) -> tuple[Focus, list[Challenge]]:
    """Return a focus on the two first challenges of a published round."""
    round_ = make.published_round(group, *[[1, 2, 3]] * 5)
    taken = list(Challenge.objects.filter(round_options__round=round_).order_by("pk")[:2])
    focus = actions.decide_focus(
        round=round_, entries=[(rank, one) for one in taken], reason="Because.", by=make.leader(group)
    )
    return focus, taken


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def text_round(group: WorkingGroup, electors: int = 6) -> RankingRound:
    make.members(group, *["government"] * electors)
    plan = make.plan(group, options=[], wordings=["Yes", "No"], question="We ask for one call a year.\n\nFrom 2027.")
    return actions.open_round(round=actions.create_round(plan=plan, by=None), by=None)


def buttons(page: str) -> list[dict[str, str]]:
    """The fields that each button of the ballot sends."""
    forms = re.findall(r'<form method="post">(.*?)</form>', page)
    return [dict(re.findall(r'name="(rank-\d+)" value="([^"]*)"', form)) for form in forms]


def test_a_kick_off_begins_with_all_open_clusters(group: WorkingGroup) -> None:
    first, second = make.challenge(group), make.challenge(group)
    make.challenge(group, parent=first)
    make.challenge(group, status="parked")
    make.challenge(group, status="closed")
    make.challenge(make.group())
    start = starts.initial(group, "kickoff")
    assert (start["title"], start["options"]) == ("Main challenges: Ports", [first.pk, second.pk])


def test_deepening_begins_with_the_parts_of_the_challenges_in_focus(group: WorkingGroup) -> None:
    focus, (first, second) = decided(group)
    parts = [make.challenge(group, parent=first), make.challenge(group, parent=second)]
    make.challenge(group, parent=first, status="parked")
    start = starts.initial(group, "deepen")
    assert (start["deepens"], start["options"]) == (focus.pk, [part.pk for part in parts])
    assert first.title in start["question"]


def test_deepening_takes_the_named_focus_or_the_latest(group: WorkingGroup) -> None:
    older, _taken = decided(group)
    newer, _taken = decided(group)
    found = [starts.initial(group, "deepen", wanted)["deepens"] for wanted in (str(older.pk), "", "9" * 40, "x")]
    assert found == [older.pk, newer.pk, newer.pk, newer.pk]
    foreign, _taken = decided(make.group())
    assert starts.initial(group, "deepen", str(foreign.pk))["deepens"] == newer.pk


def test_asking_again_begins_with_the_latest_round_that_has_no_repeat(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 5, policy="open_ballots")
    start = starts.initial(group, "repeat")
    assert (start["repeats"], start["policy"], start["title"]) == (
        round_.pk,
        "open_ballots",
        "Main challenges, asked again",
    )
    make.round_(group, options=[], repeats=round_)
    assert starts.initial(group, "repeat") == {}


def test_every_beginning_gives_a_form_also_in_an_empty_group(group: WorkingGroup, signed_in: SignedIn) -> None:
    client = signed_in(make.leader(group))
    for start in ("kickoff", "deepen", "text", "repeat", "", "nonsense", "\x00"):
        response = client.get(reverse("challenges:round_new"), {"group": group.slug, "start": start})
        marked = text(response).count('class="btn btn-s" aria-current="true"')
        assert (response.status_code, marked) == (200, start in starts.STARTS), start


def test_a_prefilled_plan_can_be_saved_as_it_stands(group: WorkingGroup, signed_in: SignedIn) -> None:
    focus, (first, _second) = decided(group)
    parts = [make.challenge(group, parent=first) for _ in range(2)]
    client = signed_in(make.leader(group))
    address = reverse("challenges:round_new") + f"?group={group.slug}&start=deepen&focus={focus.pk}"
    form = client.get(address).context["form"]
    data = {name: value for name, value in ((bound.name, bound.value()) for bound in form) if value}
    assert client.post(address, data).status_code == 302
    draft = RankingRound.objects.get(state="draft")
    assert (draft.deepens, list(draft.options.values_list("challenge", flat=True))) == (
        focus,
        [part.pk for part in parts],
    )


def test_a_vote_on_a_text_is_planned_without_challenges(group: WorkingGroup, signed_in: SignedIn) -> None:
    client = signed_in(make.leader(group))
    data = {"title": "One call", "question": "We ask for one call a year.", "asks": "text", "voting_roles": "member"}
    data |= {"timezone": "Europe/Brussels", "policy": "breakdown"}
    assert client.post(reverse("challenges:round_new"), data).status_code == 302
    draft = RankingRound.objects.get()
    assert [(option.title, option.challenge) for option in draft.options.order_by("position")] == [
        ("Yes", None),
        ("No", None),
    ]
    edited = client.get(reverse("challenges:round_edit", args=[draft.pk])).context["form"]
    assert (edited["asks"].value(), edited["options"].value()) == ("text", [])


def test_each_button_is_a_whole_ballot(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = text_round(group)
    yes, no = round_.options.order_by("position").values_list("pk", flat=True)
    client = signed_in(round_.electors.order_by("pk")[0].user)
    address = reverse("challenges:ballot", args=[round_.pk])
    page = text(client.get(address))
    assert "<p>We ask for one call a year.</p> <p>From 2027.</p>" in page
    assert buttons(page) == [
        {f"rank-{yes}": "1", f"rank-{no}": ""},
        {f"rank-{yes}": "", f"rank-{no}": "1"},
        {f"rank-{yes}": "x", f"rank-{no}": "x"},
    ]
    for fields, ranks, said in zip(
        buttons(page), ([1, 0], [0, 1], [-1, -1]), ("Yes", "No", "You abstain."), strict=True
    ):
        response = client.post(address, fields)
        assert (response.status_code, Ballot.objects.get().ranks) == (302, ranks)
        assert f"<p>{said}</p>" in text(client.get(response["Location"]))
        assert text(client.get(address)).count("your answer so far") == 1


def test_a_broken_answer_to_a_text_comes_back_with_a_summary_that_leads_to_the_buttons(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    round_ = text_round(group)
    client = signed_in(round_.electors.order_by("pk")[0].user)
    page = text(client.post(reverse("challenges:ballot", args=[round_.pk]), {}))
    assert '<li><a href="#answer">Your answer did not arrive whole. Choose again.</a></li>' in page
    assert '<h2 id="answer" tabindex="-1">' in page
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(("number", "said"), [(0, "<p>Yes</p>"), (2, "<p>You abstain.</p>")])
def test_an_answer_to_a_text_that_comes_too_late_is_shown_as_an_answer(
    number: int, said: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    round_ = text_round(group)
    client = signed_in(round_.electors.order_by("pk")[0].user)
    address = reverse("challenges:ballot", args=[round_.pk])
    fields = buttons(text(client.get(address)))[number]
    actions.close_round(round=round_, by=None)
    response = client.post(address, fields)
    page = text(response)
    assert (response.status_code, "The round closed while you answered" in page, said in page) == (409, True, True)
    assert ("Not a priority" in page, "No opinion" in page) == (False, False)


def test_the_dashboard_asks_to_vote_on_a_text_not_to_rank(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = text_round(group)
    page = text(signed_in(round_.electors.order_by("pk")[0].user).get("/dashboard/"))
    assert ("Vote now" in page, "Rank now" in page) == (True, False)


def test_abstentions_weigh_on_neither_side(group: WorkingGroup) -> None:
    round_ = text_round(group, electors=14)
    make.vote(round_, *[[1, 0]] * 6, *[[0, 1]] * 5, *[[-1, -1]] * 3)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    round_.refresh_from_db()
    figures = round_.result.figures["overall"]
    assert (figures["n"], figures["pairwise"], figures["ranks"]) == (14, [[0, 6], [5, 0]], [1, 2])
    assert Client().get(round_.get_absolute_url()).status_code == 200


def test_a_vote_on_a_text_sets_no_focus(group: WorkingGroup) -> None:
    round_ = text_round(group)
    make.vote(round_, *[[1, 0]] * 6)
    actions.close_round(round=round_, by=None)
    published = actions.publish_round(round=round_, by=make.secretariat())
    assert rules.can_decide_focus(make.leader(group), published) is False


def test_a_focus_leads_to_the_plan_that_deepens_it(group: WorkingGroup, signed_in: SignedIn) -> None:
    focus, _taken = decided(group)
    address = focus.round.get_absolute_url()
    wanted = f"?group={group.slug}&amp;start=deepen&amp;focus={focus.pk}"
    assert wanted in text(signed_in(make.leader(group)).get(address))
    assert "start=deepen" not in text(signed_in(make.member(group)).get(address))


def test_the_desk_asks_for_no_focus_after_a_vote_on_a_text(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = text_round(group)
    make.vote(round_, *[[1, 0]] * 6)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    of_challenges = make.published_round(group, *[[1, 2, 3]] * 5)
    client = signed_in(make.leader(group))
    assert list(client.get("/desk/").context["rounds"]) == [of_challenges]
    assert "Decide the focus" not in text(client.get(round_.get_absolute_url()))
