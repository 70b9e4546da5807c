"""What the verbs share: the values they take, the locked row, its transitions, and how it is saved."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import NamedTuple, TypedDict

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from history.actions import record
from meetings import calendars
from meetings.errors import WrongState
from meetings.models import AgendaItem, Meeting, Webinar
from people.models import User

LONGEST_SLUG = 60
RESERVED = {"new", "record"}  # /meetings/new/ is a form


class Details(TypedDict, total=False):
    """What a person may set. Times are aware; `approx_date` ("2023-11") stands in for them, never beside them."""

    title: str
    slug: str
    summary: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    approx_date: str
    timezone: str
    mode: str
    place: str
    directions: str
    capacity: int | None
    languages: list[str]
    join_url: str
    reply_by: dt.datetime | None


class AgendaLine(NamedTuple):
    title: str
    minutes: int | None = None
    lead: User | None = None


class Deed(NamedTuple):
    """Who does it and when; each verb makes one and passes it on."""

    by: User | None
    at: dt.datetime


def locked(meeting: Meeting) -> Meeting:
    """Return the row as it is now, locked until the end of the transaction."""
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    return rows.get(pk=meeting.pk)


def enter(meeting: Meeting, state: Meeting.State) -> None:
    """Set the new state of a locked row. Raises WrongState."""
    old = Meeting.State(meeting.state)
    if state not in Meeting.TRANSITIONS[old]:
        raise WrongState(
            _("This meeting is in the state “%(old)s” and cannot become “%(new)s”.")
            % {"old": old.label, "new": state.label}
        )
    meeting.state = state


def save(meeting: Meeting, at: dt.datetime) -> None:
    """Save with the calendar block that belongs to it; an announced meeting's public pages change."""
    meeting.changed_at = at
    meeting.calendar_block = calendars.public_block(meeting)
    meeting.save()


def insert(meeting: Meeting, at: dt.datetime) -> None:
    """Save a new row; without a short name it gets one from its title, numbered where that is taken."""
    if meeting.slug:
        save(meeting, at)
        return
    base = slugify(meeting.title)[:LONGEST_SLUG].strip("-") or f"{meeting.group.slug}-meeting"
    base = f"{base}-meeting" if base in RESERVED else base
    save_named(meeting, base, partial(save, meeting, at))


def save_named(row: Meeting | Webinar, base: str, save: Callable[[], None]) -> None:
    """Save a new row under the short name `base`, numbered where that is taken, also by somebody at this moment."""
    for number in count(1):
        row.slug = base if number == 1 else f"{base}-{number}"
        try:
            with transaction.atomic():
                save()
        except IntegrityError as error:
            if "slug" not in str(error):
                raise
        else:
            return


def write_agenda(meeting: Meeting, lines: Sequence[AgendaLine]) -> None:
    """Make the agenda these lines, in this order. An item that keeps its title keeps its row, and with it its links."""
    pool = list(meeting.agenda.all())
    kept = [_take(line.title, pool) or AgendaItem(meeting=meeting, title=line.title) for line in lines]
    AgendaItem.objects.filter(pk__in=[item.pk for item in pool]).delete()
    for position, (item, line) in enumerate(zip(kept, lines, strict=True), start=1):
        item.position, item.minutes, item.lead = position, line.minutes, line.lead or item.lead
        item.save()


def _take(title: str, pool: list[AgendaItem]) -> AgendaItem | None:
    """Take the first item of that title out of the pool; titles may repeat ("Break")."""
    found = next((item for item in pool if item.title == title), None)
    if found:
        pool.remove(found)
    return found


def note(meeting: Meeting, verb: str, deed: Deed, *, reason: str = "") -> None:
    """Record what was done; the public sees it once the meeting is announced."""
    record(meeting, verb, by=deed.by, reason=reason, public=meeting.announced_at is not None, at=deed.at)
