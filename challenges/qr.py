"""An address as the path of an SVG: one unit per module, with the quiet zone that readers need."""

from dataclasses import dataclass

QUIET = 4  # modules, ISO/IEC 18004


@dataclass(frozen=True)
class Code:
    """A square of `size` units, and the path of its dark modules."""

    size: int
    path: str


def code(address: str) -> Code:
    """Draw the address with error correction M: each run of dark modules in a row is one rectangle."""
    import segno

    matrix = segno.make(address, error="m", micro=False).matrix
    runs = [
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(matrix)
        for start, length in _runs(row)
    ]
    return Code(len(matrix) + 2 * QUIET, "".join(runs))


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
