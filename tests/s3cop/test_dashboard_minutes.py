"""The dashboard names minutes to write and to comment on, what waits at the desk, and what the groups do."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting, Minutes, MinutesComment
from people.models import User
from tests import factories
from workinggroups.models import Membership, WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
SignedIn = Callable[[User], Client]
Role, State = Membership.Role, Minutes.State
YESTERDAY = dt.timedelta(days=-1)


def held(
    group: WorkingGroup, title: str, state: str = "", *, starts_in: dt.timedelta = YESTERDAY, **values: object
) -> Meeting:
    """Return a meeting held yesterday, with minutes in that state."""
    meeting = factories.meeting(group, title=title, state=Meeting.State.HELD, starts_in=starts_in)
    if state:
        Minutes.objects.create(meeting=meeting, revision=1, state=state, changed_at=timezone.now(), **values)
    return meeting


def awaiting(client: Client) -> tuple[list[str], list[str], int]:
    """Return titles of minutes to comment on, of meetings whose minutes are to be written, and the number of all."""
    told = client.get("/dashboard/").context["awaiting"]
    return [one.meeting.title for one in told.comments], [one.title for one in told.minutes], len(told)


def test_a_rapporteur_is_told_which_minutes_to_write_and_to_finish(signed_in: SignedIn) -> None:
    group = factories.group()
    rapporteur = factories.member(group, role=Role.RAPPORTEUR)
    held(group, "Unwritten", starts_in=dt.timedelta(days=-2))
    held(group, "Begun", State.DRAFT)
    held(group, "Long ago", starts_in=dt.timedelta(days=-400))
    held(factories.group(), "Elsewhere")
    factories.meeting(group, title="To come")
    client = signed_in(rapporteur)
    assert awaiting(client)[1] == ["Unwritten", "Begun"]
    page = client.get("/dashboard/").content.decode()
    assert [page.count(words) for words in ("Write the minutes", "Finish the minutes")] == [1, 1]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OBSERVER, Role.LEADER])
def test_nobody_else_is_asked_to_write_them(signed_in: SignedIn, role: str) -> None:
    group = factories.group()
    held(group, "Unwritten")
    assert awaiting(signed_in(factories.member(group, role=role))) == ([], [], 0)


def test_members_are_asked_to_comment_until_they_have_or_the_time_is_over(signed_in: SignedIn) -> None:
    group = factories.group()
    member, rapporteur = factories.member(group), factories.member(group, role=Role.RAPPORTEUR)
    now, day = timezone.now(), dt.timedelta(days=1)
    held(group, "No end", State.FOR_COMMENT)
    held(group, "Soon", State.FOR_COMMENT, comments_by=now + day)
    held(group, "Over", State.FOR_COMMENT, comments_by=now - day)
    held(group, "Own", State.FOR_COMMENT, written_by=member)
    said = Minutes.objects.get(meeting=held(group, "Said", State.FOR_COMMENT))
    MinutesComment.objects.create(minutes=said, by=member, text="Yes.")
    client = signed_in(member)
    assert awaiting(client) == (["Soon", "No end"], [], 2)
    assert client.get("/dashboard/").content.decode().count("Read and comment") == 2
    assert len(awaiting(signed_in(rapporteur))[0]) == 4
    assert awaiting(signed_in(factories.member(group, role=Role.OBSERVER)))[0] == []


@pytest.mark.parametrize("who", ["secretariat", "leader"])
def test_the_dashboard_says_how_much_waits_at_the_desk(signed_in: SignedIn, who: str) -> None:
    group = factories.group()
    held(group, "Unwritten")
    factories.challenge(group, status="proposed")
    person = factories.secretariat() if who == "secretariat" else factories.leader(group)
    assert "2 things await you at the desk" in signed_in(person).get("/dashboard/").content.decode()


def test_the_secretariat_sees_meetings_and_publications_of_all_groups(signed_in: SignedIn) -> None:
    group = factories.group()
    coming = factories.meeting(group)
    printed = factories.published_edition(factories.publication(group))
    seen = [
        (told["meetings"], list(told["editions"]))
        for told in (signed_in(who).get("/dashboard/").context for who in (factories.secretariat(), factories.user()))
    ]
    assert seen == [([coming], [printed]), ([], [])]
