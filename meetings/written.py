"""Minutes as pages show them: who was there, the lines and what became of them, and all of it as one text."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.linked import Link
from meetings.models import ActionPoint, AgendaItem, Attendee, Meeting, Minutes
from people.models import User

Reply = Attendee.Reply
COMING = {Reply.YES, Reply.ONLINE}
TOLD = ("revision", "state", "language", "decisions")


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


class Named(TypedDict):
    """Somebody by the id, and who came in their place."""

    user: int
    substitute: str


class Kept(TypedDict):
    """Who was there and who sent apologies, by name; names are looked up when they are shown, for they are theirs."""

    is_taken: bool
    present: list[Named]
    apologies: list[Named]


def kept(meeting: Meeting) -> Kept:
    """Return what the approval of minutes keeps."""
    return _kept(_asked(meeting))


def presence_of(meeting: Meeting, *, names: bool) -> Presence:
    """Tell who was there and who sent apologies; `names` is whether all of them may be named."""
    asked = _asked(meeting)
    return _presence(_kept(asked), {each.user_id: each.user for each in asked}, names=names)


def presence_in(minutes: Minutes, *, names: bool) -> Presence:
    """The same as the minutes have it: once they are approved, whatever is written down later."""
    if minutes.presence is None:
        return presence_of(minutes.meeting, names=names)
    told: Kept = minutes.presence
    people = User.objects.in_bulk([each["user"] for each in (*told["present"], *told["apologies"])])
    return _presence(told, people, names=names)


def _asked(meeting: Meeting) -> list[Attendee]:
    return list(meeting.attendees.select_related("user").order_by("user__display_name", "pk"))


def _kept(asked: list[Attendee]) -> Kept:
    is_taken = any(each.attended is not None for each in asked)
    came = [each for each in asked if (each.attended if is_taken else each.reply in COMING)]
    sorry = [each for each in asked if each not in came and each.reply == Reply.NO]
    return Kept(is_taken=is_taken, present=_named(came), apologies=_named(sorry))


def _named(attendees: list[Attendee]) -> list[Named]:
    return [Named(user=each.user_id, substitute=each.substitute) for each in attendees]


def _presence(told: Kept, people: Mapping[int, User], *, names: bool) -> Presence:
    present, apologies = (_people(told[part], people, names=names) for part in ("present", "apologies"))
    return Presence(told["is_taken"], present, apologies)


def _people(told: list[Named], people: Mapping[int, User], *, names: bool) -> People:
    known = [(people[each["user"]], each["substitute"]) for each in told if each["user"] in people]
    shown = [
        _called(user, substitute if names else "") for user, substitute in known if names or user.show_name_publicly
    ]
    return People(shown, len(told) - len(shown))


def _called(user: User, substitute: str) -> str:
    if not substitute:
        return str(user)
    return _("%(name)s (in the place: %(substitute)s)") % {"name": user, "substitute": substitute}


def newest_for(reader: User | None) -> Subquery:
    """The newest minutes of the outer meeting that the reader may see: revision, state, language, decisions."""
    visible = Minutes.objects.visible_to(reader).filter(meeting=OuterRef("pk")).order_by("-revision")
    return Subquery(visible.values(told=JSONObject(**{name: name for name in TOLD}))[:1])


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


def whole_text_of(minutes: Minutes, *, names: bool) -> str:
    """The same with who was there."""
    presence = presence_in(minutes, names=names)
    came, sorry = _listed(presence.present), _listed(presence.apologies)
    who = [_("Present: %(people)s") % {"people": came}, _("Apologies: %(people)s") % {"people": sorry}]
    return "\n\n".join([text_of(minutes), *who])


def _listed(people: People) -> str:
    others = [_("and %(n)s more") % {"n": people.others}] if people.others else []
    return ", ".join([*people.names, *others]) or "–"
