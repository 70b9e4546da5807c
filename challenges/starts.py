"""Ready-made beginnings of a plan: kick-off, deepening a focus, yes or no to a text, asking again."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Decision
from workinggroups.models import WorkingGroup

Values = dict[str, Any]
STARTS = {
    "kickoff": gettext_noop("Kick-off: rank the clusters"),
    "deepen": gettext_noop("Deepen the focus: rank its parts"),
    "text": gettext_noop("Yes or no to a text"),
    "repeat": gettext_noop("Ask an earlier question again"),
}
LONGEST_TITLE = 200


def initial(group: WorkingGroup, start: str, wanted: str = "") -> Values:
    """Return the values a plan begins with; `wanted` is the id of the focus, round or decision.

    None for other words.
    """
    if start == "kickoff":
        return _kickoff(group)
    if start == "deepen":
        focuses = Focus.objects.filter(round__group=group).order_by("-decided_at", "-pk")
        return _deepen(_chosen(focuses, wanted))
    if start == "repeat":
        return _repeat(_chosen(repeatable(group), wanted))
    if start == "decision":
        return _follow(_chosen(Decision.objects.filter(meeting__group=group).order_by("-pk"), wanted))
    return {"asks": "text"} if start == "text" else {}


def repeatable(group: WorkingGroup, itself: RankingRound | None = None) -> QuerySet[RankingRound]:
    """Published rounds without a repeat that still stands, the latest first."""
    others = RankingRound.objects.exclude(state=RankingRound.State.CANCELLED)
    repeated = others.exclude(pk__in=[itself.pk] if itself else []).filter(repeats__isnull=False)
    return group.rounds.published().exclude(pk__in=repeated.values("repeats")).order_by("-published_at", "-pk")


def _chosen(records: Any, wanted: str) -> Any:
    """The one that is wanted, else the first."""
    short = wanted.isascii() and wanted.isdigit() and len(wanted) < len("9" * 10)
    return (records.filter(pk=int(wanted)).first() if short else None) or records.first()


def _open_to_ranking(challenges: QuerySet[Challenge]) -> list[int]:
    open_ones = challenges.rankable().exclude(status=Challenge.Status.CLOSED)  # type: ignore[attr-defined]
    return list(open_ones.order_by("position", "pk").values_list("pk", flat=True))


def _kickoff(group: WorkingGroup) -> Values:
    return {
        "title": _title(_("Main challenges: %s"), [group.name]),
        "question": _("Which challenges hold back interregional cooperation in your region?"),
        "options": _open_to_ranking(Challenge.objects.filter(group=group, parent=None)),
    }


def _deepen(focus: Focus | None) -> Values:
    if focus is None:
        return {}
    taken_up = Challenge.objects.filter(focus_entries__focus=focus).order_by("focus_entries__rank", "title")
    titles = list(taken_up.values_list("title", flat=True))
    return {
        "title": _title(_("Which parts matter most: %s"), titles),
        "question": _("Which parts of these challenges matter most in your region: %s?") % ", ".join(titles),
        "options": _open_to_ranking(Challenge.objects.filter(parent__in=taken_up.values("pk"))),
        "deepens": focus.pk,
    }


def _repeat(round: RankingRound | None) -> Values:
    if round is None:
        return {}
    return {
        "title": _title(_("%s, asked again"), [round.title]),
        "repeats": round.pk,
        "policy": round.policy,
        "timezone": round.timezone,
        "voting_roles": round.voting_roles,
    }


def _follow(decision: Decision | None) -> Values:
    """What the minutes asked for; the secretariat finds the wording."""
    return {"decision": decision.pk} if decision else {}


def _title(pattern: str, parts: Iterable[str]) -> str:
    text = pattern % ", ".join(parts)
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
