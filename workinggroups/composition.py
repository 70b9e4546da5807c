"""Who sits at the table: shares of the helices, gaps named, countries. Counting only; warns, never locks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Seat:
    """What of one member is counted; empty where it is not known."""

    helix: str
    country: str
    region: str


@dataclass(frozen=True)
class Share:
    helix: str
    count: int
    percent: int  # of the seats whose helix is known, rounded


@dataclass(frozen=True)
class Composition:
    total: int
    shares: tuple[Share, ...]
    countries: tuple[tuple[str, int], ...]  # name, seats; most first
    regions: int
    unstated: int  # seats without a helix
    even: int  # percent of an even share

    @property
    def missing(self) -> list[str]:
        """Helices nobody speaks for; empty for a group that has no members yet."""
        return [share.helix for share in self.shares if not share.count] if self.total > self.unstated else []

    @property
    def scarce(self) -> list[Share]:
        """Helices that hold fewer than half of an even share of the seats."""
        known, parts = self.total - self.unstated, 2 * len(self.shares)
        return [share for share in self.shares if share.count and share.count * parts < known]


def compose(seats: Sequence[Seat], helices: Sequence[str]) -> Composition:
    """Count the seats; `helices` gives the order of the shares."""
    known = Counter(seat.helix for seat in seats if seat.helix)
    countries = Counter(seat.country for seat in seats if seat.country)
    whole = known.total()
    return Composition(
        total=len(seats),
        shares=tuple(Share(h, known[h], round(100 * known[h] / whole) if whole else 0) for h in helices),
        countries=tuple(sorted(countries.items(), key=lambda pair: (-pair[1], pair[0]))),
        regions=len({seat.region for seat in seats if seat.region}),
        unstated=len(seats) - whole,
        even=round(100 / len(helices)),
    )
