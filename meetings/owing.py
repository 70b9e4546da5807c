"""When those who have taken on action points are reminded of the day, and how letters name a point."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import calendars, times
from meetings.models import ActionPoint, Meeting
from people.models import User

BEFORE, AFTER = "before", "after"
AHEAD = dt.timedelta(days=3)
DAY = dt.timedelta(days=1)
NEWS = 7 * DAY  # so long it is worth saying that the day has passed
MORNING = dt.time(8)  # on the clock of the meeting where it was taken on
WIDEST = 2 * DAY  # no two clocks of the world differ by more


@dataclass(frozen=True)
class Nudge:
    """One letter to the owner of a point: `which` side of the day, and from when until when it is of use."""

    point: ActionPoint
    which: str
    due_at: dt.datetime
    expires_at: dt.datetime

    @property
    def key(self) -> str:
        """Another day, or another owner, makes it another letter."""
        return f"action:{self.point.pk}:{self.point.due}:{self.which}:{self.point.owner_id}"


def nudges(first: dt.datetime, last: dt.datetime) -> list[Nudge]:
    """Return the letters that are of use at some time from `first` to `last`, for open points of active people.

    While the reminders of a meeting are paused, nobody is reminded of its points.
    """
    rows = near(first, last).filter(meeting__reminders_paused_at=None).select_related("owner", "meeting__group")
    return [each for point in rows for each in _of(point) if each.due_at <= last and each.expires_at > first]


def near(first: dt.datetime, last: dt.datetime) -> QuerySet[ActionPoint]:
    """Return the open points of active people whose day is perhaps so near that they are reminded."""
    days = (first.date() - NEWS - WIDEST, last.date() + AHEAD + WIDEST)
    return ActionPoint.objects.open().filter(due__range=days, owner__is_active=True).order_by("due", "pk")


def _of(point: ActionPoint) -> Iterator[Nudge]:
    due = point.due
    if due is None:
        return
    over = _moment(point.meeting, due + DAY, dt.time())
    yield Nudge(point, BEFORE, _moment(point.meeting, due - AHEAD, MORNING), over)
    yield Nudge(point, AFTER, _moment(point.meeting, due + DAY, MORNING), over + NEWS)


def _moment(meeting: Meeting, day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=meeting.zone).astimezone(dt.UTC)


# -- in letters ------------------------------------------------------------------------------------------------------
def owed(meeting: Meeting, person: User) -> list[dict[str, str]]:
    """What the person took on at earlier meetings of the group and has not done, as letters print it."""
    return in_words(ActionPoint.objects.open().before(meeting).filter(owner=person).order_by("due", "pk"))


def in_words(points: Iterable[ActionPoint]) -> list[dict[str, str]]:
    """Return strings only, so that letters which say the same share their rendering, and others do not."""
    return [
        {"text": point.text, "until": until(point), "url": calendars.absolute(point.get_absolute_url())}
        for point in points
    ]


def until(point: ActionPoint) -> str:
    return _("until %(day)s") % {"day": date_format(point.due, times.DAY)} if point.due else ""
