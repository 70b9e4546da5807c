"""An independent count in plain Python integers and fractions: slow, short, and without a line of the portal.

It says the same things in other ways (positions on each ballot, search along paths, all permutations), so that a
shared mistake is unlikely. Ballots are lists of integers: >= 1 rank, 0 not a priority, -1 no opinion.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

Ballots = Sequence[Sequence[int]]
Table = list[list[int]]


class Orders(NamedTuple):
    """Kemeny: the least cost, how many orders have it, and the best and worst place of each option in them."""

    cost: int
    optima: int
    best_worst: list[list[int]]


def prefers(ballot: Sequence[int], a: int, b: int) -> bool:
    if ballot[a] <= 0:
        return False
    return ballot[b] == 0 or ballot[b] > ballot[a]


def pairwise(ballots: Ballots, m: int, weights: Sequence[int] | None = None) -> Table:
    table = [[0] * m for _ in range(m)]
    for ballot, weight in zip(ballots, weights or [1] * len(ballots), strict=True):
        for a in range(m):
            for b in range(m):
                table[a][b] += weight * (a != b and prefers(ballot, a, b))
    return table


def compared(ballots: Ballots, m: int, weights: Sequence[int] | None = None) -> Table:
    table = [[0] * m for _ in range(m)]
    for ballot, weight in zip(ballots, weights or [1] * len(ballots), strict=True):
        known = [a for a in range(m) if ballot[a] != -1]
        for a in known:
            for b in known:
                table[a][b] += weight * (a != b)
    return table


def links(table: Table, strength: str) -> Table:
    m = len(table)
    won = [[table[a][b] > table[b][a] for b in range(m)] for a in range(m)]
    size = [[table[a][b] - (table[b][a] if strength == "margins" else 0) for b in range(m)] for a in range(m)]
    return [[size[a][b] if won[a][b] else 0 for b in range(m)] for a in range(m)]


def reached(edges: set[tuple[int, int]], start: int) -> set[int]:
    found: set[int] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        for a, b in edges:
            if a == here and b not in found:
                found.add(b)
                ahead.append(b)
    return found


def schulze_paths(table: Table, strength: str) -> Table:
    """Strongest path: the largest size at which the target is still reached over links of at least that size."""
    m = len(table)
    size = links(table, strength)
    paths = [[0] * m for _ in range(m)]
    for least in sorted({s for row in size for s in row if s}):
        edges = {(a, b) for a in range(m) for b in range(m) if size[a][b] >= least}
        for a in range(m):
            for b in reached(edges, a) - {a}:
                paths[a][b] = least
    return paths


def schulze(table: Table, strength: str) -> list[int]:
    paths = schulze_paths(table, strength)
    everyone = range(len(table))
    return [1 + sum(paths[a][b] > paths[b][a] for a in everyone) for b in everyone]


def standing(scores: Sequence[int]) -> list[int]:
    return [1 + sum(other > own for other in scores) for own in scores]


def borda(ballots: Ballots, m: int, weights: Sequence[int] | None = None) -> list[int]:
    """Points counted ballot by ballot: one for each option below, minus one for each above."""
    score = [0] * m
    for ballot, weight in zip(ballots, weights or [1] * len(ballots), strict=True):
        for a in range(m):
            below = sum(prefers(ballot, a, b) for b in range(m) if ballot[b] != -1)
            above = sum(prefers(ballot, b, a) for b in range(m) if ballot[a] != -1)
            score[a] += weight * (below - above)
    return score


def copeland(table: Table) -> list[int]:
    everyone = range(len(table))
    return [
        sum(table[a][b] > table[b][a] for b in everyone) - sum(table[a][b] < table[b][a] for b in everyone)
        for a in everyone
    ]


def ranked_pairs(table: Table, strength: str) -> list[int]:
    """From the strongest down; of equal links, those on a circle of locked and equal ones are dropped."""
    m = len(table)
    size = links(table, strength)
    locked: set[tuple[int, int]] = set()
    for now in sorted({s for row in size for s in row if s}, reverse=True):
        equal = {(a, b) for a in range(m) for b in range(m) if size[a][b] == now}
        together = locked | {(a, b) for a, b in equal if a not in reached(locked, b)}
        locked |= {(a, b) for a, b in together - locked if a not in reached(together, b)}
    above = [reached(locked, a) for a in range(m)]
    return [1 + sum(b in above[a] for a in range(m)) for b in range(m)]


def kemeny(table: Table) -> Orders:
    m = len(table)
    costs = {
        order: sum(table[b][a] for place, a in enumerate(order) for b in order[place + 1 :])
        for order in permutations(range(m))
    }
    least = min(costs.values())
    best = [order for order, cost in costs.items() if cost == least]
    places = [[order.index(a) + 1 for order in best] for a in range(m)]
    return Orders(least, len(best), [[min(p), max(p)] for p in places])


def condorcet_winner(table: Table) -> int | None:
    everyone = range(len(table))
    winners = [a for a in everyone if all(table[a][b] > table[b][a] for b in everyone if b != a)]
    return winners[0] if winners else None


def middle_ranks(ballot: Sequence[int]) -> list[Fraction | None]:
    """The place of each option among those with an opinion; tied options share the average of their places."""
    known = [a for a in range(len(ballot)) if ballot[a] != -1]
    ranks: list[Fraction | None] = [None] * len(ballot)
    for a in known:
        above = sum(prefers(ballot, b, a) for b in known)
        tied = sum(not prefers(ballot, b, a) and not prefers(ballot, a, b) for b in known)
        ranks[a] = above + Fraction(tied + 1, 2)
    return ranks


def kendall_w(ballots: Ballots, m: int) -> Fraction | None:
    """Kendall's W with the correction for ties, from rank sums, as in the textbooks."""
    n = len(ballots)
    rows = [[rank or Fraction(0) for rank in middle_ranks(ballot)] for ballot in ballots]
    ties = 0
    for row in rows:
        ties += sum(row.count(value) ** 3 - row.count(value) for value in set(row))
    whole = n * n * (m**3 - m) - n * ties
    if whole == 0:
        return None
    sums = [sum(column) for column in zip(*rows, strict=True)]
    mean = Fraction(sum(sums), m)
    return Fraction(12 * sum((s - mean) ** 2 for s in sums)) / whole


def mean_ranks(ballots: Ballots, m: int) -> list[Fraction | None]:
    given = [[rank for ballot in ballots if (rank := middle_ranks(ballot)[a]) is not None] for a in range(m)]
    return [Fraction(sum(ranks), len(ranks)) if ranks else None for ranks in given]


def place(ballot: Sequence[int], a: int) -> int:
    """1 + the number of options the ballot puts above; 0 for not a priority, -1 for no opinion."""
    return ballot[a] if ballot[a] <= 0 else 1 + sum(prefers(ballot, b, a) for b in range(len(ballot)))
