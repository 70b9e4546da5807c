"""What is said of a result beside its headline: how firm it is, and against what. Templates phrase it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from challenges.disclosure.published import EqualHelices, Influence, Published, Reason


class Weights(StrEnum):
    """The first tier when every helix weighs the same."""

    SAME = "same"
    OTHER = "other"
    HIDDEN = "hidden"  # a helix that voted is not shown, so neither is the reading


class OneLess(StrEnum):
    """What leaving out a single ballot could change, the most serious first."""

    FIRST = "first"  # who stands first
    TOP_THREE = "top_three"  # not who stands first, but which options are among the first three
    ORDER = "order"  # neither, but some other place
    NOTHING = "nothing"


@dataclass(frozen=True)
class Neighbours:
    """Two options that follow each other, and how many minds would swap them."""

    above: str
    below: str
    members: int | None  # None: no number would; other majorities hold the upper one up


@dataclass(frozen=True)
class Remarks:
    """Each part is None or empty where nothing may be said."""

    other_top_three: tuple[str, ...]  # methods
    other_firsts: tuple[str, ...]  # methods
    weights: Weights | None
    one_less: OneLess | None
    agreement: str | None  # name of the band of Kendall's W
    no_agreement: Reason | None  # why there is none
    neighbours: tuple[Neighbours, ...]


def remarks(published: Published) -> Remarks:
    """Say what the figures carry."""
    titles = {option.index: option.title for option in published.options}
    return Remarks(
        other_top_three=tuple(method.name for method in published.methods if not method.same_top_three),
        other_firsts=other_firsts(published),
        weights=_weights(published.equal_helices, published.equal_helices_reason),
        one_less=_one_less(published.influence),
        agreement=published.agreement.band if published.agreement else None,
        no_agreement=published.agreement_reason,
        neighbours=tuple(Neighbours(titles[s.above], titles[s.below], s.members) for s in published.swaps),
    )


def other_firsts(published: Published) -> tuple[str, ...]:
    """Name the methods that contradict what is said of the top.

    Where all options with the best rank make up the first tier, these must come first by the other method too. In a
    wider tier, of which nobody is called the first, any of its options may.
    """
    tiers = published.tiers
    if len(tiers) <= 1:
        return ()
    tier = {option.index for option in tiers[0]}
    exact = all(option.rank == 1 for option in tiers[0])
    found = [(method.name, {i for i, rank in enumerate(method.ranks) if rank == 1}) for method in published.methods]
    return tuple(name for name, firsts in found if (firsts != tier if exact else not firsts <= tier))


def _weights(equal: EqualHelices | None, reason: Reason | None) -> Weights | None:
    if equal is None:
        return Weights.HIDDEN if reason is Reason.HELIX_HIDDEN else None
    return Weights.SAME if equal.same_top_tier else Weights.OTHER


def _one_less(influence: Influence | None) -> OneLess | None:
    if influence is None:
        return None
    if influence.first:
        return OneLess.FIRST
    if influence.top_three:
        return OneLess.TOP_THREE
    return OneLess.ORDER if influence.order else OneLess.NOTHING
