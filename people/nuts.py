"""Reads the two files of regions into one list of nodes: countries, level 1 and level 2 of NUTS 2024 and 2021."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
NEW, OLD = "2024", "2021"


@dataclass(frozen=True)
class Node:
    """One region; `parent` is a code of the same version, `predecessors` are codes of the version before."""

    code: str
    version: str
    name: str
    parent: str = ""
    name_local: str = ""
    point: tuple[float, float] | None = None  # longitude, latitude in degrees (WGS 84)
    predecessors: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        return len(self.code) - 2

    @property
    def country(self) -> str:
        return self.code[:2]


def nodes(folder: Path = FOLDER) -> list[Node]:
    """Return every node once, parents before children."""
    new_rows, old_rows = _rows(folder / "nuts2_2024_eu27.csv"), _rows(folder / "nuts2_2021_eu27.csv")
    new = {node.code: node for row in new_rows for node in _new(row)}
    old = {node.code: node for row in old_rows for node in _old(row, new)}
    return sorted([*new.values(), *old.values()], key=lambda node: (node.level, node.version, node.code))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _new(row: dict[str, str]) -> Iterable[Node]:
    country, first = row["country_code"], row["nuts1_code"]
    yield Node(country, NEW, row["country"], predecessors=(country,))
    yield Node(first, NEW, row["nuts1_name"], parent=country, predecessors=(first,))
    yield Node(
        row["nuts2_code"],
        NEW,
        row["name_latin"],
        parent=first,
        name_local=row["name_local"],
        point=(float(row["lon"]), float(row["lat"])),
        predecessors=tuple(row["predecessor_2021"].split(";")),
    )


def _old(row: dict[str, str], new: dict[str, Node]) -> Iterator[Node]:
    code = row["nuts2_code"]
    country, first = code[:2], code[:3]
    yield Node(country, OLD, new[country].name)
    yield Node(first, OLD, new[first].name, parent=country)
    yield Node(code, OLD, row["name"], parent=first)
