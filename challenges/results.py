"""What pages, files and other rooms may read of a round's result, and an elector of the own ballot."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from challenges import disclosure, paper, receipts
from challenges.models import Elector, RankingRound, Receipt, RoundOption
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


def with_digests(rounds: QuerySet[RankingRound]) -> QuerySet[RankingRound]:
    """Add `digests`, the sorted hashes of the receipts; whether they may be listed is asked of `listed_digests`."""
    hashes = Receipt.objects.filter(round=OuterRef("pk")).order_by("digest").values("digest")
    return rounds.annotate(digests=ArraySubquery(hashes))


def listed_digests(round: RankingRound, shown: Published) -> list[str]:
    """Return the hashes that a result lists: of a published round of ten ballots or more, else none."""
    listed = shown.receipts and round.state == RankingRound.State.PUBLISHED
    found: list[str] = round.digests if listed else []  # type: ignore[attr-defined]  # see with_digests
    return found


def is_own_receipt(elector: Elector, text: str) -> bool:
    """Whether the text is the receipt of the elector's present ballot; nobody's any more once the round is closed."""
    kept = Receipt.objects.filter(elector=elector).values_list("digest", flat=True).first()
    return kept is not None and receipts.well_formed(text) and receipts.digest(text) == kept
