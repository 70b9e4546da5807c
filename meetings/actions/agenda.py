"""The agenda, item by item: arranged, added to; and in the room: what is on now."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from meetings.actions.rows import Deed, locked, note
from meetings.errors import WrongState
from meetings.models import AgendaItem, Meeting
from people.models import User

State = Meeting.State
MOST_ITEMS = 60
LIVE = (State.SCHEDULED, State.HELD)


class Item(NamedTuple):
    """One row. `pk` is None for a new item, `lead` the id of a person; `remove` takes it off the agenda."""

    title: str
    pk: int | None = None
    minutes: int | None = None
    lead: int | None = None
    speaker: str = ""
    notes: str = ""
    remove: bool = False


@transaction.atomic
def arrange(*, meeting: Meeting, by: User | None, items: Sequence[Item], now: dt.datetime | None = None) -> Meeting:
    """Put the items in this order. One that is not named (somebody else added it meanwhile) stays, after the others.

    Raises WrongState once the meeting is called off.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if meeting.state == State.CANCELLED:
        raise WrongState(_("This meeting is cancelled."))
    known = {item.pk: item for item in meeting.agenda.order_by("position")}
    gone = [item.pk for item in items if item.remove and item.pk in known]
    rows = [_row(meeting, known.pop(item.pk or 0, None), item) for item in items if not item.remove]
    others = [item for pk, item in known.items() if pk not in gone]
    if len(rows) + len(others) > MOST_ITEMS:
        raise WrongState(_("An agenda has at most %(n)d items.") % {"n": MOST_ITEMS})
    AgendaItem.objects.filter(pk__in=gone).delete()
    for position, row in enumerate([*rows, *others], start=1):
        row.position = position
        row.save()
    note(meeting, "agenda set", deed)
    return meeting


def _row(meeting: Meeting, row: AgendaItem | None, item: Item) -> AgendaItem:
    row = row or AgendaItem(meeting=meeting)
    row.title, row.minutes, row.lead_id = item.title, item.minutes, item.lead
    row.speaker, row.notes = item.speaker, item.notes
    return row


@transaction.atomic
def begin_item(*, item: AgendaItem, by: User | None, now: dt.datetime | None = None) -> AgendaItem:
    """Say that an item is on; the one before it ends. One that had ended goes on. Raises WrongState."""
    meeting = _live(item)
    deed = Deed(by, now or database_now())
    held = meeting.agenda.filter(pk=item.pk).first()
    if held is None:
        raise WrongState(_("Somebody has taken this item off the agenda."))
    _end_running(meeting, deed)
    held.began_at, held.ended_at = held.began_at or deed.at, None
    held.save(update_fields=["began_at", "ended_at"])
    record(meeting, "item begun", by=by, payload={"item": held.pk}, at=deed.at)
    return held


@transaction.atomic
def end_item(*, item: AgendaItem, by: User | None, now: dt.datetime | None = None) -> None:
    """Say that the item which is on has ended. Raises WrongState."""
    meeting = _live(item)
    deed = Deed(by, now or database_now())
    if not _end_running(meeting, deed):
        raise WrongState(_("No item is on."))
    record(meeting, "item ended", by=by, payload={"item": item.pk}, at=deed.at)


def _live(item: AgendaItem) -> Meeting:
    meeting = locked(item.meeting)
    if meeting.state not in LIVE:
        raise WrongState(_("Items are begun and ended while the meeting takes place."))
    return meeting


def _end_running(meeting: Meeting, deed: Deed) -> int:
    running = meeting.agenda.filter(began_at__isnull=False, ended_at=None)
    return running.update(ended_at=deed.at)
