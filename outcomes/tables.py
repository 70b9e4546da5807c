"""The data of an edition for machines: JSON with the meaning of its fields, and one long CSV. Pure.

Withheld figures are null in JSON and have no row in the CSV.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from history.spreadsheet import defused
from outcomes.dictionary import DICTIONARY

Plain = Mapping[str, Any]
Row = tuple[Any, ...]

DEEP = 7  # sources, rounds, the round, its result, options, an option, its figures
HEADER = ("publication", "version", "part", "about", "item", "helix", "against", "measure", "value")


def to_json(snapshot: Plain) -> bytes:
    """Return the snapshot with its dictionary: UTF-8, keys sorted, the same bytes for the same snapshot."""
    return (_lines({"dictionary": DICTIONARY, **snapshot}) + "\n").encode()


def _lines(value: Any, level: int = 0) -> str:
    """JSON in which what lies deep, such as a row of a table, stands on a line of its own."""
    if level == DEEP or not value or not isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}: {_lines(value[key], level + 1)}" for key in sorted(value))
        return _indented("{", pairs, "}", level)
    return _indented("[", (_lines(item, level + 1) for item in value), "]", level)


def _indented(opening: str, inner: Iterator[str], closing: str, level: int) -> str:
    line = "\n" + " " * level
    return f"{opening}{line} {f',{line} '.join(inner)}{line}{closing}"


def to_csv(snapshot: Plain) -> bytes:
    """Return one row per figure: UTF-8, comma, CRLF. Text that a spreadsheet would run is defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    edition = snapshot["edition"]
    of_edition = (defused(edition["title"]), edition["version"])
    for row in _rows(snapshot):
        writer.writerow((*of_edition, *map(defused, row)))
    return out.getvalue().encode()


def _rows(snapshot: Plain) -> Iterator[Row]:
    edition, sources = snapshot["edition"], snapshot["sources"]
    yield ("edition", "", "", "", "", "made_at", snapshot["made"]["at"])
    for name in ("language", "licence", "address"):
        yield ("edition", "", "", "", "", name, edition[name])
    for told in sources["rounds"]:
        yield from (("round", told["title"], *row) for row in _round(told["result"]))
    for told in sources["focuses"]:
        about = told["round"]["title"]
        yield from (("focus", about, entry["title"], "", "", "place", entry["place"]) for entry in told["entries"])
    for told in sources["meetings"]:
        yield from (("meeting", told["title"], *row) for row in _meeting(told))
    for told in sources.get("webinars", ()):
        yield ("webinar", told["title"], "", "", "", "day", told["day"])
        if told["participants"]:
            yield ("webinar", told["title"], "", "", "", "participants", told["participants"])
    for told in snapshot.get("groups", ()):
        yield from (("group", told["name"], *row) for row in _group(told))
    for told in sources["challenges"]:
        yield from (
            ("challenge", told["title"], part["title"], "", "", "subdimension", 1) for part in told["subdimensions"]
        )


def _meeting(told: Plain) -> Iterator[Row]:
    yield ("", "", "", "day", told["day"])
    yield from _attendance(told.get("attendance", ()))
    for number, decision in enumerate(told.get("decisions", ()), 1):
        yield (decision["text"], "", "", "decision", number)
    for action in told.get("actions", ()):
        yield (action["text"], "", "", "action", action["state"])


def _group(told: Plain) -> Iterator[Row]:
    for name in ("from", "until"):
        if told["period"]:
            yield ("", "", "", f"period_{name}", told["period"][name])
    for row in told["members"]:
        yield ("", row["helix"], "", "members", row["count"])
    yield from _attendance(told["attendance"])
    for met in told["meetings"]:
        yield (met["title"], "", "", "held_on", met["day"])
        yield from _present(met["title"], met, ("invited", "came"))
    for asked in told["rounds"]:
        yield from _present(asked["title"], asked, ("ballots", "electors"))
    for number, decision in enumerate(told["decisions"], 1):
        yield (decision["text"], "", "", "decision", number)
    for action in told["actions"]:
        yield (action["text"], "", "", "action", action["state"])
    for outcome in told["outcomes"]:
        yield (outcome["title"], "", "", "outcome", outcome["address"])


def _attendance(rows: Sequence[Plain]) -> Iterator[Row]:
    for row in rows:
        yield from _present("", row, ("invited", "came"), row["helix"])


def _round(result: Plain) -> Iterator[Row]:
    yield ("", "", "", "ballots", result["n"])
    yield ("", "", "", "electors", result["electors"])
    titles = {option["index"]: option["title"] for option in result["options"]}
    for option in result["options"]:
        yield from _option(option)
    for row in result["turnout"]:
        yield from _present("", row, ("ballots", "electors"), row["helix"])
    for cell in result["cells"]:
        for seen in cell["options"]:
            yield from _present(titles[seen["index"]], seen, ("place", "tier", "mean_rank", "top_three"), cell["helix"])
    yield from _head_to_head(result["head_to_head"], titles)
    for method in result["methods"]:
        ranked = ((titles[index], rank) for index, rank in enumerate(method["ranks"]) if rank is not None)
        yield from ((title, "", "", f"rank_{method['name']}", rank) for title, rank in ranked)


def _option(option: Plain) -> Iterator[Row]:
    yield from _present(option["title"], option, ("place", "rank", "tier"))
    figures = option["figures"]
    if figures is None:
        return
    low, high = figures["interval"]
    yield (option["title"], "", "", "interval_low", low)
    yield (option["title"], "", "", "interval_high", high)
    yield from _present(option["title"], figures, ("mean_rank", "top_three", "no_opinion"))


def _present(item: str, values: Plain, measures: Sequence[str], helix: str = "") -> Iterator[Row]:
    for measure in measures:
        if values[measure] not in (None, ""):
            yield (item, helix, "", measure, values[measure])


def _head_to_head(table: Plain | None, titles: Mapping[int, str]) -> Iterator[Row]:
    if table is None:
        return
    for row, line in enumerate(table["pairwise"]):
        for column, value in enumerate(line):
            if row != column and value is not None:
                yield (titles[row], "", titles[column], "preferred", value)
