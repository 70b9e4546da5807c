"""What this room's letters say, and when they are not wanted any more."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import answers, calendars, kinds, reminding, times
from meetings.models import Attendee, Meeting, ReminderRule
from meetings.tokens import reply_path
from notices.letters import Attachment, Draft, Letter, register
from notices.models import LetterClass, Notice
from people.models import User
from workinggroups.models import Membership

GONE = gettext_noop("meeting removed")
MOVED = gettext_noop("rescheduled")
BEGUN = gettext_noop("overdue")
LEFT = gettext_noop("no longer a member")
ANSWERED = gettext_noop("answered meanwhile")
SWITCHED_OFF = gettext_noop("reminder switched off")
CHANGED = gettext_noop("changed meanwhile")


def about(notice: Notice) -> Meeting | None:
    """Return the meeting as it is now, and keep it at hand for `compose`."""
    meeting = Meeting.objects.select_related("group").filter(pk=notice.about_id).first()
    if meeting:
        notice.about = meeting
    return meeting


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
    """For everything that asks somebody to come."""
    meeting = about(notice)
    if meeting is None:
        return GONE
    if meeting.state != Meeting.State.SCHEDULED:
        return str(meeting.state)
    if notice.payload["revision"] != meeting.schedule_revision:
        return MOVED
    if meeting.starts_at is None or meeting.starts_at <= now:
        return BEGUN
    members = Membership.objects.active().filter(group=meeting.group, user=notice.recipient)
    return "" if members.exists() else LEFT


def unwanted_reminder(notice: Notice, now: dt.datetime) -> str:
    """As above; the rule must still hold and the person's answer must still be one it writes to.

    A letter without a rule was asked for by hand, to those without an answer.
    """
    reason = unwanted(notice, now)
    if reason:
        return reason
    meeting, attendee, origin = meeting_of(notice), seat_of(notice), notice.payload["rule"]
    if origin is None:
        return "" if attendee and attendee.reply == Attendee.Reply.NONE else ANSWERED
    rule = reminding.holding(meeting, origin)
    if rule is None:
        return SWITCHED_OFF
    meant = attendee is not None and attendee.reply in reminding.replies_meant(rule, meeting)
    return "" if meant else ANSWERED


def unwanted_if_on(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - `expires_at` has asked the clock
    """The news that a meeting is off also goes to people who left: it stands in their calendars."""
    meeting = about(notice)
    if meeting is None:
        return GONE
    return "" if meeting.state == notice.payload["state"] else CHANGED


# -- what it says ----------------------------------------------------------------------------------------------------
def day_of(meeting: Meeting) -> str:
    return date_format(meeting.local_start, times.DAY) if meeting.local_start else meeting.when


def agenda_of(meeting: Meeting) -> list[dict[str, Any]]:
    """The items with the hour each begins at, on the meeting's clock."""
    items = list(meeting.agenda.order_by("position"))
    begins = times.running(meeting.local_start, [item.minutes for item in items])
    return [
        {"time": time_format(begin) if begin else "", "title": item.title, "minutes": item.minutes}
        for begin, item in zip(begins, items, strict=True)
    ]


def ballots_of(meeting: Meeting, person: User) -> list[dict[str, str]]:
    """Open rounds of this meeting in which the person has a ballot and has not cast it."""
    rounds = meeting.rounds.filter(state="open", electors__user=person, electors__has_voted=False).order_by("pk")
    return [{"title": str(each), "url": calendars.absolute(each.get_absolute_url())} for each in rounds]


def seat_of(notice: Notice) -> Attendee | None:
    """Return the recipient's row at the meeting."""
    return Attendee.objects.filter(meeting=notice.about_id, user=notice.recipient).first()


def answering(meeting: Meeting, attendee: Attendee | None) -> dict[str, Any]:
    """The answer so far, and links that answer without signing in."""
    if attendee is None:
        page = calendars.absolute(reverse("meetings:reply", args=[meeting.slug]))
        return {"answer": "", "reply_url": page, "answers": []}
    link = calendars.absolute(reply_path(attendee))
    offered = [(label, f"{link}?answer={value}") for value, label in answers.choices_for(meeting)]
    return {"answer": answers.said(attendee, meeting), "reply_url": link, "answers": offered}


def context_of(notice: Notice) -> dict[str, Any]:
    meeting, person = meeting_of(notice), addressee(notice)
    return answering(meeting, seat_of(notice)) | {
        "meeting": meeting,
        "group": meeting.group,
        "when": meeting.when,
        "own_when": meeting.when_for(person),
        "where": meeting.where,
        "join_url": meeting.join_url,
        "page_url": calendars.absolute(meeting.get_absolute_url()),
    }


def draft(notice: Notice, subject: str, **more: Any) -> Draft:
    meeting = meeting_of(notice)
    subject = subject % {"title": meeting.title, "day": day_of(meeting)}
    return Draft(subject, context_of(notice) | more, reply_to=calendars.contact_of(meeting.group))


def shift_of(notice: Notice) -> int:
    attendee = seat_of(notice)
    return attendee.sequence_shift if attendee else 0


def with_calendar(letter: Draft, method: str, content: str) -> Draft:
    part = Attachment(content, f"text/calendar; method={method}")
    return Draft(letter.subject, letter.context, letter.reply_to, (part,))


def invitation(notice: Notice) -> Draft:
    meeting = meeting_of(notice)
    letter = draft(notice, _("Invitation: %(title)s, %(day)s"), agenda=agenda_of(meeting))
    return with_calendar(letter, "REQUEST", calendars.invitation(meeting, addressee(notice), shift=shift_of(notice)))


def update(notice: Notice) -> Draft:
    moved = bool(notice.payload.get("moved"))
    subject = _("New time: %(title)s, %(day)s") if moved else _("Changed: %(title)s, %(day)s")
    content = calendars.invitation(meeting_of(notice), addressee(notice), shift=shift_of(notice))
    return with_calendar(draft(notice, subject, moved=moved), "REQUEST", content)


def called_off(notice: Notice) -> Draft:
    meeting = meeting_of(notice)
    for_good = meeting.state == Meeting.State.CANCELLED
    subject = _("Cancelled: %(title)s") if for_good else _("Postponed: %(title)s")
    was = times.span(meeting.starts_at, meeting.ends_at, meeting.zone) if meeting.starts_at and meeting.ends_at else ""
    letter = draft(notice, subject, for_good=for_good, reason=meeting.reason, was=was)
    return with_calendar(letter, "CANCEL", calendars.cancellation(meeting, addressee(notice), shift=shift_of(notice)))


def please_answer(notice: Notice) -> Draft:
    return draft(notice, _("Will you come? %(title)s, %(day)s"))


def soon(notice: Notice) -> Draft:
    meeting = meeting_of(notice)
    ballots = ballots_of(meeting, addressee(notice))
    return draft(notice, _("Soon: %(title)s, %(day)s"), agenda=agenda_of(meeting), ballots=ballots)


def join_link(notice: Notice) -> Draft:
    return draft(notice, _("Join link: %(title)s, %(day)s"))


# -- the register ----------------------------------------------------------------------------------------------------
Compose = Callable[[Notice], Draft]
Words = Promise | str
REMINDERS: list[tuple[str, Words, Words, Compose]] = [
    (
        ReminderRule.Letter.UNANSWERED,
        gettext_lazy("Please answer the invitation"),
        gettext_lazy("the invited who have not answered, when the group’s rule says so"),
        please_answer,
    ),
    (
        ReminderRule.Letter.SOON,
        gettext_lazy("Agenda and practical details"),
        gettext_lazy("the invited who said yes or maybe, when the group’s rule says so"),
        soon,
    ),
    (
        ReminderRule.Letter.JOIN_LINK,
        gettext_lazy("Join link"),
        gettext_lazy("those who take part online, when the group’s rule says so"),
        join_link,
    ),
]
INVITED = gettext_lazy("every invited member of the group")
IN_CALENDARS = gettext_lazy("everybody in whose calendar the meeting stands, those who left the group included")


def newest() -> Meeting | None:
    """A meeting to show the letters with."""
    return Meeting.objects.exclude(starts_at=None).order_by("-starts_at", "-pk").first()


def newest_called_off() -> Meeting | None:
    off = [Meeting.State.CANCELLED, Meeting.State.POSTPONED]
    return Meeting.objects.filter(state__in=off).order_by("-starts_at", "-pk").first()


OF_MEETINGS: dict[str, Any] = {"letter_class": LetterClass.MEETING, "sample": newest}
OFF: dict[str, Any] = OF_MEETINGS | {"who_gets": IN_CALENDARS, "sample": newest_called_off}


def register_all() -> None:
    """Called once, when the app is ready."""
    asked = OF_MEETINGS | {"who_gets": INVITED}
    register(Letter(kinds.INVITATION, gettext_lazy("Invitation"), unwanted, invitation, **asked))
    register(Letter(kinds.UPDATE, gettext_lazy("News of a change"), unwanted, update, **asked))
    register(Letter(kinds.CALLED_OFF, gettext_lazy("Cancelled or postponed"), unwanted_if_on, called_off, **OFF))
    for letter, describes, who_gets, compose in REMINDERS:
        more = OF_MEETINGS | {"essential": False, "who_gets": who_gets}
        register(Letter(kinds.reminder(letter), describes, unwanted_reminder, compose, **more))
