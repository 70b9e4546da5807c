"""What an invited person answers: on the page, by the link of a letter, or from the own calendar."""

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from meetings import balance, rules
from meetings.actions import seats, substitutes
from meetings.actions.rows import locked
from meetings.actions.substitutes import Substitute
from meetings.errors import NotInvited, RepliesClosed, StaleReply
from meetings.models import Attendee, Meeting
from people.models import User


class Answer(NamedTuple):
    """A reply; a substitute of None leaves the one named before."""

    reply: Attendee.Reply
    substitute: str | None = None
    substitute_email: str = ""


@transaction.atomic
def reply(
    *,
    meeting: Meeting,
    by: User,
    reply: str,
    substitute: str | None = None,
    substitute_email: str = "",
    now: dt.datetime | None = None,
) -> Attendee:
    """Write down the answer of `by`; any answer may become any other until the meeting starts.

    `substitute` None leaves the substitute as it was. A member who joined a moment ago and has no invitation yet may
    answer too. A yes to a full room waits for a seat (`waiting_since`). Raises NotInvited, RepliesClosed, NoSeat.
    """
    answer = Answer(Attendee.Reply(reply), substitute, substitute_email)
    attendee, moment = _asked(meeting, by, now)
    return _write(attendee, answer, moment, at=moment)


@transaction.atomic
def reply_by_calendar(
    *, meeting: Meeting, by: User, answer: Answer, stamp: tuple[int, dt.datetime], now: dt.datetime | None = None
) -> Attendee:
    """Write down what somebody's calendar answered. `stamp` is its SEQUENCE and its DTSTAMP (aware).

    An answer to an older version of the meeting, or older than the one we have, changes nothing. Raises StaleReply and
    what `reply` raises.
    """
    sequence, sent_at = stamp
    attendee, moment = _asked(meeting, by, now)
    if sequence < attendee.meeting.sequence + attendee.sequence_shift:
        raise StaleReply(_("It answers an older version of the meeting, before it was moved."))
    if attendee.replied_at and sent_at <= attendee.replied_at:
        raise StaleReply(_("A newer answer of this person is known."))
    return _write(attendee, answer, min(sent_at, moment), at=moment)


def _asked(meeting: Meeting, person: User, now: dt.datetime | None) -> tuple[Attendee, dt.datetime]:
    """Lock the meeting (seats are counted under it), ask the clock again, and return the person's row."""
    if not rules.is_invited(person, meeting):
        raise NotInvited(_("Only members of the group answer this invitation."))
    meeting = locked(meeting)
    moment = now or database_now()
    if not rules.takes_replies(meeting, moment):
        raise RepliesClosed(_("This meeting takes no answers any more."))
    rows = Attendee.objects.select_for_update(of=("self",)).select_related("user")
    attendee, _new = rows.get_or_create(meeting=meeting, user=person, defaults={"asked_at": moment})
    attendee.meeting = meeting
    return attendee, moment


def _write(attendee: Attendee, answer: Answer, replied_at: dt.datetime, *, at: dt.datetime) -> Attendee:
    meeting, had_one, old = attendee.meeting, balance.takes_seat(attendee), _substitute_of(attendee)
    attendee.reply = answer.reply
    attendee.replied_at = None if answer.reply == Attendee.Reply.NONE else replied_at
    _name_substitute(attendee, answer)
    seats.take(meeting, attendee, had_one=had_one, now=at)
    new = _substitute_of(attendee)
    attendee.substitute_shift += bool(old.address) and new.address != old.address
    attendee.sequence_shift += bool(new.name) != bool(old.name)
    attendee.save()
    seats.fill(meeting, at)
    _tell_substitutes(attendee, old, new, at)
    record(meeting, "replied", by=attendee.user, payload={"reply": attendee.reply}, at=at)
    return attendee


def _name_substitute(attendee: Attendee, answer: Answer) -> None:
    """Whoever comes sends nobody else."""
    if answer.reply != Attendee.Reply.NO:
        attendee.substitute = attendee.substitute_email = ""
    elif answer.substitute is not None:
        attendee.substitute = answer.substitute.strip()
        attendee.substitute_email = answer.substitute_email.strip() if attendee.substitute else ""


def _substitute_of(attendee: Attendee) -> Substitute:
    return Substitute(attendee.substitute, attendee.substitute_email)


def _tell_substitutes(attendee: Attendee, old: Substitute, new: Substitute, now: dt.datetime) -> None:
    """Those who come or came in the person's place, and the person: all of their calendars follow."""
    if old.address and old.address != new.address:
        substitutes.release(attendee, old, now)
    if new.address and old.address != new.address:
        substitutes.name(attendee, now)
    if bool(old.name) != bool(new.name):
        substitutes.tell_sender(attendee, now)
