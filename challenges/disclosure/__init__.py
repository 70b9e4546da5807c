"""The only door from a stored result to any reader: what may be said of a round, and why the rest may not.

Below five ballots nothing is said, from five on order and tiers, from ten on figures: of the whole, of each option by
the ballots with an opinion on it, and of each helix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from challenges import stability
from challenges.disclosure import cells
from challenges.disclosure.published import (
    Agreement,
    Cell,
    CellOption,
    EqualHelices,
    Figures,
    HeadToHead,
    Influence,
    Method,
    MethodBox,
    Option,
    Published,
    Reason,
    Shown,
    Swap,
    Turnout,
)

TOP = 3

Ranks = Sequence[int | None]


def publishable(result: Mapping[str, Any], policy: str) -> Published:
    """Say what may be shown of a result made by `counting.compute` under the policy fixed before the round opened.

    Raises ValueError when the policy is another one than the result was computed for.
    """
    if policy != result["rules"]["policy"]:
        raise ValueError(f"policy: the round was opened for {result['rules']['policy']}, not {policy}")
    n = result["overall"]["n"]
    shown = level(n)
    breakdown, reason = _breakdown(result, shown)
    equal, equal_reason = _equal_helices(result, shown)
    agreement, agreement_reason = _agreement(result["overall"], shown)
    ballots, ballots_reason = _ballots(result, n)
    return Published(
        policy=policy,
        shown=shown,
        reason=Reason.FEWER_THAN_FIVE if shown is Shown.NOTHING else None,
        n=n,
        electors=sum(cell["electors"] for cell in result["turnout"].values()),
        repeats=result["rules"]["repeats"],
        method=MethodBox(*(result["rules"][key] for key in ("strength", "level", "resamples"))),
        options=_options(result),
        head_to_head=_head_to_head(result["overall"]) if shown is Shown.FIGURES else None,
        methods=_methods(result["overall"]) if shown is Shown.FIGURES else (),
        agreement=agreement,
        agreement_reason=agreement_reason,
        influence=_influence(result["overall"]) if shown is Shown.FIGURES else None,
        swaps=_swaps(result["overall"]) if shown is Shown.FIGURES else (),
        equal_helices=equal,
        equal_helices_reason=equal_reason,
        cells=breakdown,
        cells_reason=reason,
        turnout=() if reason else _turnout(result),
        ballots=ballots,
        ballots_reason=ballots_reason,
        receipts=n >= cells.MANY,
        on_text=result["rules"].get("on_text", False),
    )


def level(ballots: int) -> Shown:
    """How much may be said of so many ballots."""
    if ballots < cells.FEW:
        return Shown.NOTHING
    return Shown.ORDER if ballots < cells.MANY else Shown.FIGURES


def why(shown: Shown) -> Reason | None:
    """Why no more than this may be said."""
    return {Shown.NOTHING: Reason.FEWER_THAN_FIVE, Shown.ORDER: Reason.FEWER_THAN_TEN}.get(shown)


def place(rank: int | None, ranks: Ranks) -> str:
    """Write a rank as it is read: "2", or "2=" when it is shared."""
    if rank is None:
        return ""
    return f"{rank}=" if ranks.count(rank) > 1 else str(rank)


def rounded(numerator: int, denominator: int, decimals: int) -> float:
    """Divide exactly and round half up, so that no binary fraction decides a decimal."""
    scale: int = 10**decimals
    return (2 * scale * numerator + denominator) // (2 * denominator) / scale


def _options(result: Mapping[str, Any]) -> tuple[Option, ...]:
    found = [_option(result, index) for index in range(len(result["options"]))]
    return tuple(sorted(found, key=lambda option: (option.rank is None, option.rank, option.title.casefold())))


def _option(result: Mapping[str, Any], index: int) -> Option:
    overall, option = result["overall"], result["options"][index]
    shown = level(overall["opinions"][index])
    rank = overall["ranks"][index]
    return Option(
        index=index,
        id=option["id"],
        title=option["title"],
        shown=shown,
        reason=why(shown),
        rank=rank,
        place=place(rank, overall["ranks"]),
        tier=overall["tiers"][index],
        figures=_figures(overall, index) if shown is Shown.FIGURES else None,
        minority_first=shown is Shown.FIGURES and overall["minority_first"][index],
    )


def _figures(overall: Mapping[str, Any], index: int) -> Figures:
    opinions = overall["opinions"][index]
    low, high = overall["interval"][index]
    return Figures(
        mean_rank=rounded(overall["doubled_ranks"][index], 2 * opinions, 2),
        interval=(low, high),
        top_three=int(rounded(100 * overall["top_three"][index], opinions, 0)),
        places=tuple(overall["places"][index]),
        no_opinion=overall["n"] - opinions,
    )


def _head_to_head(overall: Mapping[str, Any]) -> HeadToHead:
    compared = [
        [own if i == j or (own is not None and own >= cells.MANY) else None for j, own in enumerate(row)]
        for i, row in enumerate(overall["compared"])
    ]
    pairwise = [
        [None if limit is None else own for own, limit in zip(row, limits, strict=True)]
        for row, limits in zip(overall["pairwise"], compared, strict=True)
    ]
    return HeadToHead(
        pairwise=tuple(map(tuple, pairwise)),
        compared=tuple(map(tuple, compared)),
        complete=all(own is not None for row in pairwise for own in row),
    )


def _methods(overall: Mapping[str, Any]) -> tuple[Method, ...]:
    top = _within(overall["ranks"], TOP)
    return tuple(Method(name, tuple(ranks), _within(ranks, TOP) == top) for name, ranks in overall["methods"].items())


def _within(ranks: Ranks, limit: int) -> set[int]:
    return {index for index, rank in enumerate(ranks) if rank is not None and rank <= limit}


def _agreement(overall: Mapping[str, Any], shown: Shown) -> tuple[Agreement | None, Reason | None]:
    if shown is not Shown.FIGURES:
        return None, why(shown)
    w = overall["kendall_w"]
    if w is not None:
        return Agreement(round(w, 2), stability.agreement_band(w)), None
    complete = all(opinions in {0, overall["n"]} for opinions in overall["opinions"])
    return None, Reason.NOTHING_TO_COMPARE if complete else Reason.SOME_NO_OPINION


def _influence(overall: Mapping[str, Any]) -> Influence:
    without = overall["leave_one_out"]
    return Influence(without["first"] > 0, without["top_three"] > 0, without["order"] > 0)


def _swaps(overall: Mapping[str, Any]) -> tuple[Swap, ...]:
    """None unless the whole table is shown, on which they rest; and none with results stored before they were."""
    if not _all_compared(overall):
        return ()
    return tuple(Swap(*swap) for swap in overall.get("swaps", ()))


def _all_compared(overall: Mapping[str, Any]) -> bool:
    counted = [index for index, rank in enumerate(overall["ranks"]) if rank is not None]
    return all(overall["compared"][a][b] >= cells.MANY for a in counted for b in counted if a != b)


def _equal_helices(result: Mapping[str, Any], shown: Shown) -> tuple[EqualHelices | None, Reason | None]:
    if shown is Shown.NOTHING:
        return None, Reason.FEWER_THAN_FIVE
    if result["rules"]["policy"] == "open_ballots":
        return None, Reason.OPEN_BALLOTS
    equal = result["equal_helices"]
    if equal is None:
        return None, Reason.HELIX_HIDDEN
    ranks, tiers = equal["ranks"], equal["tiers"]
    same = _within(tiers, 1) == _within(result["overall"]["tiers"], 1)
    return EqualHelices(tuple(ranks), tuple(place(rank, ranks) for rank in ranks), tuple(tiers), same), None


def _breakdown(result: Mapping[str, Any], shown: Shown) -> tuple[tuple[Cell, ...], Reason | None]:
    if shown is Shown.NOTHING:
        return (), Reason.FEWER_THAN_FIVE
    if result["rules"]["policy"] == "open_ballots":
        return (), Reason.OPEN_BALLOTS
    bare = _without_figures(result)
    return tuple(_cell(result, helix, bare) for helix in cells.HELICES), None


def _without_figures(result: Mapping[str, Any]) -> set[tuple[str, int]]:
    """Find the figures of large cells that would give away what fewer than five others said of the same option."""
    found: set[tuple[str, int]] = set()
    for index, total in enumerate(result["overall"]["opinions"]):
        with_figures = {
            helix: cell["opinions"][index]
            for helix, cell in result["cells"].items()
            if cell["opinions"][index] >= cells.MANY
        }
        while with_figures and 0 < total - sum(with_figures.values()) < cells.FEW:
            smallest = min(with_figures, key=lambda helix: with_figures[helix])
            del with_figures[smallest]
            found.add((smallest, index))
    return found


def _cell(result: Mapping[str, Any], helix: str, bare: set[tuple[str, int]]) -> Cell:
    if helix not in result["cells"]:
        large = result["turnout"][helix]["ballots"] >= cells.FEW
        return Cell(helix, Shown.NOTHING, Reason.PROTECTS_ANOTHER if large else Reason.FEWER_THAN_FIVE, None, ())
    cell, repeats = result["cells"][helix], result["rules"]["repeats"]
    shown, reason = _limited(cell["n"], repeats=repeats)
    options = [
        _cell_option(cell, index, repeats=repeats, bare=(helix, index) in bare)
        for index in range(len(cell["opinions"]))
    ]
    return Cell(helix, shown, reason, cell["n"], tuple(options))


def _limited(ballots: int, *, repeats: bool) -> tuple[Shown, Reason | None]:
    shown = level(ballots)
    if repeats and shown is Shown.ORDER:
        return Shown.TIERS, Reason.REPEAT
    return shown, why(shown)


def _cell_option(cell: Mapping[str, Any], index: int, *, repeats: bool, bare: bool) -> CellOption:
    opinions = cell["opinions"][index]
    shown, reason = _limited(opinions, repeats=repeats)
    if shown is Shown.FIGURES and bare:
        shown, reason = Shown.ORDER, Reason.PROTECTS_ANOTHER
    if shown is not Shown.NOTHING and cell["alike"][index]:
        shown, reason = Shown.TIERS, Reason.ALL_ALIKE
    rank = cell["ranks"][index] if shown in {Shown.ORDER, Shown.FIGURES} else None
    numbers = shown is Shown.FIGURES
    return CellOption(
        index=index,
        shown=shown,
        reason=reason,
        rank=rank,
        place=place(rank, cell["ranks"]),
        tier=cell["tiers"][index],
        mean_rank=rounded(cell["doubled_ranks"][index], 2 * opinions, 1) if numbers else None,
        top_three=rounded(cell["top_three"][index], opinions, 1) if numbers else None,
    )


def _turnout(result: Mapping[str, Any]) -> tuple[Turnout, ...]:
    turnout = result["turnout"]
    electors, ballots = ({helix: cell[of] for helix, cell in turnout.items()} for of in ("electors", "ballots"))
    shown = cells.visible_turnout(electors, ballots, result["cells"])
    return tuple(_turnout_row(helix, turnout[helix], shown=helix in shown) for helix in cells.HELICES)


def _turnout_row(helix: str, cell: Mapping[str, int], *, shown: bool) -> Turnout:
    if shown:
        return Turnout(helix, None, cell["ballots"], cell["electors"])
    large = cell["electors"] >= cells.FEW
    return Turnout(helix, Reason.PROTECTS_ANOTHER if large else Reason.FEWER_THAN_FIVE, None, None)


def _ballots(result: Mapping[str, Any], n: int) -> tuple[tuple[tuple[int, ...], ...] | None, Reason | None]:
    if result["rules"]["policy"] == "breakdown":
        return None, Reason.BREAKDOWN
    if n < cells.MANY:
        return None, Reason.FEWER_THAN_TEN
    return tuple(map(tuple, result["ballots"])), None
