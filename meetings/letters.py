"""What this room's letters say, and when they are not wanted any more."""

import datetime as dt
from dataclasses import replace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import answers, before, calendars, hearing, kinds, standing, times
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


def meeting_of(notice: Notice) -> Meeting:
    meeting = notice.about
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
    return REPLACED if standing.is_replaced(notice) else ""


def unwanted_update(notice: Notice, now: dt.datetime) -> str:
    """The invitation may not have left after all; then it says what has changed."""
    reason = unwanted(notice, now)
    if reason or hearing.has_heard(notice):
        return reason
    to_come = Notice.objects.about(meeting_of(notice)).to_come_beside(notice).filter(kind=kinds.INVITATION)
    same = to_come.filter(recipient=notice.recipient, payload__revision=notice.payload["revision"])
    return TOLD_BY_INVITATION if same.exists() else ""


# -- what it says ----------------------------------------------------------------------------------------------------
def day_of(meeting: Meeting) -> str:
    return date_format(meeting.local_start, times.DAY) if meeting.local_start else meeting.when


class Item(NamedTuple):
    """A line of the agenda, with the hour it begins at on the meeting's clock."""

    time: str
    title: str
    minutes: int | None


def agenda_of(meeting: Meeting) -> list[Item]:
    items = standing.AGENDA.ask(meeting=meeting.pk)
    begins = times.running(meeting.local_start, [item.minutes for item in items])
    return [
        Item(time_format(begin) if begin else "", item.title, item.minutes)
        for begin, item in zip(begins, items, strict=True)
    ]


def seat_of(notice: Notice) -> Attendee | None:
    """Return the recipient's row at the meeting; asked for once a try."""
    if isinstance(notice.at_hand, standing.Standing):
        return notice.at_hand.seat
    return Attendee.objects.filter(meeting=notice.about_id, user=notice.recipient).first()


def is_member(notice: Notice) -> bool:
    """Is the recipient an active member of the meeting's group? Known once `about` was asked."""
    return isinstance(notice.at_hand, standing.Standing) and notice.at_hand.is_member


def reply_url(meeting: Meeting, attendee: Attendee | None) -> str:
    """Return the link that answers without signing in, or the page that answers after it."""
    path = reply_path(attendee) if attendee else reverse("meetings:reply", args=[meeting.slug])
    return calendars.absolute(path)


def answering(meeting: Meeting, attendee: Attendee | None) -> dict[str, Any]:
    """The answer so far, and where to give it."""
    answer = answers.said(attendee, meeting) if attendee else ""
    return {"answer": answer, "reply_url": reply_url(meeting, attendee)}


class Shown(NamedTuple):
    """What the letters print of a meeting: words, so that letters to other readers share the rendering."""

    title: str
    mode: str
    get_mode_display: str
    place: str
    directions: str
    language_names: str
    reply_by: str


def shown(meeting: Meeting) -> Shown:
    return Shown(
        meeting.title,
        str(meeting.mode),
        meeting.get_mode_display(),
        meeting.place,
        meeting.directions,
        meeting.language_names,
        times.point(meeting.reply_by, meeting.zone) if meeting.reply_by else "",
    )


def own_reply_by(meeting: Meeting, reader: User) -> str:
    """Until when to answer, on the reader's clock; empty where the meeting's shows the same."""
    if meeting.reply_by is None:
        return ""
    return times.own_point(meeting.reply_by, meeting.zone, ZoneInfo(reader.timezone))


def context_of(notice: Notice) -> dict[str, Any]:
    meeting, attendee = meeting_of(notice), seat_of(notice)
    return {
        "meeting": shown(meeting),
        "group": str(meeting.group),
        "when": meeting.when,
        "own_when": meeting.when_for(addressee(notice)),
        "join_url": meeting.join_url,
        "page_url": calendars.absolute(meeting.get_absolute_url()),
        "own_reply_by": own_reply_by(meeting, addressee(notice)),
        "answer": answers.said(attendee, meeting) if attendee else "",
        "from_poll": attendee is not None and answers.comes_from_poll(attendee, meeting),
        "answers": [(value, str(label)) for value, label in answers.choices_for(meeting)] if attendee else [],
    }


def draft(notice: Notice, subject: str, **more: Any) -> Draft:
    meeting = meeting_of(notice)
    subject = subject % {"title": meeting.title, "day": day_of(meeting)}
    return Draft(
        subject,
        context_of(notice) | more,
        reply_to=calendars.contact_of(meeting.group),
        own={"reply_url": reply_url(meeting, seat_of(notice))},
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
    letter = draft(notice, _("Invitation: %(title)s, %(day)s"), agenda=agenda_of(meeting_of(notice)))
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


OF_MEETINGS: dict[str, Any] = {"letter_class": LetterClass.MEETING, "sample": newest}


def register_all() -> None:
    """Called once, when the app is ready."""
    asked = OF_MEETINGS | {"who_gets": INVITED}
    register(Letter(kinds.INVITATION, gettext_lazy("Invitation"), unwanted_invitation, invitation, **asked))
    register(Letter(kinds.UPDATE, gettext_lazy("News of a change"), unwanted_update, update, **asked))
