"""The demo's past is replayed: each deed has its moment, and deeds are done in the order of time."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """Something that happened. `do` returns True when it wrote something, False when it had been done before."""

    at: dt.datetime
    what: str
    do: Callable[[], bool]


def replay(deeds: Iterable[Deed]) -> dict[str, int]:
    """Do all deeds, the earliest first (equal moments in the given order); return how many of each kind were new."""
    done: Counter[str] = Counter()
    for deed in sorted(deeds, key=lambda deed: deed.at):
        done[deed.what] += deed.do()
    return dict(done)
