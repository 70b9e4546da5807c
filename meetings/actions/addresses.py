"""The personal calendar's address: made on wish, exchanged when somebody else knows it, taken away."""

import datetime as dt

from django.db import transaction

from history.actions import record
from history.clock import database_now
from meetings.models import CalendarAddress
from meetings.models.calendars import new_token
from people.models import User


@transaction.atomic
def make_address(*, by: User, now: dt.datetime | None = None) -> CalendarAddress:
    """Return the person's address; a second one is never made."""
    moment = now or database_now()
    address, is_new = CalendarAddress.objects.get_or_create(user=by, defaults={"made_at": moment})
    if is_new:
        record(by, "calendar address made", by=by, at=moment)
    return address


@transaction.atomic
def renew_address(*, by: User, now: dt.datetime | None = None) -> CalendarAddress:
    """Give the person a new address; the old one leads nowhere from this moment on."""
    moment = now or database_now()
    values = {"token": new_token(), "made_at": moment}
    address, _is_new = CalendarAddress.objects.update_or_create(user=by, defaults=values)
    record(by, "calendar address renewed", by=by, at=moment)
    return address


@transaction.atomic
def revoke_address(*, by: User, now: dt.datetime | None = None) -> bool:
    """Take the address away; return whether there was one."""
    gone, _rows = CalendarAddress.objects.filter(user=by).delete()
    if gone:
        record(by, "calendar address revoked", by=by, at=now or database_now())
    return bool(gone)
