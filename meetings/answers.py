"""The answers that a meeting offers, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from meetings.models import Attendee, DateAnswer, DatePoll, Meeting

Reply = Attendee.Reply


def choices_for(meeting: Meeting) -> list[tuple[str, Any]]:
    """Return the answers offered; only where one can choose, "online" is one of them."""
    room = [(Reply.YES.value, _("Yes, in the room")), (Reply.ONLINE.value, _("Yes, online"))]
    coming = room if meeting.mode == Meeting.Mode.HYBRID else [(Reply.YES.value, _("Yes"))]
    return [*coming, (Reply.MAYBE.value, _("Maybe")), (Reply.NO.value, _("No"))]


def said(attendee: Attendee, meeting: Meeting) -> str:
    """The person's answer in the words in which it was offered, and that it waits for a seat; empty without one."""
    if attendee.reply == Reply.NONE:
        return ""
    if attendee.waiting_since:
        return str(_("yes, on the waiting list"))
    return str(dict(choices_for(meeting)).get(attendee.reply, attendee.get_reply_display()))


def comes_from_poll(attendee: Attendee, meeting: Meeting) -> bool:
    """Is the answer the one to the date poll that found the date? Who has answered since has done so later."""
    if meeting.starts_at is None or attendee.replied_at is None or attendee.replied_at != attendee.asked_at:
        return False
    decided = DatePoll.objects.filter(
        meeting=meeting, state=DatePoll.State.DECIDED, chosen__starts_at=meeting.starts_at
    )
    return DateAnswer.objects.filter(user=attendee.user_id, slot__in=decided.values("chosen")).exists()
