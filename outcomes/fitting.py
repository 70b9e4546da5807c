"""What surely fits into a cell of a printed table, so that the typesetter need not try; in points. Pure."""

from outcomes import widths
from outcomes.nodes import Table

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
