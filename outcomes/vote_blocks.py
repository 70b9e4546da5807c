"""A yes or no to a text: the numbers of its answers, helix by helix, how firm the lead is, how it was counted. Pure."""

from collections.abc import Iterator

from challenges.disclosure import charts
from challenges.disclosure.finding import Kind
from challenges.disclosure.remarks import Weights
from challenges.disclosure.text_votes import Counts, HelixVote, Lead, Vote
from outcomes import wording
from outcomes.nodes import Bar, Bars, Block, Paragraph, Table
from outcomes.told import NOTHING, Round, columns, number
from outcomes.wording import Words


def finding(told: Round) -> Iterator[Block]:
    words, vote = told.words, told.found.vote
    yield Paragraph(f"{told.plain['headline']}. {wording.turnout(told.found, words)}")
    if vote is None:
        return
    if vote.counts:
        yield from _counted(vote.counts, words)
    else:
        yield Paragraph(words.gettext("Fewer than ten ballots take a side, so no numbers are published."))
    for sentence in _remarks(told, vote):
        yield Paragraph(sentence)


def _counted(counts: Counts, words: Words) -> Iterator[Block]:
    rows = charts.answer_bars(counts)
    neither = words.gettext("Neither side")
    yield Bars(
        caption=words.gettext("The answers"),
        how_to_read=words.gettext("A full bar would be all ballots."),
        rows=tuple(Bar(row.title or neither, float(row.percent), str(row.ballots)) for row in rows),
    )
    yield Table(
        caption=words.gettext("The answers in numbers"),
        columns=columns(words.gettext("Answer"), end=[words.gettext("Ballots"), words.gettext("Of all ballots")]),
        rows=tuple((row.title or neither, str(row.ballots), f"{row.percent} %") for row in rows),
    )


def _remarks(told: Round, vote: Vote) -> Iterator[str]:
    """How firm the lead is; of an even vote only what weighing the helices alike would give."""
    words = told.words
    if told.found.kind is Kind.NARROW:
        yield words.gettext("Drawing the ballots anew, the lead holds in fewer than nine of ten draws.")
    if vote.lead.ahead and vote.one_less is not None:
        fragile = words.gettext("There is a ballot without which the lead would end.")
        yield fragile if vote.one_less else words.gettext("Leaving out any one ballot keeps the lead.")
    if vote.lead.ahead and vote.minds:
        sentence = words.ngettext(
            "{n} member changing sides would turn it.", "{n} members changing sides would turn it.", vote.minds
        )
        yield sentence.format(n=vote.minds)
    if vote.weights is Weights.SAME:
        yield words.gettext("If each helix weighed the same, the result would stay as it is.")
    elif vote.equal:
        yield words.gettext("If each helix weighed the same: {lead}.").format(lead=_said(vote.equal, words))


def helices(told: Round, vote: Vote) -> Table:
    words = told.words
    return Table(
        caption=words.gettext("Which answer leads in each helix"),
        columns=columns(words.gettext("Helix"), words.gettext("Answer"), end=[words.gettext("Ballots")]),
        rows=tuple((told.helix(own.helix), _answer(own, words), number(own.n)) for own in vote.helices),
    )


def _answer(own: HelixVote, words: Words) -> str:
    return _said(own.lead, words) if own.lead else wording.why(own.reason, words) or NOTHING


def _said(lead: Lead, words: Words) -> str:
    if not lead.ahead:
        return words.gettext("both level") if lead.told else words.gettext("not told apart")
    leads = words.gettext("“{answer}” leads") if lead.clear else words.gettext("“{answer}” leads narrowly")
    return leads.format(answer=lead.ahead)


def method(words: Words) -> Iterator[Block]:
    yield Paragraph(
        words.gettext("The answer that more ballots give leads. Who abstains takes part and weighs on neither side.")
    )
    yield Paragraph(
        words.gettext(
            "Drawing the ballots anew a thousand times tells how firm that is: a lead that holds in fewer than nine of "
            "ten draws is called narrow."
        )
    )
