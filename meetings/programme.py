"""The agenda as pages show it: hours, who speaks, and what hangs on each item: rounds, challenges, papers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from history.prepared import Key
from meetings import times
from meetings.models import ActionPoint, AgendaItem, Material, MaterialVersion, Meeting, MeetingQuerySet
from meetings.written import newest_for
from people.models import User
from people.readers import ForReaders

EARLIER_SHOWN = 5
MEETING, DAY = Key("meeting", BigIntegerField()), Key("day", DateField())


@dataclass(frozen=True)
class Paper:
    """The newest version of a paper; `url` is empty for a file, `size` are its bytes."""

    pk: int
    title: str
    kind: str
    access: str
    language: str
    embargo_until: dt.datetime | None
    item: int | None
    number: int
    url: str
    size: int


@dataclass(frozen=True)
class Carried:
    """An action point that an earlier meeting left open."""

    pk: int
    text: str
    owner: str
    due: dt.date | None
    meeting: str


@dataclass(frozen=True)
class Line:
    """One item. `rounds` and `challenges` are those the reader may see; a challenge tells where it came up earlier."""

    item: AgendaItem
    begins: str
    lead: User | None
    rounds: list[Any]
    challenges: list[Any]
    papers: list[Paper]
    length: str


# -- told by the query that fetches the meeting ----------------------------------------------------------------------
def with_papers(meetings: MeetingQuerySet, reader: User | None, now: dt.datetime | Key) -> MeetingQuerySet:
    """Have the query of a meeting also bring its papers, its minutes and what is open from last time."""
    told = meetings.annotate(papers_told=ArraySubquery(_papers(reader, now)), newest=newest_for(reader))
    return told.annotate(carried_told=ArraySubquery(_carried(reader))) if reader else told


def _papers(reader: User | None, now: dt.datetime | Key) -> Any:
    newest = MaterialVersion.objects.filter(material=OuterRef("pk")).order_by("-number")
    own = {name: Subquery(newest.values(name)[:1]) for name in ("number", "url", "size")}
    papers = Material.objects.visible_to(reader, now).filter(meeting=OuterRef("pk")).order_by("pk")
    names = ("pk", "title", "kind", "access", "language", "embargo_until")
    return papers.values(told=JSONObject(**{name: name for name in names}, item="agenda_item", **own))


def _carried(reader: User) -> Any:
    points = ActionPoint.objects.visible_to(reader).open().filter(meeting__group=OuterRef("group"))
    day = Coalesce(OuterRef("sort_day"), Value(dt.date.max))  # without a date a meeting is the next one
    before = points.exclude(meeting=OuterRef("pk")).filter(meeting__sort_day__lte=day)
    return before.order_by("due", "pk").values(
        told=JSONObject(pk="pk", text="text", owner="owner__display_name", due="due", meeting="meeting__title")
    )


def papers_of(meeting: Meeting) -> list[Paper]:
    """Return the papers of a meeting fetched `with_papers`, in the order they were added."""
    told: list[dict[str, Any]] = meeting.papers_told  # type: ignore[attr-defined]  # an annotation
    return [Paper(**each | {"embargo_until": _moment(each["embargo_until"])}) for each in told]


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def carried(meeting: Meeting) -> list[Carried]:
    """Return what earlier meetings of the group left open, for a meeting to come fetched `with_papers`."""
    told: list[dict[str, Any]] = getattr(meeting, "carried_told", [])
    if meeting.state not in Meeting.PLANNED:
        return []
    return [
        Carried(**each | {"owner": each["owner"] or "", "due": each["due"] and dt.date.fromisoformat(each["due"])})
        for each in told
    ]


# -- and the agenda --------------------------------------------------------------------------------------------------
def of(meeting: Meeting, reader: User | None, *, names: bool) -> dict[str, Any]:
    """Return the lines, and the rounds and papers of the meeting as a whole.

    The meeting was fetched `with_papers`; `names` is whether everybody may be named.
    """
    items = items_of(meeting, reader)
    rounds = ROUNDS.ask(reader, meeting=meeting.pk)
    papers = papers_of(meeting)
    begins = times.running(meeting.local_start, [item.minutes for item in items])
    return {
        "agenda": [
            Line(
                item,
                time_format(begin) if begin else "",
                item.lead if item.lead and (names or item.lead.show_name_publicly) else None,
                [each for each in rounds if each.agenda_item_id == item.pk],
                challenges_of(item),
                [each for each in papers if each.item == item.pk],
                _("%(n)s min") % {"n": item.minutes} if item.minutes else "",
            )
            for begin, item in zip(begins, items, strict=True)
        ],
        "minutes_planned": sum(item.minutes or 0 for item in items),
        "rounds": [each for each in rounds if each.agenda_item_id is None],
        "papers": [each for each in papers if each.item is None],
        "all_papers": papers,
    }


def items_of(meeting: Meeting, reader: User | None) -> list[AgendaItem]:
    """Return the items with their leads, each with what is told of its challenges."""
    day = meeting.sort_day or dt.date.max
    return ITEMS.ask(reader, meeting=meeting.pk, day=day)


def _items(reader: User | None) -> QuerySet[AgendaItem]:
    told = AgendaItem.objects.annotate(challenges_told=ArraySubquery(_challenges(reader)))
    return told.filter(meeting=MEETING).select_related("lead").order_by("position")


def _challenges(reader: User | None) -> Any:
    """The challenges of the outer item that the reader may see, with the earlier items that were about them."""
    visible = upper_room().objects.visible_to(reader).filter(agenda_items=OuterRef("pk")).order_by("title", "pk")
    names = {name: name for name in ("pk", "slug", "title", "status")}
    return visible.values(told=JSONObject(**names, earlier=ArraySubquery(_earlier())))


def _rounds(reader: User | None) -> QuerySet[Any]:
    rounds: Any = Meeting(pk=0).rounds.model  # it stands above
    of_meeting: QuerySet[Any] = rounds.objects.visible_to(reader).filter(meeting=MEETING).order_by("pk")
    return of_meeting


ITEMS, ROUNDS = ForReaders(_items), ForReaders(_rounds)


def upper_room() -> Any:
    """The model of challenges, by its way back: this room stands below it and does not know its name."""
    return AgendaItem(pk=0).challenges.model


def challenges_of(item: AgendaItem) -> list[Any]:
    """Return the challenges of an item as they were told; each has the `earlier` items that were about it."""
    told: list[dict[str, Any]] = item.challenges_told  # type: ignore[attr-defined]  # an annotation
    return [_told(**each) for each in told]


def _told(earlier: list[dict[str, str]], **values: Any) -> Any:
    challenge = upper_room()(**values)
    challenge.earlier = earlier
    return challenge


def _earlier() -> Any:
    """The items of announced meetings before that day about the outer challenge, the latest first."""
    items = AgendaItem.objects.filter(
        challenges=OuterRef("pk"), meeting__announced_at__isnull=False, meeting__sort_day__lt=DAY
    )
    told = JSONObject(title="title", meeting="meeting__title", slug="meeting__slug")
    others = items.exclude(meeting=MEETING).order_by("-meeting__sort_day", "pk")
    return others.values(told=told)[:EARLIER_SHOWN]
