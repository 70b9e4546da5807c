"""Rounds up to the count: opening freezes everything, closing counts once, cancelling destroys."""

import datetime as dt

import pytest
from django.utils import timezone

from challenges import actions
from challenges.errors import NotReady, ReasonMissing, WrongState
from challenges.models import Ballot, Challenge, RankingRound, RoundResult
from history.models import Entry
from notices.models import Notice
from people.models import Helix, User
from tests import factories as make
from workinggroups.actions import pause_membership
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db

State = RankingRound.State
Role = Membership.Role


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def titles(of: RankingRound) -> list[str]:
    return list(of.options.order_by("position").values_list("title", flat=True))


def electors(of: RankingRound) -> dict[str, str]:
    return dict(of.electors.values_list("user__email", "helix"))


def verbs(of: RankingRound) -> list[str]:
    return list(Entry.objects.about(of).order_by("pk").values_list("verb", flat=True))


def test_a_new_round_is_a_draft_with_its_options_in_the_order_given(group: WorkingGroup) -> None:
    chosen = [make.challenge(group) for _ in range(3)][::-1]
    round_ = make.round_(group, options=chosen, by=make.leader(group))
    assert (round_.state, titles(round_)) == (State.DRAFT, [challenge.title for challenge in chosen])
    assert verbs(round_) == ["created"]


def test_r1_opening_freezes_titles_and_texts_as_they_stand_that_day(group: WorkingGroup) -> None:
    challenge = make.challenge(group, title="First wording", text="First text")
    round_ = make.round_(group, options=[challenge, make.challenge(group)])
    Challenge.objects.filter(pk=challenge.pk).update(title="Second wording", text="Second text")
    make.member(group)
    actions.open_round(round=round_, by=None)
    Challenge.objects.filter(pk=challenge.pk).update(title="Third wording", text="Third text")
    option = round_.options.get(challenge=challenge)
    assert (option.title, option.text) == ("Second wording", "Second text")


def test_a_proposed_challenge_that_is_put_to_the_vote_is_identified(group: WorkingGroup) -> None:
    proposed = make.challenge(group, status="proposed")
    make.open_round(group, electors=1, options=[proposed, make.challenge(group)])
    proposed.refresh_from_db()
    assert (proposed.status, Entry.objects.about(proposed).get().verb) == ("identified", "identified")


def test_r5_merging_or_parking_a_challenge_later_never_touches_a_round(group: WorkingGroup) -> None:
    leader = make.leader(group)
    round_ = make.open_round(group, electors=5)
    before = list(round_.options.order_by("pk").values())
    first, second, third = (option.challenge for option in round_.options.order_by("position"))
    assert first and second and third  # noqa: PT018 - tells the type checker
    actions.merge_challenge(challenge=first, into=second, by=leader, reason="The same.")
    actions.move_challenge(challenge=third, to="parked", by=leader, reason="Outside the remit.")
    assert list(round_.options.order_by("pk").values()) == before


def test_an_open_round_cannot_be_edited(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=5)
    before = RankingRound.objects.filter(pk=round_.pk).values().get()
    with pytest.raises(WrongState):
        actions.edit_round(round=round_, plan=make.plan(group, title="Another"), by=make.leader(group))
    assert RankingRound.objects.filter(pk=round_.pk).values().get() == before


def test_a_draft_can_be_edited_as_a_whole(group: WorkingGroup) -> None:
    round_, chosen = make.round_(group), [make.challenge(group) for _ in range(2)]
    plan = make.plan(group, options=chosen, title="Another", will_repeat=True, policy="open_ballots")
    saved = actions.edit_round(round=round_, plan=plan, by=make.leader(group))
    assert (saved.title, saved.will_repeat, saved.policy) == ("Another", True, "open_ballots")
    assert titles(saved) == [challenge.title for challenge in chosen]


def test_r1_electors_are_the_active_members_whose_role_votes_with_their_helix(group: WorkingGroup) -> None:
    asked = [make.member(group, helix=helix) for helix in (*Helix.values, "")]
    for role in (Role.LEADER, Role.RAPPORTEUR, Role.OBSERVER):
        make.member(group, role=role)
    left, paused, closed = (make.member(group) for _ in range(3))
    left.memberships.update(status="ended", ended_on=timezone.now().date())
    paused.memberships.update(status="paused")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    make.member(make.group())
    round_ = make.open_round(group)
    assert electors(round_) == {user.email: user.helix for user in asked}
    assert round_.electors_asked == 5


def test_which_roles_vote_is_a_setting_of_the_round(group: WorkingGroup) -> None:
    asked = [make.member(group, role=role) for role in (Role.MEMBER, Role.RAPPORTEUR)]
    make.leader(group)
    round_ = make.open_round(group, voting_roles=[Role.MEMBER, Role.RAPPORTEUR])
    assert set(electors(round_)) == {user.email for user in asked}


def test_r1_who_joins_after_opening_is_no_elector_and_a_new_helix_does_not_count(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=5)
    before = electors(round_)
    make.member(group)
    User.objects.update(helix=Helix.ACADEMIA)
    assert electors(round_) == before


def test_a_round_of_the_past_asks_the_members_of_that_day(group: WorkingGroup) -> None:
    early, late, former = make.user(), make.user(), make.user()
    Membership.objects.create(group=group, user=early, started_on=dt.date(2023, 6, 1))
    Membership.objects.create(group=group, user=late, started_on=dt.date(2023, 6, 9))
    Membership.objects.create(
        group=group, user=former, started_on=dt.date(2023, 6, 1), status="ended", ended_on=dt.date(2023, 6, 9)
    )
    at = dt.datetime(2023, 6, 8, 22, 30, tzinfo=dt.UTC)  # already the 9th in Brussels
    for day, asked in ((at - dt.timedelta(hours=12), {early, former}), (at, {early, late})):
        round_ = make.round_(group, closes_at=day + dt.timedelta(hours=1))
        opened = actions.open_round(round=round_, by=None, now=day)
        assert (set(electors(round_)), opened.opened_at) == ({user.email for user in asked}, day)


@pytest.mark.parametrize("fault", ["one option", "nobody", "too late", "parked"])
def test_a_round_that_cannot_work_does_not_open(group: WorkingGroup, fault: str) -> None:
    chosen = [make.challenge(group) for _ in range(1 if fault == "one option" else 2)]
    closes = timezone.now() + dt.timedelta(days=-1 if fault == "too late" else 1)
    round_ = make.round_(group, options=chosen, closes_at=closes)
    if fault != "nobody":
        make.member(group)
    if fault == "parked":
        actions.move_challenge(challenge=chosen[0], to="parked", by=make.leader(group), reason="Later.")
    with pytest.raises(NotReady):
        actions.open_round(round=round_, by=None)
    round_.refresh_from_db()
    assert (round_.state, round_.electors.count(), verbs(round_)) == (State.DRAFT, 0, ["created"])


def test_a_round_opens_once(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=3)
    with pytest.raises(WrongState):
        actions.open_round(round=round_, by=None)
    assert (round_.electors.count(), verbs(round_)) == (3, ["created", "opened"])


def test_electors_get_one_letter_when_the_round_opens(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=3)
    letters = Notice.objects.filter(kind="challenges.round_opened")
    assert {letter.recipient.email for letter in letters if letter.recipient} == set(electors(round_))
    assert {letter.key for letter in letters} == {
        f"challenges.round_opened:{round_.pk}:{elector.user.pk}" for elector in round_.electors.all()
    }


def test_no_letter_announces_what_is_long_over(group: WorkingGroup) -> None:
    make.member(group)
    at = dt.datetime(2023, 6, 8, 12, tzinfo=dt.UTC)
    actions.open_round(round=make.round_(group, closes_at=at + dt.timedelta(hours=1)), by=None, now=at)
    assert Notice.objects.count() == 0


def test_r7_closing_counts_and_keeps_what_is_needed_to_check_it(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=12)
    make.vote(round_, *[[1, 2, 3]] * 7, *[[2, 1, -1]] * 4)
    closed = actions.close_round(round=round_, by=make.leader(group))
    result = RoundResult.objects.get(round=round_)
    assert (closed.state, closed.ballots_cast, closed.electors_asked) == (State.CLOSED, 11, 12)
    assert result.figures["overall"]["ranks"] == [1, 2, 3]
    assert [option["id"] for option in result.figures["options"]] == list(
        round_.options.order_by("position").values_list("pk", flat=True)
    )
    assert result.figures["rules"] == {
        "policy": "breakdown",
        "strength": "margins",
        "level": 0.9,
        "resamples": 1000,
        "seed": result.seed,
        "repeats": False,
        "on_text": False,
    }
    assert result.checksum == actions.checksum(result.figures)
    assert result.software.startswith("count 1, numpy ")


def test_the_same_ballots_give_the_same_result_whatever_their_order() -> None:
    ballots = [[1, 2, 3], [3, 1, 2], [2, 0, 1], [1, 1, -1], [0, 1, 2], [1, 3, 2]]
    sums = []
    for cast in (ballots, ballots[::-1]):
        round_ = make.open_round(make.group(), electors=6)
        make.vote(round_, *cast)
        actions.close_round(round=round_, by=None)
        figures = RoundResult.objects.get(round=round_).figures
        sums.append((figures["overall"], figures["rules"]["seed"]))
    assert sums[0] == sums[1]


def test_r7_closing_twice_gives_one_result(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=5)
    first = actions.close_round(round=round_, by=None)
    second = actions.close_round(round=round_, by=None)
    assert (RoundResult.objects.count(), second.closed_at, verbs(round_)) == (
        1,
        first.closed_at,
        ["created", "opened", "closed"],
    )


def test_r7_leaving_or_another_helix_never_changes_a_result(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 6)
    before = RoundResult.objects.get().figures
    User.objects.update(helix="", is_active=False)
    Membership.objects.update(status="ended", ended_on=timezone.now().date())
    actions.close_round(round=round_, by=None)
    assert RoundResult.objects.get().figures == before


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_only_an_open_round_can_be_closed(group: WorkingGroup, state: str) -> None:
    round_ = make.round_(group)
    if state == State.CANCELLED:
        actions.cancel_round(round=round_, by=None)
    with pytest.raises(WrongState):
        actions.close_round(round=round_, by=None)
    assert RoundResult.objects.count() == 0


def test_cancelling_an_open_round_destroys_its_ballots_and_says_why(group: WorkingGroup) -> None:
    round_ = make.open_round(group, electors=3)
    make.vote(round_, [1, 2, 3], [3, 2, 1])
    with pytest.raises(ReasonMissing):
        actions.cancel_round(round=round_, by=None, reason=" ")
    assert Ballot.objects.count() == 2
    cancelled = actions.cancel_round(round=round_, by=make.leader(group), reason="An option was missing.")
    assert (Ballot.objects.count(), round_.electors.filter(has_voted=True).count()) == (0, 0)
    assert (cancelled.state, cancelled.ballots_cast, cancelled.cancel_reason) == (
        State.CANCELLED,
        0,
        "An option was missing.",
    )


@pytest.mark.parametrize("closed", [True, False])
def test_a_counted_round_cannot_be_cancelled(group: WorkingGroup, closed: bool) -> None:
    round_ = make.published_round(group, *[[1, 2, 3]] * 5)
    if closed:
        round_ = make.open_round(group)
        actions.close_round(round=round_, by=None)
    with pytest.raises(WrongState):
        actions.cancel_round(round=round_, by=None, reason="Too late.")


def test_r8_a_repeat_asks_the_same_electors_the_same_question_word_for_word(group: WorkingGroup) -> None:
    earlier = make.published_round(group, *[[1, 2, 3]] * 5, will_repeat=True, question="What holds you back?")
    Challenge.objects.update(title="Reworded since")
    make.member(group)
    repeat = make.open_round(group, options=[], question="Something else", repeats=earlier)
    assert (repeat.question, titles(repeat)) == ("What holds you back?", titles(earlier))
    assert set(electors(repeat)) == set(electors(earlier))


def test_a_repeat_does_not_ask_whose_membership_is_paused(group: WorkingGroup) -> None:
    earlier = make.published_round(group, *[[1, 2, 3]] * 5)
    resting = group.memberships.order_by("pk")[0]
    pause_membership(membership=resting, by=make.secretariat())
    repeat = make.open_round(group, options=[], repeats=earlier)
    assert set(electors(repeat)) == set(electors(earlier)) - {resting.user.email}


def test_a_repeat_needs_a_published_round_without_another_repeat(group: WorkingGroup) -> None:
    earlier = make.published_round(group, *[[1, 2, 3]] * 5)
    unpublished = make.open_round(group)
    for wrong in (unpublished, make.published_round(make.group(), *[[1, 2]] * 5)):
        with pytest.raises(NotReady):
            make.round_(group, repeats=wrong)
    make.round_(group, repeats=earlier)
    with pytest.raises(NotReady):
        make.round_(group, repeats=earlier)


def test_r8_at_most_three_rounds_share_a_question(group: WorkingGroup) -> None:
    earlier = make.published_round(group, *[[1, 2, 3]] * 5)
    for _ in range(2):
        repeat = make.open_round(group, options=[], repeats=earlier)
        actions.close_round(round=repeat, by=None)
        earlier = actions.publish_round(round=repeat, by=make.secretariat())
    with pytest.raises(NotReady):
        make.round_(group, repeats=earlier)
