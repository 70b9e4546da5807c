"""How wide the columns of a table are, in letters; PDF and Word turn letters into their own measures. Pure."""

from outcomes.nodes import Table

ROOM = 92  # letters in a line of a table
ROOM_FOR_NUMBERS = 42  # of them, for whole labels over the columns of numbers
SHARE_OF_NUMBERS = 0.7  # at most, of the line
LONGEST_LABEL, LONGEST_WORDS, SHORTEST_WORDS = 20, 60, 12


def letters(table: Table) -> list[int]:
    """For each column of numbers what its widest cell needs, labels broken into words where many share the line.

    0 for columns of words: they share what is left.
    """
    whole = [_widest(table, column, _whole_label(table, column)) for column in range(len(table.columns))]
    if sum(whole) <= ROOM_FOR_NUMBERS:
        return whole
    broken = [_widest(table, column, _longest_word(table, column)) for column in range(len(table.columns))]
    excess = sum(broken) / (ROOM * SHARE_OF_NUMBERS)
    return [max(1, int(need / excess)) if need else 0 for need in broken] if excess > 1 else broken


def weights(table: Table) -> list[int]:
    """How the columns of words share their room: by their longest cell, within reason; 0 for columns of numbers."""
    return [
        min(max(SHORTEST_WORDS, *map(len, _cells(table, column))), LONGEST_WORDS) if _is_words(table, column) else 0
        for column in range(len(table.columns))
    ]


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


def _longest_word(table: Table, column: int) -> int:
    return max(map(len, table.columns[column].label.split()), default=1)
