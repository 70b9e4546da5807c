"""Rules, pause, send now, ask: whatever those who plan do, nobody gets a letter twice, and all of it is shown."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions, errors, forecast
from meetings.actions import RuleLine
from meetings.models import ActionPoint, Decision, Meeting, ReminderRule
from notices.models import Channel, LetterClass, Notice, Preference
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from tests.meetings.test_reminders import letters, tick
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
SignedIn = Callable[[Any], Client]
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
TWO_WEEKS = STARTS - 14 * DAY
ENDS = STARTS + 150 * MINUTE
CLUB = "/groups/club/reminders/"


def site_rule(letter: str) -> ReminderRule:
    return ReminderRule.objects.get(group=None, meeting=None, letter=letter, audience__in=["all", *BEFORE])


BEFORE = ["no_reply", "yes_or_maybe", "online"]


def copied(rule: ReminderRule, offset: dt.timedelta, **changed: Any) -> RuleLine:
    line = RuleLine(rule.anchor, offset, rule.audience, rule.letter, source=rule)
    return line._replace(**changed)


# -- after the meeting -----------------------------------------------------------------------------------------------
def test_after_the_meeting_all_invited_hear_what_came_of_it_once_there_is_something(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="no", now=PLANNED)
    actions.mark_held(now=ENDS)
    assert [actions.remind(now=ENDS + days * DAY) for days in (1, 2, 3)] == [0, 0, 0]
    Decision.objects.create(meeting=meeting, position=1, text="We meet again.")
    assert [actions.remind(now=ENDS + 3 * DAY + minutes * MINUTE) for minutes in (0, 1)] == [1, 0]
    tick(ENDS + 3 * DAY)
    assert letters(anna, state="sent") == [["invitation", "afterwards"]]


def test_two_weeks_later_only_those_with_open_action_points_are_written_to(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.mark_held(now=ENDS)
    ActionPoint.objects.create(meeting=meeting, text="Write it down.", owner=anna)
    ActionPoint.objects.create(meeting=meeting, text="Done.", owner=eleni, state="done", done_on=ENDS.date())
    assert actions.remind(now=ENDS + 14 * DAY) == 1
    ActionPoint.objects.update(state="done", done_on=ENDS.date())
    tick(ENDS + 14 * DAY)
    assert list(anna.notices.filter(kind="meetings.afterwards").values_list("state", "reason")) == [
        ("skipped", "nothing open any more")
    ]
    assert letters(eleni, state="sent") == [["invitation"]]


def test_a_month_later_and_for_meetings_recorded_afterwards_nobody_is_written_to(
    plan: Plan, club: WorkingGroup, anna: User
) -> None:
    meeting = plan()
    actions.mark_held(now=ENDS)
    past = actions.record_past(
        group=club, by=None, title="Old", starts_at=STARTS, ends_at=ENDS, place="Riga", now=ENDS + DAY
    )
    lines = [actions.Attendance(anna, attended=True)]
    actions.record_attendance(meeting=past, by=None, lines=lines, now=ENDS + DAY)
    for each in (meeting, past):
        Decision.objects.create(meeting=each, position=1, text="We meet again.")
    assert actions.remind(now=ENDS + 31 * DAY) == 0
    assert actions.remind(now=ENDS + 3 * DAY) == 1


# -- rules -----------------------------------------------------------------------------------------------------------
def test_copying_moving_and_giving_back_a_rule_sends_nothing_twice(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    tick(TWO_WEEKS)
    rule = site_rule("invitation_unanswered")
    levels: list[Meeting | WorkingGroup] = [meeting, meeting.group, meeting]
    for number, of in enumerate(levels):
        actions.set_rules(of=of, lines=[copied(rule, (number - 13) * DAY)], by=None)
        tick(TWO_WEEKS + (number + 1) * DAY)
    for of in (meeting, meeting.group):
        actions.set_rules(of=of, lines=[], by=None)
        tick(TWO_WEEKS + 5 * DAY)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]
    assert ReminderRule.objects.exclude(meeting=None, group=None).count() == 0


def test_a_rule_turned_into_another_letter_is_another_rule(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    tick(TWO_WEEKS)
    other = copied(site_rule("invitation_unanswered"), -13 * DAY, letter="meeting_soon")
    actions.set_rules(of=meeting, lines=[other], by=None)
    tick(TWO_WEEKS + DAY)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered", "meeting_soon"]]


def test_a_rule_out_of_use_keeps_the_meeting_silent_and_stops_letters_on_their_way(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.remind(now=TWO_WEEKS)
    silent = copied(site_rule("invitation_unanswered"), -14 * DAY, is_active=False)
    actions.set_rules(of=meeting, lines=[silent], by=None)
    tick(TWO_WEEKS)
    assert list(anna.notices.filter(state="skipped").values_list("reason", flat=True)) == ["reminder switched off"]


def filled(page: Any, **changed: str) -> dict[str, str]:
    """The form as a browser sends it, with some fields changed."""
    formset = page.context["formset"]
    sent = {f"form-{name}": str(formset.management_form[name].value()) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for form in formset.forms:
        for name in form.fields:
            value = form[name].value()
            if name != "is_active" or value:
                sent[form.add_prefix(name)] = "" if value is None else str(value)
    return sent | changed


def test_the_form_shows_inherited_rules_and_saving_makes_own_ones(plan: Plan, chair: User, signed_in: SignedIn) -> None:
    meeting, client = plan(), signed_in(chair)
    address = reverse("meetings:reminders", args=[meeting.slug])
    page = client.get(address)
    assert [form.initial.get("amount") for form in page.context["formset"]] == [14, 2, 2, 2, 14, None]
    assert (page.context["is_own"], page.context["level"]) == (False, "a rule for all groups")
    wanted = filled(page, **{"form-0-amount": "10", "form-4-amount": "", "confirmed": "1"})
    assert client.post(address, wanted).status_code == 302
    own = list(ReminderRule.objects.filter(meeting=meeting).order_by("offset"))
    assert (own[0].offset, own[0].root) == (-10 * DAY, site_rule("invitation_unanswered").pk)
    assert (len(own), client.get(address).context["is_own"]) == (4, True)
    assert client.get(reverse("meetings:reminders_inherit", args=[meeting.slug])).status_code == 200
    client.post(reverse("meetings:reminders_inherit", args=[meeting.slug]))
    assert client.get(address).context["is_own"] is False


UNSAYABLE: list[tuple[dict[str, str], str]] = [
    ({"form-0-amount": "-1"}, "amount"),
    ({"form-0-amount": "x"}, "amount"),
    ({"form-0-letter": "afterwards"}, "letter"),
    ({"form-0-point": "after_end"}, "letter"),
    ({"form-0-audience": "owners"}, "audience"),
    ({"form-3-audience": "no_reply"}, "audience"),
    ({"form-0-audience": "everybody"}, "audience"),
    ({"form-1-letter": "invitation_unanswered", "form-1-amount": "14"}, "amount"),
]


def test_what_no_rule_can_say_is_an_error_beside_the_field(plan: Plan, chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:reminders", args=[plan().slug])
    page = client.get(address)
    for changed, field in UNSAYABLE:
        refused = client.post(address, filled(page, **changed))
        assert refused.status_code == 200
        assert {name for form in refused.context["formset"] for name in form.errors} >= {field}, changed
    assert ReminderRule.objects.exclude(meeting=None).count() == 0


def test_a_group_has_rules_of_its_own_and_gives_them_back(
    plan: Plan, club: WorkingGroup, chair: User, signed_in: SignedIn
) -> None:
    meeting, client = plan(), signed_in(chair)
    client.post(CLUB, filled(client.get(CLUB), **{"form-0-amount": "9", "confirmed": "1"}))
    assert club.reminder_rules.filter(offset=-9 * DAY).exists()
    page = client.get(reverse("meetings:reminders", args=[meeting.slug]))
    assert (page.context["is_own"], page.context["level"]) == (False, "a rule of the group")
    client.post(f"{CLUB}inherit/")
    assert not club.reminder_rules.exists()


# -- pause, send now, ask --------------------------------------------------------------------------------------------
def test_a_pause_holds_reminders_back_and_after_it_comes_the_latest_only(plan: Plan, anna: User) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.remind(now=TWO_WEEKS)
    actions.pause_reminders(meeting=meeting, by=None, now=TWO_WEEKS)
    tick(TWO_WEEKS + DAY)
    assert letters(anna, state="sent") == [["invitation"]]
    with pytest.raises(errors.NoReminder):
        actions.pause_reminders(meeting=meeting, by=None)
    actions.resume_reminders(meeting=meeting, by=None, now=TWO_WEEKS + 2 * DAY)
    for days in (2, 3):
        tick(TWO_WEEKS + days * DAY)
    assert letters(anna, state="sent") == [["invitation", "invitation_unanswered"]]
    with pytest.raises(errors.NoReminder):
        actions.resume_reminders(meeting=meeting, by=None)


def test_a_pause_does_not_stop_invitations_and_changes(plan: Plan, club: WorkingGroup, anna: User) -> None:
    meeting = plan()
    actions.pause_reminders(meeting=meeting, by=None, now=PLANNED)
    late = member(club)
    tick(PLANNED + DAY)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=ENDS + HOUR, now=PLANNED + 2 * DAY)
    tick(PLANNED + 2 * DAY)
    assert letters(anna, late, state="sent") == [["invitation", "update"]] * 2


def test_a_letter_sent_early_does_not_come_again_when_it_is_due(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    tick(PLANNED)
    origin = site_rule("invitation_unanswered").pk
    sent = [actions.send_now(meeting=meeting, origin=origin, by=None, now=PLANNED + days * DAY) for days in (1, 2)]
    tick(PLANNED + DAY)
    tick(TWO_WEEKS)
    assert (sent, letters(anna, eleni, state="sent")) == ([2, 0], [["invitation", "invitation_unanswered"]] * 2)
    for wrong in (0, site_rule("afterwards").pk):
        with pytest.raises(errors.NoReminder):
            actions.send_now(meeting=meeting, origin=wrong, by=None, now=TWO_WEEKS)


def test_those_without_an_answer_are_asked_at_most_once_a_day(plan: Plan, anna: User, eleni: User) -> None:
    meeting = plan()
    tick(PLANNED)
    actions.reply(meeting=meeting, by=eleni, reply="no", now=PLANNED)
    asked = [actions.ask_unanswered(meeting=meeting, by=None, now=PLANNED + hours * HOUR) for hours in (1, 2, 26)]
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED + 27 * HOUR)
    tick(PLANNED + 27 * HOUR)
    assert (asked, letters(anna, eleni, state="sent")) == ([1, 0, 1], [["invitation"], ["invitation"]])
    assert set(anna.notices.filter(state="skipped").values_list("reason", flat=True)) == {"answered meanwhile"}
    with pytest.raises(errors.WrongState):
        actions.ask_unanswered(meeting=meeting, by=None, now=STARTS)


@pytest.fixture
def soon(plan: Plan) -> Meeting:
    starts = timezone.now().replace(microsecond=0) + 20 * DAY
    return plan(starts_at=starts, ends_at=starts + HOUR, now=timezone.now() - DAY)


def test_each_step_asks_first_and_names_the_recipients(
    anna: User, chair: User, soon: Meeting, signed_in: SignedIn
) -> None:
    client = signed_in(chair)
    origin = site_rule("invitation_unanswered").pk
    steps: list[tuple[str, list[int]]] = [("ask", []), ("send", [origin]), ("pause", []), ("resume", [])]
    for name, more in steps:
        address = reverse(f"meetings:reminders_{name}", args=[soon.slug, *more])
        asked = client.get(address)
        assert (asked.status_code, Notice.objects.exclude(kind="meetings.invitation").exists()) == (200, name != "ask")
        if name in {"ask", "send"}:
            assert [row.user for row in asked.context["people"]] == [anna, chair]
        assert client.post(address)["Location"] == reverse("meetings:reminders", args=[soon.slug])
    assert letters(anna) == [["invitation", "invitation_unanswered", "invitation_unanswered"]]  # nothing is lost
    assert client.get(reverse("meetings:reminders_send", args=[soon.slug, 0])).status_code == 404


# -- the forecast ----------------------------------------------------------------------------------------------------
def expected(meeting: Meeting, now: dt.datetime) -> list[tuple[str, list[str], dict[str, str]]]:
    found = forecast.of_meeting(meeting, ReminderRule.objects.all(), now)
    return [
        (line.rule.letter, [str(p.user) for p in line.recipients], {str(p.user): why for p, why in line.others})
        for line in found
    ]


@pytest.mark.usefixtures("anna")
def test_the_forecast_says_who_gets_what_and_why_others_do_not(plan: Plan, club: WorkingGroup) -> None:
    people = {name: member(club, display_name=name) for name in ("Left", "No", "Off", "Opted", "Yes")}
    meeting = plan()
    tick(PLANNED)
    for name in ("No", "Yes"):
        actions.reply(meeting=meeting, by=people[name], reply=name.lower(), now=PLANNED)
    Membership.objects.filter(user=people["Left"]).update(status="ended", ended_on=PLANNED.date())
    User.objects.filter(pk=people["Off"].pk).update(is_active=False)
    Preference.objects.create(person=people["Opted"], letter_class=LetterClass.MEETING, channel=Channel.NONE)
    first, *others = expected(meeting, PLANNED)
    assert first == (
        "invitation_unanswered",
        ["Anna Példa"],
        {
            "Left": "no longer a member",
            "No": "answered: no",
            "Off": "account not active",
            "Opted": "wants no letters about meetings",
            "Yes": "answered: yes",
        },
    )
    assert [letter for letter, *_ in others] == ["meeting_soon", "join_link", "afterwards", "afterwards"]
    tick(TWO_WEEKS)
    again = expected(meeting, TWO_WEEKS)[0]
    assert (again[0], again[1], again[2]["Anna Példa"]) == ("invitation_unanswered", [], "has had it")


@pytest.mark.usefixtures("eleni")
def test_what_the_forecast_says_is_what_comes(plan: Plan, club: WorkingGroup, anna: User) -> None:
    meeting = plan(mode="online")
    tick(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    member(club)
    tick(TWO_WEEKS + HOUR)
    for moment in (TWO_WEEKS + DAY, STARTS - 2 * DAY, STARTS - 2 * HOUR):
        meeting.refresh_from_db()
        lines = forecast.of_meeting(meeting, ReminderRule.objects.all(), moment)
        told = sorted(person.user.pk for line in lines if line.due_at <= moment for person in line.recipients)
        before = set(Notice.objects.values_list("pk", flat=True))
        actions.remind(now=moment)
        came = sorted(Notice.objects.exclude(pk__in=before).values_list("recipient", flat=True))
        assert told == came


@pytest.mark.usefixtures("anna")
def test_the_command_prints_the_same_and_sends_nothing(plan: Plan) -> None:
    starts = timezone.now().replace(microsecond=0) + 20 * DAY
    soon = plan(starts_at=starts, ends_at=starts + HOUR, now=timezone.now() - DAY)
    before = Notice.objects.count()
    out = StringIO()
    call_command("remind", "--dry-run", stdout=out)
    *lines, last = out.getvalue().splitlines()
    assert [line.split("  ")[1:3] for line in lines] == [
        ["anna@example.org", "Invitation"],
        ["anna@example.org", "Please answer the invitation"],
        ["anna@example.org", "Minutes and actions"],
    ]
    assert lines[0].endswith(f"[{soon.slug}] because: in the ledger, due")
    assert lines[1].endswith(
        f"[{soon.slug}] because: 14 days before the start, to those who have not answered: "
        "Please answer the invitation (a rule for all groups)"
    )
    assert (last, Notice.objects.count()) == ("3 lines; nothing was sent.", before)
    out = StringIO()
    Notice.objects.all().delete()
    call_command("remind", "--dry-run", "--until", timezone.now().date().isoformat(), stdout=out)
    assert out.getvalue() == "0 lines; nothing was sent.\n"
    for wrong in (["--dry-run", "--until", "soon"], ["--until", "2026-11-22"], ["--dry-run", "--until", "2026-02-31"]):
        with pytest.raises(CommandError):
            call_command("remind", *wrong, stdout=out)


def test_the_command_without_dry_run_plans_what_is_due(club: WorkingGroup, soon: Meeting) -> None:
    member(club)
    out = StringIO()
    call_command("remind", "--dry-run", stdout=out)
    assert "Invitation" in out.getvalue()
    call_command("remind", stdout=out)
    assert (out.getvalue().splitlines()[-1], soon.attendees.count()) == ("1 letters are new.", 1)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_as_many_queries_for_three_people_as_for_one(
    plan: Plan, club: WorkingGroup, chair: User, people: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        member(club)
    address, client = reverse("meetings:reminders", args=[plan().slug]), signed_in(chair)
    with django_assert_num_queries(7):
        assert client.get(address).status_code == 200
