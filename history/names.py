"""Short names that are free: of addresses and of references."""

from collections.abc import Container
from itertools import chain, count


def numbered(stem: str, taken: Container[str]) -> str:
    """Return the stem, or where it is taken the first of stem-2, stem-3, … that is not."""
    return next(name for name in chain([stem], (f"{stem}-{n}" for n in count(2))) if name not in taken)
