"""A yes or no to a text, read from its published result: which answer leads, how clearly, and how many gave which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from challenges.disclosure.published import Cell, Option, Published, Reason, Shown
from challenges.disclosure.remarks import Weights

SIDES = 2


@dataclass(frozen=True)
class Lead:
    """Which answer has more ballots, "" for none; `clear` when the ballots tell the two apart.

    `told` is False where only tiers may be shown and both stand in one: then none may be called level either.
    """

    ahead: str
    clear: bool
    told: bool = True


@dataclass(frozen=True)
class Counts:
    """Ballots for each answer, in the order of the ballot, and those that took neither side."""

    given: tuple[tuple[str, int], ...]
    neither: int


@dataclass(frozen=True)
class HelixVote:
    """How a helix answered; None and the reason where it is not shown. `n` is its number of ballots."""

    helix: str
    n: int | None
    lead: Lead | None
    reason: Reason | None


@dataclass(frozen=True)
class Vote:
    """Everything that may be said of a vote of which both answers are shown."""

    answers: tuple[str, str]  # as they stood on the ballot
    lead: Lead
    counts: Counts | None  # from ten ballots on that take a side
    equal: Lead | None  # when every helix weighs the same
    weights: Weights | None  # whether that is the same
    one_less: bool | None  # whether one ballot less could change which answer leads
    minds: int | None  # so many members changing their mind would turn the lead
    helices: tuple[HelixVote, ...]

    @property
    def other(self) -> str:
        """The answer that does not lead; the second where neither does."""
        return next(title for title in reversed(self.answers) if title != self.lead.ahead)


def vote(published: Published) -> Vote | None:
    """Read the result of a round on a text; None for other rounds, and where an answer is withheld."""
    options = sorted((o for o in published.options if o.rank is not None), key=lambda option: option.index)
    if not published.on_text or len(options) != SIDES or len(published.options) != SIDES:
        return None
    first, second = options
    lead = _lead(options, [o.rank for o in options], [o.tier for o in options])
    equal = _equal(published, options)
    hidden = published.equal_helices_reason is Reason.HELIX_HIDDEN
    return Vote(
        answers=(first.title, second.title),
        lead=lead,
        counts=_counts(published, options),
        equal=equal,
        weights=_weights(lead, equal) if equal else Weights.HIDDEN if hidden else None,
        one_less=published.influence.first if published.influence else None,
        minds=published.swaps[0].members if published.swaps else None,
        helices=tuple(_helix(cell, options) for cell in published.cells),
    )


def _lead(options: Sequence[Option], ranks: Sequence[int | None], tiers: Sequence[int | None]) -> Lead:
    first = [option.title for option, rank in zip(options, ranks, strict=True) if rank == 1]
    return Lead(first[0] if len(first) == 1 else "", clear=tiers[0] != tiers[1])


def _counts(published: Published, options: Sequence[Option]) -> Counts | None:
    table = published.head_to_head
    a, b = (option.index for option in options)
    for_a, for_b = (table.pairwise[a][b], table.pairwise[b][a]) if table else (None, None)
    if for_a is None or for_b is None:
        return None
    given = ((options[0].title, for_a), (options[1].title, for_b))
    return Counts(given, published.n - for_a - for_b)


def _equal(published: Published, options: Sequence[Option]) -> Lead | None:
    equal = published.equal_helices
    if equal is None:
        return None
    at = [option.index for option in options]
    return _lead(options, [equal.ranks[i] for i in at], [equal.tiers[i] for i in at])


def _weights(lead: Lead, equal: Lead) -> Weights:
    return Weights.SAME if equal == lead else Weights.OTHER


def _helix(cell: Cell, options: Sequence[Option]) -> HelixVote:
    """Where only tiers may be told, the first tier of two leads; one tier does not say which."""
    own = [cell.options[option.index] for option in options] if cell.options else []
    reasons = [seen.reason for seen in own if seen.shown is Shown.NOTHING]
    if cell.shown is Shown.NOTHING or reasons:
        return HelixVote(cell.helix, cell.n, None, (reasons or [cell.reason])[0])
    ranks, tiers = [seen.rank for seen in own], [seen.tier for seen in own]
    lead = _lead(options, tiers if None in ranks else ranks, tiers)
    return HelixVote(cell.helix, cell.n, replace(lead, told=None not in ranks or lead.clear), None)
