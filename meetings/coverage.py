"""Which proposed date suits whom: people, sides of the helix and countries that could come. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

YES, IF_NEEDED, NO = "yes", "if_needed", "no"


class Voice(NamedTuple):
    """What one person says to one date; helix and country are empty where they are unknown."""

    answer: str
    helix: str = ""
    country: str = ""


@dataclass(frozen=True)
class Coverage:
    """Who could come to one date. `key` is what the caller knows the date by."""

    key: int
    yes: int
    if_needed: int
    no: int
    helices: frozenset[str]
    countries: frozenset[str]

    @property
    def can_come(self) -> int:
        return self.yes + self.if_needed

    @property
    def score(self) -> tuple[int, int, int, int]:
        """More of the first counts before all of the next: helices, countries, people, people without a "need be"."""
        return len(self.helices), len(self.countries), self.can_come, self.yes


REASONS = ("helices", "countries", "people", "yes")


@dataclass(frozen=True)
class Best:
    """The date that is ahead, and what puts it ahead of the next: one of REASONS, or nothing where they are equal."""

    coverage: Coverage
    ahead_by: str
    of_next: int


def of_date(key: int, voices: Iterable[Voice]) -> Coverage:
    heard = list(voices)
    coming = [voice for voice in heard if voice.answer in {YES, IF_NEEDED}]
    counts = {answer: sum(voice.answer == answer for voice in heard) for answer in (YES, IF_NEEDED, NO)}
    return Coverage(
        key=key,
        yes=counts[YES],
        if_needed=counts[IF_NEEDED],
        no=counts[NO],
        helices=frozenset(voice.helix for voice in coming if voice.helix),
        countries=frozenset(voice.country for voice in coming if voice.country),
    )


def best(dates: Iterable[Coverage]) -> Best | None:
    """Return the date with the highest score, of equal ones the first given; None while nobody could come."""
    line = sorted(dates, key=lambda each: each.score, reverse=True)  # stable: the first given stays first
    if not line or not line[0].can_come:
        return None
    first, following = line[0], line[1] if len(line) > 1 else None
    if following is None:
        return Best(first, "", 0)
    for reason, ours, theirs in zip(REASONS, first.score, following.score, strict=True):
        if ours != theirs:
            return Best(first, reason, theirs)
    return Best(first, "", 0)
