"""The latest published result that may be shown, as a small figure for the front page."""

from dataclasses import dataclass

from challenges import charts
from challenges.finding import Finding, finding
from challenges.models import RankingRound
from challenges.published import Published, Shown
from challenges.results import shown

LOOK_BACK = 5  # rounds: the newest may have too few ballots for a result


@dataclass(frozen=True)
class Latest:
    """A published round, what may be said of it, the finding and its rows."""

    round: RankingRound
    result: Published
    finding: Finding
    tiers: tuple[charts.IntervalTier, ...]
    axis: tuple[charts.Tick, ...]


def latest_finding() -> Latest | None:
    """Return the newest published round with a result, or None."""
    rounds = RankingRound.objects.published().select_related("result", "group").order_by("-published_at", "-pk")
    for round_ in rounds[:LOOK_BACK]:
        result = shown(round_)
        if result is not None and result.shown is not Shown.NOTHING:
            tiers = charts.interval_rows(result.options)
            return Latest(round_, result, finding(result), tiers, charts.axis(len(result.options)))
    return None
