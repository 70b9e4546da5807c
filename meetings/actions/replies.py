"""What an invited person answers."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from meetings import rules
from meetings.errors import NotInvited, RepliesClosed
from meetings.models import Attendee, Meeting
from people.models import User


@transaction.atomic
def reply(
    *, meeting: Meeting, by: User, reply: str, substitute: str | None = None, now: dt.datetime | None = None
) -> Attendee:
    """Write down the answer of `by`; any answer may become any other until the meeting starts.

    `substitute` None leaves the substitute as it was. A member who joined a moment ago and has no invitation yet may
    answer too. Raises NotInvited, RepliesClosed.
    """
    if not rules.is_invited(by, meeting):
        raise NotInvited(_("Only members of the group answer this invitation."))
    Attendee.objects.get_or_create(meeting=meeting, user=by, defaults={"asked_at": now or database_now()})
    attendee = Attendee.objects.select_for_update(of=("self",)).select_related("meeting").get(meeting=meeting, user=by)
    moment = now or database_now()
    if not rules.takes_replies(attendee.meeting, moment):
        raise RepliesClosed(_("This meeting takes no answers any more."))
    attendee.reply = Attendee.Reply(reply)
    attendee.replied_at = None if attendee.reply == Attendee.Reply.NONE else moment
    if substitute is not None:
        attendee.substitute = substitute.strip()
    attendee.save()
    record(meeting, "replied", by=by, payload={"reply": attendee.reply}, at=moment)
    return attendee
