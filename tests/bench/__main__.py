"""Measures, prints, and writes the tables of docs/benchmarks.md; exits with 1 when a target is missed.

`python -m tests.bench [PART…]` measures some parts only; the tables of the others stay as they are.
"""

import datetime as dt
import sys
from types import ModuleType

from tests.bench import ballots, feeds, letters, publication, ranking, serving, web
from tests.bench.measure import ROOT, ROUNDS, circumstances, table

PARTS: dict[str, ModuleType] = {
    "ranking": ranking,
    "ballots": ballots,
    "letters": letters,
    "web": web,
    "feeds": feeds,
    "serving": serving,
    "publication": publication,
}
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = f"""# Measured speed

Written by `make bench`, never by hand. Figures depend on the machine, ratios hardly do: both sides are measured in one
run, in turns A-B-B-A, {ROUNDS} rounds; medians with lowest and highest. A missed target ends the run with exit code 1.
"""


def section(name: str, part: ModuleType, rows: str) -> str:
    """Write one part between two marks, by which the next run finds it again."""
    when = dt.datetime.now(dt.UTC).date().isoformat()
    told = f"Measured {when}: {circumstances(*part.PACKAGES)}."
    return f"<!-- {name} -->\n## {part.TITLE}\n\n{part.NOTE}\n\n{told}\n\n{rows}\n<!-- /{name} -->\n"


def replaced(page: str, name: str, text: str) -> str:
    """Put a part in the place of its earlier self, or at the end."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    if begin not in page or end not in page:
        return f"{page.rstrip()}\n\n{text}"
    return page.partition(begin)[0] + text + page.partition(end)[2]


def main(asked: list[str]) -> int:
    """Return the exit code."""
    unknown = sorted(set(asked) - set(PARTS))
    if unknown:
        sys.exit(f"unknown part: {', '.join(unknown)} (known: {', '.join(PARTS)})")
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    missed = []
    for name in asked or PARTS:
        rows = PARTS[name].rows()
        text = section(name, PARTS[name], table(rows))
        sys.stdout.write(text)
        page = replaced(page, name, text)
        missed += [row.what for row in rows if row.missed]
    PAGE.write_text(page, encoding="utf-8")
    if missed:
        sys.stderr.write(f"Missed: {'; '.join(missed)}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
