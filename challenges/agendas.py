"""At which meetings a challenge is dealt with: its items on their agendas, as far as a reader may see them."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from challenges.models import Challenge
from meetings.models import AgendaItem, Meeting
from people.models import User
from workinggroups.models import WorkingGroup


@dataclass(frozen=True)
class Dealt:
    """An item about the challenge; `day` is None where the meeting has no date, or waits for a new one."""

    item: str
    meeting: Meeting
    day: dt.date | None


def with_items(challenges: QuerySet[Challenge], reader: User | None) -> QuerySet[Challenge]:
    """Have the query of a challenge also bring its agenda items, those of the latest meeting first."""
    names = {"slug": "meeting__slug", "title": "meeting__title", "state": "meeting__state"}
    items = AgendaItem.objects.filter(challenges=OuterRef("pk"), meeting__in=Meeting.objects.visible_to(reader))
    told = JSONObject(item="title", day="meeting__sort_day", **names)
    return challenges.annotate(items_told=ArraySubquery(latest_first(items).values(told=told)))


def items_of(challenge: Challenge) -> list[Dealt]:
    """Return the items of a challenge fetched `with_items`."""
    told: list[dict[str, str]] = challenge.items_told  # type: ignore[attr-defined]  # an annotation
    return [_dealt(**each) for each in told]


def _dealt(item: str, day: str | None, **meeting: str) -> Dealt:
    waits = day is None or meeting["state"] == Meeting.State.POSTPONED
    return Dealt(item, Meeting(**meeting), None if waits else dt.date.fromisoformat(day or ""))


def offered(group: WorkingGroup) -> QuerySet[AgendaItem]:
    """Return the items that rounds and challenges of the group can be tied to."""
    items = AgendaItem.objects.filter(meeting__group=group).exclude(meeting__state=Meeting.State.CANCELLED)
    return latest_first(items.select_related("meeting"))


def latest_first(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """By meeting, those to come first; within one in the order of its agenda."""
    return items.order_by(F("meeting__sort_day").desc(nulls_first=True), "-meeting", "position")
