"""What all readers of ballot files share: limits, and faults that name the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

# A table of so many options still counts in seconds; a ballot with more is a mistake.
MOST_OPTIONS = 500
MOST_BYTES = 64 * 1024 * 1024
LARGEST_RANK = 1_000_000
LARGEST_COUNT = 10**9
SHOWN = 40  # characters of a faulty value that are repeated

WHOLE = re.compile(r"[0-9]+")


class MalformedFileError(ValueError):
    """A file that cannot be read for certain: the line, counted from 1, and what is wrong there."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True)
class BallotFile:
    """Ballots as `tally.aggregate` takes them; what nobody ranked is 0, so that the reader may decide what it means."""

    options: list[str]
    ballots: list[list[int]]
    counts: list[int]  # how often each was cast


@dataclass(frozen=True)
class ResultFile:
    """A published head-to-head table and what was published beside it, over the options that were counted."""

    options: list[str]
    pairwise: list[list[int]]  # (m, m)
    strength: str = "margins"
    ballots: int | None = None
    published: dict[str, list[int]] = field(default_factory=dict)  # ranks by method


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8 with line ends of any kind. Raises MalformedFileError."""
    if len(content) > MOST_BYTES:
        raise MalformedFileError(1, f"the file has more than {MOST_BYTES // 2**20} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = 1 + content.count(b"\n", 0, fault.start)
        raise MalformedFileError(line, f"not UTF-8 (byte 0x{content[fault.start]:02x})") from fault
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise MalformedFileError(line_of(text, text.index("\0")), "a NUL byte; this is no text file")
    if not text.strip():
        raise MalformedFileError(1, "the file is empty")
    return text


def line_of(text: str, position: int) -> int:
    return 1 + text.count("\n", 0, position)


def quoted(value: object) -> str:
    """Repeat a faulty value, cut short and free of control characters."""
    words = value if isinstance(value, str) else str(value)
    return f"'{printable(words[:SHOWN])}{'…' if len(words) > SHOWN else ''}'"


def printable(words: str) -> str:
    """Leave out what a terminal would obey or could not show."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)


def check_options(names: Sequence[str], line: int) -> list[str]:
    """Return option names without surrounding blanks; raises when there are none, too many, or two alike."""
    options = [name.strip() for name in names]
    check_number(len(options), line)
    seen: set[str] = set()
    for number, name in enumerate(options, 1):
        if not name:
            raise MalformedFileError(line, f"option {number} has no name")
        if name in seen:
            raise MalformedFileError(line, f"two options are called {quoted(name)}")
        seen.add(name)
    return options


def check_number(options: int, line: int) -> None:
    """Raise when there are no options, or too many."""
    if options == 0:
        raise MalformedFileError(line, "no options")
    if options > MOST_OPTIONS:
        raise MalformedFileError(line, f"{options} options, at most {MOST_OPTIONS} can be ranked")


def whole(text: str, line: int, name: str, most: int = LARGEST_COUNT) -> int:
    """Read a whole number from 0 up to a limit."""
    digits = text.strip()
    if not WHOLE.fullmatch(digits):
        raise MalformedFileError(line, f"{name} is {quoted(text)}, not a whole number")
    # Counting digits first: turning thousands of them into a number is slow, and refused by Python.
    if len(digits.lstrip("0")) > len(str(most)) or int(digits.lstrip("0") or "0") > most:
        raise MalformedFileError(line, f"{name} is {quoted(text)}, at most {most} is possible")
    return int(digits.lstrip("0") or "0")


def place(text: str, line: int, option: str) -> int:
    """Read one cell of a ballot: a rank, empty or 0 for not a priority, x or -1 for no opinion."""
    cell = text.strip()
    if cell in {"", "0"}:
        return 0
    if cell in {"x", "X", "-1"}:
        return -1
    if not WHOLE.fullmatch(cell):
        raise MalformedFileError(line, f"{quoted(text)} for {quoted(option)} is neither a rank, nor empty, nor x")
    return whole(cell, line, f"the rank of {quoted(option)}", LARGEST_RANK)
