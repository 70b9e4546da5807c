"""Letters to those who come in somebody's place, who have only an address, and to those who sent them."""

import datetime as dt
from typing import NamedTuple

from meetings import hearing, kinds
from meetings.models import Attendee, Meeting
from meetings.reply_letters import RELEASED
from notices.actions import planned, queue
from notices.models import Notice


class Substitute(NamedTuple):
    """Who comes in somebody's place, or came; both empty for nobody."""

    name: str
    address: str


Place = tuple[int, str]  # the id of the attendee, the address of who comes instead


def name(attendee: Attendee, now: dt.datetime) -> None:
    """Write to the substitute whom the attendee has just named."""
    queue([_letter(attendee.meeting, attendee, now)])


def tell_change(meeting: Meeting, now: dt.datetime) -> None:
    """Tell the news to those who know that they come, and all of it to the others."""
    heard = _heard(meeting)
    queue(
        [_letter(meeting, each, now, str(meeting.state) if _place(each) in heard else "") for each in _named(meeting)]
    )


def tell_off(meeting: Meeting, now: dt.datetime) -> None:
    """Tell those who know that they were to come that the meeting is off."""
    heard = _heard(meeting)
    queue([_letter(meeting, each, now, str(meeting.state)) for each in _named(meeting) if _place(each) in heard])


def release(attendee: Attendee, who: Substitute, now: dt.datetime) -> None:
    """Tell a substitute who knows of it that somebody else comes, or nobody.

    The caller moves `substitute_shift` on: a calendar ignores a message that is not newer than the last.
    """
    if (attendee.pk, who.address) in _heard(attendee.meeting):
        letter = _letter(attendee.meeting, attendee, now, RELEASED, who.address)
        letter.payload["name"] = who.name
        queue([letter])


def tell_sender(attendee: Attendee, now: dt.datetime) -> None:
    """Take the meeting out of the calendar of somebody in whose place another comes, or put it back."""
    meeting = attendee.meeting
    if attendee.user_id not in hearing.told(meeting):
        return  # the invitation is still to leave, and brings what is right then
    queue(
        [
            planned(
                kinds.IN_YOUR_PLACE,
                meeting,
                f"{kinds.IN_YOUR_PLACE}:{meeting.pk}:{attendee.user_id}:{attendee.sequence_shift}",
                attendee.user,
                payload={"revision": meeting.schedule_revision, "is_replaced": bool(attendee.substitute)},
                due_at=now,
                expires_at=meeting.starts_at,
            )
        ]
    )


def _named(meeting: Meeting) -> list[Attendee]:
    return list(meeting.attendees.filter(withdrawn_at=None).exclude(substitute_email="").order_by("pk"))


def _place(attendee: Attendee) -> Place:
    return attendee.pk, attendee.substitute_email


def _heard(meeting: Meeting) -> set[Place]:
    """Return whom a letter has told that they come, or may be telling now, and none after it that they need not."""
    told = Notice.objects.about(meeting).told().filter(kind=kinds.SUBSTITUTE).order_by("pk")
    last = {(row.payload["attendee"], row.address): row.payload.get("state", "") for row in told}
    return {place for place, state in last.items() if state != RELEASED}


def _letter(meeting: Meeting, attendee: Attendee, now: dt.datetime, state: str = "", address: str = "") -> Notice:
    """The first letter has no state; later ones tell how the meeting stands now, or that nobody is expected."""
    payload = {"revision": meeting.schedule_revision, "attendee": attendee.pk}
    return planned(
        kinds.SUBSTITUTE,
        meeting,
        f"{kinds.SUBSTITUTE}:{state or 'first'}:{meeting.pk}:{attendee.pk}:{now.isoformat()}",
        address or attendee.substitute_email,
        payload=payload | {"state": state} if state else payload,
        due_at=now,
        expires_at=meeting.starts_at,
    )
