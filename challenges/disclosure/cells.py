"""Which groups of ballots or electors are large enough to be spoken of, and whom a small one takes with it."""

from collections.abc import Mapping

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
    while shown and 0 < sum(sizes.values()) - sum(sizes[helix] for helix in shown) < FEW:
        shown.remove(min(shown, key=lambda helix: sizes[helix]))
    return tuple(shown)
