"""CPU time of a publication of 45 pages: HTML, PDF, Word file and data files, in a new process and in a living one."""

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT, ROUNDS, Row, Spread, spread

PAGES = 45
TITLE = "Publications"
NOTE = (
    f"CPU time, all threads together, of every file of a report of at least {PAGES} pages in print: ten rounds of "
    "twelve options with their texts, figures and charts; HTML, PDF, Word file, JSON, CSV and three kinds of "
    "citations. Each sample is a new process, made ready as a worker makes itself ready, and then the same with a "
    "report in other words; the snapshot is at hand and nothing is stored. Bare is typst alone, given the words of "
    "the same report as one text without tags."
)
PACKAGES = ("typst", "python-docx", "django")
AT_MOST = 1.0  # seconds
TOLD, OPTIONS, BALLOTS = 10, 12, 40
WORDS = 40  # of what is said about an option
WHEN = dt.datetime(2030, 6, 15, 9, tzinfo=dt.UTC)
HELICES = ("government", "business", "academia", "civil_society")
Parts = dict[str, float]  # seconds by part


def rows() -> list[Row]:
    samples: dict[str, list[tuple[Parts, Parts]]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for side in ("ours", "bare", "bare", "ours"):
            samples[side].append(_measured(side))
    first, later = ([pair[number] for pair in samples["ours"]] for number in (0, 1))
    bare = [[sum(pair[number].values()) for pair in samples["bare"]] for number in (0, 1)]
    return [
        Row("all files, the first of a process", "s", _whole(first), spread(bare[0]), AT_MOST),
        Row("all files, later ones", "s", _whole(later), spread(bare[1]), AT_MOST),
        *(Row(f"of that {part}", "s", spread([each[part] for each in later]), None, None) for part in later[0]),
    ]


def _whole(builds: list[Parts]) -> Spread:
    return spread([sum(parts.values()) for parts in builds])


def _measured(side: str) -> tuple[Parts, Parts]:
    """The first and a later build of a new process."""
    line = [sys.executable, "-m", "tests.bench.publication", side]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    first, later = json.loads(done.stdout.splitlines()[-1])
    return first, later


# -- in the new process ----------------------------------------------------------------------------------------------
def _told(side: str) -> list[Parts]:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "s3cop.settings", "DATABASE_URL": "postgres://nobody@127.0.0.1/none"}
    import django

    django.setup()
    from s3cop.celery import app, share_memory

    app.loader.import_default_modules()
    share_memory()
    reports = [_report(seed) for seed in (1, 2)]
    return [_build(report) if side == "ours" else _typst_alone(report) for report in reports]


def _report(seed: int) -> dict[str, Any]:
    """A snapshot; another seed gives other words and figures."""
    from tests.outcomes import told

    chance = random.Random(seed)  # noqa: S311 - the same each time
    return told.a_snapshot(*(_round(chance, number) for number in range(TOLD)), title=f"Report {seed}")


def _round(chance: random.Random, number: int) -> dict[str, Any]:
    from tests.outcomes import told

    ballots = [chance.sample(range(1, OPTIONS + 1), OPTIONS) for _ in range(BALLOTS)]
    options = [{"title": f"Option {n}", "text": _text(chance), "origin": ""} for n in range(OPTIONS)]
    helices = [HELICES[n % len(HELICES)] for n in range(BALLOTS)]
    return told.a_round(ballots, helices, title=f"Round {number}", options=options, question=_text(chance))


def _text(chance: random.Random) -> str:
    from s3cop.demo.scale import WORDS as VOCABULARY

    return " ".join(chance.choices(VOCABULARY, k=WORDS)) + "."


def _build(snapshot: dict[str, Any]) -> Parts:
    """The steps of `outcomes.actions.building`, without the database."""
    from outcomes import citations, document, html, pdf, tables, word
    from outcomes.snapshot import WORDS as TRANSLATED

    watch = Stopwatch()
    composed = document.compose(snapshot, TRANSLATED)
    html.write(composed)
    watch.note("HTML")
    printed = pdf.write(composed, when=WHEN).content
    watch.note("PDF")
    word.write(composed, when=WHEN, pictures=partial(pdf.pictures, language="en"))
    watch.note("the Word file with its pictures")
    cited = citations.of(snapshot)
    for write in (citations.to_bibtex, citations.to_ris, citations.to_csl):
        write(cited)
    tables.to_json(snapshot)
    tables.to_csv(snapshot)
    watch.note("data and citations")
    _check(printed)
    return watch.parts


def _check(printed: bytes) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    pages = len(PdfReader(BytesIO(printed)).pages)
    if pages < PAGES:
        sys.exit(f"The report has {pages} pages only.")


def _typst_alone(snapshot: dict[str, Any]) -> Parts:
    import typst

    from outcomes import document
    from outcomes.snapshot import WORDS as TRANSLATED

    text = document.plain_text(document.compose(snapshot, TRANSLATED))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data.json").write_text(json.dumps(text))
        (Path(folder) / "main.typ").write_text('#set document(date: none)\n#json("data.json")')
        watch = Stopwatch()
        typst.compile(str(Path(folder) / "main.typ"), root=folder)
        watch.note("PDF")
    return watch.parts


class Stopwatch:
    """CPU seconds of all threads since the note before."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self.last = time.process_time()

    def note(self, part: str) -> None:
        now = time.process_time()
        self.parts[part] = now - self.last
        self.last = now


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_told(sys.argv[1])) + "\n")
