"""Minority statements as readers see them: the text, and the name only where the member wants it."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject

from challenges.models import RankingRound, Statement


def with_statements(rounds: QuerySet[RankingRound]) -> QuerySet[RankingRound]:
    """Add `told`, a list of {"text", "name"} by text, so that their order says nothing; "" is a member unnamed."""
    name = Case(When(named=True, then=F("author__display_name")), default=Value(""), output_field=TextField())
    own = Statement.objects.filter(round=OuterRef("pk")).order_by("text", "pk")
    return rounds.annotate(told=ArraySubquery(own.values(told=JSONObject(text="text", name=name))))


def of(round: RankingRound) -> list[dict[str, str]]:
    """Return the statements on a round, each {"text", "name"}."""
    found: list[dict[str, str]] = with_statements(RankingRound.objects.filter(pk=round.pk)).get().told  # type: ignore[attr-defined]
    return found
