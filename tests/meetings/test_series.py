"""Series: dates from a pattern, rows that are free to move, and one letter for one edit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings import actions, series_letters
from meetings.actions import Plan, Shift, Slot
from meetings.errors import InThePast, ReasonMissing, WrongState
from meetings.models import Meeting, Series
from meetings.recurrence import LAST, MONTHS, NTH, SAME, WEEKS, YEARS, Pattern, dates, fits, rule
from meetings.timeline import gone
from notices import mail
from notices.letters import letter_of
from notices.models import Notice
from people.models import User
from tests.at_once import behind
from tests.factories import member, user
from tests.sent import untouched
from workinggroups.models import WorkingGroup

SignedIn = Callable[[Any], Client]
NOW = dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC)
FIRST = dt.date(2027, 3, 9)  # the second Tuesday, before the clocks go forward


# -- the pattern -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "pattern", "text", "expected"),
    [
        (FIRST, Pattern(6, MONTHS, NTH, 6), "FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU;COUNT=6",
         "2027-03-09 2027-09-14 2028-03-14 2028-09-12 2029-03-13 2029-09-11"),
        (dt.date(2027, 3, 30), Pattern(1, MONTHS, NTH, 3), "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1TU;COUNT=3",
         "2027-03-30 2027-04-27 2027-05-25"),
        (dt.date(2027, 3, 30), Pattern(1, YEARS, LAST, 2), "FREQ=MONTHLY;INTERVAL=12;BYDAY=-1TU;COUNT=2",
         "2027-03-30 2028-03-28"),
        (dt.date(2027, 1, 31), Pattern(1, MONTHS, SAME, 3),
         "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=3",
         "2027-01-31 2027-02-28 2027-03-31"),
        (FIRST, Pattern(3, MONTHS, SAME, 2), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=9;COUNT=2", "2027-03-09 2027-06-09"),
        (FIRST, Pattern(2, WEEKS, NTH, 3), "FREQ=WEEKLY;INTERVAL=2;COUNT=3", "2027-03-09 2027-03-23 2027-04-06"),
    ],
)  # fmt: skip
def test_a_pattern_gives_its_dates(first: dt.date, pattern: Pattern, text: str, expected: str) -> None:
    assert rule(first, pattern) == text
    assert [day.isoformat() for day in dates(first, text)] == expected.split()


def test_the_last_tuesday_does_not_begin_on_the_ninth() -> None:
    assert (fits(FIRST, Pattern(1, MONTHS, LAST, 2)), fits(FIRST, Pattern(1, MONTHS, NTH, 2))) == (False, True)


# -- the rows --------------------------------------------------------------------------------------------------------
def slots(*days: str) -> list[Slot]:
    """From 10:00 to 12:00 in Brussels, in winter and summer."""
    made = []
    for day in days:
        starts = dt.datetime.fromisoformat(f"{day}T10:00")
        summer = 3 < starts.month < 11
        starts = starts.replace(tzinfo=dt.timezone(dt.timedelta(hours=2 if summer else 1)))
        made.append(Slot(starts, starts + dt.timedelta(hours=2)))
    return made


@pytest.fixture
def three(club: WorkingGroup, anna: User, eleni: User) -> list[Meeting]:
    assert {anna, eleni}
    plan = Plan(club, "Half-yearly", "FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU;COUNT=3")
    days = slots("2027-03-09", "2027-09-14", "2028-03-14")
    series = actions.plan_series(plan=plan, slots=days, by=None, invite=True, now=NOW, place="Brussels", mode="hybrid")
    return list(series.meetings.order_by("starts_at"))


def letters() -> list[tuple[str, str, int]]:
    rows = Notice.objects.filter(kind="meetings.series").order_by("pk").select_related("recipient")
    return [(str(n.recipient), n.payload["deed"], len(n.payload["meetings"])) for n in rows]


def deliver() -> None:
    Notice.objects.filter(state="due").update(state="sent", sent_at=NOW)


@pytest.mark.django_db
def test_this_and_later_of_a_meeting_without_a_date_follows_the_order_of_the_series(
    club: WorkingGroup, chair: User, signed_in: SignedIn
) -> None:
    plan = Plan(club, "Half-yearly", "FREQ=MONTHLY;COUNT=4")
    days = slots("2027-03-09", "2027-09-14", "2028-03-14", "2028-09-12")
    series = actions.plan_series(plan=plan, slots=days, by=None, invite=False, now=NOW)
    first, second, third, fourth = series.meetings.order_by("pk")
    actions.edit(meeting=second, by=None, starts_at=None, ends_at=None, now=NOW)
    second.refresh_from_db()
    assert set(actions.in_scope(second, "later", NOW)) == {second, third, fourth}
    assert set(actions.in_scope(first, "later", NOW)) == {first, second, third, fourth}
    assert set(actions.in_scope(third, "later", NOW)) == {third, fourth}  # the one without a date stands before it
    client, address = signed_in(chair), reverse("meetings:series_edit", args=[second.slug])
    assert "This meeting has no date yet" in client.get(address).content.decode()
    sent = untouched(client, address)
    assert sorted({"date", "start", "end"} & set(sent)) == []
    assert client.post(address, sent | {"scope": "later", "title": "Renamed"}).status_code == 302
    titles = series.meetings.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Half-yearly", "Renamed", "Renamed", "Renamed"]


@pytest.mark.django_db
def test_each_date_becomes_a_meeting_and_each_member_gets_one_letter(three: list[Meeting], eleni: User) -> None:
    assert [(m.state, m.slug, m.local_start and m.local_start.hour) for m in three] == [
        ("scheduled", "half-yearly-2027-03-09", 10),
        ("scheduled", "half-yearly-2027-09-14", 10),
        ("scheduled", "half-yearly-2028-03-14", 10),
    ]
    assert letters() == [("Anna Példa", "planned", 3), ("Ελένη Παράδειγμα", "planned", 3)]
    assert [m.attendees.count() for m in three] == [2, 2, 2]
    assert Notice.objects.exclude(kind="meetings.series").count() == 0
    notice = Notice.objects.get(recipient=eleni)
    assert series_letters.unwanted(notice, NOW) == ""
    letter = mail.written(notice)
    assert letter.subject == "Invitation: Half-yearly, 3 dates"
    assert "Tuesday 14 September 2027, 10:00–12:00, Brussels time (CEST, UTC+02:00)" in letter.body
    assert "Your time: 11:00–13:00" in letter.body
    entries = [str(content) for content, kind in letter.alternatives if str(kind).startswith("text/calendar")]
    assert [(e.count("BEGIN:VEVENT"), e.count("ATTENDEE"), "METHOD:REQUEST" in e) for e in entries] == [
        (1, 1, True)
    ] * 3
    assert actions.remind(now=NOW) == 0  # nobody is invited a second time


@pytest.mark.django_db
def test_the_page_of_each_meeting_lists_the_letters_of_the_series(three: list[Meeting]) -> None:
    actions.cancel_series(meeting=three[2], scope="this", by=None, reason="No.", now=NOW)
    told = [[(str(line.title), len(line.letters)) for line in gone(meeting)] for meeting in three]
    assert told == [[("Meetings of a series: planned, changed or cancelled", 2)]] * 3


@pytest.mark.django_db
def test_drafts_are_told_to_nobody(club: WorkingGroup, anna: User) -> None:
    plan = Plan(club, "Half-yearly", "FREQ=WEEKLY;COUNT=2")
    series = actions.plan_series(plan=plan, slots=slots("2027-03-09", "2027-03-16"), by=None, invite=False, now=NOW)
    assert set(series.meetings.values_list("state", flat=True)) == {"draft"}
    assert (Notice.objects.count(), anna.attendances.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "error"), [(["2027-03-09"], WrongState), (["2026-03-09", "2027-03-09"], InThePast)])
def test_a_series_that_makes_no_sense_leaves_nothing(
    club: WorkingGroup, days: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.plan_series(plan=Plan(club, "T", "FREQ=WEEKLY"), slots=slots(*days), by=None, invite=True, now=NOW)
    assert (Series.objects.count(), Meeting.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("scope", "moved"), [("this", 1), ("later", 2), ("all", 3)])
def test_an_edit_reaches_its_scope_and_sends_one_letter_to_each(three: list[Meeting], scope: str, moved: int) -> None:
    deliver()
    middle = three[1]
    changed = actions.edit_series(
        meeting=middle, scope=scope, by=None, shift=Shift(days=1, start=dt.time(9)), now=NOW, title="Yearly"
    )
    assert len(changed) == moved
    assert letters()[2:] == [(name, "changed", moved) for name in ("Anna Példa", "Ελένη Παράδειγμα")]
    rows = {m.pk: m for m in Meeting.objects.order_by("starts_at")}
    for meeting in changed:
        local, before = rows[meeting.pk].local_start, next(m for m in three if m.pk == meeting.pk).local_start
        assert local is not None
        assert before is not None
        assert (local.hour, (local.date() - before.date()).days) == (9, 1)
        assert (rows[meeting.pk].sequence, rows[meeting.pk].schedule_revision, rows[meeting.pk].title) == (
            1,
            1,
            "Yearly",
        )
    assert Notice.objects.exclude(kind="meetings.series").count() == 0
    news = Notice.objects.filter(payload__deed="changed").order_by("pk")[0]
    assert series_letters.unwanted(news, NOW) == ""
    assert mail.written(news).body.count("Until now it was: ") == moved


@pytest.mark.django_db
def test_a_typo_in_the_title_of_all_sends_no_letter(three: list[Meeting]) -> None:
    actions.edit_series(meeting=three[0], scope="all", by=None, now=NOW, title="Half-yearly meeting")
    assert len(letters()) == 2
    assert set(Meeting.objects.values_list("title", "sequence")) == {("Half-yearly meeting", 0)}


@pytest.mark.django_db
def test_a_row_that_moved_alone_keeps_its_day_and_what_is_over_stays(three: list[Meeting]) -> None:
    starts, ends = three[1].starts_at, three[1].ends_at
    assert starts
    assert ends
    later = dt.timedelta(days=2)
    actions.edit(meeting=three[1], by=None, starts_at=starts + later, ends_at=ends + later, now=NOW)
    actions.cancel(meeting=three[2], by=None, reason="No.", now=NOW)
    changed = actions.edit_series(meeting=three[0], scope="all", by=None, now=NOW, place="Malta")
    assert [(m.slug, m.place, m.sort_day and m.sort_day.isoformat()) for m in changed] == [
        ("half-yearly-2027-03-09", "Malta", "2027-03-09"),
        ("half-yearly-2027-09-14", "Malta", "2027-09-16"),
    ]


@pytest.mark.django_db
def test_a_new_time_skips_what_waited_and_asks_anew(three: list[Meeting], anna: User) -> None:
    actions.edit_series(meeting=three[0], scope="all", by=None, shift=Shift(start=dt.time(9)), now=NOW)
    first = Notice.objects.filter(recipient=anna).order_by("pk")[0]
    assert series_letters.unwanted(first, NOW) == "changed meanwhile"
    assert {a.asked_at for a in anna.attendances.all()} == {NOW}


@pytest.mark.django_db
def test_who_heard_of_the_series_hears_of_a_change_of_one(three: list[Meeting], club: WorkingGroup) -> None:
    deliver()
    member(club, email="late@example.org")
    actions.edit(meeting=three[1], by=None, place="Malta", now=NOW)
    updates = Notice.objects.filter(kind="meetings.update").values_list("recipient__email", flat=True)
    assert set(updates) == {"anna@example.org", "eleni@example.org"}


@pytest.mark.django_db
def test_cancelling_many_tells_those_who_heard_in_one_letter(three: list[Meeting], club: WorkingGroup) -> None:
    with pytest.raises(ReasonMissing):
        actions.cancel_series(meeting=three[0], scope="all", by=None, reason=" ", now=NOW)
    deliver()
    late = member(club, email="late@example.org")
    off = actions.cancel_series(meeting=three[1], scope="later", by=None, reason="The mandate ends.", now=NOW)
    assert [m.state for m in Meeting.objects.order_by("starts_at")] == ["scheduled", "cancelled", "cancelled"]
    assert letters()[2:] == [(name, "cancelled", 2) for name in ("Anna Példa", "Ελένη Παράδειγμα")]
    assert not late.notices.exists()
    notice = Notice.objects.filter(payload__deed="cancelled").order_by("pk")[0]
    assert series_letters.unwanted(notice, NOW) == ""
    letter = mail.written(notice)
    assert ("Reason: The mandate ends." in letter.body, "Will you come" in letter.body) == (True, False)
    entries = [str(content) for content, kind in letter.alternatives if str(kind).startswith("text/calendar")]
    assert [("METHOD:CANCEL" in e, f"UID:{m.uid}" in e) for e, m in zip(entries, off, strict=True)] == [
        (True, True)
    ] * 2


# -- what else a series holds ----------------------------------------------------------------------------------------
def seek_date(meeting: Meeting) -> Meeting:
    actions.postpone(meeting=meeting, by=None, reason="Ill.", now=NOW)
    return actions.look_for_date(meeting=meeting, by=None, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(("scope", "entries"), [("this", 0), ("all", 2)])
def test_one_whose_date_is_sought_is_cancelled_and_everybody_hears(
    three: list[Meeting], scope: str, entries: int
) -> None:
    deliver()
    sought = seek_date(three[1])
    off = actions.cancel_series(meeting=sought, scope=scope, by=None, reason="No money.", now=NOW)
    assert [meeting.state for meeting in off] == ["cancelled"] * (entries + 1)
    told = list(Notice.objects.filter(payload__deed="cancelled").order_by("pk"))
    assert [series_letters.unwanted(notice, NOW) for notice in told] == ["", ""]
    letter = mail.written(told[0])
    assert sum(str(kind).startswith("text/calendar") for _content, kind in letter.alternatives) == entries
    assert letter.body.count("Date to be found") == 1


@pytest.mark.django_db
def test_one_whose_lost_hours_still_stand_in_calendars_leaves_them_with_the_letter_that_waits(
    three: list[Meeting],
) -> None:
    deliver()
    sought = seek_date(three[1])
    actions.cancel_series(meeting=sought, scope="all", by=None, reason="No money.", now=NOW)
    waiting = Notice.objects.filter(state="due", recipient__email="anna@example.org").order_by("pk")
    assert [(notice.kind, letter_of(notice.kind).unwanted(notice, NOW)) for notice in waiting] == [
        ("meetings.called_off", ""),
        ("meetings.series", ""),
    ]


@pytest.mark.django_db
def test_a_postponed_one_whose_old_date_has_passed_is_cancelled_aloud(three: list[Meeting]) -> None:
    deliver()
    actions.postpone(meeting=three[0], by=None, reason="Ill.", now=NOW)
    later = NOW + dt.timedelta(days=200)
    actions.cancel_series(meeting=three[0], scope="this", by=None, reason="No money.", now=later)
    told = Notice.objects.filter(payload__deed="cancelled")
    assert [(n.expires_at, series_letters.unwanted(n, later)) for n in told] == [(None, "")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shift", "answer_by"),
    [
        (Shift(days=-7), dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)),  # as many days before
        (Shift(start=dt.time(8), end=dt.time(9)), dt.datetime(2027, 3, 8, 8, tzinfo=dt.UTC)),
        (Shift(days=7), dt.datetime(2027, 3, 15, 8, tzinfo=dt.UTC)),
    ],
)
def test_the_reply_date_moves_along(three: list[Meeting], shift: Shift, answer_by: dt.datetime) -> None:
    actions.edit(meeting=three[0], by=None, reply_by=dt.datetime(2027, 3, 8, 8, tzinfo=dt.UTC), now=NOW)
    changed = actions.edit_series(meeting=three[1], scope="all", by=None, shift=shift, now=NOW)
    assert [meeting.reply_by for meeting in changed] == [answer_by, None, None]


@pytest.mark.django_db
def test_nobody_is_asked_to_answer_after_it_has_begun(three: list[Meeting]) -> None:
    actions.edit(meeting=three[0], by=None, reply_by=three[0].starts_at, now=NOW)
    changed = actions.edit_series(meeting=three[0], scope="all", by=None, shift=Shift(start=dt.time(8)), now=NOW)
    assert changed[0].reply_by == changed[0].starts_at


@pytest.mark.django_db
def test_an_hour_that_does_not_fit_one_of_them_is_refused_by_its_name(three: list[Meeting]) -> None:
    starts, ends = at("2027-09-14T14:00"), at("2027-09-14T16:00")
    actions.edit(meeting=three[1], by=None, now=NOW, starts_at=starts, ends_at=ends)
    with pytest.raises(WrongState, match=r"14 September 2027, 14:00–16:00.* would end before it starts"):
        actions.edit_series(meeting=three[0], scope="all", by=None, shift=Shift(end=dt.time(12, 30)), now=NOW)


def at(wall: str) -> dt.datetime:
    """In a Brussels summer."""
    return dt.datetime.fromisoformat(f"{wall}+02:00")


@pytest.mark.django_db
def test_one_that_has_begun_stays_as_it_is(three: list[Meeting]) -> None:
    now = at("2027-03-09T11:30")  # it runs from 11:00 to 13:00 on this clock
    changed = actions.edit_series(meeting=three[2], scope="all", by=None, shift=Shift(days=1), now=now, place="Malta")
    assert [meeting.pk for meeting in changed] == [three[1].pk, three[2].pk]
    off = actions.cancel_series(meeting=three[0], scope="all", by=None, reason="No money.", now=now)
    assert [meeting.pk for meeting in off] == [three[1].pk, three[2].pk]
    assert list(Meeting.objects.order_by("starts_at").values_list("state", "place")) == [
        ("scheduled", "Brussels"), ("cancelled", "Malta"), ("cancelled", "Malta"),
    ]  # fmt: skip
    with pytest.raises(WrongState, match="None of these meetings"):
        actions.cancel_series(meeting=three[0], scope="all", by=None, reason="No money.", now=now)


# -- pages -----------------------------------------------------------------------------------------------------------
def described(**values: str) -> dict[str, Any]:
    form = {
        "group": "club", "title": "Half-yearly", "date": "2099-03-10", "start": "10:00", "end": "12:00",
        "timezone": "Europe/Brussels", "every": "6", "unit": "months", "on": "nth", "times": "3", "mode": "online",
        "place": "", "join_url": "", "do": "preview",
    }  # fmt: skip
    return form | values


@pytest.mark.django_db
def test_the_dates_are_shown_first_and_what_is_left_out_is_not_made(chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:series_new")
    assert client.get(address).status_code == 200
    shown = client.post(address, described())
    days = ["2099-03-10", "2099-09-08", "2100-03-09"]
    assert [date["day"] for date in shown.context["dates"]] == days
    unseen = client.post(address, described(do="invite"))
    assert (unseen.status_code, Meeting.objects.count()) == (200, 0)
    site = {"directions": "Ring.", "capacity": "20", "languages": ["en", "fr"]}
    made = client.post(address, described(do="invite", shown=",".join(days)) | {"keep": days[:2]} | site)
    assert made["Location"] == Meeting.objects.order_by("starts_at")[0].get_absolute_url()
    assert [str(m.sort_day) for m in Meeting.objects.order_by("starts_at")] == days[:2]
    assert list(Meeting.objects.values_list("directions", "capacity", "languages")) == [("Ring.", 20, ["en", "fr"])] * 2
    assert letters() == [("The chair", "planned", 2)]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"date": "2020-03-10"}, "date"),
    ({"date": ""}, "date"),
    ({"end": "09:00"}, "end"),
    ({"times": "1"}, "times"),
    ({"times": "41"}, "times"),
    ({"capacity": "0"}, "capacity"),
    ({"languages": "xx"}, "languages"),
    ({"every": "0"}, "every"),
    ({"unit": "moons"}, "unit"),
    ({"on": "last"}, "on"),
    ({"mode": "hybrid"}, "place"),
    ({"timezone": "Europe/Atlantis"}, "timezone"),
    ({"group": "nobody"}, "group"),
    ({"date": "2027-03-28", "start": "02:30", "end": "04:00"}, "start"),
]


@pytest.mark.django_db
def test_a_wrong_pattern_is_said_beside_the_field(chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:series_new")
    for wrong, field in WRONG:
        answer = client.post(address, described(**wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field]), wrong
    assert Series.objects.count() == 0


@pytest.mark.django_db
def test_a_series_is_changed_and_cancelled_in_the_browser(
    club: WorkingGroup, chair: User, anna: User, signed_in: SignedIn
) -> None:
    days = slots("2099-03-10", "2099-09-08")
    series = actions.plan_series(
        plan=Plan(club, "Half-yearly", "FREQ=MONTHLY"), slots=days, by=None, invite=True, now=NOW, mode="online"
    )
    first, second = series.meetings.order_by("starts_at")
    edit, cancel = (reverse(f"meetings:{name}", args=[first.slug]) for name in ("series_edit", "series_cancel"))
    client = signed_in(chair)
    assert [client.get(address).status_code for address in (edit, cancel)] == [200, 200]
    assert [signed_in(anna).get(edit).status_code, signed_in(user()).get(edit).status_code] == [403, 404]
    sent = {"scope": "all", "title": "Half-yearly", "date": "2099-03-11", "start": "10:00", "end": "12:00",
            "mode": "online", "place": "", "join_url": ""}  # fmt: skip
    assert client.post(edit, sent)["Location"] == first.get_absolute_url()
    second.refresh_from_db()
    assert str(second.sort_day) == "2099-09-09"
    assert client.post(cancel, {"scope": "later", "reason": ""}).status_code == 200
    assert client.post(cancel, {"scope": "later", "reason": "No money."}).status_code == 302
    assert set(Meeting.objects.values_list("state", flat=True)) == {"cancelled"}
    assert client.get(edit).status_code == 403
    alone = actions.draft(group=club, by=None, title="Alone")
    assert client.get(reverse("meetings:series_edit", args=[alone.slug])).status_code == 404


@pytest.mark.django_db
def test_of_a_series_only_what_was_touched_changes(club: WorkingGroup, chair: User, signed_in: SignedIn) -> None:
    series = actions.plan_series(
        plan=Plan(club, "Half-yearly", "FREQ=MONTHLY"), slots=slots("2099-03-10", "2099-09-08"), by=None, invite=True,
        now=NOW, mode="online", directions="Ring.\nThen wait.", capacity=20, languages=["en", "fr"],
    )  # fmt: skip
    first, second = series.meetings.order_by("starts_at")
    actions.edit(meeting=second, by=None, now=NOW, directions="By tram.", languages=["de"])
    address, client = reverse("meetings:series_edit", args=[first.slug]), signed_in(chair)
    assert "Then wait." in client.get(address).content.decode()
    sent = {"scope": "all", "title": "Half-yearly", "date": "2099-03-10", "start": "10:00", "end": "12:00",
            "mode": "online", "directions": "Ring.\r\nThen wait.", "capacity": "12", "languages": ["fr", "en"],
            }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert list(series.meetings.order_by("starts_at").values_list("directions", "capacity", "languages")) == [
        ("Ring.\nThen wait.", 12, ["en", "fr"]),
        ("By tram.", 12, ["de"]),
    ]


@pytest.mark.django_db(transaction=True)
def test_who_presses_twice_at_once_plans_two_series_with_addresses_of_their_own(club: WorkingGroup) -> None:
    plan, days = Plan(club, "Half-yearly", "FREQ=MONTHLY;INTERVAL=6"), slots("2027-03-09", "2027-09-14")
    behind(*[lambda: actions.plan_series(plan=plan, slots=days, by=None, invite=False, now=NOW)] * 2)
    addresses = Meeting.objects.order_by("starts_at", "pk").values_list("slug", flat=True)
    assert list(addresses) == [
        f"half-yearly-{day}" for day in ("2027-03-09", "2027-03-09-2", "2027-09-14", "2027-09-14-2")
    ]
