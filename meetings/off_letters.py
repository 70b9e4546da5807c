"""The letter that a meeting is off: cancelled, or postponed."""

import datetime as dt
from copy import copy

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import calendars, hearing, kinds, times
from meetings.letters import GONE, NEVER_HEARD, about, addressee, draft, meeting_of, shift_of, with_calendar
from meetings.models import Meeting
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice

CHANGED = gettext_noop("changed meanwhile")
STILL_OFF = {
    Meeting.State.CANCELLED: {Meeting.State.CANCELLED},
    Meeting.State.POSTPONED: {Meeting.State.POSTPONED, Meeting.State.POLLING, Meeting.State.CANCELLED},
}


def unwanted_if_on(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - `expires_at` has asked the clock
    """The news that a meeting is off also goes to people who left: it stands in their calendars.

    That it is postponed is true as well while its new date is looked for, and when there was none in the end.
    """
    meeting = about(notice)
    if meeting is None:
        return GONE
    if meeting.state not in STILL_OFF[notice.payload["state"]] or _has_later(notice):
        return CHANGED
    return "" if hearing.has_heard(notice) or hearing.was_asked(notice) else NEVER_HEARD


def _has_later(notice: Notice) -> bool:
    later = Notice.objects.about(meeting_of(notice)).filter(kind=kinds.CALLED_OFF, recipient=notice.recipient)
    return later.filter(pk__gt=notice.pk).exists()


def as_it_was(notice: Notice) -> Meeting:
    """Return the meeting as it stood when the letter was queued: a date poll takes the hours off the row."""
    meeting, was = copy(meeting_of(notice)), notice.payload
    meeting.state = was.get("state", meeting.state)
    if "starts_at" in was:
        meeting.starts_at, meeting.ends_at = (parse_datetime(was[name] or "") for name in ("starts_at", "ends_at"))
        meeting.reason, meeting.sequence = was["reason"], was["sequence"]
    return meeting


def called_off(notice: Notice) -> Draft:
    notice.about = meeting = as_it_was(notice)
    for_good = meeting.state == Meeting.State.CANCELLED
    was = times.span(meeting.starts_at, meeting.ends_at, meeting.zone) if meeting.starts_at and meeting.ends_at else ""
    letter = draft(
        notice, _subject(for_good=for_good, has_day=bool(was)), for_good=for_good, reason=meeting.reason, was=was
    )
    if not was:
        return letter  # it has left the calendars before
    return with_calendar(letter, "CANCEL", calendars.cancellation(meeting, addressee(notice), shift=shift_of(notice)))


def _subject(*, for_good: bool, has_day: bool) -> str:
    if has_day:
        return _("Cancelled: %(title)s, %(day)s") if for_good else _("Postponed: %(title)s, %(day)s")
    return _("Cancelled: %(title)s") if for_good else _("Postponed: %(title)s")


def newest_called_off() -> Meeting | None:
    off = [Meeting.State.CANCELLED, Meeting.State.POSTPONED]
    return Meeting.objects.filter(state__in=off).order_by("-starts_at", "-pk").first()


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Letter(
            kinds.CALLED_OFF,
            gettext_lazy("Cancelled or postponed"),
            unwanted_if_on,
            called_off,
            letter_class=LetterClass.MEETING,
            who_gets=gettext_lazy(
                "everybody in whose calendar the meeting stands, those who left included; who was asked for dates"
            ),
            sample=newest_called_off,
        )
    )
