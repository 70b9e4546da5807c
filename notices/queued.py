"""What waits in the ledger, foreseen like all that is not there yet; but for the letters that no page lists."""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from notices import delivery, foreseen, words
from notices.foreseen import Foreseen
from notices.models import Notice

log = logging.getLogger(__name__)
State = Notice.State


def of_ledger(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Letters due, on hold or being sent that would leave as the world is today. A hold has no end that is known."""
    for letter in _waiting():
        is_held = letter.state == State.DUE and bool(letter.reason)
        at = now if is_held else max(letter.next_try_at, now)
        if at <= until and not _is_unwanted(letter, at):
            why = words.of_notice(letter) or f"in the ledger, {letter.get_state_display()}"
            yield Foreseen(localtime(at), letter.recipient or letter.address, letter.kind, _named(letter), why)


def _waiting() -> QuerySet[Notice]:
    rows = Notice.objects.listed().filter(state__in=[State.DUE, State.CLAIMED])
    return rows.select_related("recipient__quiet_hours", "about_type").order_by("next_try_at", "pk")


def _is_unwanted(letter: Notice, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            return bool(delivery.unwanted(letter, at))
    except Exception:  # whatever is wrong with one letter, the others are told
        log.exception("nobody can say whether letter %s is wanted", letter.key)
        return False


def _named(letter: Notice) -> str:
    return getattr(letter.about, "slug", "") or f"{letter.about_type.model} {letter.about_id}"


def register_all() -> None:
    foreseen.register("notices.ledger", of_ledger)
