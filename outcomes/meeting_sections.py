"""The sections of a meeting's report: who came, what was on the agenda, said, decided, and is to be done. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from outcomes import written
from outcomes.nodes import (
    Bar,
    Bars,
    Block,
    Fact,
    Facts,
    Item,
    Items,
    Paragraph,
    Prose,
    Section,
    Table,
)
from outcomes.told import NOTHING, columns
from outcomes.wording import Words

Plain = Mapping[str, Any]


def sections(told: Plain, helices: Plain, words: Words) -> Iterator[Section]:
    """All sections of one meeting. Without published minutes nothing of them is in the snapshot, and that is said."""
    key = told["slug"]
    yield Section(f"meeting-{key}", words.gettext("The meeting"), tuple(_facts(told, words)))
    if told["attendance"]:
        yield Section(
            f"attendance-{key}", words.gettext("Who came"), tuple(attendance(told["attendance"], helices, words))
        )
    if told["agenda"]:
        yield Section(f"agenda-{key}", words.gettext("Agenda"), (_agenda(told["agenda"], words),))
    yield from _minutes(told, words)
    if told["decisions"]:
        taken = Items(tuple(Item(decision["text"]) for decision in told["decisions"]), numbered=True)
        yield Section(f"decisions-{key}", words.gettext("Decisions"), (taken,))
    if told["actions"]:
        yield Section(f"actions-{key}", words.gettext("What is to be done"), (actions(told["actions"], words),))


def attendance(rows: Sequence[Plain], helices: Plain, words: Words) -> Iterator[Block]:
    """Attendance in numbers by helix: a sentence, a chart, a table."""
    invited, came = (sum(row[name] for row in rows) for name in ("invited", "came"))
    of = words.gettext("{came} of {invited}")
    sentence = words.ngettext("{came} of {invited} person invited came.", "{came} of {invited} invited came.", invited)
    yield Paragraph(sentence.format(came=came, invited=invited))
    yield Bars(
        caption=words.gettext("How many of each helix came"),
        how_to_read=words.gettext("A full bar would be all who were invited."),
        rows=tuple(
            Bar(
                helix_name(row["helix"], helices, words),
                round(100 * row["came"] / row["invited"], 1) if row["invited"] else 0.0,
                of.format(came=row["came"], invited=row["invited"]),
                row["helix"],
            )
            for row in rows
        ),
    )
    yield Table(
        caption=words.gettext("Attendance by helix"),
        columns=columns(words.gettext("Helix"), end=[words.gettext("Invited"), words.gettext("Came")]),
        rows=tuple((helix_name(row["helix"], helices, words), str(row["invited"]), str(row["came"])) for row in rows),
    )


def actions(rows: Sequence[Plain], words: Words) -> Table:
    """Who does what until when."""
    return Table(
        caption=words.gettext("Who does what until when"),
        columns=columns(
            words.gettext("Action"), words.gettext("Who"), center=[words.gettext("Until"), words.gettext("State")]
        ),
        rows=tuple((row["text"], row["owner"] or NOTHING, row["due"] or NOTHING, row["state"]) for row in rows),
    )


def helix_name(value: str, helices: Plain, words: Words) -> str:
    return str(helices.get(value, value)) if value else words.gettext("Not stated")


def _facts(told: Plain, words: Words) -> Iterator[Block]:
    if told["summary"]:
        yield Prose(told["summary"])
    facts = [
        Fact(words.gettext("When"), told["when"]),
        Fact(words.gettext("Where"), told["where"]),
        Fact(words.gettext("Working group"), told["group"]),
        Fact(words.gettext("Page"), told["title"], told["address"]),
    ]
    yield Facts(tuple(fact for fact in facts if fact.text))


def _agenda(items: Sequence[Plain], words: Words) -> Block:
    lasting = words.gettext("{title} ({minutes} min)")
    lines = [
        lasting.format(title=item["title"], minutes=item["minutes"]) if item["minutes"] else item["title"]
        for item in items
    ]
    return Items(tuple(map(Item, lines)), numbered=True)


def _minutes(told: Plain, words: Words) -> Iterator[Section]:
    minutes, anchor = told["minutes"], f"minutes-{told['slug']}"
    heading = words.gettext("What was said")
    if minutes is None:
        yield Section(anchor, heading, (Paragraph(words.gettext("The minutes are not published yet."), quiet=True),))
        return
    approved = words.gettext("Minutes, revision {number}, approved {day}.")
    note = Paragraph(approved.format(number=minutes["revision"], day=minutes["approved"]), quiet=True)
    yield Section(anchor, heading, (note, *written.blocks(minutes["text"], anchor, heading)))
