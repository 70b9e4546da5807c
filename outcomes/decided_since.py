"""Decisions on the focus that came after an edition had gathered its records, and so do not stand in it."""

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from challenges.models import Focus
from outcomes.models import Edition, EditionSource


def focuses(edition: Edition) -> QuerySet[Focus]:
    """Return the decisions on the edition's rounds that are younger than its figures; none before the first build."""
    made = parse_datetime(edition.snapshot["made"]["at"]) if edition.snapshot else None
    if made is None or edition.published_at:
        return Focus.objects.none()
    rounds = EditionSource.objects.filter(edition=edition).exclude(round=None)
    younger = Focus.objects.filter(round__in=rounds.values("round"), decided_at__gt=made)
    return younger.exclude(edition_sources__edition=edition).order_by("decided_at", "pk")
