"""What came of decisions: rounds and focuses that name one. They stand above; the way back leads to them."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from meetings.models import Decision, Meeting, Minutes
from people.models import User


@dataclass(frozen=True)
class Link:
    """A round, or the focus that followed it; `said` tells which."""

    said: str
    title: str
    url: str


def told(reader: User | None, meeting: str = "pk") -> dict[str, ArraySubquery]:
    """Annotations for the query of a meeting, or of its minutes: the rounds and focuses that the reader may see."""
    rounds, focuses = _upper_rooms()
    of_meeting = {"decision__meeting": OuterRef(meeting)}
    asked = rounds.objects.visible_to(reader).filter(**of_meeting).order_by("pk")
    taken_up = focuses.objects.visible_to(reader).filter(**of_meeting).order_by("pk")
    return {
        "asked_told": ArraySubquery(asked.values(told=JSONObject(decision="decision", pk="pk", title="title"))),
        "taken_up_told": ArraySubquery(
            taken_up.values(told=JSONObject(decision="decision", pk="round", title="round__title"))
        ),
    }


def _upper_rooms() -> tuple[Any, Any]:
    decision = Decision(pk=0)
    return decision.rounds.model, decision.focuses.model


def links_of(row: Meeting | Minutes) -> dict[int, list[Link]]:
    """Return what belongs to each decision, by its id; the row was fetched with what is `told`."""
    rounds, _focuses = _upper_rooms()
    found: dict[int, list[Link]] = {}
    for name, said, anchor in (("asked_told", _("Round"), ""), ("taken_up_told", _("Focus after"), "#focus")):
        for each in getattr(row, name):
            url = rounds(pk=each["pk"]).get_absolute_url() + anchor
            found.setdefault(each["decision"], []).append(Link(said, each["title"], url))
    return found
