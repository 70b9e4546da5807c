"""Rules of all groups on the site: the secretariat sees what would change, for how many meetings, and then saves it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Entry
from meetings import actions, rule_changes
from meetings.actions import RuleLine
from meetings.models import Meeting, ReminderRule
from people.models import User
from tests.factories import group, leader, member, secretariat
from tests.meetings.test_reminder_rules import copied, filled, site_rule
from tests.meetings.test_reminders import tick
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ALL = "/reminders/"
SignedIn = Callable[[Any], Client]


@pytest.fixture
def soon(plan: Callable[..., Meeting]) -> Meeting:
    """A meeting in twenty days, its invitations sent."""
    starts = timezone.now().replace(microsecond=0) + 20 * DAY
    meeting = plan(starts_at=starts, ends_at=starts + DAY, now=timezone.now() - DAY)
    tick(timezone.now() - DAY)
    return meeting


def meeting_of(other: WorkingGroup) -> Meeting:
    starts = timezone.now() + 30 * DAY
    return actions.schedule(
        group=other, by=None, title="Elsewhere", starts_at=starts, ends_at=starts + DAY, mode="online"
    )


@pytest.mark.usefixtures("anna", "eleni")
def test_what_changes_is_shown_with_its_meetings_before_it_holds(soon: Meeting, signed_in: SignedIn) -> None:
    office = secretariat(display_name="The office")
    other = group()
    meeting_of(other)
    actions.set_rules(of=other, lines=[copied(site_rule("meeting_soon"), -DAY)], by=None)
    client = signed_in(office)
    page = client.get(ALL)
    asked = client.post(ALL, filled(page, **{"form-0-amount": "20", "form-2-amount": ""}))
    outlook = asked.context["outlook"]
    assert outlook.added == ["20 days before the start, to those who have not answered: Please answer the invitation"]
    assert outlook.removed == [
        "14 days before the start, to those who have not answered: Please answer the invitation",
        "2 hours before the start, to those coming online: Join link",
    ]
    assert ([str(each) for each in outlook.meetings], outlook.others) == ([str(soon)], 1)
    assert [(str(each), line.people) for each, line in outlook.at_once] == [(str(soon), 2)]
    assert site_rule("join_link").offset == -dt.timedelta(hours=2)  # nothing holds before it is confirmed


def test_the_secretariat_confirms_and_the_history_tells_who_set_what(signed_in: SignedIn) -> None:
    office = secretariat(display_name="The office")
    client = signed_in(office)
    before = site_rule("invitation_unanswered").pk
    sent = filled(client.get(ALL), **{"form-0-amount": "10"})
    assert client.post(ALL, sent | {"again": "1"}).context["formset"].forms[0]["amount"].value() == "10"
    assert client.post(ALL, sent | {"confirmed": "1"})["Location"] == ALL
    rule = site_rule("invitation_unanswered")
    assert (rule.offset, rule.origin) == (-10 * DAY, before)
    (entry,) = client.get(ALL).context["history"]
    assert (entry["by"], entry["deed"], len(entry["rules"])) == (office, "Rules set", 5)
    assert entry["rules"][0].startswith("10 days before the start, to those who have not answered")
    unchanged = client.post(ALL, filled(client.get(ALL)), follow=True)
    assert [str(message) for message in unchanged.context["messages"]] == ["Nothing was changed."]
    assert Entry.objects.filter(verb="reminders set").count() == 1


def test_only_the_secretariat_finds_the_page(club: WorkingGroup, chair: User, signed_in: SignedIn) -> None:
    assert [signed_in(who).get(ALL).status_code for who in (member(club), chair, leader(club))] == [404] * 3


@pytest.mark.usefixtures("anna")
def test_rules_of_a_group_are_compared_with_those_it_inherits(soon: Meeting, club: WorkingGroup) -> None:
    inherited = rule_changes.own_rules(None, ReminderRule.objects.all())
    same = [RuleLine(each.anchor, each.offset, each.audience, each.letter, source=each) for each in inherited]
    wanted = [actions.reminder_rules.rule_of(club, line) for line in same]
    assert rule_changes.outlook(club, wanted, timezone.now()).changes is False
    silent = [actions.reminder_rules.rule_of(club, same[0]._replace(is_active=False))]
    outlook = rule_changes.outlook(club, silent, timezone.now())
    assert (len(outlook.removed), outlook.added, outlook.later) == (
        5,
        ["14 days before the start, to those who have not answered: Please answer the invitation (not in use)"],
        [],
    )
    assert outlook.meetings == [soon]


@pytest.mark.usefixtures("anna")
def test_the_page_names_the_next_letters(soon: Meeting, signed_in: SignedIn) -> None:
    coming = signed_in(secretariat()).get(ALL).context["coming"]
    assert [(each, [(line.rule.letter, line.people) for line in lines]) for each, lines in coming] == [
        (
            soon,
            [("invitation_unanswered", 1), ("meeting_soon", 0), ("join_link", 0), ("afterwards", 1), ("afterwards", 0)],
        )
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_three_meetings_as_for_one(
    number: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        other = group()
        member(other)
        meeting_of(other)
    client = signed_in(secretariat())
    page = client.get(ALL)
    with django_assert_num_queries(9):
        client.get(ALL)
    with django_assert_num_queries(9):
        assert len(client.post(ALL, filled(page, **{"form-0-amount": "9"})).context["outlook"].meetings) == number
