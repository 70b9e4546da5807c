"""Addresses that do not work: a row from the first refusal for good until the next letter is accepted."""

import datetime as dt

from django.db.models import QuerySet, TextField

from history.prepared import Key, Prepared
from notices.models import Notice, Undeliverable


def email_of(notice: Notice) -> str:
    """Return the bare address the letter goes to."""
    return (notice.recipient.email if notice.recipient else notice.address).lower()


def refused(notice: Notice, said: str, now: dt.datetime) -> None:
    """Remember that the address does not work, and since when."""
    Undeliverable.objects.update_or_create(
        email=email_of(notice),
        defaults={"person": notice.recipient, "said": said},
        create_defaults={"person": notice.recipient, "said": said, "since": now},
    )


def accepted(notice: Notice) -> None:
    for row in FLAGGED.ask(email=email_of(notice)):
        row.delete()


def _flagged() -> QuerySet[Undeliverable]:
    return Undeliverable.objects.filter(email=Key("email", TextField())).order_by()


FLAGGED = Prepared(_flagged)
