"""Claims letters that are due, looks at the world again, sends, and writes down what came of it.

At least once: between the mail server's acceptance and our commit one duplicate is possible (a crash, an OK lost on the
way), and it carries the same Message-ID. Nothing else doubles or loses a letter, and no letter holds up another.
"""

import datetime as dt
import logging
import uuid
from contextlib import ExitStack, nullcontext
from functools import lru_cache
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q, UUIDField
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_noop

from history import locks, trips
from history.clock import Clock, database_now
from history.prepared import Key, Prepared
from notices import addresses, digests, ledger, mail, wishes
from notices.actions import ASKED_AGAIN
from notices.letters import letter_of
from notices.models import Channel, Notice, NoticeQuerySet, Undeliverable
from notices.postbox import Postbox

LEASE = dt.timedelta(minutes=5)
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
MOST_DEATHS = 5  # claims that end with a dead worker before a letter is given up
MOST_LEFT = 20  # letters of dead workers that are looked at in one go
PERMANENT = 500  # SMTP answers from here on will not change by waiting
LONGEST_ERROR = 1000

OVERDUE = gettext_noop("overdue")
INACTIVE = gettext_noop("account not active")
OPTED_OUT = gettext_noop("opted out")

log = logging.getLogger(__name__)


def deliver(*, batch: int = 20, now: dt.datetime | None = None, postbox: Postbox | None = None) -> int:
    """Handle up to `batch` letters that are due; return how many were claimed (0: nothing is due).

    `batch` times the longest try (EMAIL_TIMEOUT, 10 s) must stay below the lease. Who goes on from batch to batch
    brings a postbox, which stays open.
    """
    lease, claimed = claim(batch=batch, now=now)
    with nullcontext(postbox) if postbox else Postbox() as box, trips.series():
        for row in claimed:
            _handle(row, lease, box, now)
    return len(claimed)


def claim(*, batch: int = 20, now: dt.datetime | None = None) -> tuple[uuid.UUID, list[Notice]]:
    """Take letters under a new lease and count the attempt before the work, so that a letter that kills is counted.

    A letter left by a dead worker is taken alone: were it claimed with others again, it would count against them too.
    """
    lease, moment = uuid.uuid4(), now or database_now()
    with transaction.atomic():
        stranded = _stranded(moment)
        most = _room(batch, moment)
        rows = stranded[: min(1, most)] or (_due(most).ask(now=moment) if most else [])
        _hold([row.pk for row in rows] + _parts([row.pk for row in rows if digests.is_digest(row)]), lease, moment)
    return lease, rows


def _hold(letters: list[int], lease: uuid.UUID, moment: dt.datetime) -> None:
    Notice.objects.filter(pk__in=letters).update(
        state=Notice.State.CLAIMED, lease=lease, lease_until=moment + LEASE, attempts=F("attempts") + 1, reason=""
    )


def _parts(claimed_digests: list[int]) -> list[int]:
    """The letters that leave with these digests; one that somebody looks at this moment leaves by itself, later."""
    if not claimed_digests:
        return []
    open_still = [Notice.State.DUE, Notice.State.CLAIMED]
    parts = Notice.objects.filter(digest__in=claimed_digests, state__in=open_still).order_by("pk")
    return [part.pk for part in parts.select_for_update(skip_locked=True, no_key=True, of=("self",))]


def _room(batch: int, moment: dt.datetime) -> int:
    """How many letters may be claimed: fewer than a batch where the relay takes only so many a minute of the clock."""
    most = settings.MAILS_PER_MINUTE
    if most is None:
        return batch
    locks.lock_exclusive(locks.RELAY, 0)  # or two workers would fill the same room
    minute = moment.replace(second=0, microsecond=0)
    gone = Notice.objects.filter(Q(sent_at__gte=minute) | Q(state=Notice.State.CLAIMED), digest=None).count()
    return max(0, min(batch, most - gone))


def _stranded(moment: dt.datetime) -> list[Notice]:
    """Lock and return what dead workers left, the longest waiting first; what killed too many of them is given up."""
    left = LEFT.ask(now=moment)
    for notice in left:
        if notice.attempts >= MOST_DEATHS:
            error = "Every worker that tried to send this letter died."
            digests.move_all(notice, Notice.State.FAILED, now=moment, last_error=error)
            log.error("letter %s is parked: %s", notice.key, error)
    return [notice for notice in left if notice.state == Notice.State.CLAIMED]


def _handle(row: Notice, lease: uuid.UUID, postbox: Postbox, now: dt.datetime | None) -> None:
    """One letter, one transaction, one try. The lock is held while sending: nobody takes it from a slow worker."""
    ours = OURS.question(pk=row.pk, lease=lease)
    try:
        asked = letter_of(row.kind).asks(row)
        with trips.one(ours, *([asked] if asked else [])) as begun:
            for notice in begun.answers[0]:
                notice.answer = begun.answers[1] if asked else None
                _settle(notice, postbox, begun.last, now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others go on
        postbox.close()
        with trips.one(ours) as begun:
            for notice in begun.answers[0]:
                _put_back(notice, error, now or database_now())


def _claimed_by_us() -> NoticeQuerySet:
    """Lock the row if the lease is still ours.

    It waits for the lock: another worker's claim may hold it for a moment, having seen the row while it was still due.
    """
    flagged = Undeliverable.objects.filter(email=Lower(Coalesce(OuterRef("recipient__email"), OuterRef("address"))))
    rows = Notice.objects.select_related("recipient__quiet_hours").annotate(is_flagged=Exists(flagged), seen_at=Clock())
    rows = rows.select_for_update(of=("self",), no_key=True).defer(*UNREAD)
    ours = {"pk": Key("pk", BigIntegerField()), "lease": Key("lease", UUIDField())}
    return rows.filter(**ours, state=Notice.State.CLAIMED).order_by()


def _free() -> NoticeQuerySet:
    return Notice.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))


@lru_cache(maxsize=128)
def _due(most: int) -> Prepared[Notice]:
    return Prepared(lambda: _free().only("kind", "about_type", "about_id", "recipient").due(NOW)[:most])


NOW = Key("now", DateTimeField())
UNREAD = ("created_at", "lease_until", "sent_at", "skipped_at", "failed_at", "recipient__password")
OURS = Prepared(_claimed_by_us)
LEFT = Prepared(lambda: _free().stranded(NOW)[:MOST_LEFT])


def _settle(notice: Notice, postbox: Postbox, last: ExitStack, now: dt.datetime | None) -> None:
    """Send the letter, let it wait for its reader's hour, or write down why nobody wants it any more."""
    moment = now or getattr(notice, "seen_at", None) or database_now()
    if digests.is_digest(notice):
        _drop_parts(notice, moment)
    reason = unwanted(notice, moment)
    if reason:
        ledger.move(notice, Notice.State.SKIPPED, now=moment, reason=reason[:60])
    elif not _keeps_waiting(notice, moment) and not digests.put_off(notice, moment):
        _send(notice, postbox, last, moment)


def _keeps_waiting(notice: Notice, moment: dt.datetime) -> bool:
    """Put the letter back if its kind says that it is on hold."""
    reason = letter_of(notice.kind).on_hold(notice)
    if reason:
        digests.wait(notice, notice.expires_at or moment + ASKED_AGAIN, moment, reason=reason[:60])
    return bool(reason)


def _drop_parts(digest: Notice, moment: dt.datetime) -> None:
    """Take out of the digest what nobody wants any more, and what cannot be written: that is tried by itself."""
    for part in digests.parts_of(digest):
        if reason := unwanted(part, moment):
            ledger.move(part, Notice.State.SKIPPED, now=moment, reason=reason[:60])
            continue
        if _keeps_waiting(part, moment):
            continue
        try:
            with transaction.atomic():
                mail.entry(part)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others go on
            _put_back(part, error, moment)


def _send(notice: Notice, postbox: Postbox, last: ExitStack, moment: dt.datetime) -> None:
    """The row is marked with the moment at which the world was looked at, a breath before the server accepted.

    The mark and the transaction's end reach the database together; both are waited for before the next letter.
    """
    postbox.begin(mail.mailbox_of(notice))
    postbox.send(mail.written(notice, half_way=postbox.go_on))
    if getattr(notice, "is_flagged", True):
        addresses.accepted(notice)
    last.enter_context(trips.together())
    sent = {"message_id": mail.message_id(notice), "recipient_state": Notice.Answer.ACCEPTED, "last_error": ""}
    digests.move_all(notice, Notice.State.SENT, now=moment, **sent)


def unwanted(notice: Notice, moment: dt.datetime) -> str:
    """Return why the letter should not go out any more, or nothing."""
    if notice.expires_at and notice.expires_at <= moment:
        return OVERDUE
    if notice.recipient and not notice.recipient.is_active:
        return INACTIVE
    if wishes.channel_of(notice) == Channel.NONE:
        return OPTED_OUT
    return letter_of(notice.kind).unwanted(notice, moment)


def _put_back(notice: Notice, error: Exception, moment: dt.datetime) -> None:
    """Try again later, or give up: after the last pause, when the letter expires first, when the address is refused."""
    said = f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\x00", "")
    log.warning("letter %s failed at attempt %d: %s", notice.key, notice.attempts, type(error).__name__)
    if refused_for_good(error):
        digests.move_all(
            notice, Notice.State.FAILED, now=moment, last_error=said, recipient_state=Notice.Answer.REFUSED
        )
        addresses.refused(notice, said, moment)
    elif again := next_try(notice, moment):
        digests.move_all(notice, Notice.State.DUE, now=moment, last_error=said, next_try_at=again)
    else:
        digests.move_all(notice, Notice.State.FAILED, now=moment, last_error=said)


def refused_for_good(error: Exception) -> bool:
    """The server knows no such mailbox (5xx); 4xx means that it may know it later."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= PERMANENT for code, _ in error.recipients.values())


def next_try(notice: Notice, moment: dt.datetime) -> dt.datetime | None:
    """Return when to try again after this attempt, or None when there is no time or no try left."""
    if notice.attempts > len(PAUSES):
        return None
    again = moment + PAUSES[notice.attempts - 1]
    return again if notice.expires_at is None or again < notice.expires_at else None
