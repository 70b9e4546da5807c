"""Minutes as pages show them: who was there, the lines and what became of them, and all of it as one text."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.linked import Link
from meetings.models import ActionPoint, AgendaItem, Attendee, Meeting, Minutes
from people.models import User

Reply = Attendee.Reply
COMING = {Reply.YES, Reply.ONLINE}


@dataclass(frozen=True)
class People:
    """Those who may be named, and how many others there are."""

    names: list[str]
    others: int

    def __len__(self) -> int:
        return len(self.names) + self.others


@dataclass(frozen=True)
class Presence:
    """`is_taken` is False while nobody has written down who came: then it is what people replied."""

    is_taken: bool
    present: People
    apologies: People


@dataclass(frozen=True)
class Line:
    """A decision or an action point of a revision; `links` is what came of the former, `point` of the latter."""

    text: str
    item: str
    row: int | None = None
    links: Sequence[Link] = ()
    owner: str = ""
    due: dt.date | None = None
    point: ActionPoint | None = None

    def is_overdue(self, today: dt.date) -> bool:
        return bool(self.point and self.point.state == ActionPoint.State.OPEN and self.due and self.due < today)


def presence_of(meeting: Meeting, *, names: bool) -> Presence:
    """Tell who was there and who sent apologies; `names` is whether all of them may be named."""
    asked = list(meeting.attendees.select_related("user").order_by("user__display_name", "pk"))
    is_taken = any(each.attended is not None for each in asked)
    came = [each for each in asked if (each.attended if is_taken else each.reply in COMING)]
    sorry = [each for each in asked if each not in came and each.reply == Reply.NO]
    return Presence(is_taken, _people(came, names=names), _people(sorry, names=names))


def _people(attendees: list[Attendee], *, names: bool) -> People:
    shown = [each for each in attendees if names or each.user.show_name_publicly]
    return People([_called(each, names=names) for each in shown], len(attendees) - len(shown))


def _called(attendee: Attendee, *, names: bool) -> str:
    if not (attendee.substitute and names):
        return str(attendee.user)
    return _("%(name)s (in the place: %(substitute)s)") % {"name": attendee.user, "substitute": attendee.substitute}


def newest_for(reader: User | None) -> Subquery:
    """The newest minutes of the outer meeting that the reader may see, as an object: revision, state, decisions."""
    visible = Minutes.objects.visible_to(reader).filter(meeting=OuterRef("pk")).order_by("-revision")
    return Subquery(visible.values(told=JSONObject(revision="revision", state="state", decisions="decisions"))[:1])


def decisions_of(
    lines: Iterable[dict[str, Any]], items: Mapping[int, AgendaItem], links: Mapping[int, list[Link]]
) -> list[Line]:
    """Return the decisions of a revision with the rounds and focuses behind them."""
    return [Line(line["text"], _title(line, items), line["row"], links.get(line["row"], [])) for line in lines]


def actions_of(minutes: Minutes, items: dict[int, AgendaItem], *, names: bool) -> list[Line]:
    """Return the action points of a revision with their owners, named where they may be, and how they stand today."""
    ids = [line["row"] for line in minutes.actions if line["row"]]
    rows = {row.pk: row for row in ActionPoint.objects.filter(pk__in=ids).order_by("pk")} if ids else {}
    owners = owners_of(minutes.actions)
    return [
        Line(
            line["text"],
            _title(line, items),
            owner=_owner(owners.get(line["owner"]), names=names),
            due=due_of(line),
            point=rows.get(line["row"]),
        )
        for line in minutes.actions
    ]


def owners_of(lines: Iterable[dict[str, Any]]) -> dict[int | None, User]:
    ids = {line["owner"] for line in lines if line["owner"]}
    return {user.pk: user for user in User.objects.filter(pk__in=ids).order_by("pk")} if ids else {}


def due_of(line: dict[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(line["due"]) if line["due"] else None


def _owner(user: User | None, *, names: bool) -> str:
    return str(user) if user and (names or user.show_name_publicly) else ""


def _title(line: dict[str, Any], items: Mapping[int, AgendaItem]) -> str:
    item = items.get(line["item"])
    return item.title if item else ""


def as_text(text: str, decisions: Iterable[dict[str, Any]], actions: list[dict[str, Any]]) -> str:
    """Return everything a revision says as paragraphs, so that two of them can be compared."""
    owners = owners_of(actions)
    told = [_("Decision: %(text)s") % {"text": line["text"]} for line in decisions]
    for line in actions:
        due, owner = due_of(line), owners.get(line["owner"])
        marks = [str(owner)] if owner else []
        marks += [_("until %(day)s") % {"day": date_format(due)}] if due else []
        told.append(_("Action: %(text)s") % {"text": line["text"]} + (f" ({', '.join(marks)})" if marks else ""))
    return "\n\n".join([text, *told])


def text_of(minutes: Minutes) -> str:
    return as_text(minutes.text, minutes.decisions, minutes.actions)
