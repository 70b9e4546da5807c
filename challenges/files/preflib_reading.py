"""Reads orders in PrefLib's text formats: .soc .soi .toc .toi, with # lines at the top or in the older form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from challenges.files.file_lines import (
    LARGEST_RANK,
    BallotFile,
    MalformedFileError,
    check_number,
    check_options,
    quoted,
    whole,
)

STRICT = ("soc", "soi")
COMPLETE = ("soc", "toc")
LEVEL = r"(?:[0-9]+|\{[0-9]+(?:,[0-9]+)*\})"
ORDER = re.compile(rf"{LEVEL}(?:,{LEVEL})*")
NAME = re.compile(r"ALTERNATIVE NAME ([0-9]{1,9})", re.ASCII)

Lines = list[tuple[int, str]]


def read(text: str, kind: str) -> BallotFile:
    """Read a file of a kind from its suffix. Raises MalformedFileError."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    split = _older if lines[0][1][0] != "#" else _today
    options, voters, orders = split(lines, kind)
    counts, ballots = [], []
    for number, times, order in orders:
        counts.append(whole(times, number, "the number of voters"))
        ballots.append(_ballot(order, number, len(options), kind))
    if not ballots:
        raise MalformedFileError(lines[-1][0], "no ballot follows")
    if voters is not None and sum(counts) != voters:
        raise MalformedFileError(lines[-1][0], f"the ballots end here: {sum(counts)} voters, but {voters} announced")
    return BallotFile(options, ballots, counts)


Parts = tuple[list[str], int | None, Iterator[tuple[int, str, str]]]


def _today(lines: Lines, kind: str) -> Parts:
    heads: dict[str, tuple[int, str]] = {}
    for number, line in lines:
        if line[0] == "#":
            key, _, value = line[1:].partition(":")
            if key.strip() in heads and key.strip().startswith(("ALTERNATIVE NAME", "NUMBER")):
                raise MalformedFileError(number, f"{quoted(key.strip())} is given twice")
            heads[key.strip()] = number, value.strip()
    number, given = heads.get("DATA TYPE", (1, kind))
    if given != kind:
        raise MalformedFileError(number, f"DATA TYPE is {quoted(given)} in a .{kind} file")
    options = _options(heads, lines[0][0])
    number, voters = heads.get("NUMBER VOTERS", (1, ""))
    rows = ((number, *_split(line, ":", number)) for number, line in lines if line[0] != "#")
    return options, whole(voters, number, "NUMBER VOTERS") if voters else None, rows


def _options(heads: dict[str, tuple[int, str]], first: int) -> list[str]:
    if "NUMBER ALTERNATIVES" not in heads:
        raise MalformedFileError(first, "no line '# NUMBER ALTERNATIVES: …'")
    line, text = heads["NUMBER ALTERNATIVES"]
    m = whole(text, line, "NUMBER ALTERNATIVES")
    check_number(m, line)
    names = [str(number) for number in range(1, m + 1)]
    for key, (line, name) in heads.items():
        if found := NAME.fullmatch(key):
            _name(names, int(found[1]), name, line)
    return names


def _name(names: list[str], number: int, name: str, line: int) -> None:
    if not 1 <= number <= len(names):
        raise MalformedFileError(line, f"alternative {number} of {len(names)}")
    others = [*names[: number - 1], *names[number:]]
    if name in others:
        raise MalformedFileError(line, f"two alternatives are called {quoted(name)}")
    names[number - 1] = name or names[number - 1]


def _older(lines: Lines, _kind: str) -> Parts:
    """Number of alternatives; a line for each; voters, their sum, different orders; then count and order."""
    number, text = lines[0]
    m = whole(text, number, "the number of alternatives")
    check_number(m, number)
    if len(lines) < m + 2:
        raise MalformedFileError(lines[-1][0], f"the file ends before {m} alternatives and the number of voters")
    for expected, (line, own) in enumerate(lines[1 : m + 1], 1):
        if whole(_split(own, ",", line)[0], line, "the number of the alternative") != expected:
            raise MalformedFileError(line, f"alternative {expected} of {m} should stand here")
    names = check_options([own.partition(",")[2] for _, own in lines[1 : m + 1]], lines[m][0])
    line, sums = lines[m + 1]
    voters = whole(_split(sums, ",", line)[0], line, "the number of voters")
    return names, voters, ((number, *_split(own, ",", number)) for number, own in lines[m + 2 :])


def _split(line: str, mark: str, number: int) -> tuple[str, str]:
    before, found, after = line.partition(mark)
    if not found:
        raise MalformedFileError(number, f"{quoted(line)} has no '{mark}'")
    return before, after


def _ballot(text: str, line: int, m: int, kind: str) -> list[int]:
    order = "".join(text.split())
    if not ORDER.fullmatch(order):
        raise MalformedFileError(line, f"{quoted(text.strip())} is no order such as 1,2,{{3,4}}")
    ranks = [0] * m
    for rank, level in enumerate(re.findall(LEVEL, order), 1):
        tied = level.strip("{}").split(",")
        if len(tied) > 1 and kind in STRICT:
            raise MalformedFileError(line, f"a tie in a .{kind} file, which holds strict orders")
        for number in tied:
            _place(ranks, whole(number, line, "an alternative", LARGEST_RANK), rank, line)
    if kind in COMPLETE and 0 in ranks:
        raise MalformedFileError(line, f"{ranks.count(0)} of {m} alternatives are missing in a .{kind} file")
    return ranks


def _place(ranks: list[int], number: int, rank: int, line: int) -> None:
    if not 1 <= number <= len(ranks):
        raise MalformedFileError(line, f"alternative {number} of {len(ranks)}")
    if ranks[number - 1]:
        raise MalformedFileError(line, f"alternative {number} stands twice on one ballot")
    ranks[number - 1] = rank
