"""Rules of one meeting: who plans it sees who would get what, and when, before other rules hold."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting, ReminderRule
from people.models import User
from tests.meetings.test_reminder_rules import filled
from tests.meetings.test_reminders import tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "anna", "eleni")]
DAY = dt.timedelta(days=1)
ASKED = "to those who have not answered: Please answer the invitation"
SignedIn = Callable[[Any], Client]


@pytest.fixture
def soon(plan: Callable[..., Meeting]) -> Meeting:
    """A meeting in twenty days, its invitations sent a fortnight ago."""
    starts = timezone.now().replace(microsecond=0) + 20 * DAY
    meeting = plan(starts_at=starts, ends_at=starts + DAY, now=timezone.now() - 15 * DAY)
    tick(timezone.now() - 15 * DAY)
    return meeting


@pytest.fixture
def address(soon: Meeting) -> str:
    return reverse("meetings:reminders", args=[soon.slug])


def test_letters_that_other_rules_would_send_at_once_are_shown_and_only_a_second_yes_sends_them(
    soon: Meeting, address: str, chair: User, signed_in: SignedIn
) -> None:
    actions.remind()  # the chair joined late and is invited now
    client = signed_in(chair)
    sent = filled(client.get(address), **{"form-0-amount": "30"})
    asked = client.post(address, sent)
    outlook = asked.context["outlook"]
    assert (outlook.added, outlook.removed) == (
        [f"30 days before the start, {ASKED}"],
        [f"14 days before the start, {ASKED}"],
    )
    assert ([str(each) for each in outlook.meetings], outlook.others) == ([str(soon)], 0)
    assert [(str(each), line.people) for each, line in outlook.at_once] == [(str(soon), 2)]
    assert f'<a href="{soon.get_absolute_url()}">{soon}</a>' in asked.content.decode()
    assert (ReminderRule.objects.filter(meeting=soon).count(), actions.remind()) == (0, 0)
    again = client.post(address, sent | {"again": "1"})
    assert again.context["formset"][0]["amount"].value() == "30"
    assert client.post(address, sent | {"confirmed": "1"}).status_code == 302
    assert (ReminderRule.objects.filter(meeting=soon).count(), actions.remind()) == (5, 2)


def test_rules_that_change_nothing_are_not_asked_about(address: str, chair: User, signed_in: SignedIn) -> None:
    client = signed_in(chair)
    unchanged = client.post(address, filled(client.get(address)), follow=True)
    assert "Nothing was changed." in unchanged.content.decode()
    assert ReminderRule.objects.exclude(meeting=None).count() == 0


def test_without_any_rule_the_inherited_ones_come_back(
    soon: Meeting, address: str, chair: User, signed_in: SignedIn
) -> None:
    inherited = ReminderRule.objects.get(group=None, meeting=None, letter="meeting_soon")
    only = actions.RuleLine(inherited.anchor, -3 * DAY, inherited.audience, inherited.letter, source=inherited)
    actions.set_rules(of=soon, lines=[only], by=None)
    client = signed_in(chair)
    sent = filled(client.get(address), **{"form-0-amount": ""})
    outlook = client.post(address, sent).context["outlook"]
    assert (len(outlook.added), len(outlook.removed)) == (5, 1)
    client.post(address, sent | {"confirmed": "1"})
    assert ReminderRule.objects.filter(meeting=soon).count() == 0


def test_while_reminders_are_paused_nothing_goes_out_at_once(
    soon: Meeting, address: str, chair: User, signed_in: SignedIn
) -> None:
    actions.pause_reminders(meeting=soon, by=chair)
    client = signed_in(chair)
    asked = client.post(address, filled(client.get(address), **{"form-0-amount": "30"}))
    assert asked.context["outlook"].at_once == []


def test_a_meeting_that_is_over_may_get_rules_that_write_to_nobody_before_it(
    soon: Meeting, address: str, chair: User, signed_in: SignedIn
) -> None:
    starts = timezone.now() - 90 * DAY
    Meeting.objects.filter(pk=soon.pk).update(state="held", starts_at=starts, ends_at=starts + DAY)
    client = signed_in(chair)
    outlook = client.post(address, filled(client.get(address), **{"form-0-amount": "30"})).context["outlook"]
    assert (outlook.changes, outlook.meetings, outlook.at_once) == (True, [], [])
