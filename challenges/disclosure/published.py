"""The shape of what may be shown of a result. Made by `disclosure` only; None stands where something is withheld."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


class Shown(StrEnum):
    """How much is said of a whole, a cell or an option."""

    NOTHING = "nothing"
    TIERS = "tiers"
    ORDER = "order"  # ranks and tiers
    FIGURES = "figures"  # also numbers


class Reason(StrEnum):
    """Why something is withheld."""

    FEWER_THAN_FIVE = "fewer_than_five"
    FEWER_THAN_TEN = "fewer_than_ten"
    PROTECTS_ANOTHER = "protects_another"  # shown, it would tell what a smaller cell said
    ALL_ALIKE = "all_alike"  # all ballots of the cell give the same place
    REPEAT = "repeat"  # would be compared with the earlier round
    OPEN_BALLOTS = "open_ballots"  # ballots are published, so no breakdown
    BREAKDOWN = "breakdown"  # a breakdown is published, so no ballots
    HELIX_HIDDEN = "helix_hidden"  # a helix with ballots is not shown
    SOME_NO_OPINION = "some_no_opinion"  # not defined when a ballot holds "no opinion"
    NOTHING_TO_COMPARE = "nothing_to_compare"  # no ballot tells two options apart


@dataclass(frozen=True)
class Figures:
    """Numbers about one option, over the ballots with an opinion on it."""

    mean_rank: float  # two decimals
    interval: tuple[int, int]  # lowest and highest rank at the level of the round
    top_three: int  # percent of the ballots that put it in their top three
    places: tuple[int, ...]  # ballots that gave place 1, 2, …, and last: not a priority
    no_opinion: int  # ballots


@dataclass(frozen=True)
class Option:
    """One option in the overall result."""

    index: int  # position on the ballot, from 0; the key of every table here
    id: Any
    title: str
    shown: Shown
    reason: Reason | None
    rank: int | None
    place: str  # "2", "2=" for a tie, "" when withheld
    tier: int | None
    figures: Figures | None
    minority_first: bool  # a fifth or more put it first, yet it ends in the lowest tier


@dataclass(frozen=True)
class CellOption:
    """One option as a helix sees it; all withheld but the tier where all its ballots agree."""

    index: int
    shown: Shown
    reason: Reason | None
    rank: int | None
    place: str
    tier: int | None
    mean_rank: float | None  # one decimal
    top_three: float | None  # share of ballots from 0 to 1, one decimal


@dataclass(frozen=True)
class Cell:
    """One helix. Without its size when hidden."""

    helix: str
    shown: Shown
    reason: Reason | None
    n: int | None
    options: tuple[CellOption, ...]  # in the order of the ballot; empty when hidden


@dataclass(frozen=True)
class Turnout:
    """How many of a helix were asked and voted."""

    helix: str
    reason: Reason | None
    ballots: int | None
    electors: int | None


@dataclass(frozen=True)
class HeadToHead:
    """(m, m) by position on the ballot: how many put the row above the column, and how many had an opinion on both."""

    pairwise: tuple[tuple[int | None, ...], ...]
    compared: tuple[tuple[int | None, ...], ...]
    complete: bool  # nothing withheld: the table recomputes the ranks by every method


@dataclass(frozen=True)
class Method:
    """What another method makes of the same ballots."""

    name: str
    ranks: tuple[int | None, ...]
    same_top_three: bool


@dataclass(frozen=True)
class Agreement:
    """Kendall's W, two decimals, and the name of its band."""

    w: float
    band: str


@dataclass(frozen=True)
class EqualHelices:
    """The reading in which every helix weighs the same."""

    ranks: tuple[int | None, ...]
    places: tuple[str, ...]
    tiers: tuple[int | None, ...]
    same_top_tier: bool


@dataclass(frozen=True)
class Influence:
    """Whether there is a member without whose ballot this would be different."""

    first: bool
    top_three: bool
    order: bool


@dataclass(frozen=True)
class Swap:
    """How few members changing their mind on two neighbours of the order would swap their ranks."""

    above: int
    below: int
    members: int | None  # None: no number would; other majorities hold the upper one up


@dataclass(frozen=True)
class MethodBox:
    """How the result was computed, for the method box in words."""

    strength: str
    level: float
    resamples: int


@dataclass(frozen=True)
class Published:
    """All that may be said of a round that is closed."""

    policy: str
    shown: Shown  # nothing, order or figures
    reason: Reason | None
    n: int  # ballots
    electors: int
    repeats: bool
    method: MethodBox
    options: tuple[Option, ...]  # best first, ties by title, withheld ones last
    head_to_head: HeadToHead | None
    methods: tuple[Method, ...]  # empty below ten ballots
    agreement: Agreement | None
    agreement_reason: Reason | None
    influence: Influence | None
    swaps: tuple[Swap, ...]
    equal_helices: EqualHelices | None
    equal_helices_reason: Reason | None
    cells: tuple[Cell, ...]  # the four helices in their order; empty where no breakdown is shown
    cells_reason: Reason | None
    turnout: tuple[Turnout, ...]  # the four helices in their order; empty likewise
    ballots: tuple[tuple[int, ...], ...] | None  # sorted
    ballots_reason: Reason | None
    receipts: bool  # whether the hashes of the receipts may be listed
    on_text: bool = False  # the options are answers to a text, no challenges; missing in older files

    @property
    def tiers(self) -> tuple[tuple[Option, ...], ...]:
        """The options that are shown, tier by tier, best first."""
        numbers = sorted({option.tier for option in self.options if option.tier is not None})
        return tuple(tuple(option for option in self.options if option.tier == number) for number in numbers)

    @property
    def withheld(self) -> tuple[Option, ...]:
        """The options of which nothing is said."""
        return tuple(option for option in self.options if option.tier is None)

    def as_json(self) -> dict[str, Any]:
        """Return plain mappings, lists, numbers and strings."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Published:
        """Read back what `as_json` wrote."""
        kind: Any = cls
        return cls(**{name: read(plain[name]) for name, read in _fields(kind) if name in plain})


Read = Callable[[Any], Any]


@cache
def _fields(kind: Any) -> list[tuple[str, Read]]:
    """How each field of a dataclass is read back; worked out once, as a report reads thousands of records."""
    return [(name, _reader(part)) for name, part in get_type_hints(kind).items()]


def _reader(kind: Any) -> Read:
    """What turns plain JSON into a value of an annotated type: dataclass, enum, tuple, optional, or as it stands."""
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:
        of_items = _reader(get_args(kind)[0])
        return lambda value: None if value is None else tuple(map(of_items, value))
    if is_dataclass(kind):
        return lambda value: None if value is None else _record(kind, value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda value: value if value is None else kind(value)
    return lambda value: value


def _record(kind: Any, plain: Mapping[str, Any]) -> Any:
    return kind(**{name: read(plain[name]) for name, read in _fields(kind)})
