"""What the ballots say of each option on its own: places given, mean rank, first places, top three. Integers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from challenges.count.pairs import NO_OPINION, NOT_A_PRIORITY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from challenges.count.pairs import Profile

TOP = 3


@dataclass(frozen=True)
class Places:
    """Per option, over the ballots with an opinion on it; a place is 1 + the number of options ranked above."""

    opinions: list[int]
    given: list[list[int]]  # how many ballots gave place 1, 2, … m, and last: not a priority
    doubled_ranks: list[int]  # twice the sum of the ranks, where tied options share the mean of their places
    alike: list[bool]  # every ballot gives the same place (or none a priority)

    @property
    def firsts(self) -> list[int]:
        """How many ballots put each option first, alone or with others."""
        return [row[0] for row in self.given]

    @property
    def top_three(self) -> list[int]:
        """How many ballots put each option among their first three."""
        return [sum(row[: min(TOP, len(row) - 1)]) for row in self.given]


def places(profile: Profile) -> Places:
    """Count the places of (n, m) ballots, each ballot once whatever its weight."""
    m = profile.left.shape[0]
    opinions, given, doubled = [], [], []
    for option in range(m):
        place, twice = _on_each_ballot(profile, option)
        opinions.append(len(place))
        given.append([int((place == p).sum()) for p in [*range(1, m + 1), NOT_A_PRIORITY]])
        doubled.append(int(twice.sum()))
    return Places(opinions, given, doubled, [max(row) == sum(row) for row in given])


def _on_each_ballot(profile: Profile, option: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The option's place and twice its rank on every ballot with an opinion on it."""
    import numpy as np

    ranks = profile.ranks[:, option]
    above = (profile.left < profile.right[option]).sum(axis=0)
    level = ((profile.right == profile.right[option]) & (profile.ranks.T != NO_OPINION)).sum(axis=0)
    place = np.where(ranks == NOT_A_PRIORITY, NOT_A_PRIORITY, 1 + above)
    known = ranks != NO_OPINION
    return place[known], (2 * above + level + 1)[known]
