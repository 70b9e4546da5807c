"""A webinar changes while letters to the registered wait: each hears what is true, once."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from meetings import actions
from meetings.models import Webinar
from notices import delivery
from notices.postbox import Postbox
from tests.meetings.test_webinars import ANNE, DAY, HOUR, NOW, STARTS, kinds, opened, registered

pytestmark = pytest.mark.django_db
EVE = STARTS - 20 * HOUR


def tick(now: dt.datetime) -> None:
    actions.remind_registered(now=now)
    while delivery.deliver(now=now):
        pass


def move(webinar: Webinar, days: int, now: dt.datetime) -> None:
    starts = STARTS + days * DAY
    actions.edit_webinar(webinar=webinar, by=None, starts_at=starts, ends_at=starts + 2 * HOUR, now=now)


def relocate(webinar: Webinar, now: dt.datetime) -> None:
    where: dict[str, Any] = {"mode": "hybrid", "place": "Riga"}
    actions.edit_webinar(webinar=webinar, by=None, now=now, **where)


def first_words() -> list[str]:
    return [str(letter.subject).partition(":")[0] for letter in mail.outbox if letter.to == [ANNE.email]]


def test_whose_confirmation_waits_reads_the_new_time_in_it_and_nothing_else() -> None:
    webinar = opened()
    registered(webinar)
    move(webinar, 1, NOW)
    tick(NOW)
    assert first_words() == ["You are registered"]
    webinar.refresh_from_db()
    assert webinar.when in mail.outbox[0].body


def test_another_place_on_the_eve_sends_the_news_and_the_reminder_once() -> None:
    webinar = opened()
    registered(webinar)
    tick(NOW)
    tick(EVE)
    relocate(webinar, EVE + HOUR)
    for hours in (1, 2):
        tick(EVE + hours * HOUR)
    assert first_words() == ["You are registered", "Soon", "Changed"]


def test_another_day_takes_a_waiting_reminder_back_and_sends_it_on_the_new_eve() -> None:
    webinar = opened()
    registration = registered(webinar)
    tick(NOW)
    actions.remind_registered(now=EVE)
    move(webinar, 7, EVE + HOUR)
    tick(EVE + HOUR)
    assert kinds(registration)[2:] == [("soon", "skipped"), ("changed", "sent")]
    for minutes in (0, 1):
        tick(EVE + 7 * DAY + minutes * HOUR)
    assert first_words() == ["You are registered", "Changed", "Soon"]


def test_a_reminder_that_a_worker_holds_while_the_day_changes_is_not_sent() -> None:
    webinar = opened()
    registration = registered(webinar)
    tick(NOW)
    actions.remind_registered(now=EVE)
    lease, claimed = delivery.claim(now=EVE)
    move(webinar, 7, EVE)
    with Postbox() as postbox:
        delivery._handle(claimed[0], lease, postbox, EVE)
    assert kinds(registration)[2] == ("soon", "skipped")
