"""Reads JSON whose lists and objects remember their line, so that a fault in them can be named."""

from __future__ import annotations

import json
from json import decoder, scanner
from typing import Any

from challenges.files.file_lines import MalformedFileError, line_of, quoted

LONGEST_NUMBER = 18


class _Lined:
    """Where in which text something began: the line is counted only when it is asked for."""

    begins: tuple[str, int] = ("", 0)

    @property
    def line(self) -> int:
        return line_of(*self.begins)


class LinedList(_Lined, list[Any]):
    """A JSON array."""


class LinedDict(_Lined, dict[str, Any]):
    """A JSON object."""


class _Decoder(json.JSONDecoder):
    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_without_repeats, parse_int=_number, parse_constant=_constant)
        array, members = decoder.JSONArray, decoder.JSONObject  # type: ignore[attr-defined]

        def parse_array(start: tuple[str, int], *rest: Any) -> tuple[LinedList, int]:
            values, end = array(start, *rest)
            found = LinedList(values)
            found.begins = start
            return found, end

        def parse_object(start: tuple[str, int], *rest: Any) -> tuple[LinedDict, int]:
            values, end = members(start, *rest)
            found = LinedDict(values)
            found.begins = start
            return found, end

        self.parse_array, self.parse_object = parse_array, parse_object
        # The scanner in C does not call them.
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _number(digits: str) -> int | str:
    """Leave what no count can hold as it is written: a list of ballots refuses it with its line."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _constant(name: str) -> str:
    return name


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise KeyError(next(name for name in names if names.count(name) > 1))
    return found


def loads(text: str) -> Any:
    """Return plain values, with LinedList and LinedDict for lists and objects. Raises MalformedFileError."""
    try:
        return _Decoder().decode(text)
    except json.JSONDecodeError as fault:
        raise MalformedFileError(fault.lineno, f"no JSON: {fault.msg}") from fault
    except KeyError as fault:
        name = fault.args[0]
        line = line_of(text, max(0, text.find(json.dumps(name), text.find(json.dumps(name)) + 1)))
        raise MalformedFileError(line, f"{quoted(name)} stands twice in one object") from fault
    except RecursionError as fault:
        raise MalformedFileError(1, "lists in lists, too deep") from fault


def mapping(value: Any, name: str, line: int) -> LinedDict:
    if not isinstance(value, LinedDict):
        raise MalformedFileError(line, f"{name} is no object")
    return value


def listing(value: Any, name: str, line: int) -> LinedList:
    if not isinstance(value, LinedList):
        raise MalformedFileError(line, f"{name} is no list")
    return value
