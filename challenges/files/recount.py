"""What `manage.py rank` answers: the count of a file's ballots, or a published table counted again by every method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from challenges import tally
from challenges.count import kemeny, methods
from challenges.files.file_lines import BallotFile, ResultFile, printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Options squared times resamples, compared at once: some hundred megabytes.
MOST_COMPARISONS = 10**8
# Options times ballots, once each ballot stands by itself to be drawn.
MOST_CELLS = 10**7


@dataclass(frozen=True)
class Report:
    """The answer for machines, and the table for people: its columns hold one cell per option."""

    plain: dict[str, Any]
    head: str
    columns: dict[str, list[str]]
    notes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)  # methods by which other ranks were published

    def lines(self) -> Iterator[str]:
        """Yield the table, best first, ties by name."""
        yield self.head
        yield ""
        ranks, names = self.plain["ranks"], self.columns["option"]
        order = sorted(range(len(ranks)), key=lambda index: (ranks[index], names[index].casefold()))
        widths = {title: max(map(len, [title, *cells])) for title, cells in self.columns.items()}
        yield "  ".join(title.ljust(width) for title, width in widths.items()).rstrip()
        for index in order:
            yield "  ".join(self.columns[title][index].ljust(width) for title, width in widths.items()).rstrip()
        yield from ["", *self.notes] if self.notes else []


def count(file: BallotFile, method: str = "schulze", *, absent: bool = False, resamples: int = 0) -> Report:
    """Count ballots; `absent` reads what they leave unranked as "no opinion". ValueError says what is impossible."""
    ballots, counts = _ballots(file, absent=absent)
    if resamples:
        result = tally.aggregate(_one_by_one(ballots, counts, resamples), method, resamples=resamples)
    else:
        result = tally.aggregate(ballots, method, counts)
    n = sum(file.counts)
    reading = "no opinion" if absent else "not a priority"
    plain = {
        "kind": "ballots",
        "method": method,
        "strength": "margins",
        "unranked": "absent" if absent else "below",
        "n": n,
        "options": file.options,
        **_figures(result),
        "resamples": resamples,
    }
    head = f"{n} ballots on {len(file.options)} options, by {method} on margins; unranked means {reading}"
    return Report(plain, head, _columns(file.options, plain), _notes(plain))


def again(file: ResultFile, method: str | None = None) -> Report:
    """Count a published table again, by one method or all, and compare with what was published."""
    ranks, notes = _by_every_method(file, [method] if method else list(methods.METHODS))
    if not ranks:
        raise ValueError(notes[0])
    agrees = {name: ranks[name] == published for name, published in file.published.items() if name in ranks}
    main = next(iter(ranks))
    plain = {
        "kind": "result",
        "method": main,
        "strength": file.strength,
        "n": file.ballots,
        "options": file.options,
        "ranks": ranks[main],
        "methods": ranks,
        "agrees": agrees,
    }
    columns = {"option": [printable(name) for name in file.options]}
    columns |= {name: [_place(rank, own) for rank in own] for name, own in ranks.items()}
    same = [name for name, equal in agrees.items() if equal]
    differs = [name for name, equal in agrees.items() if not equal]
    if same:
        notes.append(f"As published: {', '.join(same)}.")
    head = f"The head-to-head table of {len(file.options)} options, counted again on {file.strength}"
    return Report(plain, head, columns, notes, differs)


def _ballots(file: BallotFile, *, absent: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    ballots = np.array(file.ballots, dtype=np.int64)
    if absent:
        ballots[ballots == 0] = -1
    return ballots, np.array(file.counts, dtype=np.int64)


def _one_by_one(ballots: NDArray[np.int64], counts: NDArray[np.int64], resamples: int) -> NDArray[np.int64]:
    """Spell out ballots that were cast several times, because each is drawn by itself."""
    import numpy as np

    m = ballots.shape[1]
    if int(counts.sum()) * m > MOST_CELLS:
        raise ValueError(f"--resamples: {int(counts.sum())} ballots on {m} options are too many to be drawn anew")
    if resamples * m * m > MOST_COMPARISONS:
        raise ValueError(f"--resamples: at most {MOST_COMPARISONS // (m * m)} for {m} options")
    return np.repeat(ballots, counts, axis=0)


def _figures(result: tally.Aggregation) -> dict[str, Any]:
    names = ("ranks", "scores", "best_worst", "interval", "p_above", "pairwise", "compared")
    arrays = {name: getattr(result, name) for name in names}
    plain = {name: None if array is None else array.tolist() for name, array in arrays.items()}
    return plain | {"cost": result.cost, "condorcet": result.condorcet, "agreement": result.agreement}


def _columns(options: Sequence[str], plain: dict[str, Any]) -> dict[str, list[str]]:
    columns = {"place": [_place(rank, plain["ranks"]) for rank in plain["ranks"]]}
    columns["option"] = [printable(name) for name in options]
    for title, key in (("90 % interval", "interval"), ("all optimal orders", "best_worst")):
        if plain[key] is not None:
            columns[title] = [str(low) if low == high else f"{low} to {high}" for low, high in plain[key]]
    if plain["scores"] is not None:
        columns["score"] = [str(score) for score in plain["scores"]]
    return columns


def _notes(plain: dict[str, Any]) -> list[str]:
    winner, agreement = plain["condorcet"], plain["agreement"]
    notes = [f"Wins every majority: {printable(plain['options'][winner])}."] if winner is not None else []
    if agreement is not None:
        notes.append(f"Agreement (Kendall's W): {agreement:.2f}.")
    return notes


def _by_every_method(file: ResultFile, asked: Sequence[str]) -> tuple[dict[str, list[int]], list[str]]:
    """Ranks by each method, Schulze also on the other strength where all are asked; what is too hard gives a note."""
    other = next(strength for strength in methods.STRENGTHS if strength != file.strength)
    wanted = [(method, method, file.strength) for method in asked]
    if len(asked) > 1:
        wanted.insert(1, (f"schulze_{other}", "schulze", other))
    ranks, notes = {}, []
    for name, method, strength in wanted:
        try:
            ranks[name] = tally.decide(file.pairwise, method, strength).ranks.tolist()
        except kemeny.TooHard as fault:
            notes.append(str(fault))
    return ranks, notes


def _place(rank: int, ranks: Sequence[int]) -> str:
    return f"{rank}=" if ranks.count(rank) > 1 else str(rank)
