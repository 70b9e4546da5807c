"""The latest published result that may be shown, as a small figure for the front page."""

from collections.abc import Sequence
from dataclasses import dataclass

from challenges.disclosure import charts
from challenges.disclosure.finding import Finding, finding
from challenges.disclosure.published import Published, Shown
from challenges.models import RankingRound
from challenges.results import shown

LOOK_BACK = 5  # rounds: the newest may have too few ballots for a result
MOST = 4  # rows with a plot


@dataclass(frozen=True)
class Latest:
    """A published round, what may be said of it, the finding and its rows.

    `tiers`: the first, and the second too where both are small; else `following` names what stands in the second.
    `bars`: the answers, where the round was on a text.
    """

    round: RankingRound
    result: Published
    finding: Finding
    tiers: Sequence[charts.IntervalTier]
    following: Sequence[str]
    axis: Sequence[charts.Tick]
    bars: Sequence[charts.AnswerBar]


def latest_finding() -> Latest | None:
    """Return the newest published round with a result, or None."""
    rounds = RankingRound.objects.published().select_related("result", "group").order_by("-published_at", "-pk")
    for round_ in rounds[:LOOK_BACK]:
        result = shown(round_)
        if result is not None and result.shown is not Shown.NOTHING:
            return _figure(round_, result)
    return None


def _figure(round_: RankingRound, result: Published) -> Latest:
    found, axis = finding(result), charts.axis(len(result.options))
    if found.vote:
        counts = found.vote.counts
        return Latest(round_, result, found, (), (), axis, charts.answer_bars(counts) if counts else ())
    tiers = charts.interval_rows(result.options)[:2]
    if sum(len(tier.rows) for tier in tiers) <= MOST:
        return Latest(round_, result, found, tiers, (), axis, ())
    following = [row.title for tier in tiers[1:] for row in tier.rows]
    return Latest(round_, result, found, tiers[:1], following, axis, ())
