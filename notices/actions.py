"""The verbs of this room: queue a letter, skip it, try it again, choose which ones to get. Sending: `delivery`."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, TypedDict, Unpack

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from history import prepared
from history.actions import record
from history.clock import database_now
from notices import ledger
from notices.models import Channel, LetterClass, Notice, NoticeQuerySet, Preference, QuietHours
from notices.nudge import DELIVER, after_commit
from people.models import User

ASKED_AGAIN = dt.timedelta(days=1)  # how long a letter on hold is left alone that is of use for ever


class Timing(TypedDict, total=False):
    due_at: dt.datetime | None
    expires_at: dt.datetime | None


def planned(
    kind: str,
    about: models.Model,
    key: str,
    to: User | str,
    *,
    payload: dict[str, Any] | None = None,
    **timing: Unpack[Timing],
) -> Notice:
    """Return an unsaved notice. `to` is a person, or an address of somebody without an account."""
    due_at = timing.get("due_at") or database_now()
    return Notice(
        kind=kind,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        key=key,
        recipient=to if isinstance(to, User) else None,
        address=to if isinstance(to, str) else "",
        payload=payload or {},
        due_at=due_at,
        next_try_at=due_at,
        expires_at=timing.get("expires_at"),
    )


def queue(letters: list[Notice], *, again_after: Collection[str] = (), wake: bool = True) -> int:
    """Insert the letters whose key is new, in the caller's transaction; return how many were new.

    Doubling is ruled out by the unique key. Looking first only spares the table hundreds of vain inserts each minute;
    two planners at once may both count a letter that was inserted once. A letter that was not sent for one of the
    reasons of `again_after` waits again: whoever plans it has seen that the reason holds no more. Workers are woken
    after the commit; who queues in many transactions wakes them once, at the end.
    """
    rows = Notice.objects.filter(key__in=[letter.key for letter in letters]).values_list("key", "state", "reason")
    known = {key: (state, reason) for key, state, reason in rows}
    fresh = [letter for letter in letters if letter.key not in known]
    prepared.insert(fresh)
    kept_back = {(str(Notice.State.SKIPPED), reason) for reason in again_after}
    new = len(fresh) + sum(_again(letter) for letter in letters if known.get(letter.key) in kept_back)
    if new and wake:
        after_commit(DELIVER)
    return new


def _again(letter: Notice) -> bool:
    rows = Notice.objects.select_for_update(no_key=True).filter(key=letter.key, state=Notice.State.SKIPPED)
    row = rows.first()
    if row is None:
        return False  # another planner was faster
    anew = {"due_at": letter.due_at, "expires_at": letter.expires_at, "next_try_at": letter.next_try_at}
    ledger.move(row, Notice.State.DUE, now=letter.due_at, reason="", attempts=0, digest=None, **anew)
    return True


def skip_waiting(letters: NoticeQuerySet, *, reason: str, now: dt.datetime | None = None) -> int:
    """Take those of the letters that wait out of the queue, in the caller's transaction; return how many.

    A letter that a worker holds at this moment is left to its kind's own check.
    """
    return letters.waiting().update(state=Notice.State.SKIPPED, skipped_at=now or database_now(), reason=reason)


def hold(letters: NoticeQuerySet, *, reason: str, now: dt.datetime) -> int:
    """Let those of the letters that wait go on waiting until `let_go`, in the caller's transaction; return how many.

    A letter that a worker holds at this moment is left to its kind's `on_hold`.
    """
    return letters.waiting().update(reason=reason, next_try_at=Coalesce(F("expires_at"), now + ASKED_AGAIN))


def let_go(letters: NoticeQuerySet, *, reason: str, now: dt.datetime) -> int:
    """Send what was on hold for this reason, in the caller's transaction; return how many.

    What is of no use any more by now is not sent: delivery says so in its row.
    """
    gone = letters.on_hold().filter(reason=reason).update(reason="", next_try_at=now)
    if gone:
        after_commit(DELIVER)
    return gone


@transaction.atomic
def retry(*, notice: Notice, by: User, now: dt.datetime | None = None) -> Notice:
    """Put a failed letter back into the queue with all its tries; its Message-ID stays. Raises WrongState.

    A letter that failed in a digest leaves by itself.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    moment = now or database_now()
    again: dict[str, Any] = {"next_try_at": moment, "attempts": 0, "recipient_state": "", "digest": None}
    ledger.move(locked, Notice.State.DUE, now=moment, **again)
    record(locked, "retried", by=by, at=moment)
    after_commit(DELIVER)
    return locked


@transaction.atomic
def choose(
    *,
    person: User,
    channels: Mapping[str, Channel],
    quiet: tuple[dt.time, dt.time] | None,
    by: User,
    now: dt.datetime | None = None,
) -> bool:
    """Write how letters of each class reach the person and when none may; return whether that changed anything."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changed = [name for name, channel in channels.items() if _set_channel(person, name, channel)]
    is_quiet_changed = _set_quiet(person, quiet)
    if changed or is_quiet_changed:
        record(person, "letters_chosen", by=by, payload=_named(changed), at=now)
        return True
    return False


def _set_channel(person: User, letter_class: str, channel: Channel) -> bool:
    row, new = Preference.objects.get_or_create(person=person, letter_class=letter_class, defaults={"channel": channel})
    if new:
        return channel != Channel.MAIL
    changed = row.channel != channel
    if changed:
        row.channel = channel
        row.save(update_fields=["channel"])
    return changed


def _set_quiet(person: User, quiet: tuple[dt.time, dt.time] | None) -> bool:
    if quiet is None:
        return bool(QuietHours.objects.filter(person=person).delete()[0])
    begins, ends = quiet
    if QuietHours.objects.filter(person=person, begins=begins, ends=ends).exists():
        return False
    QuietHours.objects.update_or_create(person=person, defaults={"begins": begins, "ends": ends})
    return True


@transaction.atomic
def switch(
    *, person: User, classes: Collection[LetterClass], to: Channel, now: dt.datetime | None = None
) -> dict[LetterClass, Channel]:
    """End letters of these classes, or bring them back, as the holder of a signed link asks; return what was before."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = Preference.objects.filter(person=person, letter_class__in=classes)
    before = {LetterClass(row.letter_class): Channel(row.channel) for row in rows.order_by("letter_class")}
    changed = [name for name in classes if _set_channel(person, name, to)]
    if changed:
        record(
            person, "unsubscribed" if to == Channel.NONE else "resubscribed", by=person, payload=_named(changed), at=now
        )
    return {name: before.get(name, Channel.MAIL) for name in classes}


def _named(classes: Collection[str]) -> dict[str, list[str]]:
    return {"classes": sorted(classes)}
