"""Addresses that do not work: a row from the first refusal for good until the next letter is accepted."""

import datetime as dt

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
    Undeliverable.objects.filter(email=email_of(notice)).delete()
