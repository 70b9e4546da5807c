"""What surely fits into a cell of a printed table, so that the typesetter need not try; and what is tall. In points.

Pure.
"""

import re
from collections.abc import Sequence
from math import ceil

from outcomes import widths
from outcomes.nodes import Interval, Table

SIZE, LETTER, SLACK = 9.0, 4.8, 9.0  # letters of a table: their size, their usual width; what a column of numbers adds
LINE = 453.5  # of a report
BESIDE = 4.0  # on each side of the words of a cell
NARROW = frozenset("0123456789 .,:;()+-–=/|")
WIDE = frozenset("mw")
# Of the size, at most; a test holds them to the font.
OF_NARROW, OF_LETTERS, OF_OTHERS = 0.5, 0.56, 0.95
LAST_OF_KNOWN = "\u052f"  # Latin, Greek, Cyrillic
UNSURE = 100.0  # more than a line
MOST = 150  # characters that might be one line
USUAL, ROW, FURTHER_LINE = 4.4, 15.0, 11.0  # of tables: the width of a letter, the height of a row, of each more line
SHORT = 235.0  # a table that stays on one page
TALLEST_ROW = 400.0  # a taller one may go on on the next page
LABEL, CHART_ROW, TALLEST_CHART = 150.0, 21.0, 500.0  # the room of a label, the height of a row, of the whole
PLACE = re.compile(r"([0-9]+)(=?)")
FIGURE_SPACE = "\N{FIGURE SPACE}"  # as wide as a digit, and as the equals sign


def columns(table: Table) -> list[float]:
    """The width of each column of numbers; 0 for columns of words, which share what is left of the line."""
    return [letters * LETTER + SLACK if letters else 0.0 for letters in widths.letters(table)]


def bare(table: Table) -> list[bool]:
    """Of each column whether it holds numbers that leave room enough around them by themselves."""
    return [
        width > 0 and all(_at_most(row[column]) + BESIDE <= width for row in table.rows)
        for column, width in enumerate(columns(table))
    ]


def single(table: Table) -> list[bool]:
    """Of each row whether every cell is one line in a report, whatever the letters."""
    rooms = [room if alone else room - 2 * BESIDE for room, alone in zip(_rooms(table), bare(table), strict=True)]
    return [all(_at_most(cell) <= room for cell, room in zip(row, rooms, strict=True)) for row in table.rows]


def heights(table: Table) -> list[float]:
    """About how tall each row is."""
    rooms = [max(room - 2 * BESIDE, LETTER) for room in _rooms(table)]
    return [ROW + FURTHER_LINE * (_lines(row, rooms) - 1) for row in table.rows]


def is_short(table: Table) -> bool:
    return sum(heights(table)) <= SHORT


def is_parted(table: Table) -> bool:
    """Whether some row is so tall that it may have to go on on the next page."""
    return max(heights(table), default=0.0) > TALLEST_ROW


def parts(rows: Sequence[Interval]) -> list[tuple[Interval, ...]]:
    """The rows of a chart in as many parts as need a page each, none much taller than another."""
    tall = [max(CHART_ROW, FURTHER_LINE * ceil(len(row.label) * USUAL / LABEL) + 7) for row in rows]
    number = max(1, ceil(sum(tall) / TALLEST_CHART))
    share = sum(tall) / number
    middles = [sum(tall[:at]) + own / 2 for at, own in enumerate(tall)]
    found = [tuple(row for row, at in zip(rows, middles, strict=True) if at // share == part) for part in range(number)]
    return [part for part in found if part]


def even(cells: Sequence[str]) -> list[str]:
    """Places with room for the digits and equals signs that others have, so that their digits stand one below another.

    Cells as they are where not all are places or nothing.
    """
    found = [PLACE.fullmatch(cell) for cell in cells]
    if not all(match or not cell[:1].isalnum() for match, cell in zip(found, cells, strict=True)):
        return [*cells]
    digits = max((len(match[1]) for match in found if match), default=0)
    signs = any(match[2] for match in found if match)
    return [_even(match, digits, signs=signs) if match else cell for match, cell in zip(found, cells, strict=True)]


def _even(place: re.Match[str], digits: int, *, signs: bool) -> str:
    return place[1].rjust(digits, FIGURE_SPACE) + (place[2] or FIGURE_SPACE * signs)


def _lines(row: tuple[str, ...], rooms: Sequence[float]) -> int:
    """Of the tallest cell."""
    needed = (ceil(len(cell) * USUAL / room) + cell.count("\n") for cell, room in zip(row, rooms, strict=True))
    return max(needed) or 1


def _rooms(table: Table) -> list[float]:
    numbers, weights = columns(table), widths.weights(table)
    share = (LINE - sum(numbers)) / max(1, sum(weights))
    return [number or share * weight for number, weight in zip(numbers, weights, strict=True)]


def _at_most(text: str) -> float:
    return SIZE * (sum(map(KNOWN.__getitem__, text)) if len(text) <= MOST else UNSURE)


class Known(dict[str, float]):
    """Characters by what they are wide at most, found at the first asking."""

    def __missing__(self, character: str) -> float:
        width = self[character] = _width(character)
        return width


KNOWN = Known()


def _width(character: str) -> float:
    if character in NARROW:
        return OF_NARROW
    if "a" <= character <= "z" and character not in WIDE:
        return OF_LETTERS
    is_known = (character.isalnum() and character <= LAST_OF_KNOWN) or "!" <= character <= "~"
    return OF_OTHERS if is_known else UNSURE
