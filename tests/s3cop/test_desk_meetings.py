"""Meetings on the desk: those whose date or minutes wait for somebody."""

import datetime as dt

import pytest
from django.test import Client

from meetings.models import Meeting, Minutes
from people.models import User
from s3cop.pages.desk import meetings
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
State, Text = Meeting.State, Minutes.State
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def held(group: WorkingGroup, title: str, *minutes: str, state: str = State.HELD) -> Meeting:
    meeting = factories.meeting(group, title=title, state=state, reason="Not now." if state == State.POSTPONED else "")
    for revision, text in enumerate(minutes, 1):
        approved = NOW if text in Minutes.LOCKED else None
        presence = {"is_taken": False, "present": [], "apologies": []} if approved else None
        published = NOW if text == Text.PUBLISHED else None
        Minutes.objects.create(
            meeting=meeting,
            revision=revision,
            state=text,
            changed_at=NOW,
            approved_at=approved,
            published_at=published,
            presence=presence,
        )
    return meeting


@pytest.fixture
def group() -> WorkingGroup:
    group = factories.group()
    held(group, "Without minutes")
    held(group, "In work", Text.DRAFT)
    held(group, "Commented on", Text.FOR_COMMENT)
    held(group, "Approved", Text.APPROVED, state=State.MINUTED)
    held(group, "Corrected", Text.PUBLISHED, Text.APPROVED, state=State.PUBLISHED)
    held(group, "Published", Text.PUBLISHED, state=State.PUBLISHED)
    held(group, "To come", state=State.SCHEDULED)
    held(group, "Postponed", state=State.POSTPONED)
    return group


def waiting(person: User) -> set[tuple[str, str | None]]:
    return {(meeting.title, meeting.minutes_state) for meeting in meetings(person)}  # type: ignore[attr-defined]  # annotated


def test_a_leader_sees_what_the_own_group_has_to_date_write_and_approve(group: WorkingGroup) -> None:
    held(factories.group(), "Elsewhere")
    seen = {("Without minutes", None), ("In work", "draft"), ("Commented on", "for_comment"), ("Postponed", None)}
    assert waiting(factories.leader(group)) == seen


def test_the_secretariat_also_sees_what_it_publishes(group: WorkingGroup) -> None:
    office = factories.secretariat()
    assert waiting(office) - waiting(factories.leader(group)) == {("Approved", "approved"), ("Corrected", "approved")}


def test_the_desk_leads_to_the_next_step_of_each(group: WorkingGroup, client: Client) -> None:
    client.force_login(factories.leader(group))
    page = client.get("/desk/").content.decode()
    for step in ("Write the minutes", "Finish the minutes", "Approve the minutes", "Set the date"):
        assert page.count(step) == 1
