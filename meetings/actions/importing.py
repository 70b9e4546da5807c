"""Answers that came from people's calendars."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from meetings.actions.replies import Answer, reply_by_calendar
from meetings.errors import NoAnswer, NotInvited, UnknownMeeting
from meetings.itip import CalendarReply
from meetings.models import Attendee, Meeting

Reply = Attendee.Reply
MEANS = {"ACCEPTED": Reply.YES, "TENTATIVE": Reply.MAYBE, "DECLINED": Reply.NO, "DELEGATED": Reply.NO}


def import_reply(*, answer: CalendarReply, now: dt.datetime | None = None) -> Attendee:
    """Write down what a calendar answered to our invitation; the person is who was invited under that address.

    Whoever wrote the file may have made it up: it can only answer for the invited, never add anybody. Raises
    UnknownMeeting, NoAnswer, and what `reply_by_calendar` raises.
    """
    meeting = _meeting(answer.uid)
    attendee = Attendee.objects.select_related("user").filter(meeting=meeting, user__email__iexact=answer.email).first()
    if attendee is None:
        raise NotInvited(_("Nobody with the address %(email)s is invited.") % {"email": answer.email})
    given = Answer(_meant(answer, attendee), *_delegate(answer))
    return reply_by_calendar(
        meeting=meeting, by=attendee.user, answer=given, stamp=(answer.sequence, answer.stamp), now=now
    )


def _meeting(uid: str) -> Meeting:
    try:
        return Meeting.objects.get(uid=uuid.UUID(uid))
    except (ValueError, Meeting.DoesNotExist) as error:
        raise UnknownMeeting(_("No meeting of ours has this UID.")) from error


def _meant(answer: CalendarReply, attendee: Attendee) -> Attendee.Reply:
    """A calendar knows no "online": who said so on the page and accepts there still comes online."""
    if answer.partstat not in MEANS:
        raise NoAnswer(_("It holds no answer (%(partstat)s).") % {"partstat": answer.partstat})
    meant = MEANS[answer.partstat]
    return Reply.ONLINE if meant == Reply.YES and attendee.reply == Reply.ONLINE else meant


def _delegate(answer: CalendarReply) -> tuple[str | None, str]:
    """Return name and address of the substitute; a calendar names only an address."""
    if answer.partstat != "DELEGATED" or not answer.delegate:
        return None, ""
    try:
        validate_email(answer.delegate)
    except ValidationError:
        return answer.delegate[:200], ""
    return answer.delegate[:200], answer.delegate
