"""The demo community is loaded through the real actions; its results and publications are computed."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from challenges.models import Ballot, Challenge, Focus, RankingRound
from challenges.results import shown
from history.models import Entry
from meetings import actions as meetings
from meetings.models import ActionPoint, AgendaItem, Attendee, DatePoll, Decision, Material, Meeting, Minutes, Webinar
from notices import digests
from notices.letters import kinds
from notices.models import Notice, Preference
from outcomes.models import Edition, EditionFile, Publication, Reference
from people.models import Organisation, User
from s3cop.demo.book import FILE, Book
from s3cop.demo.load import load
from s3cop.demo.register import the_round
from tests import factories
from tests.demo.kickoff import TODAY, first_and_pdf, kickoff
from workinggroups.actions import invite
from workinggroups.models import Criterion, Membership, WorkingGroup
from workinggroups.tokens import token_of

pytestmark = pytest.mark.django_db


def rows_of_everything() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (User, Membership, Meeting, Challenge, RankingRound, Ballot, Notice, Edition, EditionFile, Entry)
    }


def test_loading_twice_changes_nothing(demo: Book) -> None:
    before = rows_of_everything()
    assert set(load(demo).values()) == {0}
    assert rows_of_everything() == before


def test_every_record_is_there(demo: Book) -> None:
    counts: dict[str, type[Model]] = {
        "people.users": User,
        "people.organisations": Organisation,
        "workinggroups.groups": WorkingGroup,
        "workinggroups.memberships": Membership,
        "workinggroups.criteria": Criterion,
        "meetings.meetings": Meeting,
        "meetings.agenda": AgendaItem,
        "meetings.date_polls": DatePoll,
        "outcomes.webinars": Webinar,
        "meetings.decisions": Decision,
        "meetings.actions": ActionPoint,
        "meetings.materials": Material,
        "challenges.challenges": Challenge,
        "challenges.rounds": RankingRound,
        "challenges.focuses": Focus,
        "outcomes.publications": Publication,
        "outcomes.editions": Edition,
    }
    for section, model in counts.items():
        assert model._default_manager.count() == len(list(demo.records(section))), section
    for invitation in demo.records("meetings.invitations"):
        row = Attendee.objects.get(meeting__slug=invitation["meeting"], user__email=invitation["user"])
        assert (row.reply, row.attended) == (invitation["reply"] or "none", invitation["attended"])


def test_the_states_are_those_of_the_file_though_none_was_copied(demo: Book) -> None:
    """Ranked, in focus, published: the actions brought each record where the file says it stands."""
    for record in demo.records("challenges.challenges"):
        assert Challenge.objects.get(slug=record["slug"]).status == record["status"], record["slug"]
    for record in demo.records("challenges.rounds"):
        assert the_round(record).state == record["state"], record["key"]
        electors = set(the_round(record).electors.values_list("user__email", flat=True))
        assert electors == {elector["user"] for elector in record["electors"]}, record["key"]
    for record in demo.records("meetings.meetings"):
        assert Meeting.objects.get(slug=record["slug"]).state == record["state"], record["slug"]
    for record in demo.records("outcomes.webinars"):
        assert Webinar.objects.get(slug=record["slug"]).state == record["state"], record["slug"]


def test_minutes_papers_and_action_points_stand_where_the_file_says(demo: Book) -> None:
    for record in demo.records("meetings.minutes"):
        minutes = Minutes.objects.filter(meeting__slug=record["meeting"]).order_by("-revision").first()
        assert minutes is not None
        assert minutes.approved_at is not None
        told = (minutes.revision, minutes.state, minutes.text, minutes.approved_at.date().isoformat())
        assert told == (record["revision"], record["state"], record["body"], record["approved_on"])
        texts = Minutes.objects.filter(meeting__slug=record["meeting"]).values_list("text", flat=True)
        assert len(set(texts)) == record["revision"]
    for record in demo.records("meetings.actions"):
        point = ActionPoint.objects.get(text=record["text"])
        ended = point.done_on.isoformat() if point.done_on else None
        assert (point.state, ended, point.reason) == (record["state"], record["done_on"], record["reason"] or "")
    for record in demo.records("meetings.materials"):
        assert Material.objects.get(title=record["title"]).versions.count() == record["version"]


@pytest.mark.usefixtures("demo")
def test_the_command_says_what_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    Reference.objects.get(citekey="jrc-2020-manual").delete()
    call_command("load_demo", today=TODAY)
    told = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    assert {name: new for name, new in told.items() if new != "0 new"} == {"references": "1 new"}
    assert "people" in told


@pytest.mark.usefixtures("demo")
def test_the_kick_off_result_is_computed() -> None:
    published = shown(kickoff())
    assert published is not None
    assert [option.place for option in published.options] == ["1", "2=", "2=", "4", "5", "6"]
    [record] = [r for r in json.loads(FILE.read_text())["challenges"]["rounds"] if r["key"] == "ic-kickoff"]
    assert published.head_to_head is not None
    assert [list(row) for row in published.head_to_head.pairwise] == record["expected"]["pairwise"]


def test_no_ballot_of_an_unlinked_round_leads_to_a_person(demo: Book) -> None:
    for record in demo.records("challenges.rounds"):
        linked = Ballot.objects.filter(round=the_round(record), elector__isnull=False).count()
        assert linked == (0 if record["unlinked"] else len(record["ballots"])), record["key"]


@pytest.mark.usefixtures("demo")
def test_the_headline_and_the_pdf_say_capacity_first() -> None:
    first, text = first_and_pdf()
    assert first == ("Building capacity for interregional cooperation",)
    assert "Building capacity" in text.split("Aligning ecosystems")[0]


@pytest.mark.usefixtures("demo")
def test_the_publication_of_the_kick_off_has_two_editions_and_shows_the_second() -> None:
    states = dict(Edition.objects.filter(publication__slug="what-holds-regions-back").values_list("version", "state"))
    assert states == {1: "superseded", 2: "published"}
    page = Client().get("/outcomes/what-holds-regions-back/").content.decode()
    assert "Adds the reason for the focus; no figure changed" in page


@pytest.mark.usefixtures("demo")
def test_the_reminder_of_the_check_in_is_due_at_once() -> None:
    meeting = Meeting.objects.get(slug="ic-check-in")
    now = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    meetings.remind(now=now)
    reminded = Notice.objects.filter(kind="meetings.meeting_soon", about_id=meeting.pk)
    coming = meeting.attendees.filter(reply__in=["yes", "maybe"])
    assert set(reminded.values_list("recipient", flat=True)) == set(coming.values_list("user", flat=True))
    assert all(notice.due_at <= now for notice in reminded)


@pytest.mark.usefixtures("demo")
def test_rounds_hang_on_their_agenda_items_and_decisions_on_what_they_led_to() -> None:
    hung = (
        RankingRound.objects.filter(agenda_item__isnull=False)
        .order_by("pk")
        .values_list("agenda_item__title", flat=True)
    )
    assert set(hung) == {
        "Ranking the clusters", "Ranking the subdimensions", "Second look at the focus: result"
    }  # fmt: skip
    focus = Focus.objects.get()
    assert focus.decision
    assert focus.decision.text.startswith("Capacity is taken up as first challenge")
    asked = Decision.objects.get(text__startswith="The six most pressing").rounds.order_by("opens_at")
    assert [round_.title for round_ in asked] == [
        "A second look, first pass: what still needs work?", "A second look, second pass"
    ]  # fmt: skip


@pytest.mark.usefixtures("demo")
def test_demo_accounts_can_sign_in() -> None:
    for name in ("secretariat", "leader", "member", "member2", "outsider"):
        answer = Client().post("/accounts/login/", {"login": f"{name}@example.org", "password": "demo"})
        assert (answer.status_code, answer["Location"]) == (302, "/dashboard/"), name
    able = [user.email for user in User.objects.order_by("pk") if user.has_usable_password()]
    assert len(able) == 5


def test_what_people_chose_of_letters_is_kept(demo: Book) -> None:
    for record in demo.records("notices.preferences"):
        rows = Preference.objects.filter(person__email=record["user"])
        assert dict(rows.values_list("letter_class", "channel")) == record["channels"]
        assert ("digest" in record["channels"].values()) is (record["digest"] == "daily")
    Preference.objects.update(channel="mail")
    assert load(demo)["preferences"] == 0
    assert set(Preference.objects.values_list("channel", flat=True).distinct()) == {"mail"}


@pytest.mark.usefixtures("demo")
def test_every_kind_of_letter_is_told_and_shown_from_a_real_record(signed_in: Callable[[Any], Client]) -> None:
    """Kinds about something the demo community has none of are told without a preview."""
    office = signed_in(factories.secretariat())
    page = office.get(reverse("notices:catalogue")).content.decode()
    for each in kinds():
        address = reverse("notices:specimen", args=[each.kind])
        answer = office.get(address)
        assert (answer.status_code, address in page) == (200, True), each.kind
        if each.sample() is not None or each.kind == digests.KIND:
            assert answer.context["shown"], each.kind
    alone = office.get(reverse("notices:specimen_html", args=["meetings.invitation"]))
    policy = alone["Content-Security-Policy"]
    assert (alone.content[:15], alone["X-Frame-Options"]) == (b"<!doctype html>", "SAMEORIGIN")
    assert ("default-src 'none'" in policy, "sandbox" in policy) == (True, True)


@pytest.mark.usefixtures("demo")
def test_a_preview_gives_no_link_that_stands_in_for_somebody(signed_in: Callable[[Any], Client]) -> None:
    office = factories.secretariat()
    group = WorkingGroup.objects.get(slug="interregional-collaboration")
    invitation = invite(group=group, email="new@example.org", role="member", by=office)
    answer = signed_in(office).get(reverse("notices:specimen", args=["workinggroups.invitation"]))
    assert token_of(invitation) not in answer.content.decode()
    assert "/join/…" in answer.context["shown"].text
