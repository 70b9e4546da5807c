"""Whom a draft would ask, and what could be published at best: shown before the round opens."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from challenges import rules
from challenges.disclosure import cells
from challenges.models import RankingRound
from people.models import Helix


@dataclass(frozen=True)
class Preview:
    """How many would be asked, by helix in their order, how many without one, and what to know before opening.

    `possible`: the helices whose cells could be shown if all vote; `equal`: so could helices weighing the same.
    """

    total: int
    by_helix: list[tuple[str, int]]
    without: int
    warnings: list[str]
    possible: list[str]
    equal: bool


def electors(round: RankingRound) -> Preview:
    sizes = Counter(rules.electorate(round).values_list("helix", flat=True))
    total = sum(sizes.values())
    by_helix = [(helix, sizes[helix]) for helix in Helix.values]
    possible = _possible(round, sizes)
    equal = bool(possible) and set(possible) == {helix for helix, number in sizes.items() if number}
    return Preview(total, by_helix, sizes[""], list(_warnings(round, sizes)), possible, equal)


def _possible(round: RankingRound, sizes: Counter[str]) -> list[str]:
    if round.policy != RankingRound.Policy.BREAKDOWN:
        return []
    return list(cells.visible({helix or cells.UNSTATED: number for helix, number in sizes.items()}))


def _warnings(round: RankingRound, sizes: Counter[str]) -> list[str]:
    total = sum(sizes.values())
    found = []
    if total < cells.FEW:
        found.append(_("Fewer than five people would be asked, so no result could be published."))
    elif total < cells.MANY:
        found.append(_("Fewer than ten people would be asked, so only an order could be published, no figures."))
    missing = [str(Helix(helix).label) for helix in Helix.values if not sizes[helix]]
    if total and missing:
        found.append(_("Nobody from these helices would be asked: %s.") % ", ".join(missing))
    if round.policy == RankingRound.Policy.BREAKDOWN:
        shown = _possible(round, sizes)
        small = [str(Helix(helix).label) for helix in Helix.values if sizes[helix] and helix not in shown]
        if small:
            found.append(_("Even if all vote, these helices would not be shown: %s.") % ", ".join(small))
    if sizes[""]:
        found.append(_("Some members have not stated a helix; their ballots count, but in no breakdown."))
    return found
