"""How many outcomes each value of each filter would show: one query for all of them."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from django.db.models import CharField, Count, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, ExtractYear

from outcomes.filters import OutcomeFilter

TOTAL = ""
NOTHING = Value("")
# For each facet: its value, and a label where the database knows one.
KEYS: Mapping[str, tuple[Any, Any]] = {
    "group": (F("publication__groups__slug"), F("publication__groups__name")),
    "type": (F("publication__kind"), NOTHING),
    "year": (ExtractYear("published_at"), NOTHING),
    "region": (F("publication__regions__country"), NOTHING),
    "helix": (Func(F("helices"), function="unnest", output_field=CharField()), NOTHING),
}


class Row(TypedDict):
    """One value of a facet, or the total of one; `value` is None where a record has none."""

    facet: str
    value: str | None
    label: str | None
    n: int


def count(asked: OutcomeFilter) -> list[Row]:
    """Count each facet's values among what the other filters find, and the whole."""
    parts = [_part(asked.qs, TOTAL)]
    parts += [_part(asked.without(name), name, value, label) for name, (value, label) in KEYS.items()]
    return _together(parts)


def count_without(asked: OutcomeFilter, names: Iterable[str]) -> dict[str, int]:
    """How much is found when one of the filters is dropped, by its name."""
    return {row["facet"]: row["n"] for row in _together([_part(asked.without(name), name) for name in names])}


def total(rows: Iterable[Row]) -> int:
    return next((row["n"] for row in rows if row["facet"] == TOTAL), 0)


def _part(found: QuerySet[Any], facet: str, value: Any = NOTHING, label: Any = NOTHING) -> QuerySet[Any, Any]:
    """Filters are subqueries and no record has a value twice, so that counting needs no DISTINCT."""
    said = {"facet": Value(facet), "value": Cast(value, TextField()), "label": Cast(label, TextField())}
    keys = ("facet", "value", "label")
    rows: QuerySet[Any, Any] = found.order_by().annotate(**said).values(*keys)
    counted: QuerySet[Any, Any] = rows.annotate(n=Count("pk")).values(*keys, "n")
    return counted


def _together(parts: list[QuerySet[Any, Any]]) -> list[Row]:
    return list(parts[0].union(*parts[1:], all=True))
