"""The countries of the Union as tiles of equal size: a map on which small ones can be hit too. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import NamedTuple

SIZE, STEP = 46, 50  # of a tile, and from one to the next
SHADES = (1, 3, 6, 9)  # outcomes from which the next darker shade begins
# Column and row; our own drawing, after where the countries lie.
TILES = {
    "SE": (5, 0), "FI": (6, 0), "EE": (6, 1), "DK": (4, 2), "LV": (6, 2), "IE": (0, 3), "NL": (3, 3), "DE": (4, 3),
    "PL": (5, 3), "LT": (6, 3), "BE": (2, 4), "LU": (3, 4), "CZ": (4, 4), "SK": (5, 4), "FR": (2, 5), "AT": (4, 5),
    "HU": (5, 5), "RO": (6, 5), "PT": (0, 6), "ES": (1, 6), "IT": (3, 6), "SI": (4, 6), "HR": (5, 6), "BG": (6, 6),
    "MT": (3, 7), "EL": (5, 7), "CY": (7, 7),
}  # fmt: skip
PLACED = sorted(TILES.items(), key=lambda tile: (tile[1][1], tile[1][0]))


class Tile(NamedTuple):
    """A country with its number of outcomes; `shade` from 0 (none) to 4, positions in units of the drawing."""

    code: str
    n: int
    shade: int
    x: int
    y: int
    chosen: bool

    @property
    def middle(self) -> int:
        return self.x + SIZE // 2

    @property
    def code_at(self) -> int:
        return self.y + 20

    @property
    def number_at(self) -> int:
        return self.y + 36


def tiles(counts: Mapping[str, int], chosen: Collection[str] = ()) -> list[Tile]:
    """All tiles, row by row from the north-west."""
    return [_tile(code, place, counts.get(code, 0), chosen=code in chosen) for code, place in PLACED]


def _tile(code: str, place: tuple[int, int], n: int, *, chosen: bool) -> Tile:
    column, row = place
    return Tile(code, n, bisect_right(SHADES, n), column * STEP, row * STEP, chosen)
