"""The pages: what each reader sees, what each form keeps, what nobody may."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges.models import RankingRound
from meetings import actions
from meetings.actions import AgendaLine
from meetings.filters import MeetingFilter
from meetings.models import Meeting
from notices.models import Notice
from people.models import User
from tests.factories import group, member, secretariat, user
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
Plan = Callable[..., Meeting]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
NEXT_YEAR = timezone.now().year + 1


@pytest.fixture
def coming(plan: Plan) -> Callable[..., Meeting]:
    """Schedule a meeting on 15 June of next year, at 10:00 in Brussels."""

    def scheduled(**values: Any) -> Meeting:
        starts_at = dt.datetime(NEXT_YEAR, 6, 15, 8, tzinfo=dt.UTC)
        details = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, "now": timezone.now() - DAY}
        return plan(**(details | values))

    return scheduled


def page(name: str, *args: Any, client: Client | None = None) -> str:
    answer = (client or Client()).get(reverse(f"meetings:{name}", args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def filled(**values: Any) -> dict[str, Any]:
    """A form as a browser sends it."""
    form = {
        "group": "club",
        "title": "Tenth meeting",
        "date": f"{NEXT_YEAR}-06-15",
        "start": "10:00",
        "end": "12:30",
        "timezone": "Europe/Brussels",
        "mode": "hybrid",
        "place": "Brussels",
        "join_url": "https://meet.example.org/tenth",
        "reply_by": f"{NEXT_YEAR}-06-08T18:00",
        "summary": "Decide.",
        "agenda": "15 | Welcome\r\n\r\nTour of the table\r\n45 | Ranking",
        "do": "invite",
    }
    return form | values


# -- reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("meetings", [1, 3])
def test_the_list_takes_four_queries_and_the_page_of_a_meeting_one(
    coming: Plan, club: WorkingGroup, meetings: int, django_assert_num_queries: Any
) -> None:
    for number in range(meetings):
        meeting = coming(title=f"Meeting {number}", agenda=[AgendaLine(f"Item {n}", 10) for n in range(meetings)])
        actions.record_past(group=club, by=None, title="Past", approx_date="2023-11")
        RankingRound.objects.create(group=club, meeting=meeting, title="A round", question="Which?")
    listed = reverse("meetings:list")
    for address, queries in ((listed, 4), (f"{listed}?group=club", 4), (meeting.get_absolute_url(), 1)):
        with django_assert_num_queries(queries):
            assert Client().get(address).status_code == 200


@pytest.mark.parametrize("meetings", [1, 3])
def test_a_planner_s_page_takes_a_fixed_number_of_queries(
    coming: Plan, club: WorkingGroup, chair: User, meetings: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    for _ in range(meetings):
        member(club)
    meeting = coming(agenda=[AgendaLine(f"Item {n}", 10) for n in range(meetings)])
    client = signed_in(chair)
    client.get(meeting.get_absolute_url())  # from now on types of records are known
    with django_assert_num_queries(9):  # one of them asks whether the schedule runs
        assert client.get(meeting.get_absolute_url()).status_code == 200


def test_reading_sets_no_cookie_and_does_not_vary_by_it(coming: Plan) -> None:
    for address in (reverse("meetings:list"), coming().get_absolute_url()):
        answer = Client().get(address)
        assert (answer.cookies, "Cookie" in answer.get("Vary", "")) == ({}, False)


def test_the_list_shows_what_comes_and_what_was_and_can_be_narrowed(coming: Plan) -> None:
    coming(title="To come")
    other = group(slug="other", name="The others")
    actions.record_past(group=other, by=None, title="Long ago", approx_date="2023-11")
    assert ("To come" in (text := page("list")), "Long ago" in text, "November 2023" in text) == (True, True, True)
    narrowed = Client().get(reverse("meetings:list"), {"group": "other"}).content.decode()
    assert (">To come</a>" in narrowed, ">Long ago</a>" in narrowed) == (False, True)
    unknown = Client().get(reverse("meetings:list"), {"group": "nobody", "page": "x"})
    assert (unknown.status_code, ">Long ago</a>" in unknown.content.decode()) == (200, True)


def test_a_postponed_meeting_stands_among_those_to_come_without_its_old_date(coming: Plan) -> None:
    meeting = actions.postpone(meeting=coming(), by=None, reason="A strike.")
    assert meeting in Meeting.objects.upcoming(timezone.now() + 400 * DAY)
    text = page("detail", meeting.slug)
    assert ("New date to be found" in text, "A strike." in text, "15 June" in text) == (True, True, False)


def test_the_page_shows_running_times_and_each_reader_the_own_clock(
    coming: Plan, eleni: User, signed_in: SignedIn
) -> None:
    meeting = coming(agenda=[AgendaLine("Welcome", 15), AgendaLine("Ranking", 45), AgendaLine("Rest")])
    text = page("detail", meeting.slug)
    assert [f"<time>{hour}</time>" in text for hour in ("10:00", "10:15", "11:00")] == [True, True, True]
    assert "Brussels time (CEST, UTC+02:00)" in text
    assert "On your clock" not in text
    own = page("detail", meeting.slug, client=signed_in(eleni))
    assert "On your clock: 11:00–13:00, Athens time (EEST, UTC+03:00)" in own


def test_the_join_link_and_names_are_for_the_group(coming: Plan, anna: User, chair: User, signed_in: SignedIn) -> None:
    meeting = coming(agenda=[AgendaLine("Ranking", 45, chair)])
    secrets = ("https://meet.example.org/ninth", "Anna Példa", "The chair", "Who replied what")
    for reader, visible in ((None, False), (user(), False), (anna, True), (secretariat(), True)):
        text = page("detail", meeting.slug, client=signed_in(reader) if reader else None)
        shown = [secret in text for secret in secrets]
        assert shown == [visible] * 4, reader


def test_after_a_meeting_nobody_is_sent_to_the_call_and_answers_are_told_as_what_they_were(
    coming: Plan, anna: User, chair: User, signed_in: SignedIn
) -> None:
    meeting = coming()
    actions.reply(meeting=meeting, by=anna, reply="yes")
    words = ("https://meet.example.org/ninth", "Who is coming", "Who said they would come")
    before = page("detail", meeting.slug, client=signed_in(chair))
    actions.mark_held(now=meeting.ends_at)
    after = page("detail", meeting.slug, client=signed_in(chair))
    told = [[word in text for word in words] for text in (before, after)]
    assert told == [[True, True, False], [False, False, True]]


def test_a_lead_who_agreed_to_be_named_is_named_to_everybody(coming: Plan, chair: User) -> None:
    User.objects.filter(pk=chair.pk).update(show_name_publicly=True)
    assert "The chair" in page("detail", coming(agenda=[AgendaLine("Ranking", 45, chair)]).slug)


def test_letters_are_shown_to_those_who_plan(coming: Plan, anna: User, chair: User, signed_in: SignedIn) -> None:
    meeting = coming()
    refused = "SMTPRecipientsRefused: 550 no such user"
    Notice.objects.filter(recipient=anna).update(state="failed", failed_at=timezone.now(), last_error=refused)
    planner, office, reader = (page("detail", meeting.slug, client=signed_in(p)) for p in (chair, secretariat(), anna))
    assert "1 due, 1 failed" in planner
    assert "Anna Példa: failed (The recipient’s mail server refused the address (550))" in planner
    assert "14 days before" in planner
    assert "As of today to 2 people." in planner
    assert ["Try again: Anna Példa" in text for text in (planner, office, reader)] == [False, True, False]
    assert "14 days before" not in reader


def test_linked_rounds_stand_with_their_agenda_item_as_far_as_the_reader_may_see_them(
    coming: Plan, anna: User, signed_in: SignedIn
) -> None:
    meeting = coming(agenda=[AgendaLine("Ranking", 45)])
    RankingRound.objects.create(
        group=meeting.group, meeting=meeting, agenda_item=meeting.agenda.get(), title="Open", question="?"
    )
    RankingRound.objects.update(state="open", opened_at=timezone.now())
    RankingRound.objects.create(group=meeting.group, meeting=meeting, title="Draft", question="?")
    assert [">Open</a>" in text for text in (page("detail", meeting.slug),)] == [False]
    text = page("detail", meeting.slug, client=signed_in(anna))
    assert (">Open</a>" in text, ">Draft</a>" in text) == (True, False)


def test_a_draft_is_found_by_its_group_only(club: WorkingGroup, anna: User, signed_in: SignedIn) -> None:
    draft = actions.draft(group=club, by=None, title="A draft")
    assert "Date to be found" in page("detail", draft.slug, client=signed_in(anna))
    assert signed_in(user()).get(draft.get_absolute_url()).status_code == 404
    assert "/accounts/login/" in Client().get(draft.get_absolute_url())["Location"]
    assert Client().get(reverse("meetings:detail", args=["nothing"])).status_code == 404


def test_the_history_says_what_happened_and_names_nobody(coming: Plan, chair: User) -> None:
    meeting = actions.cancel(meeting=coming(by=chair), by=chair, reason="A strike.")
    text = page("detail", meeting.slug)
    assert [word in text for word in ("<b>Scheduled</b>", "<b>Cancelled</b>", "A strike.")] == [True] * 3
    assert "The chair" not in text


# -- answering -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "mode"), [("yes", "in_person"), ("online", "hybrid"), ("maybe", "online"), ("no", "hybrid")]
)
def test_a_member_answers_and_may_change_it(
    coming: Plan, anna: User, signed_in: SignedIn, answer: str, mode: str
) -> None:
    meeting, client = coming(mode=mode), signed_in(anna)
    address = reverse("meetings:reply", args=[meeting.slug])
    for given in ("no", answer):
        response = client.post(address, {"reply": given, "substitute": "A colleague"})
        assert response["Location"] == meeting.get_absolute_url()
    attendee = meeting.attendees.get()
    assert (attendee.reply, attendee.substitute) == (answer, "A colleague" if answer == "no" else "")
    assert f'value="{answer}" ' in page("reply", meeting.slug, client=client)
    assert "Change it" in page("detail", meeting.slug, client=client)


@pytest.mark.parametrize("reply", ["", "perhaps", "none", "online", "\x00"])
def test_an_answer_that_is_not_offered_is_an_error_beside_the_question(
    coming: Plan, anna: User, signed_in: SignedIn, reply: str
) -> None:
    meeting = coming(mode="in_person")
    response = signed_in(anna).post(reverse("meetings:reply", args=[meeting.slug]), {"reply": reply})
    assert (response.status_code, bool(response.context["form"].errors["reply"])) == (200, True)
    assert meeting.attendees.get().reply == "none"


def test_after_the_start_the_answer_is_refused_and_shown(coming: Plan, anna: User, signed_in: SignedIn) -> None:
    meeting, client = coming(), signed_in(anna)
    now = timezone.now()
    Meeting.objects.update(starts_at=now - HOUR, ends_at=now + HOUR)
    response = client.post(reverse("meetings:reply", args=[meeting.slug]), {"reply": "yes"})
    assert response.status_code == 409
    assert "“yes” was not stored" in response.content.decode()
    assert "It has begun." in page("reply", meeting.slug, client=client)
    assert meeting.attendees.get().reply == "none"


def test_who_is_not_invited_does_not_answer(coming: Plan, anna: User, signed_in: SignedIn) -> None:
    address = reverse("meetings:reply", args=[coming().slug])
    statuses = [signed_in(p).post(address, {"reply": "yes"}).status_code for p in (user(), secretariat())]
    assert (statuses, Client().get(address).status_code) == ([404, 403], 302)
    assert list(anna.attendances.values_list("reply", flat=True)) == ["none"]


# -- planning --------------------------------------------------------------------------------------------------------
def test_a_leader_schedules_a_meeting_from_the_form(chair: User, signed_in: SignedIn) -> None:
    response = signed_in(chair).post(reverse("meetings:new"), filled())
    meeting = Meeting.objects.get()
    assert response["Location"] == meeting.get_absolute_url()
    assert (meeting.state, meeting.starts_at, meeting.reply_by) == (
        "scheduled",
        dt.datetime(NEXT_YEAR, 6, 15, 8, tzinfo=dt.UTC),
        dt.datetime(NEXT_YEAR, 6, 8, 16, tzinfo=dt.UTC),
    )
    assert list(meeting.agenda.order_by("position").values_list("title", "minutes")) == [
        ("Welcome", 15),
        ("Tour of the table", None),
        ("Ranking", 45),
    ]
    assert list(Notice.objects.values_list("kind", "recipient")) == [("meetings.invitation", chair.pk)]


WRONG = [  # of a time, and of something that has nothing to do with it; each is said beside its own field
    {"date": "2020-06-15", "title": ""},
    {"date": "0001-01-01", "mode": "by post"},
    {"date": "9999-12-31", "place": ""},
    {"date": "tomorrow", "join_url": "javascript:alert(1)"},
    {"date": "", "agenda": "many | Welcome"},
    {"start": "", "agenda": "0 | Welcome"},
    {"end": "09:00", "agenda": "² | Welcome"},
    {"end": "10:00", "agenda": "15 | "},
    {"end": "25:00", "agenda": "15 | " + "x" * 201},
    {"timezone": "Europe/Atlantis", "agenda": "x\n" * 61},
    {"timezone": "../../etc/passwd", "agenda": "15 | a\x00b"},
    {"timezone": "localtime", "group": "nobody"},
    {"timezone": "", "capacity": "0"},
    {"reply_by": f"{NEXT_YEAR}-06-15T10:01", "capacity": "-1"},
    {"reply_by": "2020-01-01T10:00", "capacity": "99999"},
    {"reply_by": "0001-01-01T00:00", "languages": "xx"},
    {"reply_by": "9999-12-31T23:59"},
]


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(chair: User, signed_in: SignedIn) -> None:
    client = signed_in(chair)
    for change in WRONG:
        sent = filled(**change)
        response = client.post(reverse("meetings:new"), sent)
        assert response.status_code == 200
        form, text = response.context["form"], response.content.decode()
        assert set(form.errors) >= set(change), change
        assert [name for name in change if f'id="id_{name}_error"' not in text] == [], change
        assert "Error: Schedule a meeting" in text
        for name in set(sent) - {"do", "group", "mode", "languages"}:
            assert form[name].value() == sent[name], (name, change)
    assert (Meeting.objects.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize(("start", "end", "field"), [("02:30", "04:00", "start"), ("01:30", "02:30", "end")])
def test_an_hour_that_the_clocks_skip_is_refused(
    chair: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, start: str, end: str, field: str
) -> None:
    """The last Sunday of March 2027."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    sent = filled(date="2027-03-28", start=start, end=end, reply_by="")
    response = signed_in(chair).post(reverse("meetings:new"), sent)
    assert list(response.context["form"].errors) == [field]
    assert "the clocks go forward" in response.content.decode()


def test_a_meeting_of_the_past_is_a_choice_of_its_own(chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:record")
    refused = client.post(reverse("meetings:new"), filled(date="2023-06-08", reply_by=""))
    assert list(refused.context["form"].errors) == ["date"]
    unsaid = client.post(address, filled(date="2023-06-08", reply_by=""))
    assert list(unsaid.context["form"].errors) == ["has_taken_place"]
    client.post(address, filled(date="2023-06-08", reply_by="", has_taken_place="on"))
    vague = filled(date="", start="", end="", reply_by="", approx_date="2023-11", has_taken_place="on", title="Vague")
    client.post(address, vague)
    assert list(Meeting.objects.order_by("pk").values_list("title", "state", "approx_date")) == [
        ("Tenth meeting", "held", ""),
        ("Vague", "held", "2023-11"),
    ]
    both = client.post(address, filled(date="2023-06-08", reply_by="", approx_date="2023-06", has_taken_place="on"))
    assert list(both.context["form"].errors) == ["approx_date"]
    too_early = client.post(address, filled(has_taken_place="on"))
    assert list(too_early.context["form"].errors) == ["date"]
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("given", [{"date": ""}, {"start": ""}, {"end": "", "start": ""}])
def test_a_draft_takes_a_whole_time_or_none(chair: User, signed_in: SignedIn, given: dict[str, str]) -> None:
    form = signed_in(chair).post(reverse("meetings:new"), filled(do="draft", reply_by="", **given)).context["form"]
    assert (set(form.errors), Meeting.objects.count()) == (set(given), 0)


def test_a_meeting_with_an_approximate_date_gets_its_hours_by_the_form(
    club: WorkingGroup, chair: User, signed_in: SignedIn
) -> None:
    meeting = actions.draft(group=club, by=chair, title="Spring", approx_date=f"{NEXT_YEAR}-06")
    signed_in(chair).post(reverse("meetings:edit", args=[meeting.slug]), filled())
    meeting.refresh_from_db()
    assert (meeting.state, meeting.approx_date, str(meeting.sort_day)) == ("scheduled", "", f"{NEXT_YEAR}-06-15")


def test_a_draft_may_wait_for_its_date_and_is_announced_later(chair: User, signed_in: SignedIn) -> None:
    client = signed_in(chair)
    client.post(reverse("meetings:new"), filled(date="", start="", end="", reply_by="", do="draft"))
    draft = Meeting.objects.get()
    assert (draft.state, Notice.objects.count()) == ("draft", 0)
    address = reverse("meetings:edit", args=[draft.slug])
    assert client.get(address).status_code == 200
    missing = client.post(address, filled(date="", start="", end="", reply_by="", agenda=""))
    assert list(missing.context["form"].errors) == ["date", "start", "end"]
    client.post(address, filled(agenda=""))
    draft.refresh_from_db()
    assert (draft.state, Notice.objects.count()) == ("scheduled", 1)


def test_editing_shows_what_is_stored_and_saving_it_unchanged_changes_nothing(
    coming: Plan, chair: User, signed_in: SignedIn
) -> None:
    meeting = coming(
        reply_by=dt.datetime(NEXT_YEAR, 6, 8, 16, tzinfo=dt.UTC), agenda=[AgendaLine("Ranking", 45, chair)]
    )
    client, address = signed_in(chair), reverse("meetings:edit", args=[meeting.slug])
    form = client.get(address).context["form"]
    assert "agenda" not in form.fields
    sent: dict[str, Any] = {name: form[name].value() or "" for name in set(form.fields) - {"languages"}}
    sent |= {"date": sent["date"].isoformat(), "reply_by": sent["reply_by"].strftime("%Y-%m-%dT%H:%M")}
    assert client.post(address, sent)["Location"] == meeting.get_absolute_url()
    after = Meeting.objects.get()
    kept = ("title", "starts_at", "ends_at", "reply_by", "place", "join_url", "sequence", "schedule_revision", "slug")
    assert [getattr(after, name) for name in kept] == [getattr(meeting, name) for name in kept]
    assert (after.agenda.get().minutes, after.agenda.get().lead) == (45, chair)
    assert Notice.objects.count() == 1


def test_the_form_of_a_meeting_leaves_an_agenda_that_is_set_to_its_own_page(
    coming: Plan, chair: User, signed_in: SignedIn
) -> None:
    meeting = coming()
    client, address = signed_in(chair), reverse("meetings:edit", args=[meeting.slug])
    early = client.get(address).context["form"]
    assert "agenda" in early.fields
    actions.set_agenda(meeting=meeting, by=None, lines=[AgendaLine("Rankng", 45, chair)])
    item = meeting.agenda.get()
    late = client.post(address, filled(agenda="45 | Ranking", do=""))
    assert (list(late.context["form"].errors), "45 | Ranking" in late.content.decode()) == (["agenda"], True)
    assert reverse("meetings:agenda_edit", args=[meeting.slug]) in client.get(address).content.decode()
    assert client.post(address, filled(agenda="", do="")).status_code == 302
    assert list(meeting.agenda.values_list("pk", "title", "lead")) == [(item.pk, "Rankng", chair.pk)]


def test_naming_a_place_for_an_online_meeting_moves_nobody(coming: Plan, chair: User, signed_in: SignedIn) -> None:
    meeting = coming(mode="online", place="Online")
    same = {"mode": "online", "title": meeting.title, "end": "12:00", "join_url": meeting.join_url}
    same |= {"reply_by": "", "agenda": ""}
    for place in ("Online", "", "A screen"):
        signed_in(chair).post(reverse("meetings:edit", args=[meeting.slug]), filled(**same, place=place))
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence, Notice.objects.count()) == ("A screen", 0, 1)


def test_an_unknown_zone_hides_no_other_error(chair: User, signed_in: SignedIn) -> None:
    sent = filled(timezone="Europe/Atlantis", date="2020-06-15", end="09:00", reply_by="")
    response = signed_in(chair).post(reverse("meetings:new"), sent)
    assert set(response.context["form"].errors) == {"timezone", "date", "end"}


def test_moving_a_meeting_in_the_form_moves_it(coming: Plan, chair: User, signed_in: SignedIn) -> None:
    meeting = coming()
    signed_in(chair).post(reverse("meetings:edit", args=[meeting.slug]), filled(start="11:00"))
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.schedule_revision, meeting.local_start and meeting.local_start.hour) == (1, 1, 11)


def test_an_invalid_edit_keeps_the_heading_of_what_is_stored(coming: Plan, chair: User, signed_in: SignedIn) -> None:
    meeting = coming()
    response = signed_in(chair).post(reverse("meetings:edit", args=[meeting.slug]), filled(title="Typed", end="09:00"))
    text = response.content.decode()
    assert ('<h1 class="h1-s">Ninth meeting</h1>' in text, 'value="Typed"' in text) == (True, True)


@pytest.mark.parametrize("verb", ["cancel", "postpone"])
def test_calling_off_asks_first_and_needs_a_reason(coming: Plan, chair: User, signed_in: SignedIn, verb: str) -> None:
    meeting, client = coming(), signed_in(chair)
    address = reverse(f"meetings:{verb}", args=[meeting.slug])
    assert client.get(address).status_code == 200
    assert list(client.post(address, {"reason": " "}).context["form"].errors) == ["reason"]
    meeting.refresh_from_db()
    assert meeting.state == "scheduled"
    assert client.post(address, {"reason": "A strike."})["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.reason) == ({"cancel": "cancelled", "postpone": "postponed"}[verb], "A strike.")
    assert client.get(reverse("meetings:postpone", args=[meeting.slug])).status_code == 403


@pytest.mark.parametrize("name", ["edit", "cancel", "postpone"])
def test_planning_is_for_leaders_and_the_secretariat(
    coming: Plan, club: WorkingGroup, anna: User, signed_in: SignedIn, name: str
) -> None:
    meeting = coming()
    address = reverse(f"meetings:{name}", args=[meeting.slug])
    readers = {
        "member": anna,
        "rapporteur": member(club, role="rapporteur"),
        "stranger": user(),
        "office": secretariat(),
    }
    statuses = {who: signed_in(reader).get(address).status_code for who, reader in readers.items()}
    assert statuses == {"member": 403, "rapporteur": 403, "stranger": 404, "office": 200}
    assert "/accounts/login/" in Client().get(address)["Location"]
    sent = filled(reason="Because.")
    assert [signed_in(readers[who]).post(address, sent).status_code for who in ("member", "stranger")] == [403, 404]
    assert Meeting.objects.get().changed_at == meeting.changed_at


def test_one_schedules_for_the_groups_one_leads(chair: User, anna: User, signed_in: SignedIn) -> None:
    other = group(slug="other", name="The others")
    address = reverse("meetings:new")
    shown = [str(label) for _, label in signed_in(chair).get(address).context["form"].fields["group"].choices]
    assert shown == ["The club"]
    assert "group" in signed_in(chair).post(address, filled(group=other.slug)).context["form"].errors
    assert [signed_in(p).get(address).status_code for p in (anna, user(), secretariat())] == [403, 404, 200]
    assert Client().get(address).status_code == 302


def test_the_list_is_narrowed_also_after_somebody_described_its_filter(coming: Plan) -> None:
    """The API's description asks the class for its fields before any list has given them choices."""
    coming(title="To come")
    assert MeetingFilter.base_filters["group"].field is not None
    group(slug="other", name="The others")
    narrowed = Client().get(reverse("meetings:list"), {"group": "other"}).content.decode()
    assert ">To come</a>" not in narrowed
