"""Reminders go to those without a ballot, once each, and nobody can read from the ledger who they are."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from challenges import actions, reminding
from challenges.models import RankingRound
from notices import delivery, foreseen
from notices.models import Notice
from people.models import User
from s3cop.celery import app
from tests import factories as make

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
KIND = "challenges.ballot_reminder"
OPENED = dt.datetime(2027, 5, 3, 8, 0, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def reminders() -> list[Notice]:
    return list(Notice.objects.filter(kind=KIND).order_by("pk"))


def running(electors: int = 3, days: int = 10) -> RankingRound:
    """Return an open round whose letters of opening are gone."""
    round_ = make.open_round(make.group(), electors=electors, closes_at=timezone.now() + days * DAY)
    Notice.objects.all().delete()
    return round_


def desk(client: Client) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", client.get("/desk/").content)


def after(of: RankingRound, days: float) -> dt.datetime:
    assert of.opened_at
    return of.opened_at + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("lasts", "expected"),
    [
        (10 * DAY, [("midway", 5 * DAY), ("last_day", 9 * DAY)]),
        (2 * DAY, [("last_day", DAY)]),
        (36 * HOUR, [("last_day", 12 * HOUR), ("midway", 18 * HOUR)]),
        (24 * HOUR, [("midway", 12 * HOUR)]),
        (2 * HOUR, []),
        (10 * dt.timedelta(minutes=1), []),
    ],
)
def test_midway_and_a_day_before_closing_with_rest_between(
    lasts: dt.timedelta, expected: list[tuple[str, dt.timedelta]]
) -> None:
    line = reminding.steps(OPENED, OPENED + lasts)
    assert [(step.name, step.due_at - OPENED) for step in line] == expected
    assert [step.expires_at for step in line] == [step.due_at for step in line[1:]] + [OPENED + lasts] * bool(line)


def test_only_those_without_a_ballot_are_reminded_and_once() -> None:
    round_ = running()
    make.vote(round_, [1, 2, 3])
    assert actions.remind_electors(now=after(round_, 4)) == 0
    assert actions.remind_electors(now=after(round_, 5.1)) == 2
    assert actions.remind_electors(now=after(round_, 5.2)) == 0
    silent = [elector.user for elector in round_.electors.order_by("pk")[1:]]
    assert [letter.recipient for letter in reminders()] == silent
    assert actions.remind_electors(now=after(round_, 9.1)) == 2
    assert len(reminders()) == 4


def test_a_round_that_cannot_remind_holds_up_no_other(poison: Callable[..., None]) -> None:
    first, second = running(), running(electors=2)
    poison(Notice, f"NEW.about_id = {first.pk} AND NEW.kind = '{KIND}'")
    assert actions.remind_electors(now=after(second, 5.1)) == 2
    assert {letter.about_id for letter in reminders()} == {second.pk}


def test_whoever_votes_before_the_letter_leaves_gets_none() -> None:
    round_ = running(electors=2)
    actions.remind_electors(now=after(round_, 5.1))
    make.vote(round_, [1, 2, 3])
    delivery.deliver(now=after(round_, 5.2))
    silent = round_.electors.order_by("pk")[1].user
    assert [letter.to for letter in mail.outbox] == [[f"{silent} <{silent.email}>"]]
    assert [letter.state for letter in reminders()] == ["skipped", "sent"]


def test_the_letter_says_until_when_and_leads_to_the_ballot() -> None:
    round_ = running(electors=1)
    actions.remind_electors(now=after(round_, 5.1))
    delivery.deliver(now=after(round_, 5.2))
    letter = mail.outbox[0]
    assert round_.closes_at
    day = date_format(round_.closes_at.astimezone(round_.zone), "l j F")
    assert letter.subject == f"Still open until {day}: Main challenges"
    assert "The round is open until " in letter.body
    assert reverse("challenges:ballot", args=[round_.pk]) in letter.body


def test_a_missed_step_is_not_made_up_for() -> None:
    round_ = running(electors=1)
    actions.remind_electors(now=after(round_, 9.5))
    assert [letter.due_at for letter in reminders()] == [round_.closes_at - DAY]  # type: ignore[operator]


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_the_letters_vanish_with_the_round(end: str) -> None:
    round_ = running()
    actions.remind_electors(now=after(round_, 5.1))
    delivery.deliver(now=after(round_, 5.2))
    assert len(reminders()) == 3
    if end == "closed":
        actions.close_round(round=round_, by=None)
    else:
        actions.cancel_round(round=round_, by=None, reason="No.")
    assert reminders() == []


def test_what_escaped_is_swept_by_the_next_beat() -> None:
    round_ = running()
    actions.remind_electors(now=after(round_, 5.1))
    actions.close_round(round=round_, by=None)
    Notice.objects.bulk_create(
        Notice(
            kind=KIND,
            about=round_,
            recipient=elector.user,
            key=f"late-{elector.pk}",
            due_at=OPENED,
            next_try_at=OPENED,
            unlisted=True,
        )
        for elector in round_.electors.select_related("user")
    )
    actions.remind_electors()
    assert reminders() == []


def test_no_page_lists_them_and_no_key_names_anybody(signed_in: SignedIn) -> None:
    round_ = running(electors=2)
    office, leader = make.secretariat(), make.leader(round_.group)
    desks = [desk(signed_in(person)) for person in (office, leader)]
    actions.remind_electors(now=after(round_, 5.1))
    letter = reminders()[0]
    Notice.objects.filter(pk=letter.pk).update(state="failed", failed_at=OPENED, last_error="550")
    assert [desk(signed_in(person)) for person in (office, leader)] == desks
    assert signed_in(office).post(reverse("notices:retry", args=[letter.pk])).status_code == 404
    assert list(Notice.objects.visible_to(office)) == []
    assert str(letter.recipient_id) not in letter.key.removeprefix(KIND).strip(":").split(":")


def test_what_is_foreseen_names_nobody_without_a_ballot() -> None:
    round_ = running(electors=2)
    opens = after(round_, 6)
    draft = make.round_(round_.group, opens_at=opens, closes_at=opens + 10 * DAY)
    actions.remind_electors(now=after(round_, 5.1))
    told = foreseen.all_until(after(round_, 20), now=after(round_, 5.1))
    still, midway, last = "A ranking round is still open", "half the time is over", "a day before it closes"
    assert {each.address for each in told if each.kind == KIND} == {"whoever may rank and has no ballot by then"}
    assert [(each.about, str(each.title), each.why) for each in told] == [
        (f"round {round_.pk}", still, f"{midway}; not to whom it has been sent"),
        (f"round {draft.pk}", "A ranking round has opened", "it opens by itself"),
        (f"round {round_.pk}", still, last),
        (f"round {draft.pk}", still, midway),
        (f"round {draft.pk}", still, last),
    ]
    assert len(foreseen.all_until(opens, now=after(round_, 5.1))) == 2


def test_the_schedule_asks_each_minute() -> None:
    asked = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == "challenges.remind_electors"]
    assert [entry["schedule"] for entry in asked] == [60]
