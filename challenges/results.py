"""What pages, files, letters and other rooms may read of a round's result and of one's own ballot. Nothing else reads them."""

from challenges import disclosure, paper
from challenges.models import Elector, RankingRound
from challenges.published import Published

COUNTED = {RankingRound.State.CLOSED, RankingRound.State.PUBLISHED}


def shown(round: RankingRound) -> Published | None:
    """Return what may be said of the round, None before it is counted.

    Whether this reader may see it already is asked of `rules.can_see_result`. Select `result` along with the round.
    """
    if round.state not in COUNTED:
        return None
    return disclosure.publishable(round.result.figures, round.policy)


def own_answers(elector: Elector) -> dict[int, int]:
    """Return the elector's own ballot as option id -> answer; empty without one, or once it is unlinked."""
    ballot = getattr(elector, "ballot", None)
    if ballot is None:
        return {}
    options = elector.round.options.order_by("position").values_list("pk", flat=True)
    return dict(zip(options, ballot.ranks, strict=True))


def read_back(elector: Elector) -> paper.Reading | None:
    """Return the elector's own ballot in words, None without one."""
    answers = own_answers(elector)
    if not answers:
        return None
    titles = dict(elector.round.options.values_list("pk", "title"))
    return paper.read_back([titles[option] for option in answers], list(answers.values()))
