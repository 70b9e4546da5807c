"""Speed of the count, lists in and ranks out, beside numpy's bare reading of the same lists."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np

from challenges import tally
from tests.bench.measure import ROOT, ROUNDS, Row, Spread, against, spread

TITLE = "Ranking"
PACKAGES = ("numpy", "highspy")
NOTE = (
    "CPU time of one `tally.aggregate` (Schulze on margins), all threads together; bare is `numpy.array` of the same "
    "lists. Mallows ballots agree on an order (dispersion 0.8), impartial ones are pure chance; all seeded."
)
SIZES = ((60, 12, 0.5), (1_000, 20, 3.0), (10_000, 40, 40.0))  # ballots, options, milliseconds at most
RESAMPLES, RESAMPLED_AT_MOST = 1_000, 60.0
IMPORT_SECONDS, IMPORT_MEGABYTES = 0.2, 30.0
HEAVY = ("pandas", "networkx", "numba", "scipy", "highspy", "django")

Ballots = list[list[int]]

IMPORTING = f"""
import sys, time
from pathlib import Path
def used():
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return time.process_time(), pages * 4096 / 2**20
before = used()
from challenges import tally
imported = used()
tally.aggregate([[1, 2], [2, 1]])
counted = used()
for after in (imported, counted):
    print(after[0] - before[0], after[1] - before[1])
print(*[name for name in {HEAVY} if name in sys.modules])
"""
BARE_IMPORT = IMPORTING.replace("from challenges import tally", "import numpy").replace(
    "tally.aggregate", "numpy.array"
)


def impartial(n: int, m: int, seed: int) -> Ballots:
    """Every order is as likely as any other."""
    generator = np.random.default_rng(seed)
    ballots: Ballots = [(generator.permutation(m) + 1).tolist() for _ in range(n)]
    return ballots


def mallows(n: int, m: int, seed: int, dispersion: float = 0.8) -> Ballots:
    """Orders around one true order, each drawn by repeated insertion (Doignon, Pekeč & Regenwetter 2004)."""
    generator = np.random.default_rng(seed)
    ballots = []
    for _ in range(n):
        order: list[int] = []
        for option in range(m):
            chances = dispersion ** np.arange(option, -1, -1.0)
            order.insert(int(generator.choice(option + 1, p=chances / chances.sum())), option)
        ballots.append([1 + order.index(option) for option in range(m)])
    return ballots


CULTURES: dict[str, Callable[[int, int, int], Ballots]] = {"Mallows": mallows, "impartial": impartial}


def rows() -> list[Row]:
    return [*_counts(), *_bootstraps(), *_imports()]


def _counts() -> list[Row]:
    found = []
    for n, m, most in SIZES:
        for name, culture in CULTURES.items():
            found.append(_beside_reading(f"{n:,} ballots on {m} options, {name}", culture(n, m, n + m), most))
    return found


def _bootstraps() -> list[Row]:
    n, m, _ = SIZES[0]
    what = f"the same with {RESAMPLES:,} resamples, {n} on {m}"
    return [
        _beside_reading(f"{what}, {name}", culture(n, m, n + m), RESAMPLED_AT_MOST, RESAMPLES)
        for name, culture in CULTURES.items()
    ]


def _beside_reading(what: str, ballots: Ballots, most: float, resamples: int = 0) -> Row:
    def count() -> object:
        return tally.aggregate(ballots, resamples=resamples).ranks.tolist()

    return Row(what, "ms", *against(count, lambda: np.array(ballots)), most)


def _imports() -> list[Row]:
    """Ours and numpy alone in turns, each in a fresh interpreter."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_import(IMPORTING))
        bare += [_import(BARE_IMPORT), _import(BARE_IMPORT)]
        ours.append(_import(IMPORTING))
    first, numpy = "its first count, which imports numpy; bare is numpy alone", bare
    return [
        Row("importing `challenges.tally`", "s", _part(ours, 0), None, IMPORT_SECONDS),
        Row("memory that adds", "MB", _part(ours, 1), None, IMPORT_MEGABYTES),
        Row(f"the import and {first}", "s", _part(ours, 2), _part(numpy, 2), None),
        Row("memory that adds", "MB", _part(ours, 3), _part(numpy, 3), IMPORT_MEGABYTES),
    ]


def _part(runs: list[list[float]], part: int) -> Spread:
    return spread([run[part] for run in runs])


def _import(code: str) -> list[float]:
    """Seconds and megabytes after the import, and after the first use. Exits where something heavy came along."""
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    *lines, heavy = found.stdout.split("\n")[:3]
    if heavy:
        sys.exit(f"counting imports {heavy}")
    return [float(word) for line in lines for word in line.split()]
