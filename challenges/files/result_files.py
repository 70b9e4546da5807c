"""Reads a published result back: its head-to-head table, and the ranks that were published beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from challenges.count.methods import STRENGTHS
from challenges.files import json_lines
from challenges.files.file_lines import LARGEST_COUNT, MalformedFileError, ResultFile, check_number, quoted, whole

HEADER = ["number", "challenge", "place", "rank"]
WITHHELD = "the table withholds pairs with fewer than ten ballots, so that it does not recompute the ranks"
NO_TABLE = "no head-to-head table: it is published from ten ballots on"


def is_result(header: Sequence[str]) -> bool:
    """Say whether a header is that of a published result."""
    return list(header[: len(HEADER)]) == HEADER


def from_rows(header: list[str], body: list[tuple[int, list[str]]]) -> ResultFile:
    """Read the CSV of a result; what lacks a rank was not counted. Ranks are taken to be Schulze's on margins."""
    rows: dict[int, tuple[int, dict[str, str]]] = {}
    for line, row in body:
        if len(row) != len(header):
            raise MalformedFileError(line, f"{len(row)} cells for {len(header)} columns")
        cells = dict(zip(header, row, strict=True))
        number = whole(cells["number"], line, "the number")
        if number in rows:
            raise MalformedFileError(line, f"number {number} stands twice")
        rows[number] = line, cells
    check_number(len(rows), 1)
    if set(rows) != set(range(1, len(rows) + 1)):
        raise MalformedFileError(1, f"the options should be numbered 1 to {len(rows)}")
    if not all(f"above_{number}" in header for number in rows):
        raise MalformedFileError(1, NO_TABLE)
    counted = [number for number in sorted(rows) if rows[number][1]["rank"].strip()]
    return ResultFile(
        options=[rows[number][1]["challenge"] for number in counted],
        pairwise=[[_duel(*rows[a], a, b) for b in counted] for a in counted],
        published={"schulze": [whole(rows[a][1]["rank"], rows[a][0], "the rank") for a in counted]},
    )


def _duel(line: int, cells: dict[str, str], own: int, other: int) -> int:
    text = cells[f"above_{other}"].strip()
    if own == other:
        return 0
    if not text:
        raise MalformedFileError(line, WITHHELD)
    return whole(text, line, f"above_{other}")


def from_json(result: json_lines.LinedDict) -> ResultFile:
    """Read the `result` of a result's JSON."""
    options = _options(result)
    if result.get("head_to_head") is None:
        raise MalformedFileError(result.line, NO_TABLE)
    table = json_lines.mapping(result["head_to_head"], "'head_to_head'", result.line)
    counted = [index for index, option in enumerate(options) if option.get("rank") is not None]
    strength = json_lines.mapping(result.get("method", json_lines.LinedDict()), "'method'", result.line)
    found = ResultFile(
        options=[str(options[index].get("title")) for index in counted],
        pairwise=_table(table, len(options), counted),
        strength=_strength(strength),
        ballots=_ballots(result),
        published={"schulze": _ranks([option.get("rank") for option in options], counted, options[0].line)},
    )
    for method in json_lines.listing(result.get("methods", json_lines.LinedList()), "'methods'", result.line):
        own = json_lines.mapping(method, "a method", result.line)
        ranks = json_lines.listing(own.get("ranks"), "'ranks'", own.line)
        found.published[str(own.get("name"))] = _ranks(ranks, counted, ranks.line)
    return found


def _options(result: json_lines.LinedDict) -> list[json_lines.LinedDict]:
    """Options by their position on the ballot."""
    given = json_lines.listing(result.get("options"), "'options'", result.line)
    check_number(len(given), given.line)
    options = [json_lines.mapping(option, "an option", given.line) for option in given]
    found: dict[Any, json_lines.LinedDict] = {}
    for option in options:
        index = option.get("index")
        if type(index) is not int or not 0 <= index < len(options):
            raise MalformedFileError(option.line, f"'index' is {quoted(index)}, not 0 to {len(options) - 1}")
        if index in found:
            raise MalformedFileError(option.line, f"index {index} stands twice")
        found[index] = option
    return [found[index] for index in range(len(options))]


def _table(table: json_lines.LinedDict, m: int, counted: list[int]) -> list[list[int]]:
    rows = json_lines.listing(table.get("pairwise"), "'pairwise'", table.line)
    if len(rows) != m:
        raise MalformedFileError(rows.line, f"{len(rows)} rows for {m} options")
    for row in rows:
        own = json_lines.listing(row, "a row of 'pairwise'", rows.line)
        if len(own) != m:
            raise MalformedFileError(own.line, f"{len(own)} numbers for {m} options")
    return [[0 if a == b else _cell(rows[a][b], rows[a].line) for b in counted] for a in counted]


def _cell(value: Any, line: int) -> int:
    if value is None:
        raise MalformedFileError(line, WITHHELD)
    if type(value) is not int or not 0 <= value <= LARGEST_COUNT:
        raise MalformedFileError(line, f"{quoted(value)} is no number of ballots")
    return value


def _ranks(ranks: Sequence[Any], counted: list[int], line: int) -> list[int]:
    if len(ranks) <= max(counted, default=-1):
        raise MalformedFileError(line, f"{len(ranks)} ranks are too few")
    found = [ranks[index] for index in counted]
    for rank in found:
        if type(rank) is not int or rank < 1:
            raise MalformedFileError(line, f"{quoted(rank)} is no rank")
    return found


def _strength(method: json_lines.LinedDict) -> str:
    strength = method.get("strength", "margins")
    if strength not in STRENGTHS:
        raise MalformedFileError(method.line, f"{quoted(strength)} is no strength (known: {', '.join(STRENGTHS)})")
    return str(strength)


def _ballots(result: json_lines.LinedDict) -> int | None:
    n = result.get("n")
    if n is not None and (type(n) is not int or n < 0):
        raise MalformedFileError(result.line, f"'n' is {quoted(n)}, no number of ballots")
    return n
