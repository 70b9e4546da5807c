"""How a meeting and its reader stand to each other at this moment, in one question: asked before each letter leaves."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, TextField

from history.prepared import Key, Prepared
from meetings.models import AgendaItem, Attendee, Meeting
from notices.models import Notice
from workinggroups.models import Membership


@dataclass(frozen=True)
class Standing:
    """The meeting with its group, the reader's row at it, and whether the reader is an active member of the group."""

    meeting: Meeting
    seat: Attendee | None
    is_member: bool


def found(notice: Notice) -> Standing | None:
    """Return how things stand now; None where the meeting is gone."""
    for seat in SEATS.ask(meeting=notice.about_id, user=notice.recipient_id):
        return Standing(seat.meeting, seat, getattr(seat, "is_member", False))
    meeting = Meeting.objects.select_related("group").filter(pk=notice.about_id).first()
    return Standing(meeting, None, _is_member(meeting, notice)) if meeting else None


def _is_member(meeting: Meeting, notice: Notice) -> bool:
    return Membership.objects.active().filter(group=meeting.group, user=notice.recipient).exists()


def is_replaced(notice: Notice) -> bool:
    """Is there a newer letter of this kind to the same reader about the same meeting, sent or to be sent?"""
    keys = {"kind": notice.kind, "type": notice.about_type_id, "about": notice.about_id}
    return bool(NEWER.ask(**keys, user=notice.recipient_id, pk=notice.pk))


def _newer() -> QuerySet[Notice]:
    number = BigIntegerField()
    same = Notice.objects.filter(
        kind=Key("kind", TextField()),
        about_type=Key("type", number),
        about_id=Key("about", number),
        recipient=Key("user", number),
    )
    return same.filter(pk__gt=Key("pk", number)).exclude(state=Notice.State.SKIPPED).order_by()[:1]


def _seats() -> QuerySet[Attendee]:
    members = Membership.objects.active().filter(group=OuterRef("meeting__group"), user=OuterRef("user"))
    seats = Attendee.objects.select_related("meeting__group").annotate(is_member=Exists(members))
    number = BigIntegerField()
    return seats.filter(meeting=Key("meeting", number), user=Key("user", number)).order_by()


def _agenda() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=Key("meeting", BigIntegerField())).order_by("position")


SEATS = Prepared(_seats)
AGENDA = Prepared(_agenda)
NEWER = Prepared(_newer)
