"""What this room's letters say, and when they are not wanted any more."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from history.paths import path
from meetings import answers, before, calendars, hearing, kinds, standing, times, told
from meetings.models import Attendee, Meeting
from meetings.tokens import reply_path
from notices.letters import Attachment, Draft, Letter, register
from notices.models import LetterClass, Notice
from people.models import User

GONE = gettext_noop("meeting removed")
MOVED = gettext_noop("rescheduled")
BEGUN = gettext_noop("overdue")
LEFT = gettext_noop("no longer a member")
ANSWERED = gettext_noop("answered meanwhile")
SWITCHED_OFF = gettext_noop("reminder switched off")
NOTHING_OPEN = gettext_noop("nothing open any more")
NEVER_HEARD = gettext_noop("never heard of it")
TOLD_BY_INVITATION = gettext_noop("the invitation says so")
REPLACED = gettext_noop("replaced by a newer letter")
PAUSED = gettext_noop("reminders are paused")
PASSING = (LEFT, ANSWERED, SWITCHED_OFF, NOTHING_OPEN)  # may hold no more at the planner's next look


def about(notice: Notice) -> Meeting | None:
    """Return the meeting as it is now, and keep it at hand for `compose`, with the reader's row."""
    notice.at_hand = found = standing.found(notice)
    if found is None:
        return None
    notice.about = found.meeting
    return found.meeting


def at_hand(notice: Notice) -> standing.Standing | None:
    return notice.at_hand if isinstance(notice.at_hand, standing.Standing) else None


def meeting_of(notice: Notice) -> Meeting:
    found = at_hand(notice)
    meeting = found.meeting if found else notice.about
    if not isinstance(meeting, Meeting):
        raise TypeError(f"{notice.key} is about no meeting")
    return meeting


def addressee(notice: Notice) -> User:
    if notice.recipient is None:
        raise TypeError(f"{notice.key} goes to nobody we know")
    return notice.recipient


# -- wanted? ---------------------------------------------------------------------------------------------------------
def unwanted(notice: Notice, now: dt.datetime) -> str:
    """For everything that asks somebody to come at a time."""
    reason = unwanted_at_any_time(notice, now)
    if reason or notice.payload["revision"] == meeting_of(notice).schedule_revision:
        return reason
    return MOVED


def unwanted_at_any_time(notice: Notice, now: dt.datetime) -> str:
    meeting = about(notice)
    if meeting is None:
        return GONE
    if meeting.state != Meeting.State.SCHEDULED:
        return str(meeting.state)
    if meeting.starts_at is None or meeting.starts_at <= now:
        return BEGUN
    return "" if is_member(notice) else LEFT


def unwanted_invitation(notice: Notice, now: dt.datetime) -> str:
    """Who left and came back while a worker held it is invited anew."""
    reason = unwanted(notice, now)
    if reason:
        return reason
    attendee = seat_of(notice)
    if attendee and attendee.withdrawn_at:
        return LEFT
    found = at_hand(notice)
    return REPLACED if found and found.is_replaced else ""


def unwanted_update(notice: Notice, now: dt.datetime) -> str:
    """The invitation may not have left after all; then it says what has changed."""
    reason = unwanted(notice, now)
    if reason or hearing.has_heard(notice):
        return reason
    to_come = Notice.objects.about(meeting_of(notice)).to_come_beside(notice).filter(kind=kinds.INVITATION)
    same = to_come.filter(recipient=notice.recipient, payload__revision=notice.payload["revision"])
    return TOLD_BY_INVITATION if same.exists() else ""


# -- what it says ----------------------------------------------------------------------------------------------------
class Item(NamedTuple):
    """A line of the agenda, with the hour it begins at on the meeting's clock."""

    time: str
    title: str
    minutes: int | None


def agenda_of(meeting: Meeting, items: Iterable[standing.Planned] | None = None) -> list[Item]:
    """Return the lines of the agenda; its items may be at hand already."""
    items = standing.agenda_of(meeting) if items is None else list(items)
    begins = times.running(meeting.local_start, [item["minutes"] for item in items])
    return [
        Item(time_format(begin) if begin else "", item["title"], item["minutes"])
        for begin, item in zip(begins, items, strict=True)
    ]


def seat_of(notice: Notice) -> Attendee | None:
    """Return the recipient's row at the meeting; asked for once a try."""
    if found := at_hand(notice):
        return found.seat
    return Attendee.objects.filter(meeting=notice.about_id, user=notice.recipient).first()


def is_member(notice: Notice) -> bool:
    """Is the recipient an active member of the meeting's group? Known once `about` was asked."""
    found = at_hand(notice)
    return found is not None and found.is_member


def reply_url(meeting: Meeting, attendee: Attendee | None) -> str:
    """Return the link that answers without signing in, or the page that answers after it."""
    return calendars.absolute(reply_path(attendee) if attendee else path("meetings:reply", meeting.slug))


def answering(meeting: Meeting, attendee: Attendee | None) -> dict[str, Any]:
    """The answer so far, and where to give it."""
    answer = answers.said(attendee, meeting) if attendee else ""
    return {"answer": answer, "reply_url": reply_url(meeting, attendee)}


def draft(notice: Notice, subject: str, **more: Any) -> Draft:
    meeting, attendee = meeting_of(notice), seat_of(notice)
    words = told.context(meeting, addressee(notice), attendee)
    return Draft(
        subject % {"title": meeting.title, "day": words["day"]},
        {**words, **more},
        reply_to=calendars.contact_of(meeting.group),
        own={"reply_url": reply_url(meeting, attendee)},
    )


def shift_of(notice: Notice) -> int:
    attendee = seat_of(notice)
    return attendee.sequence_shift if attendee else 0


def with_calendar(letter: Draft, method: str, content: str) -> Draft:
    part = Attachment(content, f"text/calendar; method={method}")
    return replace(letter, alternatives=(part,))


def with_request(letter: Draft, notice: Notice) -> Draft:
    """Put the entry into the calendar, but not into that of somebody in whose place another comes."""
    attendee = seat_of(notice)
    if attendee and attendee.substitute:
        return letter
    content = calendars.invitation(meeting_of(notice), addressee(notice), shift=shift_of(notice))
    return with_calendar(letter, "REQUEST", content)


def invitation(notice: Notice) -> Draft:
    found = at_hand(notice)
    agenda = agenda_of(meeting_of(notice), found.agenda if found else None)
    letter = draft(notice, _("Invitation: %(title)s, %(day)s"), agenda=agenda)
    return with_request(letter, notice)


def update(notice: Notice) -> Draft:
    moved = bool(notice.payload.get("moved"))
    subject = _("New time: %(title)s, %(day)s") if moved else _("Changed: %(title)s, %(day)s")
    was = before.words(notice.payload.get("was"), meeting_of(notice))
    return with_request(draft(notice, subject, moved=moved, was=was), notice)


# -- the register ----------------------------------------------------------------------------------------------------
INVITED = gettext_lazy("every invited member of the group")


def newest() -> Meeting | None:
    """A meeting to show the letters with."""
    return Meeting.objects.exclude(starts_at=None).order_by("-starts_at", "-pk").first()


OF_MEETINGS: dict[str, Any] = {"letter_class": LetterClass.MEETING, "sample": newest, "asks": standing.question}


def register_all() -> None:
    """Called once, when the app is ready."""
    asked = OF_MEETINGS | {"who_gets": INVITED}
    register(Letter(kinds.INVITATION, gettext_lazy("Invitation"), unwanted_invitation, invitation, **asked))
    register(Letter(kinds.UPDATE, gettext_lazy("News of a change"), unwanted_update, update, **asked))
