"""The proposed dates of a poll as tentative calendar entries, and how they become free again.

One file may hold several only as PUBLISH: nobody is asked to answer in the calendar, the poll's page does that.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings import ical, times
from meetings.calendars import absolute
from meetings.models import DatePoll, DateSlot


def poll_url(poll: DatePoll) -> str:
    return absolute(reverse("meetings:poll", args=[poll.meeting.slug]))


def tentative(poll: DatePoll, slots: Iterable[DateSlot]) -> str:
    """Return the calendar file with all slots as TENTATIVE."""
    entries = [_entry(poll, slot) for slot in slots]
    return ical.feed(map(ical.block, entries), poll.meeting.title)


def released(poll: DatePoll, slots: Iterable[DateSlot]) -> str:
    """Return the calendar file that cancels the slots; the chosen date comes as a real invitation."""
    entries = [_entry(poll, slot, over=True) for slot in slots]
    return ical.feed(map(ical.block, entries), poll.meeting.title)


def _entry(poll: DatePoll, slot: DateSlot, *, over: bool = False) -> ical.Occasion:
    """A slot is never changed, so that its entry has two versions only, told apart by their SEQUENCE."""
    meeting = poll.meeting
    return ical.Occasion(
        uid=f"{meeting.uid}-{slot.pk}",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        changed_at=poll.opened_at,
        sequence=int(over),
        title=_("Perhaps: %(title)s") % {"title": meeting.title},
        description=times.span(slot.starts_at, slot.ends_at, meeting.zone),
        place="",
        url=poll_url(poll),
        is_cancelled=over,
        is_tentative=True,
    )
