"""The finding of a round: which sentence is true of it, and the names and numbers in it. Templates phrase it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from challenges.disclosure import remarks
from challenges.disclosure.cells import FEW
from challenges.disclosure.published import Option, Published, Shown
from challenges.disclosure.text_votes import Vote, vote

# More names than these make no headline.
NAMED = 3
# Titles that are longer together make no headline of a small figure.
LONG = 70


class Kind(StrEnum):
    """What can be said first."""

    WITHHELD = "withheld"  # fewer than five ballots
    NO_OPINIONS = "no_opinions"  # five or more, but no option with five opinions
    SINGLE = "single"  # only one option is shown
    LEVEL = "level"  # all options in one tier
    FIRST_ALONE = "first_alone"  # one option in the top tier
    SHARED_FIRST = "shared_first"  # several in the top tier, all with rank 1
    TOP_TIER = "top_tier"  # several in the top tier, of which neighbours are not told apart
    AHEAD = "ahead"  # of two answers to a text one has more ballots, and the ballots tell them apart
    NARROW = "narrow"  # one has more ballots, and they do not
    EVEN = "even"  # both have as many


@dataclass(frozen=True)
class Finding:
    """A headline and what must stand beside it."""

    kind: Kind
    first: tuple[str, ...]  # titles in the top tier, best first
    second: tuple[str, ...]  # titles in the next tier, when it may be named: few, and others stand below
    ballots: int
    electors: int
    few: bool  # too few ballots for figures
    other_methods: tuple[str, ...]  # names of methods that would change the top three
    other_weights: bool  # with equal helices another top tier
    minority_firsts: tuple[str, ...]  # titles that many put first and that end in the lowest tier
    withheld: tuple[str, ...]  # titles on which fewer than five have an opinion
    other_firsts: tuple[str, ...] = ()  # names of methods that contradict what is said of the top
    weak: str = ""  # the band of agreement, when it is a weak one
    fragile: bool = False  # somebody is called the first, and one ballot less could change that
    vote: Vote | None = None  # of a round on a text: the answers instead of an order

    @property
    def long(self) -> bool:
        """Whether a small figure takes the short form."""
        return len(" ".join(self.first + self.second)) > LONG


def finding(published: Published) -> Finding:
    """Choose the strongest sentence that the figures carry, and no stronger one."""
    answers = vote(published)
    return _of_a_vote(published, answers) if answers else _of_an_order(published)


def _of_a_vote(published: Published, answers: Vote) -> Finding:
    """Say which answer to a text has more ballots. Of two options nothing else is to be said."""
    lead = answers.lead
    kind = Kind.EVEN if not lead.ahead else Kind.AHEAD if lead.clear else Kind.NARROW
    return Finding(
        kind=kind,
        first=(lead.ahead,) if lead.ahead else answers.answers,
        second=(answers.other,) if lead.ahead else (),
        ballots=published.n,
        electors=published.electors,
        few=published.shown is Shown.ORDER,
        other_methods=(),
        other_weights=answers.weights is remarks.Weights.OTHER,
        minority_firsts=(),
        withheld=(),
        fragile=bool(lead.ahead and answers.one_less),
        vote=answers,
    )


def _of_an_order(published: Published) -> Finding:
    tiers = published.tiers
    equal = published.equal_helices
    return Finding(
        kind=_kind(tiers) if tiers or published.n < FEW else Kind.NO_OPINIONS,
        first=_titles(tiers[0]) if tiers else (),
        second=_second(tiers),
        ballots=published.n,
        electors=published.electors,
        few=published.shown is Shown.ORDER,
        other_methods=tuple(method.name for method in published.methods if not method.same_top_three),
        other_weights=equal is not None and not equal.same_top_tier,
        minority_firsts=_titles(tuple(option for option in published.options if option.minority_first)),
        withheld=_titles(published.withheld) if tiers else (),
        other_firsts=remarks.other_firsts(published),
        weak=_weak(published),
        fragile=_fragile(published),
    )


def _titles(options: tuple[Option, ...]) -> tuple[str, ...]:
    return tuple(option.title for option in options)


def _kind(tiers: tuple[tuple[Option, ...], ...]) -> Kind:
    if not tiers:
        return Kind.WITHHELD
    if len(tiers) == 1:
        return Kind.SINGLE if len(tiers[0]) == 1 else Kind.LEVEL
    if len(tiers[0]) == 1:
        return Kind.FIRST_ALONE
    return Kind.SHARED_FIRST if all(option.rank == 1 for option in tiers[0]) else Kind.TOP_TIER


def _weak(published: Published) -> str:
    band = published.agreement.band if published.agreement else ""
    return band if band in {"very_weak", "weak"} else ""


def _fragile(published: Published) -> bool:
    named = _kind(published.tiers) in {Kind.FIRST_ALONE, Kind.SHARED_FIRST}
    return named and published.influence is not None and published.influence.first


def _second(tiers: tuple[tuple[Option, ...], ...]) -> tuple[str, ...]:
    """Name who follows a single first one, unless that is simply all the others."""
    if _kind(tiers) is not Kind.FIRST_ALONE or len(tiers[1]) > NAMED:
        return ()
    return _titles(tiers[1]) if len(tiers) > 2 or len(tiers[1]) == 1 else ()  # noqa: PLR2004 - a third tier
