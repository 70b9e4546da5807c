"""The agenda as pages show it: hours, who speaks, and what hangs on each item: rounds, challenges, papers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from history.prepared import Key
from meetings import times
from meetings.models import ActionPoint, AgendaItem, Material, MaterialVersion, Meeting, MeetingQuerySet
from meetings.written import newest_for
from people.models import User

EARLIER_SHOWN = 5
LEAD = {"name": "lead__display_name", "address": "lead__email", "is_public": "lead__show_name_publicly"}


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


class Line(NamedTuple):
    """One item. `rounds` and `challenges` are those the reader may see; a challenge tells where it came up earlier.

    `lead` is the name, where it may be told.
    """

    title: str
    begins: str
    length: str
    lead: str
    speaker: str
    notes: str
    rounds: list[Any]
    challenges: list[Any]
    papers: list[Paper]


class Told(Subquery):
    """What a query finds, each row as one object, as a list: read at once, with no record made of it."""

    template = "to_jsonb(ARRAY(%(subquery)s))"
    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], **names: Any) -> None:
        super().__init__(rows.values(told=JSONObject(**names)))


# -- told by the query that fetches the meeting ----------------------------------------------------------------------
def with_agenda(meetings: MeetingQuerySet, reader: User | None, now: dt.datetime | Key) -> MeetingQuerySet:
    """Have the query of a meeting also bring its agenda, and all that `with_papers` does."""
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by("position")
    names = {name: name for name in ("pk", "title", "minutes", "speaker", "notes")}
    lines = Told(items, **names, lead=JSONObject(**LEAD), challenges=_challenges(reader))
    return with_papers(meetings, reader, now).annotate(agenda_told=lines, rounds_told=_rounds(reader))


def with_papers(meetings: MeetingQuerySet, reader: User | None, now: dt.datetime | Key) -> MeetingQuerySet:
    """Have the query of a meeting also bring its papers, its minutes and what is open from last time."""
    told = meetings.annotate(papers_told=_papers(reader, now), newest=newest_for(reader))
    return told.annotate(carried_told=_carried(reader)) if reader else told


def _rounds(reader: User | None) -> Told:
    rounds = upper_rounds().objects.visible_to(reader).filter(meeting=OuterRef("pk")).order_by("pk")
    return Told(rounds, pk="pk", title="title", state="state", agenda_item_id="agenda_item")


def _challenges(reader: User | None) -> Told:
    """The challenges of the outer item that the reader may see, with the earlier items that were about them."""
    visible = upper_challenges().objects.visible_to(reader).filter(agenda_items=OuterRef("pk")).order_by("title", "pk")
    return Told(visible, pk="pk", slug="slug", title="title", status="status", earlier=_earlier())


def _earlier() -> Told:
    """The items of announced meetings before the outermost one about the outer challenge, the latest first."""
    meeting = {name: OuterRef(OuterRef(OuterRef(name))) for name in ("pk", "sort_day")}
    day = Coalesce(meeting["sort_day"], Value(dt.date.max))
    items = AgendaItem.objects.filter(
        challenges=OuterRef("pk"), meeting__announced_at__isnull=False, meeting__sort_day__lt=day
    )
    others = items.exclude(meeting=meeting["pk"]).order_by("-meeting__sort_day", "pk")[:EARLIER_SHOWN]
    return Told(others, title="title", meeting="meeting__title", slug="meeting__slug")


def _papers(reader: User | None, now: dt.datetime | Key) -> Told:
    newest = MaterialVersion.objects.filter(material=OuterRef("pk")).order_by("-number")
    own = {name: Subquery(newest.values(name)[:1]) for name in ("number", "url", "size")}
    papers = Material.objects.visible_to(reader, now).filter(meeting=OuterRef("pk")).order_by("pk")
    names = {name: name for name in ("pk", "title", "kind", "access", "language", "embargo_until")}
    return Told(papers, **names, item="agenda_item", **own)


def _carried(reader: User) -> Told:
    points = ActionPoint.objects.visible_to(reader).open().filter(meeting__group=OuterRef("group"))
    day = Coalesce(OuterRef("sort_day"), Value(dt.date.max))  # without a date a meeting is the next one
    before = points.exclude(meeting=OuterRef("pk")).filter(meeting__sort_day__lte=day).order_by("due", "pk")
    return Told(before, pk="pk", text="text", owner="owner__display_name", due="due", meeting="meeting__title")


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
def of(meeting: Meeting, *, names: bool) -> dict[str, Any]:
    """Return the lines, and the rounds and papers of the meeting as a whole.

    The meeting was fetched `with_agenda`; `names` is whether everybody may be named.
    """
    told: list[dict[str, Any]] = meeting.agenda_told  # type: ignore[attr-defined]  # an annotation
    rounds, papers = rounds_of(meeting), papers_of(meeting)
    rounds_by_item, papers_by_item = _by_item(rounds, "agenda_item_id"), _by_item(papers, "item")
    begins = times.clocks(times.running(meeting.local_start, [item["minutes"] for item in told]))
    length = _("%(n)s min")
    return {
        "agenda": [
            Line(
                item["title"],
                begin,
                length % {"n": item["minutes"]} if item["minutes"] else "",
                _lead(**item["lead"], names=names),
                item["speaker"],
                item["notes"],
                rounds_by_item.get(item["pk"], []),
                [_challenge(**each) for each in item["challenges"]],
                papers_by_item.get(item["pk"], []),
            )
            for begin, item in zip(begins, told, strict=True)
        ],
        "minutes_planned": sum(item["minutes"] or 0 for item in told),
        "rounds": rounds_by_item.get(None, []),
        "papers": papers_by_item.get(None, []),
        "all_papers": papers,
    }


def rounds_of(meeting: Meeting) -> list[Any]:
    """Return the rounds of a meeting fetched `with_agenda`, the first made first."""
    told: list[dict[str, Any]] = meeting.rounds_told  # type: ignore[attr-defined]  # an annotation
    return [upper_rounds()(**each) for each in told]


def _by_item(records: Iterable[Any], name: str) -> dict[int | None, list[Any]]:
    """What belongs to each item, and what to none."""
    found: dict[int | None, list[Any]] = defaultdict(list)
    for record in records:
        found[getattr(record, name)].append(record)
    return found


def _lead(*, name: str | None, address: str | None, is_public: bool | None, names: bool) -> str:
    """What a person is called, where it may be told; empty for an item without one."""
    return (name or address or "") if names or is_public else ""


def _challenge(earlier: list[dict[str, str]], **values: Any) -> Any:
    challenge = upper_challenges()(**values)
    challenge.earlier = earlier
    return challenge


# -- the rooms above, by their ways back: this one stands below them and does not know their names --------------------
@cache
def upper_challenges() -> Any:
    """The model of challenges."""
    return AgendaItem(pk=0).challenges.model


@cache
def upper_rounds() -> Any:
    """The model of rounds."""
    return Meeting(pk=0).rounds.model
