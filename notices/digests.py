"""The daily letter of those who want few: it carries letters of their digest classes, and marks each of them.

Every letter stays a row of its own. Parts are claimed, sent, put back and given up together with the digest, in the
transaction that does so with the digest's own row: a crash leaves all of them or none.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from notices import ledger, mail, wishes
from notices.actions import planned, queue
from notices.letters import Draft, Letter, register
from notices.models import Channel, Notice, NoticeQuerySet
from people.models import User

KIND = "notices.digest"
NOTHING_LEFT = gettext_noop("nothing left to tell")
TRIES = 2  # today's digest, or tomorrow's where today's has left


def is_digest(notice: Notice) -> bool:
    return notice.kind == KIND


def put_off(notice: Notice, moment: dt.datetime) -> bool:
    """Let the letter wait for its reader's digest or for the end of their quiet hours; say whether it waits.

    It does not wait past its use: what would be too late by then leaves at once. A letter that failed before leaves
    by itself, so that no faulty one goes from digest to digest.
    """
    channel, person = wishes.channel_of(notice), notice.recipient
    if person is None or not mail.is_optional(notice):
        return False
    if channel == Channel.DIGEST and notice.attempts == 1 and _join(notice, person, moment):
        return True
    until = wishes.awake(person, moment)
    if until == moment or not _in_time(notice, until):
        return False
    wait(notice, until, moment)
    return True


def _in_time(notice: Notice, until: dt.datetime) -> bool:
    return notice.expires_at is None or until < notice.expires_at


def wait(notice: Notice, until: dt.datetime, moment: dt.datetime, **more: Any) -> None:
    """Waiting is no try: the attempt that the claim counted is given back."""
    attempts = max(0, notice.attempts - 1)
    move_all(notice, Notice.State.DUE, now=moment, next_try_at=until, attempts=attempts, **more)


def _join(notice: Notice, person: User, moment: dt.datetime) -> bool:
    """Add the letter to the next digest that has not left; False when that would be too late for it."""
    at = moment
    for _try in range(TRIES):
        at = wishes.next_digest(person, at)
        if not _in_time(notice, at):
            return False
        digest = _waiting(person, at)
        if digest is not None:
            wait(notice, digest.next_try_at, moment, digest=digest)
            return True
    return False


def _waiting(person: User, at: dt.datetime) -> Notice | None:
    """The person's digest of that day, locked, made where there is none; None when it has left or failed already.

    No page lists it: it may carry a letter whose existence is nobody's business.
    """
    day = at.astimezone(ZoneInfo(person.timezone)).date()
    key = f"{KIND}:{person.pk}:{day:%Y-%m-%d}"
    envelope = planned(KIND, person, key, person, due_at=at)
    envelope.unlisted = True
    queue([envelope], wake=False)  # nobody is woken for tomorrow's
    return Notice.objects.select_for_update(no_key=True).filter(key=key, state=Notice.State.DUE).first()


def parts_of(digest: Notice) -> NoticeQuerySet:
    """The letters that were claimed with the digest, the longest waiting first."""
    return digest.parts.filter(state=Notice.State.CLAIMED).select_related("recipient").order_by("due_at", "pk")


def move_all(notice: Notice, state: Notice.State, *, now: dt.datetime, **values: Any) -> None:
    """Move the letter, and what was claimed with it if it is a digest."""
    for part in parts_of(notice) if is_digest(notice) else ():
        ledger.move(part, state, now=now, **values)
    ledger.move(notice, state, now=now, **values)


def unwanted(digest: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - each part was asked for itself
    return "" if parts_of(digest).exists() else NOTHING_LEFT


# -- what it says ----------------------------------------------------------------------------------------------------
def draft(entries: list[mail.Entry]) -> Draft:
    count = len(entries)
    subject = ngettext("%(n)d piece of news: %(first)s", "%(n)d pieces of news: %(first)s", count)
    first = entries[0].subject if entries else ""
    classes = {entry.letter_class for entry in entries if entry.letter_class}
    return Draft(subject % {"n": count, "first": first}, {"entries": entries}, classes=tuple(sorted(classes)))


def compose(digest: Notice) -> Draft:
    return draft([mail.entry(part) for part in parts_of(digest)])


def register_all() -> None:
    register(
        Letter(
            kind=KIND,
            describes=gettext_lazy("Daily digest"),
            unwanted=unwanted,
            compose=compose,
            essential=False,
            who_gets=gettext_lazy("whoever asked for some letters together, once a day, when there are any"),
        )
    )
