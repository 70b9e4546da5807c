"""Measures CPU time fairly on a machine that is never quiet: ours and the bare one in turns, A-B-B-A, five rounds."""

import importlib.metadata
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 5
LEAST_SECONDS = 0.02  # one sample repeats its work for so long, so that the clock's steps do not matter

Work = Callable[[], object]


@dataclass(frozen=True)
class Spread:
    """Median, lowest and highest of some samples."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.low)}–{_short(self.high)})"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, its unit, ours, the bare one if there is one, and what we promise."""

    what: str
    unit: str
    ours: Spread
    bare: Spread | None
    target: float | None

    @property
    def missed(self) -> bool:
        return self.target is not None and self.ours.median > self.target

    def cells(self) -> tuple[str, ...]:
        bare = f"{self.bare} {self.unit}" if self.bare else ""
        ratio = f"{_short(self.ours.median / self.bare.median)} ×" if self.bare else ""
        target = "" if self.target is None else f"{_short(self.target)} {self.unit}{', missed' * self.missed}"
        return self.what, f"{self.ours} {self.unit}", bare, ratio, target


def spread(samples: Sequence[float]) -> Spread:
    return Spread(statistics.median(samples), min(samples), max(samples))


def against(ours: Work, bare: Work) -> tuple[Spread, Spread]:
    """CPU milliseconds of one call of each, all threads together."""
    times = {ours: _repeats(ours), bare: _repeats(bare)}
    samples: dict[Work, list[float]] = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for work in (ours, bare, bare, ours):
            samples[work].append(_sample(work, times[work]))
    return spread(samples[ours]), spread(samples[bare])


def _repeats(work: Work) -> int:
    """How often to repeat; the first call is thrown away, because it imports."""
    work()
    return max(1, int(LEAST_SECONDS * 1000 / max(_sample(work, 3), 1e-3)))


def _sample(work: Work, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) * 1000 / times


def _short(value: float) -> str:
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f}"


def circumstances(*packages: str) -> str:
    """Commit, versions and machine, in one line."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = " with changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
    versions = [f"{package} {importlib.metadata.version(package)}" for package in packages]
    python = f"Python {platform.python_version()}"
    return ", ".join([f"commit {commit}{changed}", python, *versions, _processor()])


def _git(*arguments: str) -> str:
    found = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def table(rows: Sequence[Row]) -> str:
    """Write rows as a table in Markdown."""
    head = ("what", "ours, median (low–high)", "bare", "ratio", "at most")
    lines = [head, ("---",) * len(head), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
