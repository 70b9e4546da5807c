"""Kemeny's orders of many options as an integer programme: exact, by HiGHS, with the cycle cuts that are needed.

One variable per pair says who stands above. Of the many rules "no circle of three" only those are added that a
solution breaks (Grötschel, Jünger & Reinelt 1984).
"""

from __future__ import annotations

from itertools import combinations
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Simplex steps and nodes of search trees over all that is asked of one programme, some ten seconds. Counts, not a
# time, decide what is too hard: the same table gives the same answer on every machine.
MOST_STEPS = 100_000
MOST_NODES = 2_000
# The solver counts in floating point: below this sum of margins its bounds tell whole numbers apart.
LARGEST_TOTAL = 10**8
# Circles cut off at once, the worst first.
CUTS = 400
NEARLY = 1e-6
SETTINGS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,  # costs are whole numbers
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}


class TooHard(ValueError):  # noqa: N818 - reads as the sentence it carries
    """No order could be proved optimal within the limits above."""


class Order(NamedTuple):
    """One order, and what it contradicts beyond what every order does, in the unit of the programme."""

    cost: int
    places: list[int]  # of each option, from 0


def solve(pairwise: NDArray[np.int64]) -> tuple[list[int], list[list[int]]]:
    """Return the places, from 0, in one optimal order, and the least and greatest place of each over all of them.

    pairwise: (k, k) integers, k >= 2. Raises TooHard.
    """
    k = pairwise.shape[0]
    if (pairwise == pairwise.T).all():
        return list(range(k)), [[0, k - 1]] * k
    programme = Programme(pairwise)
    first = programme.best()
    programme.limit_cost(first.cost)
    return first.places, _ranges(programme, first)


def _ranges(programme: Programme, first: Order) -> list[list[int]]:
    """Ask for each option whether it can stand higher or lower; every order found may widen the range of others."""
    found = [[place, place] for place in first.places]
    for option in range(programme.k):
        _widen(programme, found, option, down=False)
        _widen(programme, found, option, down=True)
    return found


def _widen(programme: Programme, found: list[list[int]], option: int, *, down: bool) -> None:
    """Push one end of an option's range to its limit: first by one place, which mostly fails, then by halves."""
    limit = programme.k - 1 if down else 0
    step = 1
    while found[option][down] != limit:
        here = found[option][down]
        beyond = here + step if down else here - step
        order = programme.with_place(option, min(beyond, limit), max(beyond, limit))
        if order is None:
            limit = beyond - 1 if down else beyond + 1
        else:
            _note(found, order)
        step = (abs(limit - found[option][down]) + 1) // 2


def _note(found: list[list[int]], order: Order) -> None:
    for ends, place in zip(found, order.places, strict=True):
        ends[:] = min(ends[0], place), max(ends[1], place)


class Programme:
    """The orders of k options as corners of a polytope, of which only the part is built where somebody looks."""

    def __init__(self, pairwise: NDArray[np.int64]) -> None:
        import highspy
        import numpy as np

        self.k = int(pairwise.shape[0])
        pairs = list(combinations(range(self.k), 2))
        self.column = {pair: number for number, pair in enumerate(pairs)}
        self.columns = np.arange(len(pairs), dtype=np.int32)
        self.margins = _scaled([int(pairwise[j, i] - pairwise[i, j]) for i, j in pairs])
        self.steps = self.nodes = 0
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in SETTINGS.items():
            self.solver.setOptionValue(name, value)
        self.solver.addVars(len(pairs), np.zeros(len(pairs)), np.ones(len(pairs)))
        self.solver.changeColsCost(len(pairs), self.columns, np.array(self.margins, dtype=np.float64))
        for option in range(self.k):
            self._add_place(option)

    def _add_place(self, option: int) -> None:
        """Row `option` counts those above it, less the options of a higher number: free until somebody asks."""
        others = [other for other in range(self.k) if other != option]
        self._add_row([(other, option) for other in others], -self.solver.inf, self.solver.inf)

    def _add_row(self, above: list[tuple[int, int]], low: float, high: float) -> None:
        """Bound the sum over pairs of "the first stands above the second", where that is 1 - x for a turned pair."""
        import numpy as np

        columns = [self.column[min(pair), max(pair)] for pair in above]
        signs = [1.0 if i < j else -1.0 for i, j in above]
        self.solver.addRow(low, high, len(above), np.array(columns, dtype=np.int32), np.array(signs))

    def best(self) -> Order:
        """Find an order of the least cost."""
        order = self._solve()
        if order is None:
            raise TooHard("kemeny: the solver found no order")
        return order

    def limit_cost(self, cost: int) -> None:
        """Leave only the orders that cost at most so much."""
        import numpy as np

        margins = np.array(self.margins, dtype=np.float64)
        self.solver.addRow(-self.solver.inf, cost + 0.5, len(margins), self.columns, margins)

    def with_place(self, option: int, low: int, high: int) -> Order | None:
        """Find an order, among those left, in which an option has a place from `low` to `high`."""
        later = self.k - 1 - option
        self.solver.changeRowBounds(option, low - later, high - later)
        order = self._solve()
        self.solver.changeRowBounds(option, -self.solver.inf, self.solver.inf)
        return order

    def _solve(self) -> Order | None:
        """Relax first: the relaxed optimum mostly is an order already, or shows that there is none."""
        values = self._without_circles()
        if values is not None and abs(values - values.round()).max() > NEARLY:
            values = self._in_whole_numbers()
        return None if values is None else self._order(values.round())

    def _in_whole_numbers(self) -> NDArray[np.float64] | None:
        import highspy
        import numpy as np

        n = len(self.columns)
        self.solver.changeColsIntegrality(n, self.columns, np.full(n, highspy.HighsVarType.kInteger))
        values = self._without_circles()
        self.solver.changeColsIntegrality(n, self.columns, np.full(n, highspy.HighsVarType.kContinuous))
        return values

    def _without_circles(self) -> NDArray[np.float64] | None:
        values = self._run()
        while values is not None and (circles := self._circles(values)):
            for i, j, k in circles:
                turned = (i > j) + (j > k) + (k > i)
                self._add_row([(i, j), (j, k), (k, i)], -self.solver.inf, 2.0 - turned)
            values = self._run()
        return values

    def _run(self) -> NDArray[np.float64] | None:
        """Solve the programme as it stands; None when nothing fits."""
        import highspy
        import numpy as np

        self.solver.setOptionValue("simplex_iteration_limit", max(0, MOST_STEPS - self.steps))
        self.solver.setOptionValue("mip_max_nodes", max(0, MOST_NODES - self.nodes))
        self.solver.run()
        told = self.solver.getInfo()
        self.steps += max(0, told.simplex_iteration_count)
        self.nodes += max(0, told.mip_node_count)
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal or self.steps > MOST_STEPS:
            raise TooHard(f"kemeny: {self.k} options in one circle of majorities are too hard to solve exactly")
        return np.array(self.solver.getSolution().col_value)

    def _above(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k, k): how far the row stands above the column, from 0 to 1."""
        import numpy as np

        above = np.zeros((self.k, self.k))
        upper = np.triu_indices(self.k, 1)
        above[upper] = values
        above.T[upper] = 1 - values
        return above

    def _circles(self, values: NDArray[np.float64]) -> list[list[int]]:
        """Options i over j over k over i, where the three together exceed what an order allows."""
        import numpy as np

        above = self._above(values)
        around = above[:, :, None] + above[None, :, :] + above.T[:, None, :]
        number = np.arange(self.k)
        smallest_first = (number[:, None, None] < number[:, None]) & (number[:, None, None] < number)
        found = np.argwhere(smallest_first & (around > 2 + NEARLY))
        worst = np.argsort(-around[tuple(found.T)], kind="stable")[:CUTS]
        circles: list[list[int]] = found[worst].tolist()
        return circles

    def _order(self, values: NDArray[np.float64]) -> Order:
        cost = sum(margin for margin, value in zip(self.margins, values.tolist(), strict=True) if value)
        return Order(cost, self._above(values).sum(axis=0).astype(int).tolist())


def _scaled(margins: list[int]) -> list[int]:
    """Divide by what all have in common: equal weights of groups come as large multiples."""
    unit = gcd(*margins)
    scaled = [margin // unit for margin in margins]
    if sum(map(abs, scaled)) > LARGEST_TOTAL:
        raise TooHard("kemeny: the weights are too large to be solved exactly for so many options")
    return scaled
