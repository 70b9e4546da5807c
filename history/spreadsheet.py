"""Text in a file that a spreadsheet opens is never a formula. Pure."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(cell: object) -> object:
    """Put an apostrophe before text that begins like a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
