"""The decisions in minutes that stand behind rounds and focuses, as far as a reader may see them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Decision, Meeting
from people.models import User


@dataclass(frozen=True)
class TakenUp:
    """A focus that took a challenge up; `decision` is its words in the minutes, if they may be read."""

    at: dt.datetime
    round: RankingRound
    meeting: Meeting | None
    decision: Decision | None


def visible(reader: User | None, ids: Iterable[int | None]) -> dict[int, Decision]:
    """Return those that the reader may see, with their meetings. One query, and none where nothing is named."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return {}
    rows = Decision.objects.visible_to(reader).filter(pk__in=wanted).select_related("meeting")
    return {decision.pk: decision for decision in rows.order_by("pk")}


def with_focuses(challenges: QuerySet[Challenge], reader: User | None) -> QuerySet[Challenge]:
    """Have the query of a challenge also bring the focuses that took it up, the latest first."""
    meeting = {"meeting_slug": "meeting__slug", "meeting_title": "meeting__title"}
    taken = Decision.objects.visible_to(reader).filter(pk=OuterRef("decision"))
    told = JSONObject(
        at="decided_at",
        round="round",
        round_title="round__title",
        decision=Subquery(taken.values(told=JSONObject(pk="pk", text="text", **meeting))),
        **meeting,
    )
    focuses = Focus.objects.visible_to(reader).filter(entries__challenge=OuterRef("pk")).order_by("-decided_at", "-pk")
    return challenges.annotate(focuses_told=ArraySubquery(focuses.values(told=told)))


def focuses_of(challenge: Challenge) -> list[TakenUp]:
    """Return the focuses on a challenge fetched `with_focuses`."""
    told: list[dict[str, Any]] = challenge.focuses_told  # type: ignore[attr-defined]  # an annotation
    return [
        TakenUp(
            dt.datetime.fromisoformat(each["at"]),
            RankingRound(pk=each["round"], title=each["round_title"]),
            _meeting(each) if each["meeting_slug"] else None,
            _decision(each["decision"]) if each["decision"] else None,
        )
        for each in told
    ]


def _meeting(told: dict[str, Any]) -> Meeting:
    return Meeting(slug=told["meeting_slug"], title=told["meeting_title"])


def _decision(told: dict[str, Any]) -> Decision:
    return Decision(pk=told["pk"], text=told["text"], meeting=_meeting(told))
