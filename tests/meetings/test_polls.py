"""Date polls: from the question to the invitation, and every way to end without one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions, letters, poll_letters, timeline
from meetings.actions import Slot, minutes
from meetings.errors import InThePast, NotInvited, PollClosed, WrongState
from meetings.models import DatePoll, Meeting
from notices import mail
from notices.letters import letter_of
from notices.models import Notice
from people.models import User
from tests.factories import group, member, region, secretariat, user
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
FIRST = dt.datetime(2027, 7, 6, 8, tzinfo=dt.UTC)  # a Tuesday in July, 10:00 in Brussels
SLOTS = [Slot(FIRST + n * DAY, FIRST + n * DAY + 2 * HOUR) for n in range(3)]
ASKED = FIRST - 60 * DAY
CLOSES = FIRST - 40 * DAY
KINDS = {"poll": "meetings.date_poll", "reminder": "meetings.date_poll_open", "free": "meetings.dates_released"}


@pytest.fixture
def meeting(club: WorkingGroup) -> Meeting:
    return actions.draft(group=club, by=None, title="Summer", mode="in_person", place="Brussels", now=ASKED)


def ask(meeting: Meeting, *, now: dt.datetime = ASKED, **values: Any) -> DatePoll:
    details: dict[str, Any] = {"slots": SLOTS, "closes_at": CLOSES, "by": None}
    return actions.open_poll(meeting=meeting, now=now, **(details | values))


def say(poll: DatePoll, person: User, *answers: str | None, now: dt.datetime = ASKED + DAY) -> int:
    slots = poll.slots.order_by("starts_at").values_list("pk", flat=True)
    return actions.answer_poll(poll=poll, by=person, answers=dict(zip(slots, answers, strict=False)), now=now)


def sent(kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=KINDS[kind]).order_by("recipient__email")
    return [str(email).partition("@")[0] for email in rows.values_list("recipient__email", flat=True)]


def deliver(**filters: Any) -> None:
    """Mark letters as sent, without a mail server."""
    Notice.objects.filter(state="due", **filters).update(state="sent", sent_at=timezone.now())


def postponed(plan: Callable[..., Meeting]) -> Meeting:
    """A meeting of which everybody has heard that it has lost its date."""
    meeting = plan(now=ASKED, starts_at=FIRST + 9 * DAY, ends_at=FIRST + 9 * DAY + HOUR)
    deliver()
    actions.postpone(meeting=meeting, by=None, reason="A strike.", now=ASKED + HOUR)
    deliver()
    return meeting


def test_asking_makes_a_draft_a_meeting_whose_date_is_to_be_found(meeting: Meeting, anna: User, eleni: User) -> None:
    poll = ask(meeting)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, poll.state, poll.slots.count()) == ("polling", None, "open", 3)
    assert (sent("poll"), anna.attendances.count(), eleni.attendances.count()) == (["anna", "eleni"], 0, 0)
    with pytest.raises(WrongState, match="is open"):
        ask(meeting)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"slots": SLOTS[:1]}, WrongState),
        ({"slots": [SLOTS[0], SLOTS[0]]}, WrongState),
        ({"slots": [Slot(FIRST + n * DAY, FIRST + n * DAY + HOUR) for n in range(21)]}, WrongState),
        ({"closes_at": ASKED}, InThePast),
        ({"closes_at": FIRST}, InThePast),
    ],
)
def test_a_question_without_sense_is_refused(meeting: Meeting, values: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(meeting, **values)
    meeting.refresh_from_db()
    assert (meeting.state, DatePoll.objects.count(), Notice.objects.count()) == ("draft", 0, 0)


def test_a_member_answers_changes_and_takes_back_until_the_deadline(meeting: Meeting, anna: User) -> None:
    poll = ask(meeting)
    assert [say(poll, anna, "yes", "no"), say(poll, anna, "if_needed", None, "no")] == [2, 2]
    given = [(a.slot.starts_at, a.answer) for s in poll.slots.order_by("starts_at") for a in s.answers.all()]
    assert given == [(SLOTS[0].starts_at, "if_needed"), (SLOTS[2].starts_at, "no")]
    with pytest.raises(PollClosed):
        say(poll, anna, "yes", now=CLOSES)
    with pytest.raises(NotInvited):
        say(poll, user(), "yes")


def test_choosing_schedules_invites_and_prefills_the_replies(
    meeting: Meeting, club: WorkingGroup, anna: User, eleni: User
) -> None:
    bela, silent = member(club, email="bela@example.org"), member(club, email="silent@example.org")
    poll = ask(meeting)
    for person, answers in ((anna, ("no", "yes")), (eleni, ("yes", "if_needed")), (bela, ("yes", "no"))):
        say(poll, person, *answers)
    chosen = poll.slots.order_by("starts_at")[1]
    scheduled = actions.choose_date(slot=chosen, by=None, now=CLOSES)
    poll.refresh_from_db()
    assert (scheduled.state, scheduled.starts_at, poll.state, poll.chosen) == (
        "scheduled",
        SLOTS[1].starts_at,
        "decided",
        chosen,
    )
    replies = {a.user: a.reply for a in scheduled.attendees.select_related("user").order_by("pk")}
    assert replies == {anna: "yes", eleni: "maybe", bela: "no", silent: "none"}
    assert Notice.objects.filter(kind="meetings.invitation").count() == 4
    with pytest.raises(WrongState):
        actions.choose_date(slot=chosen, by=None, now=CLOSES)


def test_the_page_of_the_meeting_lists_the_letters_of_its_polls_and_minutes(
    meeting: Meeting, anna: User, chair: User
) -> None:
    withdrawn = ask(meeting)
    deliver()
    actions.withdraw_poll(poll=withdrawn, by=None, now=ASKED + HOUR)
    poll = ask(meeting, now=ASKED + 2 * HOUR)
    deliver()
    say(poll, anna, "yes", now=ASKED + 2 * HOUR)
    actions.remind_polls(now=CLOSES - DAY)
    held = actions.choose_date(slot=poll.slots.earliest("starts_at"), by=None, now=CLOSES)
    text = minutes.write_minutes(meeting=held, by=chair, wording=minutes.Wording("All came."), edit=0, now=CLOSES)
    minutes.circulate(minutes=text, by=chair, now=CLOSES + HOUR)
    assert [(str(line.title), line.counts) for line in timeline.gone(held)] == [
        ("Date poll: which dates suit", [("sent", 2)]),
        ("Date poll: the dates are free again", [("sent", 2)]),
        ("Date poll: which dates suit", [("sent", 2)]),
        ("Date poll: your answer is missing", [("not sent", 1)]),
        ("Invitation", [("due", 2)]),
        ("Minutes: please comment", [("due", 1)]),
    ]


def test_the_invitation_after_a_poll_says_where_the_answer_comes_from(
    meeting: Meeting, anna: User, eleni: User
) -> None:
    poll = ask(meeting)
    say(poll, anna, "if_needed")
    actions.choose_date(slot=poll.slots.earliest("starts_at"), by=None, now=CLOSES)
    told = {}
    for person in (anna, eleni):
        invitation = Notice.objects.get(kind="meetings.invitation", recipient=person)
        assert letters.about(invitation)
        told[person] = str(mail.written(invitation).body)
    words = "Your answer comes from the date poll: Maybe. If it still holds, there is nothing for you to do. Change it"
    assert (words in told[anna], "?answer=yes" in told[anna], "date poll" in told[eleni]) == (True, True, False)
    actions.reply(meeting=Meeting.objects.get(), by=anna, reply="yes", now=CLOSES + HOUR)
    invitation = Notice.objects.get(kind="meetings.invitation", recipient=anna)
    assert letters.about(invitation)
    assert "Your answer so far: Yes." in mail.written(invitation).body


def test_few_seats_go_to_those_who_answered_first(meeting: Meeting, anna: User, eleni: User) -> None:
    meeting = actions.edit(meeting=meeting, by=None, capacity=1, now=ASKED)
    poll = ask(meeting)
    say(poll, eleni, "yes", "yes", now=ASKED + HOUR)
    say(poll, anna, "yes", "yes", now=ASKED + 2 * HOUR)
    scheduled = actions.choose_date(slot=poll.slots.order_by("starts_at")[0], by=None, now=CLOSES)
    waiting = {a.user: a.waiting_since is not None for a in scheduled.attendees.select_related("user").order_by("pk")}
    assert waiting == {eleni: False, anna: True}


def test_a_date_that_has_passed_cannot_be_chosen(meeting: Meeting, anna: User) -> None:
    poll = ask(meeting)
    say(poll, anna, "yes")
    with pytest.raises(InThePast):
        actions.choose_date(slot=poll.slots.order_by("starts_at")[0], by=None, now=FIRST + HOUR)
    poll.refresh_from_db()
    meeting.refresh_from_db()
    assert (poll.state, meeting.state, meeting.starts_at) == ("open", "polling", None)


@pytest.mark.usefixtures("anna")
def test_those_without_an_answer_are_asked_once_more_and_newcomers_for_the_first_time(
    meeting: Meeting, club: WorkingGroup, eleni: User
) -> None:
    poll = ask(meeting)
    deliver()
    say(poll, eleni, "no", "no", "no")
    member(club, email="late@example.org")
    before, due = CLOSES - 2 * DAY - HOUR, CLOSES - 2 * DAY
    assert [actions.remind_polls(now=now) for now in (before, due, due + HOUR, CLOSES)] == [0, 2, 0, 0]
    assert (sent("reminder"), sent("poll")) == (["anna"], ["anna", "eleni", "late"])
    deliver(kind=KINDS["poll"])
    assert actions.remind_polls(now=due + 2 * HOUR) == 0  # who has just been asked is not pressed


def test_a_short_poll_reminds_half_way(meeting: Meeting, anna: User) -> None:
    ask(meeting, closes_at=ASKED + 2 * HOUR)
    deliver()
    assert [actions.remind_polls(now=ASKED + n * HOUR) for n in (0, 1, 2)] == [0, 1, 0]
    assert sent("reminder") == [anna.email.partition("@")[0]]


def test_letters_look_at_the_world_again(meeting: Meeting, anna: User, eleni: User) -> None:
    poll = ask(meeting)
    first = Notice.objects.get(recipient=anna)
    assert poll_letters.unwanted(first, ASKED) == ""
    anna.memberships.update(status="ended", ended_on=ASKED.date())
    assert poll_letters.unwanted(first, ASKED) == "no longer a member"
    reminder = Notice.objects.get(recipient=eleni)
    assert poll_letters.unwanted_reminder(reminder, ASKED) == ""
    say(poll, eleni, "no")
    assert poll_letters.unwanted_reminder(reminder, ASKED) == "answered meanwhile"
    actions.withdraw_poll(poll=poll, by=None, now=ASKED + DAY)
    assert poll_letters.unwanted(reminder, ASKED) == "withdrawn"


@pytest.mark.usefixtures("anna")
def test_the_letter_names_the_dates_on_both_clocks_and_holds_them_on_wish(meeting: Meeting, eleni: User) -> None:
    poll = ask(meeting, hold_dates=True)
    notice = Notice.objects.get(recipient=eleni)
    assert poll_letters.unwanted(notice, ASKED) == ""
    letter = mail.written(notice)
    assert letter.subject == "Which date suits you? Summer (The club)"
    assert "Tuesday 6 July 2027, 10:00–12:00, Brussels time (CEST, UTC+02:00)" in letter.body
    assert "Your time: 11:00–13:00, Athens time (EEST, UTC+03:00)" in letter.body
    [entries] = [str(content) for content, kind in letter.alternatives if str(kind).startswith("text/calendar")]
    counts = [entries.count(line) for line in ("METHOD:PUBLISH", "STATUS:TENTATIVE", "DTSTART:20270706T080000Z")]
    assert counts == [1, 3, 1]
    deliver()
    actions.choose_date(slot=poll.slots.order_by("starts_at")[0], by=None, now=CLOSES)
    free = Notice.objects.get(kind=KINDS["free"], recipient=eleni)
    assert poll_letters.unwanted_release(free, CLOSES) == ""
    released = mail.written(free)
    assert ("6 July" in released.body, "7 July" in released.body) == (False, True)
    [cancelled] = [str(content) for content, kind in released.alternatives if str(kind).startswith("text/calendar")]
    assert [cancelled.count(line) for line in ("STATUS:CANCELLED", "SEQUENCE:1")] == [3, 3]


@pytest.mark.usefixtures("anna")
def test_without_held_dates_the_invitation_is_the_only_letter_of_a_choice(meeting: Meeting) -> None:
    poll = ask(meeting)
    deliver()
    actions.choose_date(slot=poll.slots.order_by("starts_at")[0], by=None, now=CLOSES)
    assert sent("free") == []
    invitation = Notice.objects.get(kind="meetings.invitation")
    assert letters.unwanted(invitation, CLOSES) == ""


@pytest.mark.parametrize("how", ["withdraw", "announce"])
def test_a_poll_that_ends_without_a_date_says_so_to_those_who_were_asked(
    meeting: Meeting, anna: User, how: str
) -> None:
    poll = ask(meeting)
    deliver()
    if how == "withdraw":
        actions.withdraw_poll(poll=poll, by=None, now=CLOSES)
    else:
        actions.edit(meeting=meeting, by=None, starts_at=FIRST, ends_at=FIRST + HOUR, now=CLOSES)
        actions.announce(meeting=meeting, by=None, now=CLOSES)
    poll.refresh_from_db()
    assert (poll.state, poll.chosen, sent("free")) == ("withdrawn", None, [anna.email.partition("@")[0]])


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("held", [False, True])
def test_who_was_asked_for_a_date_hears_that_the_meeting_is_cancelled_and_why(
    meeting: Meeting, anna: User, *, held: bool, withdrawn: bool
) -> None:
    poll = ask(meeting, hold_dates=held)
    deliver()
    member(meeting.group, email="late@example.org")  # was asked by nobody
    if withdrawn:
        actions.withdraw_poll(poll=poll, by=None, now=ASKED + DAY)
    actions.cancel(meeting=meeting, by=None, reason="Nobody has time.", now=CLOSES)
    notice = Notice.objects.get(kind="meetings.called_off")
    assert (notice.recipient, letter_of(notice.kind).unwanted(notice, CLOSES)) == (anna, "")
    assert "Reason: Nobody has time." in mail.written(notice).body
    assert sent("free") == ["anna"] * (held or withdrawn)


def test_a_cancelled_series_says_so_once_to_those_who_are_asked_for_one_of_its_dates(
    club: WorkingGroup, anna: User
) -> None:
    plan = actions.Plan(group=club, title="Twice", pattern="twice a year")
    series = actions.plan_series(plan=plan, slots=SLOTS[:2], by=None, invite=False, now=ASKED)
    sought = series.meetings.get(starts_at=FIRST)
    ask(sought, slots=[Slot(slot.starts_at + 9 * DAY, slot.ends_at + 9 * DAY) for slot in SLOTS])
    deliver()
    off = actions.cancel_series(meeting=sought, scope="all", by=None, reason="No money.", now=CLOSES)
    [notice] = Notice.objects.filter(state="due")
    assert (notice.kind, notice.recipient, len(off)) == ("meetings.series", anna, 2)
    assert list(notice.payload["meetings"]) == [str(sought.pk)]
    assert "Reason: No money." in mail.written(notice).body


def test_who_was_not_asked_yet_hears_nothing_of_a_withdrawn_poll(meeting: Meeting, anna: User) -> None:
    poll = ask(meeting)
    actions.withdraw_poll(poll=poll, by=None, now=ASKED)
    assert list(anna.notices.values_list("kind", "state", "reason")) == [("meetings.date_poll", "skipped", "withdrawn")]


def test_a_postponed_meeting_is_asked_about_and_comes_back_in_everybody_s_calendar(
    plan: Callable[..., Meeting], anna: User
) -> None:
    meeting = postponed(plan)
    poll = ask(meeting, now=ASKED + DAY)
    say(poll, anna, "yes", now=ASKED + 2 * DAY)
    again = actions.choose_date(slot=poll.slots.order_by("starts_at")[0], by=None, now=CLOSES)
    assert (again.state, again.reason, again.sequence, again.schedule_revision) == ("scheduled", "", 2, 1)
    assert again.uid == meeting.uid
    newest = anna.notices.order_by("-pk").first()
    assert newest is not None
    assert (newest.kind, newest.payload["moved"]) == ("meetings.update", True)
    assert again.attendees.get(user=anna).reply == "yes"


def test_who_waits_for_another_date_hears_that_there_is_none_after_a_withdrawn_poll_too(
    plan: Callable[..., Meeting], anna: User
) -> None:
    meeting = postponed(plan)
    actions.withdraw_poll(poll=ask(meeting, now=ASKED + DAY), by=None, now=ASKED + 2 * DAY)
    actions.cancel(meeting=meeting, by=None, reason="Nobody has time.", now=CLOSES)
    newest = anna.notices.filter(state="due").get()
    assert (newest.kind, newest.payload["state"], newest.expires_at) == ("meetings.called_off", "cancelled", None)
    assert letter_of(newest.kind).unwanted(newest, CLOSES) == ""
    assert "Nobody has time." in mail.written(newest).body


# -- pages -----------------------------------------------------------------------------------------------------------
def proposed(**values: str) -> dict[str, str]:
    form = {
        "timezone": "Europe/Brussels",
        "closes_at": "2099-06-01T18:00",
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "do": "ask",
    }
    for n, day in enumerate(("2099-07-06", "2099-07-07")):
        form |= {f"form-{n}-date": day, f"form-{n}-start": "10:00", f"form-{n}-end": "12:00"}
    return form | values


def test_a_leader_asks_and_members_answer_in_the_browser(
    meeting: Meeting, anna: User, chair: User, signed_in: SignedIn
) -> None:
    new, address = (reverse(f"meetings:{name}", args=[meeting.slug]) for name in ("poll_new", "poll"))
    assert signed_in(chair).get(new).status_code == 200
    assert signed_in(chair).post(new, proposed())["Location"] == address
    poll = DatePoll.objects.get()
    first, second = poll.slots.order_by("starts_at")
    assert first.starts_at == dt.datetime(2099, 7, 6, 8, tzinfo=dt.UTC)
    client = signed_in(anna)
    assert "Tuesday" not in client.get(address).content.decode()[:200]
    nothing = client.post(address, {})
    assert (nothing.status_code, bool(nothing.context["form"].errors)) == (200, True)
    sent_off = client.post(address, {f"slot_{first.pk}": "yes", f"slot_{second.pk}": "if_needed"})
    assert sent_off["Location"] == address
    assert client.post(address, {f"slot_{first.pk}": "perhaps"}).status_code == 200
    text = client.get(address).content.decode()
    assert ("Change my answers" in text, "Choose this date" in text) == (True, False)
    assert " (Europe/Brussels)." in text
    planner = signed_in(chair).get(address).content.decode()
    assert planner.count("Choose this date") == 2
    choose = reverse("meetings:poll_choose", args=[meeting.slug, first.pk])
    assert signed_in(chair).get(choose).status_code == 200
    assert signed_in(chair).post(choose)["Location"] == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.attendees.get(user=anna).reply) == ("scheduled", "yes")
    late = client.post(address, {f"slot_{first.pk}": "no"})
    assert (late.status_code, "takes no answers any more" in late.content.decode()) == (409, True)


def test_who_edits_a_meeting_without_a_date_finds_the_way_to_a_poll(
    meeting: Meeting, chair: User, signed_in: SignedIn
) -> None:
    edit, new = (reverse(f"meetings:{name}", args=[meeting.slug]) for name in ("edit", "poll_new"))
    client = signed_in(chair)
    assert new in client.get(edit).content.decode()
    ask(meeting)
    assert new not in client.get(edit).content.decode()


WRONG: list[dict[str, str]] = [
    {"closes_at": "2020-01-01T10:00"},
    {"closes_at": "2099-07-06T11:00"},
    {"timezone": "Europe/Atlantis"},
    {"form-0-end": "09:00"},
    {"form-0-end": ""},
    {"form-0-date": "tomorrow"},
    {"form-1-date": "2099-07-06"},
    {"form-1-date": "", "form-1-start": "", "form-1-end": ""},
    {"form-TOTAL_FORMS": "99999"},
    {"form-TOTAL_FORMS": "x"},
    {"closes_at": ""},
]


def test_a_wrong_proposal_comes_back_with_what_was_typed(meeting: Meeting, chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:poll_new", args=[meeting.slug])
    for wrong in WRONG:
        answer = client.post(address, proposed(**wrong))
        assert (answer.status_code, DatePoll.objects.count()) == (200, 0), wrong
        assert ('value="12:00"' in answer.content.decode()) or "form-TOTAL_FORMS" in wrong, wrong


def test_more_rows_keep_what_was_typed(meeting: Meeting, chair: User, signed_in: SignedIn) -> None:
    answer = signed_in(chair).post(reverse("meetings:poll_new", args=[meeting.slug]), proposed(do="more"))
    text = answer.content.decode()
    assert (text.count("<legend>Date "), 'value="2099-07-07"' in text, 'value="2099-06-01T18:00"' in text) == (
        7,
        True,
        True,
    )


def test_a_poll_is_the_group_s(meeting: Meeting, anna: User, chair: User, signed_in: SignedIn) -> None:
    poll = ask(meeting, now=timezone.now(), slots=_ahead(), closes_at=timezone.now() + DAY)
    address = reverse("meetings:poll", args=[meeting.slug])
    readers = (user(), anna, chair)
    assert [signed_in(reader).get(address).status_code for reader in readers] == [404, 200, 200]
    names = [("poll_new", []), ("poll_withdraw", []), ("poll_choose", [poll.slots.order_by("pk")[0].pk])]
    for name, more in names:
        target = reverse(f"meetings:{name}", args=[meeting.slug, *more])
        assert [signed_in(reader).post(target).status_code for reader in readers[:2]] == [404, 403], name
    dates = signed_in(anna).get(reverse("meetings:poll_dates", args=[meeting.slug]))
    assert dates.content.count(b"STATUS:TENTATIVE") == 3
    assert signed_in(chair).post(reverse("meetings:poll_withdraw", args=[meeting.slug])).status_code == 302
    poll.refresh_from_db()
    assert poll.state == "withdrawn"


def _ahead() -> list[Slot]:
    start = timezone.now() + 9 * DAY
    return [Slot(start + n * DAY, start + n * DAY + HOUR) for n in range(3)]


@pytest.mark.parametrize("dates", [2, 4])
def test_the_page_of_a_poll_takes_a_fixed_number_of_queries_for_a_member(
    meeting: Meeting, anna: User, dates: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    start = timezone.now() + 9 * DAY
    slots = [Slot(start + n * DAY, start + n * DAY + HOUR) for n in range(dates)]
    poll = ask(meeting, now=timezone.now(), slots=slots, closes_at=timezone.now() + DAY)
    say(poll, anna, *["yes"] * dates, now=timezone.now())
    client = signed_in(anna)
    with django_assert_num_queries(9):
        assert client.get(reverse("meetings:poll", args=[meeting.slug])).status_code == 200


def test_the_planner_sees_who_is_covered_which_date_is_best_and_what_speaks_against_it(
    meeting: Meeting, club: WorkingGroup, chair: User, signed_in: SignedIn
) -> None:
    lithuania = region("LT", name="Lithuania")
    vilnius = member(club, helix="business", region=lithuania, display_name="Rūta Pavyzdys")
    poll = ask(meeting)  # 6 July is Statehood Day in Lithuania
    say(poll, vilnius, "no", "yes")
    say(poll, chair, "yes", "if_needed")
    other = actions.schedule(
        group=group(name="The others"), by=None, title="Rival", starts_at=FIRST, ends_at=FIRST + HOUR, now=ASKED
    )
    member(other.group, person=vilnius)
    text = signed_in(chair).get(reverse("meetings:poll", args=[meeting.slug])).content.decode()
    assert "2 sides of the helix could come; to the next best date 1." in text
    assert "6 July is a public holiday in Lithuania (Statehood Day), where 1 member lives." in text
    assert "At the same time: “Rival” (The others). 1 member belongs to both: Rūta Pavyzdys." in text


def test_the_catalogue_shows_each_letter_of_a_poll_and_of_a_series(
    meeting: Meeting, club: WorkingGroup, signed_in: SignedIn
) -> None:
    ask(meeting, hold_dates=True)
    days = [Slot(FIRST + n * DAY, FIRST + n * DAY + HOUR) for n in range(2)]
    actions.plan_series(
        plan=actions.Plan(club, "Often", "FREQ=DAILY;COUNT=2"), slots=days, by=None, invite=True, now=ASKED
    )
    office = signed_in(secretariat())
    for kind in (*KINDS.values(), "meetings.series"):
        page = office.get(reverse("notices:specimen", args=[kind])).content.decode()
        assert "Tuesday 6 July 2027" in page, kind
