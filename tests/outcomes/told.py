"""Snapshots as the database would give them, made by hand: for tests of what is written from a snapshot."""

import datetime as dt
import gettext
from collections.abc import Iterator
from typing import Any

from challenges import disclosure
from challenges.count import counting
from outcomes.nodes import Block, Document, Section

WORDS = gettext.NullTranslations()
WHEN = dt.datetime(2023, 7, 14, 9, 0, tzinfo=dt.UTC)
MOMENT = {"at": WHEN.isoformat(), "date": "14 July 2023", "text": "Friday 14 July 2023, 09:00 (UTC)"}
HELICES = {"government": "Public authorities", "business": "Business", "academia": "Academia", "civil_society": "Civil"}


def a_round(ballots: list[list[int]], helices: list[str], *, on_text: bool = False, **values: Any) -> dict[str, Any]:
    options = [{"id": number, "title": f"Option {number}"} for number in range(len(ballots[0]))]
    asked: dict[str | None, int] = {helix: helices.count(helix) for helix in set(helices)}
    rules = counting.Rules(resamples=50, on_text=on_text)
    result = counting.compute(ballots, helices, asked, options=options, rules=rules)
    return {
        "title": "Kick-off",
        "address": "/rounds/1/",
        "question": "What holds you back?",
        "group": {"name": "Group", "address": "/groups/g/"},
        "meeting": None,
        "opened": MOMENT,
        "closed": MOMENT,
        "voting_roles": ["Member"],
        "policy": "Breakdown",
        "headline": "Option 0 comes first",
        "options": [{"title": option["title"], "text": "", "origin": ""} for option in options],
        "result": disclosure.publishable(result, "breakdown").as_json(),
    } | values


def a_snapshot(*rounds: dict[str, Any], **edition: Any) -> dict[str, Any]:
    plain = {"title": "Title", "version": 1, "abstract": "Abstract.", "plain_summary": "", "change_note": ""}
    place = {"language": "en", "licence": "CC-BY-4.0", "address": "/outcomes/x/v1/", "data": "/outcomes/x/v1/json/"}
    group = {"name": "Group", "address": "/groups/g/", "aims": ["Learn"]}
    return {
        "made": MOMENT,
        "site": {"name": "Portal", "url": "https://portal.example"},
        "helices": HELICES,
        "publication": {"slug": "x", "kind": "Report", "groups": [group], "topics": [], "regions": []},
        "edition": plain | place | edition,
        "sources": {"rounds": list(rounds), "focuses": [], "meetings": [], "challenges": []},
        "provenance": [],
    }


def blocks(of: Document | Section) -> Iterator[Block]:
    """All that the document is made of, in its order."""
    for block in of.sections if isinstance(of, Document) else of.blocks:
        yield block
        if isinstance(block, Section):
            yield from blocks(block)
