"""From a file to ballots, or to a published table: PrefLib, and the portal's own CSV and JSON. Pure: text in."""

from __future__ import annotations

import csv
import io
from typing import Any

from challenges.files import json_lines, preflib_reading, result_files
from challenges.files.file_lines import (
    BallotFile,
    MalformedFileError,
    ResultFile,
    check_number,
    check_options,
    decoded,
    place,
    quoted,
)

PREFLIB = ("soc", "soi", "toc", "toi")
KINDS = (*PREFLIB, "csv", "json")


def read(name: str, content: bytes) -> BallotFile | ResultFile:
    """Read a file by the ending of its name: .soc .soi .toc .toi .csv .json.

    A CSV of ballots has one column per option and one row per ballot, a JSON of ballots `options` and `ballots`; in
    both a cell is a rank, empty (CSV; null in JSON) or 0 for not a priority, x or -1 for no opinion. A published
    result is recognised by its columns or keys. Raises MalformedFileError with the line and the reason, and
    ValueError for an ending that is not known.
    """
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of file: known are {' '.join('.' + known for known in KINDS)}")
    text = decoded(content)
    if kind in PREFLIB:
        return preflib_reading.read(text, kind)
    return _csv(text) if kind == "csv" else _json(text)


def _csv(text: str) -> BallotFile | ResultFile:
    rows = _rows(text)
    (line, header), *body = rows
    if result_files.is_result(header):
        return result_files.from_rows(header, body)
    options = check_options(header, line)
    ballots = [_row(row, options, number) for number, row in body]
    return _file(options, ballots, rows[-1][0])


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return rows with the line on which each ends; empty lines hold no ballot."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if row]
    except csv.Error as fault:
        raise MalformedFileError(max(1, reader.line_num), f"no CSV: {fault}") from fault


def _row(row: list[str], options: list[str], line: int) -> list[int]:
    if len(row) != len(options):
        raise MalformedFileError(line, f"{len(row)} cells for {len(options)} options")
    return [place(cell, line, option) for cell, option in zip(row, options, strict=True)]


def _json(text: str) -> BallotFile | ResultFile:
    given = json_lines.loads(text)
    if isinstance(given, dict) and ("result" in given or "head_to_head" in given):
        return result_files.from_json(json_lines.mapping(given.get("result", given), "'result'", 1))
    if isinstance(given, list):
        given = json_lines.LinedDict(ballots=given)
    ballots = json_lines.listing(json_lines.mapping(given, "the file", 1).get("ballots"), "'ballots'", given.line)
    if not ballots:
        raise MalformedFileError(ballots.line, "no ballot follows")
    options = _names(given, ballots)
    return _file(options, [_json_ballot(row, options, ballots.line) for row in ballots], ballots.line)


def _names(given: json_lines.LinedDict, ballots: json_lines.LinedList) -> list[str]:
    """Take the names as strings or as objects with a title; numbers where there are none."""
    if "options" not in given:
        first = json_lines.listing(ballots[0], "the first ballot", ballots.line)
        check_number(len(first), first.line)
        return [str(number) for number in range(1, len(first) + 1)]
    options = json_lines.listing(given["options"], "'options'", given.line)
    return check_options([_name(option, options.line) for option in options], options.line)


def _name(option: Any, line: int) -> str:
    name = option.get("title") if isinstance(option, dict) else option
    if not isinstance(name, str):
        raise MalformedFileError(line, f"{quoted(name)} is no name of an option")
    return name


def _json_ballot(row: Any, options: list[str], line: int) -> list[int]:
    ballot = json_lines.listing(row, "a ballot", line)
    if len(ballot) != len(options):
        raise MalformedFileError(ballot.line, f"{len(ballot)} numbers for {len(options)} options")
    return [place(_cell(value), ballot.line, option) for value, option in zip(ballot, options, strict=True)]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _file(options: list[str], ballots: list[list[int]], line: int) -> BallotFile:
    if not ballots:
        raise MalformedFileError(line, "no ballot follows")
    return BallotFile(options, ballots, [1] * len(ballots))
