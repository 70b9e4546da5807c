"""Rounds and challenges on the agendas of meetings: tied by those who steer, shown at both ends."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from challenges import actions
from challenges.errors import AgendaRefused, WrongState
from challenges.models import Challenge, RankingRound
from history.models import Entry
from meetings.models import AgendaItem, Meeting
from people.models import User
from tests import factories as make
from tests.challenges.test_views_rounds import filled
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
SignedIn = Callable[[Any], Client]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group(slug="club")


@pytest.fixture
def chair(group: WorkingGroup) -> User:
    return make.leader(group)


@pytest.fixture
def challenge(group: WorkingGroup) -> Challenge:
    return make.challenge(group, title="Capacity")


def item(of: Meeting, title: str = "Capacity again", position: int = 1) -> AgendaItem:
    return AgendaItem.objects.create(meeting=of, position=position, title=title)


@pytest.fixture
def eighth(group: WorkingGroup) -> AgendaItem:
    month_ago = dt.timedelta(days=-30)
    return item(make.meeting(group, title="Eighth", slug="eighth", state="held", starts_in=month_ago))


@pytest.fixture
def ninth(group: WorkingGroup) -> AgendaItem:
    return item(make.meeting(group, title="Ninth", slug="ninth"))


def test_the_leader_puts_a_challenge_on_agendas_and_these_tell_where_it_came_up_earlier(
    challenge: Challenge, eighth: AgendaItem, ninth: AgendaItem, chair: User, signed_in: SignedIn
) -> None:
    client = signed_in(chair)
    address = f"/challenges/{challenge.slug}/agenda/"
    assert f'href="{address}"' in client.get(challenge.get_absolute_url()).content.decode()
    page = client.get(address)
    assert [field.label.split(" (")[0] for field in page.context["form"].visible_fields()] == ["Ninth", "Eighth"]
    data = {f"meeting-{each.meeting_id}": each.pk for each in (eighth, ninth)}
    assert client.post(address, data)["Location"] == challenge.get_absolute_url()
    shown = client.get("/meetings/ninth/agenda/").content.decode()
    assert challenge.get_absolute_url() in shown
    assert '<a href="/meetings/eighth/">Eighth</a> (Capacity again)' in shown
    dealt = client.get(challenge.get_absolute_url()).context["dealt"]
    assert [(str(each.meeting), each.item) for each in dealt] == [
        ("Ninth", "Capacity again"),
        ("Eighth", "Capacity again"),
    ]
    client.post(address, {f"meeting-{eighth.meeting_id}": eighth.pk})
    assert list(challenge.agenda_items.all()) == [eighth]


def test_history_keeps_the_links_within_the_group_and_tells_of_no_save_without_a_change(
    challenge: Challenge, eighth: AgendaItem, ninth: AgendaItem, chair: User
) -> None:
    for items in ([eighth], [eighth, eighth], [ninth]):
        actions.set_agenda_items(challenge=challenge, items=items, by=chair)
    entries = Entry.objects.about(challenge).order_by("pk")
    assert [(entry.verb, entry.by, entry.is_public, entry.payload["items"]) for entry in entries] == [
        ("put_on_agenda", chair, False, [[], [eighth.pk]]),
        ("put_on_agenda", chair, False, [[eighth.pk], [ninth.pk]]),
    ]


def test_only_items_of_the_groups_own_meetings_take_a_challenge(challenge: Challenge, ninth: AgendaItem) -> None:
    gone = AgendaItem(pk=0)
    cancelled = item(make.meeting(challenge.group, state="cancelled", reason="Strike."))
    for other in (item(make.meeting(make.group())), cancelled, gone):
        with pytest.raises(AgendaRefused):
            actions.set_agenda_items(challenge=challenge, items=[ninth, other], by=None)
    assert challenge.agenda_items.count() == 0


def test_a_link_with_a_meeting_cancelled_since_stays_and_a_merged_challenge_gets_none(
    challenge: Challenge, eighth: AgendaItem, ninth: AgendaItem, chair: User, signed_in: SignedIn
) -> None:
    actions.set_agenda_items(challenge=challenge, items=[ninth], by=None)
    Meeting.objects.filter(pk=ninth.meeting_id).update(state="cancelled", reason="Strike.")
    client = signed_in(chair)
    client.post(f"/challenges/{challenge.slug}/agenda/", {f"meeting-{eighth.meeting_id}": eighth.pk})
    assert set(challenge.agenda_items.all()) == {eighth, ninth}
    into = make.challenge(challenge.group)
    actions.merge_challenge(challenge=challenge, into=into, by=chair, reason="The same.")
    with pytest.raises(WrongState):
        actions.set_agenda_items(challenge=challenge, items=[], by=chair)
    said = client.post(f"/challenges/{challenge.slug}/agenda/", {}).content.decode()
    assert "It is merged." in said


def test_the_challenge_that_another_is_merged_into_takes_its_place_on_agendas_until_that_is_undone(
    challenge: Challenge, eighth: AgendaItem, ninth: AgendaItem, chair: User
) -> None:
    into, both = make.challenge(challenge.group), item(eighth.meeting, "Both", 2)
    actions.set_agenda_items(challenge=challenge, items=[eighth, ninth, both], by=chair)
    actions.set_agenda_items(challenge=into, items=[both], by=chair)
    actions.merge_challenge(challenge=challenge, into=into, by=chair, reason="The same.")
    assert (set(challenge.agenda_items.all()), set(into.agenda_items.all())) == (set(), {eighth, ninth, both})
    assert not Entry.objects.about(challenge).published().filter(payload__has_key="items").exists()
    actions.set_agenda_items(challenge=into, items=[eighth, both], by=chair)  # the ninth meeting has no time for it
    actions.undo_merge(challenge=challenge, by=chair, reason="They differ.")
    assert (set(challenge.agenda_items.all()), set(into.agenda_items.all())) == ({eighth, both}, {both})


def test_strangers_see_on_the_page_of_a_challenge_only_meetings_that_are_announced(
    challenge: Challenge, ninth: AgendaItem, client: Client
) -> None:
    draft = item(make.meeting(challenge.group, title="Tenth", state="draft", announced_at=None))
    actions.set_agenda_items(challenge=challenge, items=[ninth, draft], by=None)
    response = client.get(challenge.get_absolute_url())
    assert [str(each.meeting) for each in response.context["dealt"]] == ["Ninth"]
    assert "Tenth" not in response.content.decode()


def test_a_new_date_to_be_found_is_no_date(challenge: Challenge, ninth: AgendaItem, client: Client) -> None:
    actions.set_agenda_items(challenge=challenge, items=[ninth], by=None)
    shown = client.get(challenge.get_absolute_url()).context["dealt"]
    assert [each.day for each in shown] == [ninth.meeting.sort_day]
    Meeting.objects.update(state="postponed", reason="Strike.")
    assert [each.day for each in client.get(challenge.get_absolute_url()).context["dealt"]] == [None]


def test_a_group_without_agendas_is_told_to_write_one(challenge: Challenge, chair: User, signed_in: SignedIn) -> None:
    page = signed_in(chair).get(f"/challenges/{challenge.slug}/agenda/").content.decode()
    assert "No meeting of the group has an agenda yet." in page


def test_a_round_is_tied_to_an_item_and_by_it_to_its_meeting(
    group: WorkingGroup, ninth: AgendaItem, eighth: AgendaItem, chair: User, signed_in: SignedIn
) -> None:
    client = signed_in(chair)
    client.post("/rounds/new/", filled(group, agenda_item=ninth.pk))
    round_ = RankingRound.objects.get()
    assert (round_.agenda_item, round_.meeting) == (ninth, ninth.meeting)
    assert round_.title in client.get("/meetings/ninth/agenda/").content.decode()
    page = client.get(f"/rounds/{round_.pk}/edit/")
    assert f'<option value="{ninth.pk}" selected>Capacity again</option>' in page.content.decode()
    refused = client.post(f"/rounds/{round_.pk}/edit/", filled(group, agenda_item=eighth.pk, meeting=ninth.meeting_id))
    assert refused.context["form"].errors["agenda_item"] == [
        "This item stands on the agenda of another meeting: Eighth."
    ]


def test_a_plan_cannot_name_an_item_of_another_meeting_or_group(group: WorkingGroup, ninth: AgendaItem) -> None:
    foreign = item(make.meeting(make.group()))
    for of, meeting in ((foreign, ninth.meeting), (ninth, None)):
        with pytest.raises(AgendaRefused):
            make.round_(group, agenda_item=of, meeting=meeting)
