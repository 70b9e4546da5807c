"""Letters that follow from answers and from leaving: a free seat, somebody in your place, out of your calendar."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import calendars, hearing, ical, kinds, letters, times, told
from meetings.models import Attendee, Meeting
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice
from workinggroups.models import Membership

NO_SEAT = gettext_noop("gave the seat up")
ANOTHER = gettext_noop("somebody else comes")
BACK = gettext_noop("a member again")
EXPECTED = gettext_noop("expected again")
RELEASED = "released"  # what a letter to a substitute says who is expected no longer


# -- a free seat -----------------------------------------------------------------------------------------------------
def unwanted_seat(notice: Notice, now: dt.datetime) -> str:
    """The seat is theirs at whatever time the meeting takes place by now."""
    reason = letters.unwanted_at_any_time(notice, now)
    if reason:
        return reason
    attendee = letters.seat_of(notice)
    sits = attendee is not None and attendee.reply == Attendee.Reply.YES and attendee.waiting_since is None
    return "" if sits else NO_SEAT


def seat(notice: Notice) -> Draft:
    return letters.draft(notice, _("A seat for you: %(title)s, %(day)s"))


# -- in somebody's place ---------------------------------------------------------------------------------------------
def sender_of(notice: Notice) -> Attendee | None:
    """Return the invited person in whose place the recipient comes."""
    rows = Attendee.objects.select_related("user")
    if "attendee" not in notice.payload:  # a specimen
        return rows.filter(meeting=notice.about_id).order_by("-substitute_email", "pk").first()
    return rows.filter(pk=notice.payload["attendee"]).first()


def unwanted_substitute(notice: Notice, now: dt.datetime) -> str:
    meeting, attendee = letters.about(notice), sender_of(notice)
    if meeting is None or attendee is None:
        return letters.GONE
    says = notice.payload.get("state", "")
    if meeting.state != (says if says not in {"", RELEASED} else Meeting.State.SCHEDULED):
        return str(meeting.state)
    if meeting.starts_at is None or meeting.starts_at <= now:
        return letters.BEGUN
    if says and not _has_heard(notice):
        return letters.NEVER_HEARD
    comes = attendee.substitute_email == notice.address and attendee.withdrawn_at is None
    if says == RELEASED:
        return EXPECTED if comes else ""
    return _not_sent_by(attendee, meeting, is_off=meeting.state == says) if comes else ANOTHER


def _not_sent_by(attendee: Attendee, meeting: Meeting, *, is_off: bool) -> str:
    """Only members send somebody; that the meeting is off is true whoever left."""
    members = Membership.objects.active().filter(group=meeting.group, user=attendee.user)
    return "" if is_off or members.exists() else letters.LEFT


def _has_heard(notice: Notice) -> bool:
    """Has another letter told the recipient of coming to this meeting, or may it be doing so now?"""
    others = Notice.objects.about(letters.meeting_of(notice)).told_beside(notice).filter(kind=kinds.SUBSTITUTE)
    return others.filter(address=notice.address).exists()


def substitute(notice: Notice) -> Draft:
    """The first letter names the sender; one that has a state in it tells of a change, or that nobody is expected."""
    meeting, attendee, news = letters.meeting_of(notice), sender_of(notice), notice.payload.get("state", "")
    is_off = meeting.state != Meeting.State.SCHEDULED or news == RELEASED
    subject = _subject_of(meeting, news)
    subject %= {"name": attendee and attendee.user, "title": meeting.title, "day": told.day_of(meeting)}
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "is_off": is_off,
        "is_news": bool(news),
        "is_released": news == RELEASED,
        "when": _was(meeting),
        "own_when": "",
        "where": meeting.where,
        "reason": meeting.reason,
        "join_url": "" if is_off else meeting.join_url,
        "agenda": [] if is_off else letters.agenda_of(meeting),
        "page_url": calendars.absolute(meeting.get_absolute_url()),
        "sender": attendee and attendee.user,
        "recipient_name": _name_of(notice, attendee),
        "has_entry": attendee is not None and meeting.starts_at is not None and not _stands_anyway(notice, attendee),
    }
    letter = Draft(subject, context, reply_to=calendars.contact_of(meeting.group))
    return _with_entry(letter, notice, attendee) if attendee and context["has_entry"] else letter


def _name_of(notice: Notice, attendee: Attendee | None) -> str:
    comes = attendee is not None and attendee.substitute_email == notice.address
    return attendee.substitute if attendee and comes else notice.payload.get("name", "")


def _with_entry(letter: Draft, notice: Notice, attendee: Attendee) -> Draft:
    """Put the meeting into the substitute's calendar, or take it out."""
    meeting, shift = letters.meeting_of(notice), attendee.substitute_shift
    who = ical.Party(_name_of(notice, attendee) or notice.address, notice.address)
    if letter.context["is_off"]:
        return letters.with_calendar(letter, "CANCEL", calendars.cancel_to(meeting, who, shift=shift))
    content = calendars.request_to(meeting, who, sender=str(attendee.user), shift=shift)
    return letters.with_calendar(letter, "REQUEST", content)


def _stands_anyway(notice: Notice, attendee: Attendee) -> bool:
    """Is the recipient invited too, or sent by somebody else as well? Then it stays in the calendar as it is."""
    here = Attendee.objects.current().filter(meeting=notice.about_id)
    others = here.filter(substitute_email__iexact=notice.address).exclude(pk=attendee.pk)
    return here.filter(user__email__iexact=notice.address).exists() or others.exists()


def _subject_of(meeting: Meeting, news: str) -> str:
    if news == RELEASED:
        return _("No longer in the place of %(name)s: %(title)s, %(day)s")
    if meeting.state != Meeting.State.SCHEDULED:
        return _("Called off: %(title)s, %(day)s")
    return _("Changed: %(title)s, %(day)s") if news else _("In the place of %(name)s: %(title)s, %(day)s")


# -- in one's own place ----------------------------------------------------------------------------------------------
def unwanted_in_your_place(notice: Notice, now: dt.datetime) -> str:
    reason, attendee = letters.unwanted_at_any_time(notice, now), letters.seat_of(notice)
    if reason:
        return reason
    is_replaced = attendee is not None and bool(attendee.substitute)
    return "" if is_replaced == notice.payload["is_replaced"] else letters.ANSWERED


def in_your_place(notice: Notice) -> Draft:
    """Tell whoever sends somebody, or does so no longer, and let their calendar follow."""
    meeting, attendee = letters.meeting_of(notice), letters.seat_of(notice)
    name = attendee.substitute if attendee else ""
    if not name:
        letter = letters.draft(notice, _("Back in your calendar: %(title)s, %(day)s"), name="")
        return letters.with_request(letter, notice)
    letter = letters.draft(notice, _("In your place: %(title)s, %(day)s"), name=name)
    content = calendars.cancellation(meeting, letters.addressee(notice), shift=letters.shift_of(notice))
    return letters.with_calendar(letter, "CANCEL", content)


# -- out of the calendar ---------------------------------------------------------------------------------------------
def unwanted_if_back(notice: Notice, now: dt.datetime) -> str:
    """Whoever left and came back within the minute keeps the meeting; who never heard of it has nothing to lose."""
    meeting = letters.about(notice)
    if meeting is None:
        return letters.GONE
    if meeting.starts_at is None or meeting.starts_at <= now:
        return letters.BEGUN
    attendee = letters.seat_of(notice)
    if attendee is None or attendee.withdrawn_at is None:
        return BACK
    return "" if hearing.has_heard(notice) else letters.NEVER_HEARD


def taken_back(notice: Notice) -> Draft:
    meeting = letters.meeting_of(notice)
    subject = _("No longer in your calendar: %(title)s, %(day)s")
    letter = letters.draft(notice, subject, was=_was(meeting), rests=_rests(meeting, notice))
    content = calendars.cancellation(meeting, letters.addressee(notice), shift=letters.shift_of(notice))
    return letters.with_calendar(letter, "CANCEL", content)


def _rests(meeting: Meeting, notice: Notice) -> bool:
    resting = meeting.group.memberships.filter(status=Membership.Status.PAUSED)
    return resting.filter(user=notice.recipient).exists()


def _was(meeting: Meeting) -> str:
    """The hours, also of a meeting that is off."""
    return times.span(meeting.starts_at, meeting.ends_at, meeting.zone) if meeting.starts_at and meeting.ends_at else ""


# -- the register ----------------------------------------------------------------------------------------------------
LETTERS: list[tuple[str, Any, Any, Any, Any]] = [
    (
        kinds.SEAT,
        gettext_lazy("A seat is free"),
        gettext_lazy("the first on the waiting list, when somebody gives a seat up"),
        unwanted_seat,
        seat,
    ),
    (
        kinds.SUBSTITUTE,
        gettext_lazy("You come in somebody’s place"),
        gettext_lazy("whoever an invited person sends in the own place, when an address is given"),
        unwanted_substitute,
        substitute,
    ),
    (
        kinds.IN_YOUR_PLACE,
        gettext_lazy("Somebody comes in your place"),
        gettext_lazy("an invited person who sends somebody in the own place, or does so no longer"),
        unwanted_in_your_place,
        in_your_place,
    ),
    (
        kinds.TAKEN_BACK,
        gettext_lazy("Out of the calendar"),
        gettext_lazy("who leaves the group or pauses, for each coming meeting that stands in the calendar"),
        unwanted_if_back,
        taken_back,
    ),
]


def register_all() -> None:
    """Called once, when the app is ready."""
    for kind, describes, who_gets, unwanted, compose in LETTERS:
        more: dict[str, Any] = {"letter_class": LetterClass.MEETING, "who_gets": who_gets, "sample": letters.newest}
        register(Letter(kind, describes, unwanted, compose, **more))
