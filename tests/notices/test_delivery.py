"""Each letter goes out once; no letter holds up another; what cannot go out says why."""

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections, transaction

from history.clock import database_now
from notices import actions, delivery, ledger
from notices.models import Notice
from notices.postbox import Postbox
from tests.at_once import at_once
from tests.factories import secretariat, user

pytestmark = pytest.mark.django_db
Queued = Callable[..., Notice]
State = Notice.State
NOW = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
PATIENCE = 60.0  # seconds, on a busy machine
SOON = NOW - dt.timedelta(minutes=1)


def due(letter: Queued, key: str = "key", **payload: Any) -> Notice:
    timing = {"due_at": SOON, "expires_at": payload.pop("expires_at", None)}
    return letter(payload.pop("to", None) or user(), key, timing=timing, **payload)


def run(now: dt.datetime = NOW) -> int:
    return delivery.deliver(now=now)


def states() -> dict[str, int]:
    rows = Notice.objects.values_list("state", flat=True).order_by("pk")
    return {state: list(rows).count(state) for state in sorted(set(rows))}


def test_a_due_letter_is_sent_once_and_marked(letter: Queued) -> None:
    row = due(letter)
    assert (run(), run()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.lease) == (State.SENT, NOW, 1, None)
    assert (row.recipient_state, row.message_id) == (Notice.Answer.ACCEPTED, mail.outbox[0].extra_headers["Message-ID"])
    assert len(mail.outbox) == 1


def test_a_letter_waits_for_its_time(letter: Queued) -> None:
    letter(user(), timing={"due_at": NOW + dt.timedelta(seconds=1)})
    assert (run(), mail.outbox) == (0, [])


def test_what_came_too_late_is_skipped_and_says_so(letter: Queued) -> None:
    row = due(letter, expires_at=NOW)
    run()
    row.refresh_from_db()
    assert (row.state, row.reason, row.skipped_at, mail.outbox) == (State.SKIPPED, "overdue", NOW, [])


def test_an_account_that_is_no_longer_active_gets_nothing(letter: Queued) -> None:
    row = due(letter, to=user(is_active=False))
    run()
    row.refresh_from_db()
    assert (row.state, row.reason, mail.outbox) == (State.SKIPPED, "account not active", [])


def test_the_kind_is_asked_at_the_moment_of_sending(letter: Queued) -> None:
    row = due(letter, unwanted="no longer a member")
    run()
    row.refresh_from_db()
    assert (row.state, row.reason, mail.outbox) == (State.SKIPPED, "no longer a member", [])


def test_one_faulty_letter_among_fifty_holds_up_no_other_and_is_tried_again(letter: Queued) -> None:
    for number in range(50):
        due(letter, f"key-{number:02}", poison=number == 7)
    assert (run(), run(), run(), run()) == (20, 20, 10, 0)
    assert (len(mail.outbox), states()) == (49, {"due": 1, "sent": 49})
    faulty = Notice.objects.get(state=State.DUE)
    assert faulty.last_error == "RuntimeError: this letter cannot be written"
    assert faulty.next_try_at == NOW + dt.timedelta(minutes=1)


def test_a_failing_letter_is_tried_after_1_5_30_minutes_2_12_hours_and_then_given_up(letter: Queued) -> None:
    row, moment, pauses = due(letter, poison=True), NOW, []
    while row.state == State.DUE:
        assert delivery.deliver(now=moment) == 1
        row.refresh_from_db()
        if row.state == State.DUE:
            pauses.append((row.next_try_at - moment).total_seconds() / 60)
            moment = row.next_try_at
    assert pauses == [1, 5, 30, 120, 720]
    assert (row.state, row.failed_at, row.attempts) == (State.FAILED, moment, 6)
    assert list(Notice.objects.failed()) == [row]


def test_a_letter_is_given_up_when_it_would_be_useless_at_the_next_try(letter: Queued) -> None:
    row = due(letter, poison=True, expires_at=NOW + dt.timedelta(seconds=59))
    run()
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_a_failed_letter_that_is_mended_and_retried_arrives_with_the_same_message_id(letter: Queued) -> None:
    row = due(letter, poison=True, expires_at=NOW + dt.timedelta(seconds=30))
    run()
    Notice.objects.filter(pk=row.pk).update(payload={}, expires_at=None)
    actions.retry(notice=row, by=secretariat(), now=NOW)
    run()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.failed_at) == (State.SENT, 1, None)
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


def test_only_a_failed_letter_can_be_retried(letter: Queued) -> None:
    row = due(letter)
    run()
    with pytest.raises(ledger.WrongState):
        actions.retry(notice=row, by=secretariat())
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 1)


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_the_ledger_allows_the_transitions_of_the_table_and_no_other(letter: Queued, old: State, new: State) -> None:
    row = due(letter)
    stamps: dict[str, Any] = {ledger.STAMPS[old]: NOW} if old in ledger.STAMPS else {}
    if old == State.CLAIMED:
        stamps = {"lease": uuid.uuid4(), "lease_until": NOW}
    Notice.objects.filter(pk=row.pk).update(state=old, reason="why", **stamps)
    row.refresh_from_db()
    if new not in Notice.TRANSITIONS[old]:
        with pytest.raises(ledger.WrongState):
            ledger.move(row, new, now=NOW)
        row.refresh_from_db()
        assert row.state == old
    elif new != State.CLAIMED:  # claiming is done by one UPDATE for a whole batch
        ledger.move(row, new, now=NOW)
        row.refresh_from_db()
        assert row.state == new


def test_the_attempt_is_counted_before_the_work(letter: Queued) -> None:
    row = due(letter)
    _, claimed = delivery.claim(now=NOW)
    row.refresh_from_db()
    assert (claimed, row.state, row.attempts, row.lease_until) == ([row], State.CLAIMED, 1, NOW + delivery.LEASE)


def test_a_claimed_letter_is_left_alone_until_its_lease_has_run_out(letter: Queued) -> None:
    due(letter)
    delivery.claim(now=NOW)
    assert run(NOW + delivery.LEASE) == 0
    assert run(NOW + delivery.LEASE + dt.timedelta(seconds=1)) == 1
    assert len(mail.outbox) == 1


def test_what_a_dead_worker_left_is_claimed_one_by_one_before_new_letters(letter: Queued) -> None:
    for key in ("a", "b"):
        due(letter, key)
    delivery.claim(now=NOW)
    due(letter, "c")
    later = NOW + delivery.LEASE + dt.timedelta(seconds=1)
    assert [run(later) for _ in range(4)] == [1, 1, 1, 0]
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [
        Notice.objects.get(key=key).message_id for key in "abc"
    ]


def test_a_letter_that_kills_five_workers_is_parked_and_its_neighbours_are_not(letter: Queued) -> None:
    """`claim` without a delivery is what a worker leaves that dies at its first letter."""
    killer, neighbour = due(letter, "killer"), due(letter, "neighbour")
    moment = NOW
    for _ in range(5):
        delivery.claim(now=moment)
        moment += delivery.LEASE + dt.timedelta(seconds=1)
        Notice.objects.filter(pk=neighbour.pk, state=State.CLAIMED).update(lease_until=moment + dt.timedelta(hours=1))
    assert run(moment) == 0
    killer.refresh_from_db()
    neighbour.refresh_from_db()
    assert (killer.state, killer.attempts) == (State.FAILED, 5)
    assert killer.last_error == "Every worker that tried to send this letter died."
    assert (neighbour.state, neighbour.attempts) == (State.CLAIMED, 1)


def test_a_letter_whose_lease_was_lost_is_not_sent(letter: Queued) -> None:
    due(letter)
    lease, claimed = delivery.claim(now=NOW)
    delivery.claim(now=NOW + delivery.LEASE + dt.timedelta(seconds=1))
    with Postbox() as postbox:
        delivery._handle(claimed[0], lease, postbox, NOW)
    assert mail.outbox == []


class Refusing(EmailBackend):
    """A mail server that refuses every mailbox, for good (550) or for now (450)."""

    code = 550

    def send_messages(self, messages: Any) -> int:
        raise SMTPRecipientsRefused({messages[0].to[0]: (self.code, b"no such mailbox")})


class RefusingForNow(Refusing):
    code = 450


def test_a_mailbox_that_does_not_exist_is_not_tried_again(letter: Queued, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    row = due(letter)
    run()
    row.refresh_from_db()
    assert (row.state, row.recipient_state) == (State.FAILED, Notice.Answer.REFUSED)
    assert "550" in row.last_error


def test_a_mailbox_that_is_full_is_tried_again(letter: Queued, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingForNow"
    row = due(letter)
    run()
    row.refresh_from_db()
    assert (row.state, row.recipient_state) == (State.DUE, "")


def test_an_unknown_kind_fails_alone(letter: Queued) -> None:
    row = due(letter, "unknown")
    due(letter, "known")
    Notice.objects.filter(pk=row.pk).update(kind="test.forgotten")
    run()
    assert (states(), len(mail.outbox)) == ({"due": 1, "sent": 1}, 1)


def test_the_same_key_is_queued_once() -> None:
    person = user()
    assert actions.queue([actions.planned("test.plain", person, "key", person)]) == 1
    assert actions.queue([actions.planned("test.plain", person, "key", person)]) == 0
    assert Notice.objects.count() == 1


def test_skipping_takes_waiting_letters_and_leaves_claimed_ones(letter: Queued) -> None:
    waiting, held = due(letter, "waiting"), due(letter, "held")
    Notice.objects.filter(pk=waiting.pk).update(next_try_at=NOW + dt.timedelta(days=1))
    delivery.claim(now=NOW)
    assert actions.skip_waiting(Notice.objects.all(), reason="rescheduled", now=NOW) == 1
    assert {row.key: row.state for row in Notice.objects.all()} == {"waiting": State.SKIPPED, held.key: State.CLAIMED}


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_letter_once(letter: Queued) -> None:
    for number in range(40):
        letter(user(), f"key-{number}")

    def work() -> None:
        while delivery.deliver(batch=5):
            pass

    at_once(*[work] * 4)
    assert (len(mail.outbox), states()) == (40, {"sent": 40})
    assert len({message.to[0] for message in mail.outbox}) == 40


@pytest.mark.django_db(transaction=True)
def test_a_slow_worker_keeps_its_letter_even_when_the_lease_runs_out(letter: Queued, settings: Any) -> None:
    """The row's lock is held while sending, so nobody sends it a second time."""
    letter(user())
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    Slow.may_go, Slow.began = threading.Event(), threading.Event()

    def work() -> None:
        delivery.deliver()
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    Slow.began.wait(PATIENCE)
    try:
        assert delivery.deliver(now=database_now() + dt.timedelta(hours=1)) == 0
    finally:
        Slow.may_go.set()
        worker.join()
    assert (len(mail.outbox), states()) == (1, {"sent": 1})


@pytest.mark.django_db(transaction=True)
def test_a_claimed_letter_waits_for_who_else_looks_at_its_row(letter: Queued) -> None:
    """PostgreSQL locks a row that another claim has just taken before it sees that the row is due no longer."""
    row = letter(user())
    looking = threading.Event()
    lease, claimed = delivery.claim()

    def look() -> None:
        with transaction.atomic():
            Notice.objects.select_for_update(no_key=True).get(pk=row.pk)
            looking.set()
            time.sleep(0.2)
        connections.close_all()

    other = threading.Thread(target=look)
    other.start()
    looking.wait(PATIENCE)
    with Postbox() as postbox:
        delivery._handle(claimed[0], lease, postbox, None)
    other.join()
    assert (len(mail.outbox), states()) == (1, {"sent": 1})


class Slow(EmailBackend):
    """A mail server that takes its time."""

    may_go = threading.Event()
    began = threading.Event()

    def send_messages(self, messages: Any) -> int:
        self.began.set()
        self.may_go.wait(PATIENCE)
        return int(super().send_messages(messages))
