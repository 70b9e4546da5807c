"""The sections of a group's leaflet: one page for who has never heard of it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from outcomes.group_sections import next_meetings
from outcomes.nodes import Block, Fact, Facts, Item, Items, Paragraph, Prose, Section
from outcomes.wording import Words

Plain = Mapping[str, Any]
MOST_OUTCOMES, MOST_MEETINGS = 4, 2  # the newest and the next; more belongs on the group's page


def sections(group: Plain, words: Words, *, key: str, standfirst: str = "") -> Iterator[Section]:
    """What there is to say; a leaflet does not speak of what is missing, nor twice of what stands first on its page."""
    if group["aims"]:
        aims = Items(tuple(map(Item, group["aims"])))
        summary = [] if group["summary"].strip() == standfirst.strip() else _summary(group)
        yield Section(f"aims{key}", words.gettext("What the group is for"), (*summary, aims))
    if group["rounds"] and group["rounds"][-1]["headline"]:
        yield Section(f"found{key}", words.gettext("What it found"), tuple(_found(group["rounds"][-1], words)))
    if group["focus"]:
        focus = Facts(tuple(Fact(one["place"], one["title"]) for one in group["focus"]["entries"]))
        yield Section(f"focus{key}", words.gettext("What it works on"), (focus,))
    if (numbers := _numbers(group, words)).items:
        yield Section(f"numbers{key}", words.gettext("In numbers"), (numbers,))
    if group["outcomes"]:
        newest = list(reversed(group["outcomes"]))[:MOST_OUTCOMES]
        lines = Items(tuple(Item(f"{one['title']} ({one['published']})", one["address"]) for one in newest))
        yield Section(f"outcomes{key}", words.gettext("To read"), (lines,))
    if group["next_meetings"]:
        soon = {**group, "next_meetings": group["next_meetings"][:MOST_MEETINGS]}
        yield Section(f"next-meetings{key}", words.gettext("Next meetings"), (next_meetings(soon),))


def _summary(group: Plain) -> list[Block]:
    return [Prose(group["summary"])] if group["summary"] else []


def _found(told: Plain, words: Words) -> Iterator[Block]:
    turnout = words.gettext("{ballots} of {electors} members ranked the challenges ({day}).")
    yield Paragraph(f"{told['headline']}.")
    said = turnout.format(ballots=told["ballots"], electors=told["electors"], day=told["closed"]["date"])
    yield Paragraph(said, quiet=True)


def _numbers(group: Plain, words: Words) -> Facts:
    facts = [
        (words.gettext("Members"), sum(row["count"] for row in group["members"])),
        (words.gettext("Countries"), len(group["countries"])),
        (words.gettext("Meetings held"), len(group["meetings"])),
        (words.gettext("Rankings"), len(group["rounds"])),
        (words.gettext("Published outcomes"), len(group["outcomes"])),
    ]
    contact = (
        [Fact(words.gettext("Contact"), group["contact"], f"mailto:{group['contact']}")] if group["contact"] else []
    )
    return Facts((*(Fact(label, str(count)) for label, count in facts if count), *contact))
