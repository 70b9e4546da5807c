"""The sections of a group's half-year report: meetings, attendance, turnout, decisions, actions, outcomes. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from outcomes import meeting_sections
from outcomes.meeting_sections import helix_name
from outcomes.nodes import Block, Fact, Facts, Item, Items, Paragraph, Section, Table
from outcomes.told import NOTHING, columns
from outcomes.wording import Words

Plain = Mapping[str, Any]


def sections(group: Plain, helices: Plain, words: Words, *, key: str) -> Iterator[Section]:
    """All sections of one group; what did not happen in the period is said, not left out."""
    yield Section(f"overview{key}", words.gettext("The half-year in numbers"), (_overview(group, words),))
    yield Section(f"meetings{key}", words.gettext("Meetings"), tuple(_meetings(group, helices, words)))
    yield Section(f"rankings{key}", words.gettext("Rankings and turnout"), (_rounds(group, words),))
    yield Section(f"decisions{key}", words.gettext("Decisions"), (_decisions(group, words),))
    yield Section(f"actions{key}", words.gettext("Actions"), (_actions(group, words),))
    yield Section(f"outcomes{key}", words.gettext("Published outcomes"), (_outcomes(group, words),))
    yield Section(f"members{key}", words.gettext("Who belongs to the group"), tuple(_members(group, helices, words)))
    if group["next_meetings"]:
        yield Section(f"next-meetings{key}", words.gettext("Next meetings"), (next_meetings(group),))


def next_meetings(group: Plain) -> Items:
    return Items(tuple(Item(f"{one['title']}: {one['when']}", one["address"]) for one in group["next_meetings"]))


def _overview(group: Plain, words: Words) -> Facts:
    actions = group["actions"]
    done = sum(not action["open"] for action in actions)
    invited, came = (sum(row[name] for row in group["attendance"]) for name in ("invited", "came"))
    of = words.gettext("{part} of {whole}")
    facts = [
        Fact(words.gettext("Period"), group["period"]["text"] if group["period"] else ""),
        Fact(words.gettext("Working group"), group["name"], group["address"]),
        Fact(words.gettext("Meetings held"), str(len(group["meetings"]))),
        Fact(words.gettext("Came to meetings"), of.format(part=came, whole=invited) if invited else ""),
        Fact(words.gettext("Rankings"), str(len(group["rounds"]))),
        Fact(words.gettext("Decisions"), str(len(group["decisions"]))),
        Fact(words.gettext("Actions done"), of.format(part=done, whole=len(actions)) if actions else ""),
        Fact(words.gettext("Published outcomes"), str(len(group["outcomes"]))),
    ]
    return Facts(tuple(fact for fact in facts if fact.text))


def _meetings(group: Plain, helices: Plain, words: Words) -> Iterator[Block]:
    if not group["meetings"]:
        yield Paragraph(words.gettext("The group did not meet in this period."))
        return
    yield Table(
        caption=words.gettext("Meetings held"),
        columns=columns(
            words.gettext("Meeting"),
            words.gettext("When"),
            end=[words.gettext("Invited"), words.gettext("Came")],
        ),
        rows=tuple(
            (one["title"], one["when"], str(one["invited"] or NOTHING), str(one["came"] if one["invited"] else NOTHING))
            for one in group["meetings"]
        ),
    )
    if group["attendance"]:
        yield from meeting_sections.attendance(group["attendance"], helices, words)


def _rounds(group: Plain, words: Words) -> Block:
    if not group["rounds"]:
        return Paragraph(words.gettext("No ranking was published in this period."))
    return Table(
        caption=words.gettext("Rankings, with turnout"),
        columns=columns(
            words.gettext("Round"),
            words.gettext("What was found"),
            center=[words.gettext("Closed")],
            end=[words.gettext("Voted"), words.gettext("Asked")],
        ),
        rows=tuple(
            (
                told["title"],
                told["headline"] or NOTHING,
                told["closed"]["date"],
                str(told["ballots"]),
                str(told["electors"]),
            )
            for told in group["rounds"]
        ),
    )


def _decisions(group: Plain, words: Words) -> Block:
    if not group["decisions"]:
        return Paragraph(words.gettext("No decision is on record in published minutes of this period."))
    return Table(
        caption=words.gettext("What was decided, and at which meeting"),
        columns=columns(words.gettext("Decision"), words.gettext("Meeting")),
        rows=tuple((decision["text"], decision["meeting"]["title"]) for decision in group["decisions"]),
    )


def _actions(group: Plain, words: Words) -> Block:
    if not group["actions"]:
        return Paragraph(words.gettext("No action is on record in published minutes of this period."))
    return meeting_sections.actions(group["actions"], words)


def _outcomes(group: Plain, words: Words) -> Block:
    if not group["outcomes"]:
        return Paragraph(words.gettext("Nothing was published in this period."))
    lines = ((f"{one['title']} ({one['kind']}, {one['published']})", one["address"]) for one in group["outcomes"])
    return Items(tuple(Item(text, url) for text, url in lines))


def _members(group: Plain, helices: Plain, words: Words) -> Iterator[Block]:
    if not group["members"]:
        yield Paragraph(words.gettext("The group has no members yet."))
        return
    yield Table(
        caption=words.gettext("Members by helix, on the day of this report"),
        columns=columns(words.gettext("Helix"), end=[words.gettext("Members")]),
        rows=tuple((helix_name(row["helix"], helices, words), str(row["count"])) for row in group["members"]),
    )
    if group["countries"]:
        yield Paragraph(words.gettext("They come from {countries}.").format(countries=", ".join(group["countries"])))
