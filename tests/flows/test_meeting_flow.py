"""The secretariat schedules a meeting: invitations with calendar entries, replies, reminders, moving, cancelling."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting
from tests.flows.letters import delivered, told
from tests.flows.people import Community
from tests.flows.visitor import Visitor

DAY = timezone.localdate() + dt.timedelta(days=30)
WHEN: dict[str, str | bool] = {"Date": DAY.isoformat(), "Start": "10:00", "End": "12:00"}
DETAILS: dict[str, str | bool] = {
    "Title": "Second look at the focus",
    "Online": True,
    "Join link": "https://meet.example.org/second-look",
    "Agenda": "15 | Welcome\n45 | What still holds us back",
}


def schedule(community: Community) -> Visitor:
    office = community.visit(community.secretariat).follow("Desk").follow("Schedule a meeting")
    return office.press("Save and invite", DETAILS | WHEN)


def start() -> dt.datetime:
    starts_at = Meeting.objects.get().starts_at
    assert starts_at
    return starts_at


def addresses(people: list[Any]) -> list[list[str]]:
    return sorted([f"{person.display_name} <{person.email}>"] for person in people)


def test_members_are_invited_reply_and_are_reminded(community: Community) -> None:
    page = schedule(community)
    assert page.flashes == ["The meeting is scheduled and the invitations are on their way."]
    letters = delivered()
    assert [letter.to for letter in letters] == addresses([community.leader, *community.members])
    assert told(letters[0]) == ("REQUEST", 0, "CONFIRMED", start())
    yes, no, silent = community.members[:3]
    assert community.visit(yes).press("Yes").flashes == [
        "Your answer is noted. You can change it until the meeting starts."
    ]
    community.visit(no).press("No")
    fortnight = start() - dt.timedelta(days=14)
    assert actions.remind(now=fortnight) == 5
    reminded = delivered(fortnight)
    assert [letter.to for letter in reminded] == addresses([community.leader, silent, *community.members[3:]])
    assert actions.remind(now=fortnight) == 0
    shortly = start() - dt.timedelta(days=2)
    actions.remind(now=shortly)
    assert [letter.to for letter in delivered(shortly)] == addresses([yes])


def test_everybody_finds_the_meeting_but_not_its_join_link(community: Community) -> None:
    schedule(community)
    reader = Visitor().open("/").follow("Meetings").follow("Second look at the focus")
    assert reader.heading == "Second look at the focus"
    assert "10:00 Welcome 15 min 10:15 What still holds us back 45 min" in reader.text
    assert "10:00–12:00, Brussels time" in reader.text
    assert reader.hrefs("Join online") == []
    member = community.visit(community.members[0]).follow("Second look at the focus")
    assert member.hrefs("Join online") == ["https://meet.example.org/second-look"]
    reader.follow("Add to calendar")
    assert b"meet.example.org" not in reader.answer.content


def test_a_moved_meeting_is_told_to_all_and_answers_are_asked_for_again(community: Community) -> None:
    page = schedule(community)
    delivered()
    community.visit(community.members[0]).press("Yes")
    page.follow("Edit the meeting").press("Save", {"Start": "14:00", "End": "16:00"})
    letters = delivered()
    assert len(letters) == 7
    assert told(letters[0]) == ("REQUEST", 1, "CONFIRMED", start())
    assert "14:00–16:00" in letters[0].body


def test_a_cancelled_meeting_is_told_with_the_reason_and_nobody_is_reminded(community: Community) -> None:
    page = schedule(community)
    delivered()
    begins = start()
    page.follow("Cancel the meeting").press("Cancel the meeting", {"Reason": "The hall is flooded."})
    letters = delivered()
    assert [letter.to for letter in letters] == addresses([community.leader, *community.members])
    assert told(letters[0]) == ("CANCEL", 1, "CANCELLED", begins)
    assert "The hall is flooded." in letters[0].body
    assert actions.remind(now=begins - dt.timedelta(days=14)) == 0
    assert "The hall is flooded." in Visitor().open(page.address).text
    assert "Nothing awaits you" in community.visit(community.members[0]).text


WRONG = [
    ("End", "09:00", "The end must be after the start (10:00)."),
    ("Time zone", "Mars/Olympus", "is no time zone"),
    ("Date", "2020-01-31", "This date has passed."),
    ("Start", "half past ten", "Enter a valid time."),
]


@pytest.mark.parametrize(("label", "typed", "sentence"), WRONG)
def test_what_cannot_be_is_said_beside_the_field_and_kept(
    community: Community, label: str, typed: str, sentence: str
) -> None:
    office = community.visit(community.secretariat).follow("Desk").follow("Schedule a meeting")
    office.press("Save and invite", {**DETAILS, **WHEN, label: typed})
    assert sentence in office.error_of(label)
    kept = [office.field(name)["value"] for name in ("Title", label)]
    assert kept == [DETAILS["Title"], typed]
    assert not Meeting.objects.exists()
    assert delivered() == []
