"""The sections of one ranking round, in the order of the reporting checklist. Pure."""

from collections.abc import Iterator, Sequence

from challenges.disclosure.published import Shown, Turnout
from challenges.disclosure.text_votes import SIDES
from outcomes import comparison_blocks, finding_blocks, vote_blocks, wording
from outcomes.nodes import Bar, Bars, Block, Fact, Facts, Paragraph, Prose, Quote, Section, Table
from outcomes.told import Round, columns, number, reasons


def sections(told: Round) -> Iterator[Section]:
    """All sections, in the order of the reporting checklist; the finding comes first."""
    asks_for_a_side = told.result.on_text and len(told.result.options) == SIDES
    yield from _of_a_vote(told) if asks_for_a_side else _of_an_order(told)


def _of_a_vote(told: Round) -> Iterator[Section]:
    words, vote = told.words, told.found.vote
    yield Section("finding", words.gettext("What was found"), tuple(vote_blocks.finding(told)))
    yield Section("question", words.gettext("The text"), tuple(_question(told)))
    yield Section("turnout", words.gettext("Who was asked, and who voted"), tuple(_turnout(told)))
    if vote and vote.helices:
        yield Section("helices", words.gettext("How the helices answered"), (vote_blocks.helices(told, vote),))
    if told.plain.get("statements"):
        yield Section("statements", words.gettext("Minority statements"), tuple(_statements(told)))
    yield Section("method", words.gettext("How it was counted"), tuple(vote_blocks.method(words)))


def _of_an_order(told: Round) -> Iterator[Section]:
    yield Section("finding", told.words.gettext("What was found"), tuple(finding_blocks.blocks(told)))
    yield Section("question", told.words.gettext("The question"), tuple(_question(told)))
    yield Section("options", told.words.gettext("What could be ranked"), (_options(told),))
    yield Section("turnout", told.words.gettext("Who was asked, and who voted"), tuple(_turnout(told)))
    if told.result.head_to_head:
        yield Section(
            "head-to-head",
            told.words.gettext("Each challenge against each other"),
            (comparison_blocks.head_to_head(told),),
        )
    if told.result.shown is not Shown.NOTHING:
        yield Section("helices", told.words.gettext("How the helices differ"), tuple(comparison_blocks.helices(told)))
        yield Section("certainty", told.words.gettext("How sure this is"), tuple(comparison_blocks.certainty(told)))
    if told.plain.get("statements"):
        yield Section("statements", told.words.gettext("Minority statements"), tuple(_statements(told)))
    method = tuple(Paragraph(text) for text in wording.method(told.result.method, told.words))
    yield Section("method", told.words.gettext("How it was counted"), method)


def _question(told: Round) -> Iterator[Block]:
    words, plain = told.words, told.plain
    yield Prose(plain["question"])
    facts = [
        Fact(words.gettext("Round"), plain["title"], plain["address"]),
        Fact(words.gettext("Working group"), plain["group"]["name"], plain["group"]["address"]),
        Fact(words.gettext("Opened"), plain["opened"]["text"]),
        Fact(words.gettext("Closed"), plain["closed"]["text"]),
        Fact(words.gettext("Who could vote"), ", ".join(plain["voting_roles"])),
        Fact(words.gettext("Fixed before opening"), plain["policy"]),
    ]
    if meeting := plain["meeting"]:
        facts.insert(2, Fact(words.gettext("Asked at"), meeting["title"], meeting["address"]))
    yield Facts(tuple(facts))


def _options(told: Round) -> Table:
    words = told.words
    labels = (words.gettext("Challenge"), words.gettext("What it means"), words.gettext("Where it came from"))
    rows = [(option["title"], option["text"], option["origin"]) for option in told.plain["options"]]
    filled = [number for number in range(len(labels)) if any(row[number] for row in rows)]
    return Table(
        caption=words.gettext("The challenges, as they stood when the round opened"),
        columns=columns(*(labels[number] for number in filled)),
        rows=tuple(tuple(row[number] for number in filled) for row in rows),
    )


def _turnout(told: Round) -> Iterator[Block]:
    words, rows = told.words, told.result.turnout
    yield Paragraph(wording.turnout(told.found, words))
    hidden = reasons([(told.helix(row.helix), wording.why(row.reason, words)) for row in rows if row.reason])
    shown = [row for row in rows if row.reason is None]
    if shown:
        yield _turnout_bars(told, shown)
        yield Table(
            caption=words.gettext("Turnout by helix"),
            columns=columns(words.gettext("Helix"), end=[words.gettext("Asked"), words.gettext("Voted")]),
            rows=tuple((told.helix(row.helix), number(row.electors), number(row.ballots)) for row in shown),
            note=hidden,
        )
    elif hidden:
        yield Paragraph(hidden, quiet=True)


def _turnout_bars(told: Round, shown: Sequence[Turnout]) -> Bars:
    words = told.words
    of = words.gettext("{ballots} of {electors}")
    return Bars(
        caption=words.gettext("How many of each helix voted"),
        how_to_read=words.gettext("A full bar would be all who were asked."),
        rows=tuple(
            Bar(
                told.helix(row.helix),
                round(100 * (row.ballots or 0) / row.electors, 1) if row.electors else 0.0,
                of.format(ballots=number(row.ballots), electors=number(row.electors)),
                row.helix,
            )
            for row in shown
        ),
    )


def _statements(told: Round) -> Iterator[Block]:
    """Each statement, and under it the name where its author wants that. Older snapshots have none."""
    for statement in told.plain["statements"]:
        yield Quote(statement["text"], statement["name"] or told.words.gettext("A member of the group"))
