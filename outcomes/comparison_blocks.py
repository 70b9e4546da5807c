"""What stands behind the order of a round: challenge against challenge, helix by helix, and how sure it is. Pure."""

from collections.abc import Iterator, Sequence

from challenges.disclosure import charts
from challenges.disclosure.published import Cell, CellOption, Option, Shown
from outcomes import wording
from outcomes.nodes import Block, Paragraph, Table
from outcomes.told import NOTHING, Round, columns, number, reasons
from outcomes.wording import Words

WIDEST_TABLE = 14  # options side by side; a wider table is left to the data files


def head_to_head(told: Round) -> Block:
    words, table = told.words, told.result.head_to_head
    rows = charts.heat(told.result.options, table) if table else ()
    if not rows or len(rows) > WIDEST_TABLE:
        return Paragraph(words.gettext("The table is too wide for a page; it stands in the data files."))
    letters = [chr(ord("A") + number) for number in range(len(rows))]
    return Table(
        caption=words.gettext("How many ballots put the row above the column"),
        columns=columns(words.gettext("Challenge"), end=letters),
        rows=tuple(
            (f"{letter} {row.option.title}", *(number(cell.value) for cell in row.cells))
            for letter, row in zip(letters, rows, strict=True)
        ),
        note=words.gettext("Who puts two challenges level counts for neither of them."),
    )


def helices(told: Round) -> Iterator[Block]:
    words, cells = told.words, told.result.cells
    if not cells:
        yield Paragraph(
            words.gettext("The helices are {reason}.").format(reason=wording.why(told.result.cells_reason, words))
        )
        return
    shown = [cell for cell in cells if cell.shown is not Shown.NOTHING]
    hidden = [(told.helix(cell.helix), wording.why(cell.reason, words)) for cell in cells if cell not in shown]
    if not shown:
        yield Paragraph(reasons(hidden), quiet=True)
        return
    names = [f"{told.helix(cell.helix)} ({cell.n})" for cell in shown]
    yield Table(
        caption=words.gettext("Place of each challenge by helix, with the number of ballots"),
        columns=columns(words.gettext("Challenge"), center=names),
        rows=tuple(_helix_row(option, shown, words) for option in told.result.options),
        note=reasons(hidden),
    )


def _helix_row(option: Option, shown: Sequence[Cell], words: Words) -> tuple[str, ...]:
    return (option.title, *(_seen(cell.options[option.index], words) for cell in shown))


def _seen(option: CellOption, words: Words) -> str:
    if option.shown is Shown.NOTHING:
        return NOTHING
    if option.shown is Shown.TIERS:
        return words.gettext("tier {number}").format(number=option.tier)
    if option.mean_rank is None:
        return option.place
    return words.gettext("{place} (mean {mean})").format(place=option.place, mean=f"{option.mean_rank:.1f}")


def certainty(told: Round) -> Iterator[Block]:
    words, result = told.words, told.result
    if result.agreement:
        sentence = words.gettext("The members’ agreement is {band} (Kendall’s W = {w}).")
        yield Paragraph(sentence.format(band=wording.band(result.agreement.band, words), w=f"{result.agreement.w:.2f}"))
    elif result.agreement_reason:
        reason = wording.why(result.agreement_reason, words)
        yield Paragraph(words.gettext("The members’ agreement in one number: {reason}.").format(reason=reason))
    if result.influence:
        yield Paragraph(_influence(told))
    if result.methods or result.equal_helices:
        yield _other_readings(told)
    elif result.equal_helices_reason:
        reason = wording.why(result.equal_helices_reason, words)
        yield Paragraph(
            words.gettext("The reading in which each helix weighs the same: {reason}.").format(reason=reason)
        )


def _influence(told: Round) -> str:
    words, influence = told.words, told.result.influence
    if influence and influence.first:
        return words.gettext("There is a ballot without which another challenge would come first.")
    if influence and influence.top_three:
        return words.gettext("There is a ballot without which the first three would be others; the first place holds.")
    if influence and influence.order:
        return words.gettext("There is a ballot without which the order would differ; the first three hold.")
    return words.gettext("No single ballot decides: without any one of them the order is the same.")


def _other_readings(told: Round) -> Table:
    words, result = told.words, told.result
    readings = [(wording.method_name(method.name, words), method.ranks) for method in result.methods]
    if result.equal_helices:
        readings.append((words.gettext("Helices weigh the same"), result.equal_helices.ranks))
    label = wording.method_name(f"schulze_{result.method.strength}", words)
    return Table(
        caption=words.gettext("Would another method change the order?"),
        columns=columns(words.gettext("Challenge"), center=[label, *(name for name, _ranks in readings)]),
        rows=tuple(
            (option.title, option.place or NOTHING, *(_place(option.index, ranks) for _name, ranks in readings))
            for option in result.options
        ),
    )


def _place(index: int, ranks: Sequence[int | None]) -> str:
    rank = ranks[index]
    if rank is None:
        return NOTHING
    return f"{rank}=" if ranks.count(rank) > 1 else str(rank)
