"""The personal calendar: all meetings of one's groups at an address that can be taken away, and that no log keeps."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
import vobject
from django.test import Client, RequestFactory
from django.urls import reverse

from meetings import actions, ical
from meetings.models import CalendarAddress, Meeting
from people.models import User
from s3cop.logs import WithoutTokens
from tests.factories import group, member
from tests.meetings.conftest import PLANNED
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
JULY = dt.datetime(2026, 7, 15, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LINK = "https://meet.example.org/ninth;jsessionid=1,2"


def address(person: User) -> str:
    return reverse("meetings:personal_feed", args=[actions.make_address(by=person).token])


def events(content: bytes) -> list[Any]:
    """What a parser that is not ours reads."""
    calendar = vobject.readOne(content.decode())
    return list(getattr(calendar, "vevent_list", []))


def test_another_parser_reads_a_july_meeting_at_its_hour_with_its_link(plan: Plan, anna: User) -> None:
    meeting = plan(starts_at=JULY, ends_at=JULY + HOUR, join_url=LINK, summary="Zażółć gęślą jaźń; and, so on\\")
    (event,) = events(Client().get(address(anna)).content)
    assert (event.dtstart.value, event.dtend.value) == (JULY, JULY + HOUR)
    assert (event.uid.value, event.status.value) == (str(meeting.uid), "CONFIRMED")
    assert event.description.value.split("\n")[1:] == ["Zażółć gęślą jaźń; and, so on\\", f"Join online: {LINK}"]
    assert "10:00–11:00, Brussels time (CEST, UTC+02:00)" in event.description.value


def test_the_public_feed_has_the_meeting_and_not_the_link(plan: Plan) -> None:
    plan(starts_at=JULY, ends_at=JULY + HOUR, join_url=LINK)
    (event,) = events(Client().get(reverse("meetings:feed")).content)
    assert (event.dtstart.value, "meet.example.org" in event.description.value) == (JULY, False)


def test_lines_stay_short_whatever_the_link_is_made_of() -> None:
    block = "BEGIN:VEVENT\r\nDESCRIPTION:When\r\n  and where\r\nURL:x\r\nEND:VEVENT\r\n"
    for words in ("Join: " + "x" * 200, "Łącze: " + "ż" * 100):
        text = ical.with_line(block, words)
        assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
        assert text.replace("\r\n ", "").split("\r\n")[1] == f"DESCRIPTION:When and where\\n{words}"
    with pytest.raises(ValueError, match="without description"):
        ical.with_line("BEGIN:VEVENT\r\nEND:VEVENT\r\n", "x")


def test_bytes_are_stable_and_an_unchanged_calendar_is_not_sent_again(plan: Plan, anna: User) -> None:
    plan()
    first = Client().get(address(anna))
    assert Client().get(address(anna)).content == first.content
    again = Client().get(address(anna), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    for answer in (first, again):
        assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-cache", "no-referrer")
        assert ("Vary" in answer, "Set-Cookie" in answer) == (False, False)


@pytest.mark.parametrize("change", ["edit", "cancel", "held", "leave", "join"])
def test_the_calendar_follows_what_happens(plan: Plan, anna: User, change: str) -> None:
    meeting = plan()
    before = Client().get(address(anna))
    if change == "edit":
        actions.edit(meeting=meeting, by=None, title="Tenth meeting", now=PLANNED + HOUR)
    elif change == "cancel":
        actions.cancel(meeting=meeting, by=None, reason="A strike.", now=PLANNED + HOUR)
    elif change == "held":
        actions.mark_held(now=meeting.ends_at)
    elif change == "leave":
        Membership.objects.filter(user=anna).update(status="ended", ended_on=PLANNED.date())
    else:
        other = group()
        member(other, person=anna)
        details: dict[str, Any] = {"starts_at": JULY, "ends_at": JULY + HOUR, "place": "Riga", "mode": "in_person"}
        actions.schedule(group=other, by=None, title="Another", now=PLANNED, **details)
    after = Client().get(address(anna), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    shown = [(event.status.value, "Join online" in event.description.value) for event in events(after.content)]
    assert (
        shown
        == {
            "edit": [("CONFIRMED", True)],
            "cancel": [("CANCELLED", False)],
            "held": [("CONFIRMED", False)],
            "leave": [],
            "join": [("CONFIRMED", True), ("CONFIRMED", False)],
        }[change]
    )


def test_drafts_are_in_no_calendar(club: WorkingGroup, anna: User) -> None:
    actions.draft(group=club, by=None, title="Draft", starts_at=JULY, ends_at=JULY + HOUR, now=PLANNED)
    assert events(Client().get(address(anna)).content) == []


def test_an_address_is_exchanged_and_taken_away_on_the_account_page(
    anna: User, signed_in: Callable[[Any], Client]
) -> None:
    client, account = signed_in(anna), reverse("people:account")
    old = ""
    for step in ("make", "renew", "revoke"):
        asked = client.get(reverse(f"meetings:address_{step}"))
        assert (asked.status_code, asked.templates[0].name) == (200, "pages/confirm.html")
        assert client.post(reverse(f"meetings:address_{step}"))["Location"] == account
        assert old == "" or client.get(old).status_code == 404
        token = CalendarAddress.objects.values_list("token", flat=True).first()
        old = reverse("meetings:personal_feed", args=[token]) if token else ""
        assert (bool(old), old in client.get(account).content.decode()) == (step != "revoke", True)


def test_who_has_no_account_any_more_has_no_calendar(plan: Plan, anna: User) -> None:
    plan()
    where = address(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert (Client().get(where).status_code, Client().get("/calendar/forged.ics").status_code) == (404, 404)


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_calendar_takes_two_queries_and_unchanged_one(
    plan: Plan, anna: User, meetings: int, django_assert_num_queries: Any
) -> None:
    for number in range(meetings):
        plan(title=f"Meeting {number}")
    where = address(anna)
    with django_assert_num_queries(2):
        etag = Client().get(where)["ETag"]
    with django_assert_num_queries(1):
        Client().get(where, headers={"If-None-Match": etag})


@pytest.mark.parametrize(
    "path", ["/calendar/secret.ics", "/reply/secret/?answer=yes", "/join/secret/", "/unsubscribe/secret/"]
)
def test_no_log_line_keeps_a_token(path: str) -> None:
    request = RequestFactory().get(path)
    error = ValueError(path)
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Error: %s", (path,), (ValueError, error, None))
    record.__dict__["request"] = request
    assert WithoutTokens().filter(record)
    told = f"{record.getMessage()} {record.__dict__['request']} {record.exc_text}"
    assert ("secret" in told, told.count("[token]")) == (False, 3)
