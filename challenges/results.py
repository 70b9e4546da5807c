"""What pages, files and other rooms may read of a round's result, and an elector of the own ballot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from challenges import disclosure, paper, receipts
from challenges.disclosure.published import Published
from challenges.models import Elector, RankingRound, Receipt, RoundOption

COUNTED = {RankingRound.State.CLOSED, RankingRound.State.PUBLISHED}


@dataclass(frozen=True)
class Before:
    """One option in the round that is repeated: the group's tier of so many, and the own answer; None if unknown."""

    tier: int | None
    tiers: int
    answer: int | None
    place: str  # the own answer as a place, "2="; empty for none


@dataclass(frozen=True)
class Earlier:
    """What a repeat shows an elector beside every option; `answers` are the own ones while they are linked."""

    by_option: Mapping[int, Before] = field(default_factory=dict)
    answers: Mapping[int, int] = field(default_factory=dict)


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


def earlier(elector: Elector, options: Iterable[RoundOption]) -> Earlier:
    """Return what the round that this one repeats said; its options stood in the same order of positions."""
    if elector.round.repeats_id is None:
        return Earlier()
    before = RankingRound.objects.select_related("result").get(pk=elector.round.repeats_id)
    result = shown(before)
    if result is None:
        return Earlier()
    in_order = sorted(options, key=lambda option: option.position)
    seat = Elector.objects.select_related("ballot").filter(round=before, user=elector.user).first()
    answers = own_answers(seat, in_order) if seat else {}
    own = paper.places(list(answers.values())) or [""] * len(in_order)
    tier = {option.index: option.tier for option in result.options}
    return Earlier(
        {
            option.pk: Before(tier[index], len(result.tiers), answers.get(option.pk), own[index])
            for index, option in enumerate(in_order)
        },
        answers,
    )


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
