"""The steps of a round by forms: planned, opened, closed, published, cancelled by those who run it."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges import actions
from challenges.models import Challenge, RankingRound
from people.models import User
from tests import factories as make
from tests.challenges.rounds import helices_of
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
BRUSSELS = ZoneInfo("Europe/Brussels")
STEPS = ["edit", "open", "close", "publish", "cancel", "focus"]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


@dataclass(frozen=True)
class Visitors:
    """A group with one member and one leader, and who comes to its rounds: anonymous, two strangers, then its own."""

    group: WorkingGroup
    clients: list[Client]

    @property
    def leader(self) -> Client:
        return self.clients[4]

    @property
    def secretariat(self) -> Client:
        return self.clients[5]


@pytest.fixture(scope="module")
def visitors(rows_of_module: None) -> Visitors:  # noqa: ARG001
    group = make.group()
    people = [make.user(), make.leader(make.group()), make.member(group), make.leader(group), make.secretariat()]
    clients = [Client() for _ in range(6)]
    for client, person in zip(clients[1:], people, strict=True):
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    connection.check_constraints()  # else each test checks all of this again
    return Visitors(group, clients)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def address(of: RankingRound, step: str) -> str:
    return reverse(f"challenges:{'round_edit' if step == 'edit' else step}", args=[of.pk])


def state(of: RankingRound) -> str:
    return RankingRound.objects.get(pk=of.pk).state


def filled(group: WorkingGroup, **values: Any) -> dict[str, Any]:
    """A form that is right, with two new challenges."""
    right = {
        "title": "Main challenges",
        "question": "What holds you back?",
        "options": [make.challenge(group).pk for _ in range(2)],
        "opens_at": "",
        "closes_at": "2099-01-31T18:00",
        "timezone": "Europe/Brussels",
        "voting_roles": ["member"],
        "policy": "breakdown",
    }
    return right | values


def test_a_leader_plans_a_round_and_finds_it_as_a_draft(group: WorkingGroup, signed_in: SignedIn) -> None:
    client, meeting = signed_in(make.leader(group)), make.meeting(group)
    data = filled(group, meeting=meeting.pk, voting_roles=["member", "rapporteur"], will_repeat="on")
    response = client.post("/rounds/new/", data)
    round_ = RankingRound.objects.get()
    assert response["Location"] == round_.get_absolute_url()
    assert round_.closes_at == dt.datetime(2099, 1, 31, 18, tzinfo=BRUSSELS)
    assert (round_.meeting, round_.voting_roles, round_.will_repeat, round_.opens_at) == (
        meeting,
        ["member", "rapporteur"],
        True,
        None,
    )
    assert list(round_.options.order_by("position").values_list("challenge", flat=True)) == data["options"]
    page = text(client.get(round_.get_absolute_url()))
    for step in ("open", "edit", "cancel"):
        assert f'href="{address(round_, step)}"' in page


def test_editing_shows_the_draft_in_the_time_of_its_zone(group: WorkingGroup, signed_in: SignedIn) -> None:
    client = signed_in(make.leader(group))
    client.post("/rounds/new/", filled(group, timezone="Europe/Athens", opens_at="2099-06-15T09:30", closes_at=""))
    round_ = RankingRound.objects.get()
    assert round_.opens_at == dt.datetime(2099, 6, 15, 6, 30, tzinfo=dt.UTC)
    page = text(client.get(address(round_, "edit")))
    assert 'value="2099-06-15T09:30"' in page
    assert '<option value="Europe/Athens" selected>' in page
    assert len(re.findall(r'name="options" value="\d+"[^>]* checked', page)) == 2
    response = client.post(address(round_, "edit"), filled(group, title="Better title"))
    saved = RankingRound.objects.get()
    assert (response.status_code, saved.title, saved.opens_at) == (302, "Better title", None)


@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"title": ""}, "title"),
        ({"question": " "}, "question"),
        ({"options": []}, "options"),
        ({"options": ["999999", "1"]}, "options"),
        ({"options": ["x"]}, "options"),
        ({"closes_at": "2001-01-01T10:00"}, "closes_at"),
        ({"opens_at": "2001-01-01T10:00"}, "opens_at"),
        ({"opens_at": "2099-02-01T10:00"}, "closes_at"),
        ({"closes_at": "tomorrow"}, "closes_at"),
        ({"closes_at": "2099-13-01T10:00"}, "closes_at"),
        ({"closes_at": "2099-01-31T18:00+05:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59", "timezone": "America/New_York"}, "closes_at"),
        ({"closes_at": "2099-03-29T02:30"}, "closes_at"),
        ({"closes_at": "\x00"}, "closes_at"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"voting_roles": []}, "voting_roles"),
        ({"voting_roles": ["observer"]}, "voting_roles"),
        ({"policy": "everything"}, "policy"),
        ({"meeting": "1000000"}, "meeting"),
        ({"repeats": "1000000"}, "repeats"),
    ],
)
def test_a_faulty_plan_is_an_error_beside_its_field(values: dict[str, Any], faulty: str, visitors: Visitors) -> None:
    right = filled(visitors.group)
    response = visitors.leader.post("/rounds/new/", right | values)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [faulty])
    kept = "title" if faulty == "question" else "question"
    assert form[kept].value() == right[kept]
    assert not RankingRound.objects.exists()


def test_only_challenges_and_meetings_of_the_group_are_offered(group: WorkingGroup, signed_in: SignedIn) -> None:
    other = make.group()
    merged, parked = (make.challenge(group, title=title) for title in ("Merged", "Parked"))
    leader = make.leader(group)
    actions.merge_challenge(challenge=merged, into=make.challenge(group), by=leader, reason="Same.")
    actions.move_challenge(challenge=parked, to="parked", by=leader, reason="Later.")
    foreign, meeting = make.challenge(other, title="Foreign"), make.meeting(other)
    data = filled(group, meeting=meeting.pk)
    data["options"] += [foreign.pk, merged.pk, parked.pk]
    form = signed_in(leader).post("/rounds/new/", data).context["form"]
    assert sorted(form.errors) == ["meeting", "options"]


def test_a_repeat_needs_neither_question_nor_options(group: WorkingGroup, signed_in: SignedIn) -> None:
    earlier = make.published_round(group, *[[1, 2, 3]] * 5, question="The question?")
    data = filled(group, repeats=earlier.pk, question="", options=[])
    signed_in(make.leader(group)).post("/rounds/new/", data)
    repeat = RankingRound.objects.get(repeats=earlier)
    assert (repeat.question, repeat.options.count()) == ("The question?", 3)


def test_opening_first_shows_whom_it_would_ask_and_what_could_be_published(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    make.members(group, *helices_of(government=6, business=2, unstated=1))
    round_, client = make.round_(group), signed_in(make.leader(group))
    page = text(client.get(address(round_, "open")))
    assert "9 people would be asked" in page
    assert re.findall(r"</svg> ?([^<]+)</span> ?</dt><dd>(\d)</dd>", page) == [
        ("Public authorities", "6"),
        ("Business", "2"),
        ("Academia", "0"),
        ("Civil society", "0"),
    ]
    assert "Fewer than ten people would be asked" in page
    assert "these helices would not be shown: Public authorities, Business." in page
    assert "No helix stated" in page
    assert state(round_) == "draft"
    assert client.post(address(round_, "open"))["Location"] == round_.get_absolute_url()
    assert state(round_) == "open"


def test_what_cannot_open_says_why(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = make.round_(group)
    page = text(signed_in(make.leader(group)).post(address(round_, "open"), follow=True))
    assert "Nobody in the group has a role that votes." in page
    assert state(round_) == "draft"


def test_a_leader_closes_and_the_secretariat_publishes(group: WorkingGroup, signed_in: SignedIn) -> None:
    leader, secretariat = signed_in(make.leader(group)), signed_in(make.secretariat())
    round_ = make.open_round(group, electors=5)
    make.vote(round_, *[[1, 2, 3]] * 5)
    assert "5 ballots will be counted." in text(leader.get(address(round_, "close")))
    leader.post(address(round_, "close"))
    assert state(round_) == "closed"
    assert leader.post(address(round_, "publish")).status_code == 403
    assert address(round_, "publish") not in text(leader.get(round_.get_absolute_url()))
    assert state(round_) == "closed"
    assert f'href="{address(round_, "publish")}"' in text(secretariat.get(round_.get_absolute_url()))
    secretariat.post(address(round_, "publish"))
    assert state(round_) == "published"


def test_cancelling_an_open_round_needs_a_reason(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_, client = make.open_round(group, electors=1), signed_in(make.leader(group))
    response = client.post(address(round_, "cancel"), {"reason": " "})
    assert list(response.context["form"].errors) == ["reason"]
    assert state(round_) == "open"
    client.post(address(round_, "cancel"), {"reason": "An option was missing."})
    assert state(round_) == "cancelled"
    assert "An option was missing." in text(client.get(round_.get_absolute_url()))


@pytest.mark.parametrize("step", STEPS)
def test_only_those_who_run_rounds_take_their_steps(step: str, visitors: Visitors) -> None:
    group, clients = visitors.group, visitors.clients
    makers = {
        "close": lambda: make.open_round(group),
        "publish": lambda: actions.close_round(round=make.open_round(group), by=None),
        "focus": lambda: make.published_round(group, *[[1, 2, 3]] * 5),
    }
    round_ = makers.get(step, lambda: make.round_(group))()
    before = state(round_)
    stranger = 404
    member = 404 if before == "draft" else 403
    leader = 403 if step == "publish" else 200
    assert [client.get(address(round_, step)).status_code for client in clients] == [
        302,
        stranger,
        stranger,
        member,
        leader,
        200,
    ]
    denied = [client.post(address(round_, step), {"reason": "R."}).status_code for client in clients[:4]]
    assert denied == [302, stranger, stranger, member]
    assert state(round_) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_at_the_wrong_time_changes_nothing_and_says_so(step: str, visitors: Visitors) -> None:
    group = visitors.group
    wrong = {"edit": "open", "open": "open", "close": "draft", "publish": "open", "cancel": "closed", "focus": "open"}
    round_ = make.round_(group) if wrong[step] == "draft" else make.open_round(group)
    if wrong[step] == "closed":
        actions.close_round(round=round_, by=None)
    response = visitors.secretariat.post(address(round_, step), {"reason": "R."}, follow=True)
    assert (response.redirect_chain, 'class="flash flash-bad"' in text(response)) == (
        [(round_.get_absolute_url(), 302)],
        True,
    )
    assert state(round_) == wrong[step]


def test_who_may_plan_a_round(visitors: Visitors) -> None:
    where = f"/rounds/new/?group={visitors.group.slug}"
    statuses = [client.get(where).status_code for client in visitors.clients]
    assert statuses == [302, 404, 404, 403, 200, 200]


def test_the_turnout_page_tells_a_member_what_to_do_next(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = make.open_round(group, electors=2)
    make.vote(round_, [1, 2, 3])
    first, second = (elector.user for elector in round_.electors.select_related("user").order_by("pk"))
    pages = [text(signed_in(person).get(round_.get_absolute_url())) for person in (first, second)]
    assert [reverse("challenges:recap", args=[round_.pk]) in page for page in pages] == [True, False]
    assert [f'href="{reverse("challenges:ballot", args=[round_.pk])}"' in page for page in pages] == [False, True]


def test_a_round_past_its_closing_time_offers_no_ballot(group: WorkingGroup, signed_in: SignedIn) -> None:
    round_ = make.open_round(group, electors=1)
    RankingRound.objects.update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    elector = round_.electors.select_related("user").get()
    page = text(signed_in(elector.user).get(round_.get_absolute_url()))
    assert reverse("challenges:ballot", args=[round_.pk]) not in page


def test_titles_are_never_markup(group: WorkingGroup, signed_in: SignedIn) -> None:
    evil = '<script>alert("x")</script>'
    round_ = make.open_round(group, electors=1, title=evil, question=evil, options=[
        make.challenge(group, title=evil, text=evil), make.challenge(group)
    ])  # fmt: skip
    elector = round_.electors.select_related("user").get()
    option = Challenge.objects.get(title=evil)
    for where in (round_.get_absolute_url(), reverse("challenges:ballot", args=[round_.pk]), option.get_absolute_url()):
        assert "<script>alert" not in signed_in(elector.user).get(where).content.decode()
