"""Two people edit one meeting: the second sees what the first changed, and loses nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting
from people.models import User
from tests.factories import secretariat
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


@pytest.fixture
def draft(club: WorkingGroup) -> Meeting:
    starts = dt.datetime(timezone.now().year + 1, 6, 15, 8, tzinfo=dt.UTC)
    return actions.draft(
        group=club, by=None, title="Summer", starts_at=starts, ends_at=starts + dt.timedelta(hours=2),
        mode="hybrid", place="Room 1", languages=["en", "fr"], summary="Line one\nLine two",
    )  # fmt: skip


def opened(client: Client, address: str) -> dict[str, Any]:
    """Return what a browser would send back, untouched."""
    form = client.get(address).context["form"]
    texts = {name: form[name].value() for name in form.fields}
    sent = {name: value if value is not None else "" for name, value in texts.items()}
    sent |= {"date": f"{texts['date']:%Y-%m-%d}", "start": f"{texts['start']:%H:%M}", "end": f"{texts['end']:%H:%M}"}
    sent |= {"do": "draft", "summary": sent["summary"].replace("\r", "").replace("\n", "\r\n")}
    return sent | {"agenda": sent["agenda"].replace("\r", "").replace("\n", "\r\n")}


def test_alone_nothing_is_asked(draft: Meeting, chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:edit", args=[draft.slug])
    sent = opened(client, address)
    assert [client.post(address, sent | {"title": title}).status_code for title in ("Once",)] == [302]
    again = opened(client, address)
    assert client.post(address, again | {"title": "Twice"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.summary.replace("\r\n", "\n")) == ("Twice", "Line one\nLine two")


def test_the_second_sees_what_the_first_changed_and_keeps_what_was_typed(
    draft: Meeting, chair: User, signed_in: SignedIn
) -> None:
    office = secretariat(display_name="The office")
    address = reverse("meetings:edit", args=[draft.slug])
    first, second = signed_in(chair), signed_in(office)
    of_first, of_second = opened(first, address), opened(second, address)
    first.post(address, of_first | {"title": "By the chair", "place": "Room 9", "languages": ["en"]})
    answer = second.post(address, of_second | {"title": "By the office", "agenda": "15 | Welcome\r\nRanking\r\nEnd"})
    text, form = answer.content.decode(), answer.context["form"]
    assert [(each.label, each.before, each.now) for each in answer.context["changes"]] == [
        ("Title", "Summer", "By the chair"),
        ("Place", "Room 1", "Room 9"),
        ("Languages spoken", "English, français", "English"),
    ]
    assert "The chair changed this while you were writing" in text
    shown = (form["title"].value(), form["place"].value(), form["languages"].value(), form["agenda"].value())
    assert shown == ("By the office", "Room 9", ["en"], "15 | Welcome\r\nRanking\r\nEnd")
    draft.refresh_from_db()
    assert (draft.title, draft.agenda.count()) == ("By the chair", 0)
    resent = {name: form.data.getlist(name) for name in form.data}
    assert second.post(address, resent).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.place, draft.languages, draft.agenda.count()) == ("By the office", "Room 9", ["en"], 3)


def test_a_third_change_is_shown_again(draft: Meeting, chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:edit", args=[draft.slug])
    sent = opened(client, address)
    actions.edit(meeting=draft, by=None, title="One")
    form = client.post(address, sent | {"title": "Mine"}).context["form"]
    actions.edit(meeting=draft, by=None, title="Two")
    answer = client.post(address, {name: form.data.getlist(name) for name in form.data})
    assert [(each.before, each.now) for each in answer.context["changes"]] == [("One", "Two")]
    assert "Somebody changed this" in answer.content.decode()
    assert Meeting.objects.get().title == "Two"


def test_a_forged_memory_counts_as_none(draft: Meeting, chair: User, signed_in: SignedIn) -> None:
    client, address = signed_in(chair), reverse("meetings:edit", args=[draft.slug])
    sent = opened(client, address) | {"seen": "forged", "title": "Mine"}
    assert client.post(address, sent).status_code == 302


def test_a_check_before_saving_writes_nothing_and_reads_the_date_back(
    draft: Meeting, chair: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(chair), reverse("meetings:edit", args=[draft.slug])
    answer = client.post(address, opened(client, address) | {"title": "Checked", "do": "preview"})
    text = answer.content.decode()
    assert ("10:00–12:00, Brussels time (CEST, UTC+02:00)</strong>" in text, "Nothing speaks against it" in text) == (
        True,
        True,
    )
    assert 'value="Checked"' in text
    assert Meeting.objects.get().title == "Summer"


def test_what_was_typed_is_kept_where_the_meeting_was_cancelled_meanwhile(
    draft: Meeting, chair: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(chair), reverse("meetings:edit", args=[draft.slug])
    sent = opened(client, address)
    actions.cancel(meeting=draft, by=None, reason="No money.")
    answer = client.post(address, sent | {"title": "A long title, typed with care"})
    assert (answer.status_code, answer.context["form"]["title"].value()) == (200, "A long title, typed with care")
    assert answer.context["form"].non_field_errors() == [
        "This meeting is over or cancelled; its details stay as they are."
    ]
    assert Meeting.objects.get().title == "Summer"


@pytest.fixture
def two(club: WorkingGroup) -> list[Meeting]:
    starts = dt.datetime(timezone.now().year + 1, 6, 15, 8, tzinfo=dt.UTC)
    slots = [
        actions.Slot(starts + dt.timedelta(days=days), starts + dt.timedelta(days=days, hours=2)) for days in (0, 7)
    ]
    where: dict[str, Any] = {"mode": "in_person", "place": "Room 1"}
    plan = actions.Plan(club, "Weekly", "FREQ=WEEKLY")
    series = actions.plan_series(plan=plan, slots=slots, by=None, invite=False, **where)
    return list(series.meetings.order_by("starts_at").select_related("group"))


def test_an_edit_of_a_series_undoes_nobody_s_move_or_new_place(
    two: list[Meeting], chair: User, signed_in: SignedIn
) -> None:
    """What the second has not touched is what the first has made of it."""
    first, second = two
    client, address = signed_in(chair), reverse("meetings:series_edit", args=[first.slug])
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent = filled | {"scope": "all", "title": "Half-yearly"}
    assert first.starts_at
    assert first.ends_at
    day = dt.timedelta(days=1)
    actions.edit(meeting=first, by=chair, place="Room 2", starts_at=first.starts_at + day, ends_at=first.ends_at + day)
    actions.edit(meeting=second, by=chair, place="Room 3")
    answer = client.post(address, sent)
    labels = [each.label for each in answer.context["changes"]]
    assert labels == ["Title", "Date of this meeting", "Place", "Another meeting of the series"][1:]
    again = {name: answer.context["form"].data.getlist(name) for name in answer.context["form"].data}
    assert client.post(address, again).status_code == 302
    rows = Meeting.objects.order_by("starts_at").values_list("title", "place", "starts_at")
    assert [(title, place) for title, place, _starts in rows] == [("Half-yearly", "Room 2"), ("Half-yearly", "Room 3")]
    assert [starts for *_others, starts in rows] == [first.starts_at + day, second.starts_at]


def test_what_remains_of_a_webinar_is_overwritten_by_nobody_unseen(signed_in: SignedIn) -> None:
    office = secretariat(display_name="The office")
    webinar = actions.record_webinar(
        by=None, title="Past", approx_date="2024-03", recording_url="https://v.example.org"
    )
    client, address = signed_in(office), reverse("meetings:webinar_afterwards", args=[webinar.slug])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"account": "Mine", "do": "save"}
    actions.edit_webinar(webinar=webinar, by=office, account="Theirs", participants=90)
    answer = client.post(address, sent)
    changes = [(str(each.label).capitalize(), each.before, each.now) for each in answer.context["changes"]]
    assert changes == [("How many took part", "", "90"), ("What was said", "", "Theirs")]
    again = {name: answer.context["form"].data.getlist(name) for name in answer.context["form"].data}
    assert client.post(address, again).status_code == 302
    webinar.refresh_from_db()
    assert (webinar.account, webinar.participants) == ("Mine", 90)


def rows_of(page: Any) -> dict[str, str]:
    """The agenda's rows as a browser sends them back, untouched."""
    formset = page.context["formset"]
    sent = {f"items-{name}": str(formset.management_form[name].value()) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for form in formset.forms:
        sent |= {form.add_prefix(name): str(form[name].value() or "") for name in form.fields if name != "remove"}
        sent |= {form.add_prefix("remove"): "on"} if form["remove"].value() else {}
    return sent | {"seen": page.context["seen"], "do": "save"}


def test_of_two_who_arrange_one_agenda_the_second_sees_both_versions(
    draft: Meeting, chair: User, signed_in: SignedIn
) -> None:
    """The first renames an item, takes one off and adds one; the second gives minutes to the one that was renamed."""
    office, address = secretariat(display_name="The office"), reverse("meetings:agenda_edit", args=[draft.slug])
    actions.set_agenda(
        meeting=draft, by=None, lines=[actions.AgendaLine(name) for name in ("Welcome", "Ranking", "End")]
    )
    first, second = signed_in(chair), signed_in(office)
    of_first, of_second = rows_of(first.get(address)), rows_of(second.get(address))
    changed = {
        "items-0-title": "Opening",
        "items-2-remove": "on",
        "items-3-title": "Next dates",
        "items-3-position": "4",
    }
    assert first.post(address, of_first | changed).status_code == 302
    answer = second.post(address, of_second | {"items-0-minutes": "15"})
    assert [(each.before, each.now) for each in answer.context["changes"]] == [
        ("1. Welcome", "1. Opening"),
        ("", "3. Next dates"),
        ("3. End", ""),
    ]
    assert "The chair changed this while you were writing" in answer.content.decode()
    assert second.post(address, rows_of(answer)).status_code == 302
    assert list(draft.agenda.order_by("position").values_list("title", "minutes")) == [
        ("Opening", 15),
        ("Ranking", None),
        ("Next dates", None),
    ]
