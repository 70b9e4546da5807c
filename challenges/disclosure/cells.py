"""Which groups of ballots or electors are large enough to be spoken of, and whom a small one takes with it."""

from collections.abc import Collection, Mapping

# The order used everywhere: public authorities, business, academia, civil society.
HELICES = ("government", "business", "academia", "civil_society")
UNSTATED = "unstated"

FEW = 5  # below: nothing is said
MANY = 10  # from here on: figures


def visible(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Choose the helices that may be shown, in their order, from the number of people in each cell.

    A shown cell holds at least five. The hidden ones together hold none or at least five, or else the next smallest
    is hidden too: the total less the shown cells would tell what a small cell said. People without a helix form a
    cell that is never shown (key `UNSTATED`).
    """
    shown = [helix for helix in HELICES if sizes.get(helix, 0) >= FEW]
    while shown and 0 < _left(sizes, shown) < FEW:
        shown.remove(min(shown, key=lambda helix: sizes[helix]))
    return tuple(shown)


def visible_turnout(electors: Mapping[str, int], ballots: Mapping[str, int], told: Collection[str]) -> tuple[str, ...]:
    """Choose the helices whose turnout may be shown, by the same rule among the electors.

    `told` are those whose number of ballots the breakdown says. Whom neither tells of cast no ballots or at least five
    together, or else a row that only the turnout has is hidden too: each alone keeps what both would give away.
    """
    shown = list(visible(electors))
    while 0 < _left(ballots, {*shown, *told}) < FEW and (alone := [helix for helix in shown if helix not in told]):
        shown.remove(min(alone, key=lambda helix: electors[helix]))
    return tuple(shown)


def _left(sizes: Mapping[str, int], shown: Collection[str]) -> int:
    return sum(size for cell, size in sizes.items() if cell not in shown)
