"""How wide the columns of a table are, in letters; PDF and Word turn letters into their own measures. Pure."""

from collections.abc import Sequence
from functools import lru_cache

from outcomes.nodes import Table

ROOM = 92  # letters in a line of a table
ROOM_FOR_NUMBERS = 42  # of them, for whole labels over the columns of numbers
SHARE_OF_NUMBERS = 0.7  # at most, of the line
PADDING, AMPLE = 2, 3  # letters between columns, at least and so that all formats have room
SURE = 0.8  # of the letters that a line usually holds
LONGEST_LABEL, LONGEST_WORDS, SHORTEST_WORDS, AMPLE_WORDS = 20, 60, 12, 20


@lru_cache(maxsize=32)  # asked again and again for a table while it is set
def letters(table: Table) -> Sequence[int]:
    """For each column of numbers what its widest cell needs, labels broken into words where many share the line.

    0 for columns of words: they share what is left, but what they need when labels break into two lines.
    """
    whole = [_widest(table, column, _whole_label(table, column)) for column in range(len(table.columns))]
    if sum(whole) <= ROOM_FOR_NUMBERS:
        return whole
    halved = [_widest(table, column, _halved_label(table, column)) for column in range(len(table.columns))]
    if sum(need + AMPLE for need in halved if need) + sum(map(_wished, weights(table))) <= ROOM:
        return halved
    broken = [_widest(table, column, _longest_word(table, column)) for column in range(len(table.columns))]
    excess = sum(broken) / (ROOM * SHARE_OF_NUMBERS)
    return [max(1, int(need / excess)) if need else 0 for need in broken] if excess > 1 else broken


def weights(table: Table) -> list[int]:
    """How the columns of words share their room: by their longest cell, within reason; 0 for columns of numbers."""
    return [
        min(max(SHORTEST_WORDS, *map(len, _cells(table, column))), LONGEST_WORDS) if _is_words(table, column) else 0
        for column in range(len(table.columns))
    ]


def is_tight(table: Table) -> bool:
    """Whether some column of words may be narrower than one of its words, which then has to be parted."""
    return any(room and room * SURE < _longest_of_all(table, column) for column, room in enumerate(_rooms(table)))


def _rooms(table: Table) -> list[float]:
    """How many letters of the usual width a line of each column of words holds; 0 for columns of numbers."""
    numbers, shares = letters(table), weights(table)
    left = ROOM - sum(numbers) - PADDING * len(numbers)
    return [max(1, left) * share / max(1, sum(shares)) for share in shares]


def _widest(table: Table, column: int, label: int) -> int:
    if _is_words(table, column):
        return 0
    return max([label, 1, *(len(row[column]) for row in table.rows)])


def _is_words(table: Table, column: int) -> bool:
    return table.columns[column].align == "start"


def _cells(table: Table, column: int) -> list[str]:
    return [table.columns[column].label, *(row[column] for row in table.rows)]


def _whole_label(table: Table, column: int) -> int:
    return min(len(table.columns[column].label), LONGEST_LABEL)


def _wished(weight: int) -> int:
    """Letters of a column of words that nobody wants narrower; 0 for columns of numbers."""
    return max(weight, AMPLE_WORDS) if weight else 0


def _halved_label(table: Table, column: int) -> int:
    """Of the longer of two lines, where they differ least."""
    words = table.columns[column].label.split()
    halves = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1))
    return min((max(map(len, half)) for half in halves), default=1)


def _longest_word(table: Table, column: int) -> int:
    return max(map(len, table.columns[column].label.split()), default=1)


def _longest_of_all(table: Table, column: int) -> int:
    return max((len(word) for cell in _cells(table, column) for word in cell.split()), default=1)
