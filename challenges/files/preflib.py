"""Published ballots in the text format of PrefLib: orders with ties, complete (.toc) or not (.toi)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from challenges.count.pairs import NO_OPINION, NOT_A_PRIORITY

Ballot = Sequence[int]


def suffix(ballots: Sequence[Ballot]) -> str:
    """Return "toc" when every ballot holds an opinion on every option, else "toi"."""
    return "toi" if any(NO_OPINION in ballot for ballot in ballots) else "toc"


def text(ballots: Sequence[Ballot], titles: Sequence[str], *, name: str, title: str) -> str:
    """Write one line for each different ballot, the most frequent first, the same ones counted.

    What is not a priority stands together at the end of its line; what has no opinion does not stand there at all, so
    a ballot without any opinion has no line.
    """
    orders = Counter(order(ballot) for ballot in ballots if set(ballot) != {NO_OPINION})
    counted = sorted(orders.items(), key=lambda pair: (-pair[1], pair[0]))
    kind = suffix(ballots)
    head = {
        "FILE NAME": f"{name}.{kind}",
        "TITLE": _line(title),
        "DESCRIPTION": "",
        "DATA TYPE": kind,
        "NUMBER ALTERNATIVES": len(titles),
        "NUMBER VOTERS": sum(orders.values()),
        "NUMBER UNIQUE ORDERS": len(orders),
        **{f"ALTERNATIVE NAME {number}": _line(own) for number, own in enumerate(titles, 1)},
    }
    lines = [f"# {key}: {value}".rstrip() for key, value in head.items()]
    return "\n".join([*lines, *(f"{times}: {line}" for line, times in counted)]) + "\n"


def order(ballot: Ballot) -> str:
    """Write a ballot as PrefLib does: numbers from 1, ties in braces, the most important first."""
    ranks = sorted({rank for rank in ballot if rank > NOT_A_PRIORITY})
    if NOT_A_PRIORITY in ballot:
        ranks.append(NOT_A_PRIORITY)
    return ",".join(_tied([number for number, own in enumerate(ballot, 1) if own == rank]) for rank in ranks)


def _tied(numbers: Sequence[int]) -> str:
    joined = ",".join(map(str, numbers))
    return joined if len(numbers) == 1 else f"{{{joined}}}"


def _line(words: str) -> str:
    return " ".join(words.split())
