"""How a meeting and its reader stand to each other at this moment, in one question: asked before each letter leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from history.prepared import Key, Prepared, Question
from meetings import kinds
from meetings.models import AgendaItem, Attendee, Meeting
from notices.models import Notice
from workinggroups.models import Membership


class Planned(TypedDict):
    """An item of the agenda."""

    title: str
    minutes: int | None


@dataclass(frozen=True)
class Standing:
    """The meeting with its group, the reader's row at it, and whether the reader is an active member of the group.

    For an invitation also the agenda, and whether there is a newer one to the same reader, sent or to be sent.
    """

    meeting: Meeting
    seat: Attendee | None
    is_member: bool
    agenda: Sequence[Planned] | None = None
    is_replaced: bool = False


def found(notice: Notice) -> Standing | None:
    """Return how things stand now; None where the meeting is gone."""
    for seat in question(notice).put()() if notice.answer is None else notice.answer:
        more = (getattr(seat, "agenda", None), getattr(seat, "is_replaced", False))
        return Standing(seat.meeting, seat, getattr(seat, "is_member", False), *more)
    meeting = Meeting.objects.select_related("group").filter(pk=notice.about_id).first()
    if meeting is None:
        return None
    return Standing(meeting, None, _is_member(meeting, notice), is_replaced=_is_replaced(notice))


def agenda_of(meeting: Meeting) -> list[Planned]:
    return [Planned(title=item.title, minutes=item.minutes) for item in AGENDA.ask(meeting=meeting.pk)]


def question(notice: Notice) -> Question[Attendee]:
    """Return what `found` asks, for who asks it together with the letter's own row."""
    keys = {"meeting": notice.about_id, "user": notice.recipient_id}
    if notice.kind != kinds.INVITATION:
        return SEATS.question(**keys)
    return INVITED.question(**keys, type=notice.about_type_id, pk=notice.pk)


def _is_replaced(notice: Notice) -> bool:
    if notice.kind != kinds.INVITATION or notice.pk is None:  # a preview has no row
        return False
    same = {"about_type": notice.about_type_id, "about_id": notice.about_id, "recipient": notice.recipient_id}
    return _newer(notice.pk, **same).exists()


def _is_member(meeting: Meeting, notice: Notice) -> bool:
    return Membership.objects.active().filter(group=meeting.group, user=notice.recipient).exists()


# -- the questions ---------------------------------------------------------------------------------------------------
NUMBER = BigIntegerField()


def _seats() -> QuerySet[Attendee]:
    members = Membership.objects.active().filter(group=OuterRef("meeting__group"), user=OuterRef("user"))
    seats = Attendee.objects.select_related("meeting__group").annotate(is_member=Exists(members))
    seats = seats.defer("meeting__calendar_block", "meeting__group__aims", "meeting__group__summary")
    return seats.filter(meeting=Key("meeting", NUMBER), user=Key("user", NUMBER)).order_by()


def _invited() -> QuerySet[Attendee]:
    newer = _newer(
        Key("pk", NUMBER), about_type=Key("type", NUMBER), about_id=OuterRef("meeting_id"), recipient=OuterRef("user")
    )
    items = AgendaItem.objects.filter(meeting=OuterRef("meeting")).order_by("position")
    agenda = ArraySubquery(items.values(told=JSONObject(title="title", minutes="minutes")))
    return _seats().annotate(is_replaced=Exists(newer), agenda=agenda)


def _newer(than: object, **same: object) -> QuerySet[Notice]:
    newer = Notice.objects.filter(kind=kinds.INVITATION, pk__gt=than, **same)
    return newer.exclude(state=Notice.State.SKIPPED).order_by()


def _agenda() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=Key("meeting", NUMBER)).order_by("position")


SEATS = Prepared(_seats)
INVITED = Prepared(_invited)
AGENDA = Prepared(_agenda)
