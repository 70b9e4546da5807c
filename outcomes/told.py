"""A round as a publication tells of it, and the small change of its tables. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from challenges.disclosure.finding import Finding, finding
from challenges.disclosure.published import Published, Shown
from outcomes.nodes import Column
from outcomes.wording import Words

NOTHING = "–"


@dataclass(frozen=True)
class Round:
    """A round of the snapshot, read."""

    plain: Mapping[str, Any]
    result: Published
    found: Finding
    helices: Mapping[str, str]  # names by stored value
    words: Words

    @classmethod
    def read(cls, plain: Mapping[str, Any], helices: Mapping[str, str], words: Words) -> "Round":
        result = Published.from_json(plain["result"])
        return cls(plain, result, finding(result), helices, words)

    @property
    def figures(self) -> bool:
        return self.result.shown is Shown.FIGURES

    def helix(self, value: str) -> str:
        return self.helices.get(value, value)


def columns(*start: str, center: Sequence[str] = (), end: Sequence[str] = ()) -> tuple[Column, ...]:
    """Columns in this order: words, places, numbers."""
    return (
        *(Column(label) for label in start),
        *(Column(label, "center") for label in center),
        *(Column(label, "end") for label in end),
    )


def number(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def reasons(named: Sequence[tuple[str, str]]) -> str:
    """Say once why several are withheld: "A, B: not shown; C: no figures"."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in named:
        by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in by_reason.items())
