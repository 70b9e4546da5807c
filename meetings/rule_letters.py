"""The letters that rules send before a meeting: please answer, agenda and details, the join link."""

import datetime as dt
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import calendars, kinds, letters, owing, reminding
from meetings.models import Attendee, Meeting, ReminderRule
from notices.letters import Draft, Letter, register
from notices.models import Notice
from people.models import User


# -- wanted? ---------------------------------------------------------------------------------------------------------
def unwanted_reminder(notice: Notice, now: dt.datetime) -> str:
    """Besides, the rule must still hold, and the person's answer must still be one it writes to.

    A letter without a rule was asked for by hand, to those without an answer.
    """
    reason = letters.unwanted(notice, now)
    if reason:
        return reason
    meeting, attendee, origin = letters.meeting_of(notice), letters.seat_of(notice), notice.payload["rule"]
    if origin is None:
        return "" if attendee and attendee.reply == Attendee.Reply.NONE else letters.ANSWERED
    rule = reminding.holding(meeting, origin)
    if rule is None:
        return letters.SWITCHED_OFF
    meant = attendee is not None and attendee.reply in reminding.replies_meant(rule, meeting)
    return "" if meant else letters.ANSWERED


def paused(notice: Notice) -> str:
    """Reminders by a rule wait while the meeting's are paused; what was asked for by hand since then does not."""
    return "" if notice.payload["rule"] is None else held_back(letters.meeting_of(notice), notice)


def held_back(meeting: Meeting, notice: Notice) -> str:
    """Return why the letter waits while the meeting's reminders are paused.

    The second look is under the meeting's lock: whoever resumes at this moment must find the letter waiting.
    """
    if not _is_paused(meeting, notice):
        return ""
    rows = Meeting.objects.select_for_update(no_key=True)
    return letters.PAUSED if _is_paused(rows.get(pk=meeting.pk), notice) else ""


def _is_paused(meeting: Meeting, notice: Notice) -> bool:
    return meeting.reminders_paused_at is not None and notice.due_at < meeting.reminders_paused_at


# -- what it says ----------------------------------------------------------------------------------------------------
def ballots_of(meeting: Meeting, person: User) -> list[dict[str, str]]:
    """Open rounds of this meeting in which the person has a ballot and has not cast it."""
    rounds = meeting.rounds.filter(state="open", electors__user=person, electors__has_voted=False).order_by("pk")
    return [{"title": str(each), "url": calendars.absolute(each.get_absolute_url())} for each in rounds]


def please_answer(notice: Notice) -> Draft:
    return letters.draft(notice, _("Will you come? %(title)s, %(day)s"))


def soon(notice: Notice) -> Draft:
    meeting = letters.meeting_of(notice)
    person = letters.addressee(notice)
    waiting = {"ballots": ballots_of(meeting, person), "owed": owing.owed(meeting, person)}
    return letters.draft(notice, _("Soon: %(title)s, %(day)s"), agenda=letters.agenda_of(meeting), **waiting)


def join_link(notice: Notice) -> Draft:
    return letters.draft(notice, _("Join link: %(title)s, %(day)s"))


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


def register_all() -> None:
    """Called once, when the app is ready."""
    for letter, describes, who_gets, compose in REMINDERS:
        more = letters.OF_MEETINGS | {"essential": False, "who_gets": who_gets, "on_hold": paused}
        register(Letter(kinds.reminder(letter), describes, unwanted_reminder, compose, **more))
