"""What pages, files and other rooms may read of a round's result, and an elector of the own ballot."""

from collections.abc import Iterable

from challenges import disclosure, paper
from challenges.models import Elector, RankingRound, RoundOption
from challenges.published import Published

COUNTED = {RankingRound.State.CLOSED, RankingRound.State.PUBLISHED}


def shown(round: RankingRound) -> Published | None:
    """Return what may be said of the round, None before it is counted.

    Whether this reader may see it already is asked of `rules.can_see_result`. Select `result` along with the round.
    """
    if round.state not in COUNTED:
        return None
    return disclosure.publishable(round.result.figures, round.policy)


def own_answers(elector: Elector, options: Iterable[RoundOption]) -> dict[int, int]:
    """Return the elector's own ballot as option id -> answer; empty without one, or once it is unlinked."""
    ballot = getattr(elector, "ballot", None)
    if ballot is None:
        return {}
    in_order = sorted(options, key=lambda option: option.position)
    return {option.pk: answer for option, answer in zip(in_order, ballot.ranks, strict=True)}


def read_back(elector: Elector, options: Iterable[RoundOption]) -> paper.Reading | None:
    """Return the elector's own ballot in words, None without one."""
    listed = list(options)
    answers = own_answers(elector, listed)
    if not answers:
        return None
    return paper.read_back([option.title for option in listed], [answers[option.pk] for option in listed])
