"""Calendars to subscribe to: two queries, stable bytes, 304; nothing in them that is not public."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from meetings import actions
from meetings.models import Meeting
from people.models import User
from tests.factories import group
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
HOUR = dt.timedelta(hours=1)


def addresses(club: WorkingGroup) -> list[str]:
    return [reverse("meetings:feed"), reverse("meetings:group_feed", args=[club.slug])]


def events(answer: Any) -> list[Any]:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("meetings", [1, 3])
def test_a_feed_is_two_queries_whatever_it_holds_and_one_when_unchanged(
    plan: Plan, club: WorkingGroup, which: int, meetings: int, django_assert_num_queries: Any
) -> None:
    for number in range(meetings):
        plan(title=f"Meeting {number}")
    address, client = addresses(club)[which], Client()
    with django_assert_num_queries(2):
        answer = client.get(address)
    assert (answer.status_code, len(events(answer))) == (200, meetings)
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


def test_the_etag_moves_with_every_change_and_only_then(plan: Plan, club: WorkingGroup) -> None:
    meeting = plan()
    for address in addresses(club):
        before = Client().get(address)
        assert Client().get(address)["ETag"] == before["ETag"]
        meeting.refresh_from_db()
        later = meeting.changed_at + HOUR
        actions.edit(meeting=meeting, by=None, title=f"{meeting.title}!", now=later)
        after = Client().get(address, headers={"If-None-Match": before["ETag"]})
        assert (after.status_code, after.content == before.content) == (200, False)


def test_bytes_are_stable_and_say_what_they_are(plan: Plan, club: WorkingGroup) -> None:
    plan()
    first, second = (Client().get(addresses(club)[0]) for _ in range(2))
    assert first.content == second.content
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies


def test_a_title_mended_keeps_the_sequence_and_a_move_raises_it(plan: Plan, club: WorkingGroup) -> None:
    meeting = plan()

    def shown() -> tuple[int, str, dt.datetime]:
        (event,) = events(Client().get(addresses(club)[1]))
        return event["SEQUENCE"], str(event["SUMMARY"]), event["DTSTART"].dt

    assert shown() == (0, "Ninth meeting", STARTS)
    actions.edit(meeting=meeting, by=None, title="The ninth meeting", now=PLANNED + HOUR)
    assert shown() == (0, "The ninth meeting", STARTS)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, now=PLANNED + HOUR)
    assert shown() == (1, "The ninth meeting", STARTS + HOUR)


def test_cancelled_meetings_stay_as_cancelled(plan: Plan, club: WorkingGroup) -> None:
    actions.cancel(meeting=plan(), by=None, reason="A strike.", now=PLANNED)
    for address in addresses(club):
        assert [str(event["STATUS"]) for event in events(Client().get(address))] == ["CANCELLED"]


def test_neither_drafts_nor_vague_dates_nor_links_nor_people_are_in_a_feed(
    plan: Plan, club: WorkingGroup, anna: User
) -> None:
    actions.draft(group=club, by=None, title="Secret", starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    actions.record_past(group=club, by=None, title="Long ago", approx_date="2023-11", now=PLANNED)
    plan(title="Öffentlich")
    for address in addresses(club):
        answer = Client().get(address)
        assert [str(event["SUMMARY"]) for event in events(answer)] == ["Öffentlich"]
        for secret in ("Secret", "meet.example.org", anna.email, "ATTENDEE", "ORGANIZER"):
            assert secret not in answer.content.decode().replace("\r\n ", "")


def test_the_feed_of_a_group_holds_its_own_meetings_only(plan: Plan) -> None:
    plan()
    other = group(slug="other", name="The others")
    answer = Client().get(reverse("meetings:group_feed", args=[other.slug]))
    assert (events(answer), str(Calendar.from_ical(answer.content)["X-WR-CALNAME"])) == ([], "The others")
    assert Client().get(reverse("meetings:group_feed", args=["nobody"])).status_code == 404


def test_one_meeting_can_be_added_by_hand(plan: Plan, club: WorkingGroup) -> None:
    meeting = plan()
    address = reverse("meetings:calendar_file", args=[meeting.slug])
    answer = Client().get(address)
    (event,) = events(answer)
    assert (event["UID"], event["DTSTART"].dt) == (str(meeting.uid), STARTS)
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    draft = actions.draft(group=club, by=None, title="A draft", starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    assert Client().get(reverse("meetings:calendar_file", args=[draft.slug])).status_code == 404
    assert Client().post(address).status_code == 405
