"""Each letter arrives once, as and when its reader wants it, or says why not."""

import datetime as dt
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from notices import actions, delivery, digests
from notices.letters import kinds
from notices.models import Channel, LetterClass, Notice, Preference, QuietHours
from people.models import User
from tests.factories import secretariat, user
from tests.notices.conftest import OPTIONAL

pytestmark = pytest.mark.django_db
Queued = Callable[..., Notice]
State = Notice.State
NOON = dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)  # in Brussels
SEVEN = dt.datetime(2026, 6, 16, 5, tzinfo=dt.UTC)  # next morning
NIGHT = dt.datetime(2026, 6, 15, 21, tzinfo=dt.UTC)


def reader(channel: Channel = Channel.DIGEST, **values: Any) -> User:
    person = user(**values)
    Preference.objects.create(person=person, letter_class=LetterClass.MEETING, channel=channel)
    return person


def optional(letter: Queued, to: User, key: str = "key", due: dt.datetime = NOON, **payload: Any) -> Notice:
    timing = {"due_at": due, "expires_at": payload.pop("expires_at", None)}
    return letter(to, key, timing=timing, kind=OPTIONAL, **payload)


def run(now: dt.datetime = NOON) -> int:
    """Deliver until nothing is due."""
    total = 0
    while claimed := delivery.deliver(now=now):
        total += claimed
    return total


def state_of(*keys: str) -> list[str]:
    return [Notice.objects.get(key=key).state for key in keys]


# -- switched off ----------------------------------------------------------------------------------------------------
def test_who_opted_out_gets_nothing_of_that_class_and_the_row_says_so(letter: Queued) -> None:
    row = optional(letter, reader(Channel.NONE))
    run()
    row.refresh_from_db()
    assert (row.state, row.reason, mail.outbox) == (State.SKIPPED, "opted out", [])


def test_essential_letters_come_whatever_was_chosen(letter: Queued) -> None:
    person = reader(Channel.NONE)
    for name in LetterClass:
        Preference.objects.update_or_create(person=person, letter_class=name, defaults={"channel": Channel.NONE})
    QuietHours.objects.create(person=person, begins=dt.time(0), ends=dt.time(23, 59))
    letter(person, timing={"due_at": NOON})
    run()
    assert [message.to[0].endswith(f"<{person.email}>") for message in mail.outbox] == [True]


def test_another_class_is_not_concerned(letter: Queued) -> None:
    person = user()
    Preference.objects.create(person=person, letter_class=LetterClass.ROUND, channel=Channel.NONE)
    optional(letter, person)
    assert (run(), len(mail.outbox)) == (1, 1)


def test_every_kind_that_is_not_essential_has_a_class_by_which_it_is_switched_off() -> None:
    without = [each.kind for each in kinds() if not each.essential and each.letter_class is None]
    assert without == [digests.KIND]
    assert [each.kind for each in kinds() if not each.who_gets and not each.kind.startswith("test.")] == []


# -- quiet hours -----------------------------------------------------------------------------------------------------
def quiet(person: User) -> User:
    QuietHours.objects.create(person=person, begins=dt.time(22), ends=dt.time(7))
    return person


def test_in_quiet_hours_a_letter_waits_for_the_morning_and_no_try_is_lost(letter: Queued) -> None:
    row = optional(letter, quiet(user()), due=NIGHT)
    assert run(NIGHT) == 1
    row.refresh_from_db()
    assert (row.state, row.next_try_at, row.attempts, mail.outbox) == (State.DUE, SEVEN, 0, [])
    assert (run(SEVEN), state_of("key"), len(mail.outbox)) == (1, ["sent"], 1)


def test_the_hours_are_those_of_the_readers_zone(letter: Queued) -> None:
    row = optional(letter, quiet(user(timezone="Atlantic/Azores")), due=NIGHT)
    run(NIGHT)  # nine in the evening there
    row.refresh_from_db()
    assert row.state == State.SENT


@pytest.mark.parametrize(
    ("night", "morning"),
    [("2026-03-28T23:00", "2026-03-29T05:00"), ("2026-10-24T23:00", "2026-10-25T06:00")],
)
def test_when_clocks_change_the_morning_is_still_at_seven(letter: Queued, night: str, morning: str) -> None:
    at, until = (dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in (night, morning))
    row = optional(letter, quiet(user()), due=at)
    run(at)
    row.refresh_from_db()
    assert row.next_try_at == until


def test_what_would_be_useless_in_the_morning_comes_at_once(letter: Queued) -> None:
    optional(letter, quiet(user()), due=NIGHT, expires_at=SEVEN)
    run(NIGHT)
    assert len(mail.outbox) == 1


# -- digest ----------------------------------------------------------------------------------------------------------
def test_a_digest_gathers_what_is_due_into_one_letter_and_marks_each(letter: Queued) -> None:
    person = reader()
    for key in ("first", "second", "third"):
        optional(letter, person, key, subject=f"The {key}", words=f"Body of the {key}.")
    run()
    assert (mail.outbox, state_of("first", "second", "third")) == ([], ["due"] * 3)
    assert run(SEVEN) == 1
    (message,) = mail.outbox
    assert message.subject == "3 pieces of news: The first"
    assert message.body.count("Dear") == 1
    assert [f"* The {key} *\n\nBody of the {key}." in message.body for key in ("first", "second", "third")] == [
        True
    ] * 3
    rows = Notice.objects.filter(kind=OPTIONAL).order_by("key")
    assert [(row.state, row.sent_at, row.attempts, row.recipient_state) for row in rows] == [
        ("sent", SEVEN, 1, "accepted")
    ] * 3
    assert {row.message_id for row in rows} == {message.extra_headers["Message-ID"]}
    assert run(SEVEN + dt.timedelta(days=1)) == 0


def test_two_readers_have_a_digest_each_and_so_has_each_day(letter: Queued) -> None:
    anna, ben = reader(), reader()
    optional(letter, anna, "a")
    optional(letter, ben, "b")
    run()
    run(SEVEN)
    optional(letter, anna, "c", due=SEVEN)
    run(SEVEN)
    run(SEVEN + dt.timedelta(days=1))
    assert [message.to[0].partition("<")[2] for message in mail.outbox].count(f"{anna.email}>") == 2
    assert (len(mail.outbox), state_of("a", "b", "c")) == (3, ["sent"] * 3)


def test_what_would_be_too_late_in_the_digest_comes_by_itself(letter: Queued) -> None:
    optional(letter, reader(), expires_at=SEVEN)
    run()
    assert (len(mail.outbox), state_of("key")) == (1, ["sent"])


def test_what_became_unwanted_overnight_is_left_out_and_says_why(letter: Queued) -> None:
    person = reader()
    moved, stays = optional(letter, person, "moved"), optional(letter, person, "stays", words="Still so.")
    run()
    Notice.objects.filter(pk=moved.pk).update(payload={"unwanted": "rescheduled"})
    run(SEVEN)
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.state, moved.reason, stays.state) == (State.SKIPPED, "rescheduled", State.SENT)
    assert ("Still so." in mail.outbox[0].body, mail.outbox[0].body.count("* ")) == (True, 1)


def test_a_digest_with_nothing_left_is_not_sent(letter: Queued) -> None:
    row = optional(letter, reader())
    run()
    Notice.objects.filter(pk=row.pk).update(payload={"unwanted": "rescheduled"})
    run(SEVEN)
    digest = Notice.objects.get(kind=digests.KIND)
    assert (digest.state, digest.reason, mail.outbox) == (State.SKIPPED, "nothing left to tell", [])


def test_whoever_opts_out_after_the_gathering_gets_nothing(letter: Queued) -> None:
    person = reader()
    row = optional(letter, person)
    run()
    actions.switch(person=person, classes=[LetterClass.MEETING], to=Channel.NONE)
    run(SEVEN)
    row.refresh_from_db()
    assert (row.state, row.reason, mail.outbox) == (State.SKIPPED, "opted out", [])


def test_a_faulty_letter_leaves_the_digest_and_is_tried_by_itself(letter: Queued) -> None:
    person = reader()
    faulty, fine = optional(letter, person, "faulty", poison=True), optional(letter, person, "fine")
    run()
    run(SEVEN)
    faulty.refresh_from_db()
    fine.refresh_from_db()
    assert (fine.state, len(mail.outbox)) == (State.SENT, 1)
    assert (faulty.state, faulty.last_error, faulty.attempts) == (
        State.DUE,
        "RuntimeError: this letter cannot be written",
        1,
    )
    Notice.objects.filter(pk=faulty.pk).update(payload={})
    run(faulty.next_try_at)
    assert (state_of("faulty"), len(mail.outbox)) == (["sent"], 2)


class Down(EmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, messages: Any) -> int:  # noqa: ARG002
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such mailbox")})


def test_a_digest_that_could_not_leave_is_tried_again_whole(letter: Queued, settings: Any) -> None:
    person = reader()
    for key in "ab":
        optional(letter, person, key)
    run()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    assert (run(SEVEN), state_of("a", "b")) == (1, ["due", "due"])
    settings.EMAIL_BACKEND = backend
    run(SEVEN + dt.timedelta(minutes=1))
    assert (len(mail.outbox), state_of("a", "b")) == (1, ["sent", "sent"])


def test_parts_of_a_refused_digest_fail_visibly_and_leave_by_themselves_when_tried_again(
    letter: Queued, settings: Any
) -> None:
    row = optional(letter, reader())
    run()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Refusing"
    run(SEVEN)
    row.refresh_from_db()
    assert (row.state, row.recipient_state) == (State.FAILED, Notice.Answer.REFUSED)
    assert list(Notice.objects.listed().failed()) == [row]
    settings.EMAIL_BACKEND = backend
    Preference.objects.update(channel=Channel.MAIL)
    actions.retry(notice=row, by=secretariat(), now=SEVEN)
    run(SEVEN)
    assert (state_of("key"), len(mail.outbox)) == (["sent"], 1)


def test_after_a_crash_the_digest_goes_out_once_with_the_same_message_id(letter: Queued) -> None:
    person = reader()
    for key in "ab":
        optional(letter, person, key)
    run()
    delivery.claim(now=SEVEN)  # and the worker dies
    assert state_of("a", "b") == ["claimed", "claimed"]
    later = SEVEN + delivery.LEASE + dt.timedelta(seconds=1)
    assert (run(SEVEN), run(later), run(later)) == (0, 1, 0)
    assert (len(mail.outbox), state_of("a", "b")) == (1, ["sent", "sent"])


def test_a_digest_that_kills_five_workers_is_given_up_with_its_parts(letter: Queued) -> None:
    optional(letter, reader())
    run()
    moment = SEVEN
    for _ in range(5):
        delivery.claim(now=moment)
        moment += delivery.LEASE + dt.timedelta(seconds=1)
    assert (run(moment), state_of("key")) == (0, ["failed"])


def test_a_part_that_the_digest_left_behind_goes_with_the_next(letter: Queued) -> None:
    """Somebody looked at its row at the moment of the claim."""
    row = optional(letter, reader())
    run()
    digest = Notice.objects.get(kind=digests.KIND)
    Notice.objects.filter(pk=digest.pk).update(state=State.SENT, sent_at=SEVEN)
    run(SEVEN)
    row.refresh_from_db()
    assert (row.state, row.digest == digest, row.digest is None) == (State.DUE, False, False)
    run(SEVEN + dt.timedelta(days=1))
    assert (state_of("key"), len(mail.outbox)) == (["sent"], 1)


def test_a_digest_waits_for_the_end_of_quiet_hours(letter: Queued) -> None:
    person = reader()
    QuietHours.objects.create(person=person, begins=dt.time(22), ends=dt.time(9))
    optional(letter, person)
    run()
    assert (run(SEVEN), run(SEVEN + dt.timedelta(hours=2)), len(mail.outbox)) == (0, 1, 1)


def test_a_digest_delayed_into_quiet_hours_waits_with_all_its_parts(letter: Queued) -> None:
    person = reader()
    optional(letter, person)
    run()
    quiet(person)
    late = SEVEN + dt.timedelta(hours=16)
    run(late)
    assert (mail.outbox, state_of("key")) == ([], ["due"])
    run(SEVEN + dt.timedelta(days=1))
    assert (len(mail.outbox), state_of("key")) == (1, ["sent"])


def test_no_page_lists_a_digest_for_it_may_carry_a_letter_that_no_page_lists(letter: Queued) -> None:
    optional(letter, reader())
    run()
    assert list(Notice.objects.listed().filter(kind=digests.KIND)) == []


# -- the relay -------------------------------------------------------------------------------------------------------
def test_the_relay_gets_no_more_letters_a_minute_than_it_takes(letter: Queued, settings: Any) -> None:
    settings.MAILS_PER_MINUTE = 7
    for number in range(16):
        letter(user(), f"key-{number}", timing={"due_at": NOON})
    runs = [run(NOON + dt.timedelta(minutes=minute, seconds=second)) for minute in range(4) for second in (0, 59)]
    assert runs == [7, 0, 7, 0, 2, 0, 0, 0]
