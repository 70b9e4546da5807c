"""The published figures as files: all of them as JSON, the table of the result as CSV."""

from collections.abc import Iterator
from typing import Any

from challenges.disclosure.published import HeadToHead, Option, Published
from challenges.models import RankingRound
from history.spreadsheet import defused

Cells = list[Any]


def as_json(round: RankingRound, shown: Published) -> dict[str, Any]:
    """Return the question, the times and everything that may be shown; its head-to-head table recomputes the ranks."""
    return {
        "round": {
            "id": round.pk,
            "group": round.group.name,
            "title": round.title,
            "question": round.question,
            "opened_at": round.opened_at and round.opened_at.isoformat(),
            "closed_at": round.closed_at and round.closed_at.isoformat(),
            "published_at": round.published_at and round.published_at.isoformat(),
            "timezone": round.timezone,
        },
        "result": shown.as_json(),
    }


def as_rows(shown: Published) -> Iterator[Cells]:
    """Yield a header and one row per option, best first; empty where a number is withheld.

    `above_k` is how many ballots put the row above the option whose `number` is k (its position on the ballot).
    Text that a spreadsheet would run is defused.
    """
    table = shown.head_to_head
    numbers = sorted(option.index for option in shown.options)
    yield [
        "number", "challenge", "place", "rank", "tier", "rank_low", "rank_high", "mean_rank", "top_three_percent",
        "no_opinion", *(f"above_{index + 1}" for index in numbers if table),
    ]  # fmt: skip
    for option in shown.options:
        yield [*_option(option), *_duels(table, option.index, numbers)]


def _option(option: Option) -> Cells:
    own = option.figures
    place: Cells = [option.index + 1, defused(option.title), option.place, option.rank, option.tier]
    if own is None:
        return [*place, None, None, None, None, None]
    return [*place, *own.interval, own.mean_rank, own.top_three, own.no_opinion]


def _duels(table: HeadToHead | None, index: int, numbers: list[int]) -> Cells:
    if table is None:
        return []
    return [None if other == index else table.pairwise[index][other] for other in numbers]
