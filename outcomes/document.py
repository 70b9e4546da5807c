"""From the snapshot of an edition to its document: every format is written from this tree, so that they say the same.

Pure. The order follows the reporting checklists for consensus methods: finding, aim, question, options, turnout, result
with its uncertainty, decision, changes, limits, licence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outcomes import group_sections, leaflet_sections, meeting_sections, round_sections, webinar_sections, written
from outcomes.imprint import ended, imprint, numbered
from outcomes.nodes import (
    Block,
    Document,
    Fact,
    Facts,
    Item,
    Items,
    Labels,
    Paragraph,
    Prose,
    Section,
    Table,
    texts,
)
from outcomes.prose import to_text
from outcomes.told import Round, columns
from outcomes.wording import Words

Plain = Mapping[str, Any]


def compose(snapshot: Plain, words: Words) -> Document:
    """Return the document of a snapshot as made by `snapshot.take`; addresses stay relative to the site."""
    edition, publication = snapshot["edition"], snapshot["publication"]
    groups = [group["name"] for group in publication["groups"]]
    return Document(
        title=edition["title"],
        overline=" · ".join([publication["kind"], *groups]),
        standfirst=edition["abstract"],
        byline=" · ".join([snapshot["site"]["name"], numbered(edition, words), snapshot["made"]["date"]]),
        language=edition["language"],
        authors=tuple(groups) or (snapshot["site"]["name"],),
        keywords=tuple(topic["title"] for topic in publication["topics"]),
        facts=imprint(snapshot, words),
        sections=tuple(_sections(snapshot, words)),
        publisher=snapshot["site"]["name"],
        layout="leaflet" if snapshot.get("template") == "leaflet" else "report",
        labels=_labels(edition, words),
    )


def absolute(document: Document, site: str) -> Document:
    """Put the site before every address that starts with a slash: for files that leave it."""
    whole: Document = _absolute(document, site)
    return whole


def plain_text(document: Document) -> str:
    """Every word of the article, for searching."""
    return "\n".join(to_text(text) if text else "" for text in texts(document))


def _labels(edition: Plain, words: Words) -> Labels:
    return Labels(
        language=edition.get("words", "en"),
        contents=words.gettext("Contents"),
        figure=words.gettext("Figure"),
        table=words.gettext("Table"),
        page=words.gettext("Page"),
    )


def _sections(snapshot: Plain, words: Words) -> Iterator[Section]:
    """By template; snapshots from before there were several are of the outcome of a round."""
    write = {"meeting": _of_meetings, "half_year": _of_groups, "leaflet": _of_leaflet}
    yield from write.get(snapshot.get("template", "round"), _of_rounds)(snapshot, words)


def _of_rounds(snapshot: Plain, words: Words) -> Iterator[Section]:
    told = list(_rounds(snapshot, words))
    first = 1 if len(snapshot["sources"]["rounds"]) == 1 else 0
    yield from told[:first]
    yield from _plain(snapshot, words)
    yield from told[first:]
    yield from _decided(snapshot, words)
    yield from _webinars(snapshot, words)
    yield from _behind(snapshot, words)
    yield from _aims(snapshot["publication"]["groups"], words)
    yield from _end(snapshot, words)


def _of_meetings(snapshot: Plain, words: Words) -> Iterator[Section]:
    """One meeting stands on the first level; several get a section each. Of a webinar, meetings are what is behind."""
    yield from _plain(snapshot, words)
    if snapshot["sources"].get("webinars"):
        yield from _webinars(snapshot, words)
        yield from _behind(snapshot, words)
    else:
        yield from _reports(snapshot, words)
    yield from _rounds(snapshot, words)
    yield from _decided(snapshot, words)
    yield from _end(snapshot, words)


def _webinars(snapshot: Plain, words: Words) -> Iterator[Section]:
    """Snapshots from before there were any have none."""
    yield from webinar_sections.sections(snapshot["sources"].get("webinars", ()), words)


def _behind(snapshot: Plain, words: Words) -> Iterator[Section]:
    if meetings := snapshot["sources"]["meetings"]:
        heading = words.ngettext("The meeting behind this", "The meetings behind this", len(meetings))
        yield Section("meetings", heading, tuple(_meeting(plain, words) for plain in meetings))


def _reports(snapshot: Plain, words: Words) -> Iterator[Section]:
    meetings = snapshot["sources"]["meetings"]
    for plain in meetings:
        inner = meeting_sections.sections(plain, snapshot["helices"], words)
        if len(meetings) == 1:
            yield from inner
        else:
            yield Section(f"report-{plain['slug']}", plain["title"], tuple(inner))


def _of_groups(snapshot: Plain, words: Words) -> Iterator[Section]:
    yield from _plain(snapshot, words)
    groups = snapshot["groups"]
    for number, plain in enumerate(groups, 1):
        key = f"-{number}" if len(groups) > 1 else ""
        inner = group_sections.sections(plain, snapshot["helices"], words, key=key)
        if len(groups) == 1:
            yield from inner
        else:
            yield Section(f"group{key}", plain["name"], tuple(inner))
    yield from _rounds(snapshot, words)
    yield from _decided(snapshot, words)
    yield from _end(snapshot, words)


def _of_leaflet(snapshot: Plain, words: Words) -> Iterator[Section]:
    yield from _plain(snapshot, words)
    for number, plain in enumerate(snapshot["groups"], 1):
        standfirst = snapshot["edition"]["abstract"]
        yield from leaflet_sections.sections(plain, words, key=f"-{number}", standfirst=standfirst)
    if snapshot["edition"].get("next_steps"):
        yield _own(snapshot, "next_steps", "next", words.gettext("What comes next"))


def _plain(snapshot: Plain, words: Words) -> Iterator[Section]:
    if snapshot["edition"]["plain_summary"]:
        yield _own(snapshot, "plain_summary", "plain", words.gettext("In plain words"))


def _own(snapshot: Plain, name: str, anchor: str, heading: str) -> Section:
    """Prose of the edition itself; its language is marked where the words around it are in another."""
    edition = snapshot["edition"]
    differs = edition["language"] != edition.get("words", "en")
    language = edition["language"] if differs else ""
    return Section(anchor, heading, tuple(written.blocks(edition[name], anchor, heading, language=language)))


def _decided(snapshot: Plain, words: Words) -> Iterator[Section]:
    sources = snapshot["sources"]
    yield from (_focus(number, plain, words) for number, plain in enumerate(sources["focuses"], 1))
    if sources["challenges"]:
        yield Section("challenges", words.gettext("The challenges"), tuple(map(_challenge, sources["challenges"])))


def _end(snapshot: Plain, words: Words) -> Iterator[Section]:
    """What comes next, what changed, limits, references."""
    edition = snapshot["edition"]
    if edition.get("next_steps"):
        yield _own(snapshot, "next_steps", "next", words.gettext("What comes next"))
    if edition["change_note"]:
        yield _own(snapshot, "change_note", "changes", words.gettext("What changed in this edition"))
    if snapshot["sources"]["rounds"]:
        yield Section("limits", words.gettext("Limits"), tuple(map(Paragraph, _limits(words))))
    if works := _references(snapshot):
        yield Section("references", words.gettext("References"), (Items(works, numbered=True),))


def _references(snapshot: Plain) -> tuple[Item, ...]:
    """Records of the site behind this, then works of others."""
    steps = (
        Item(f"{step['kind']}: {ended(step['title'])} {step['text']}.", step["address"])
        for step in snapshot["provenance"]
    )
    return (*steps, *(Item(work["text"], work["url"]) for work in snapshot.get("references", ())))


def _rounds(snapshot: Plain, words: Words) -> Iterator[Section]:
    """One round of a round's outcome stands on the first level; otherwise each has a section."""
    rounds = [Round.read(plain, snapshot["helices"], words) for plain in snapshot["sources"]["rounds"]]
    if len(rounds) == 1 and snapshot.get("template", "round") == "round":
        yield from round_sections.sections(rounds[0])
        return
    for number, told in enumerate(rounds, 1):
        inner = (replace(part, anchor=f"{part.anchor}-{number}") for part in round_sections.sections(told))
        yield Section(f"round-{number}", told.plain["title"], tuple(inner))


def _focus(number: int, plain: Plain, words: Words) -> Section:
    chosen = Table(
        caption=words.gettext("The challenges in focus; equal places are a joint decision"),
        columns=columns(words.gettext("Challenge"), center=[words.gettext("Place")]),
        rows=tuple((entry["title"], entry["place"]) for entry in plain["entries"]),
    )
    facts = [Fact(words.gettext("Decided"), plain["decided"]["date"])]
    facts.append(Fact(words.gettext("After the round"), plain["round"]["title"], plain["round"]["address"]))
    if meeting := plain["meeting"]:
        facts.append(Fact(words.gettext("At the meeting"), meeting["title"], meeting["address"]))
    blocks = (Prose(plain["reason"]), chosen, Facts(tuple(facts)))
    return Section(f"focus-{number}", words.gettext("What the group decided to take up, and why"), blocks)


def _challenge(plain: Plain) -> Section:
    blocks: list[Block] = [Facts(tuple(Fact(fact["label"], fact["text"], fact["address"]) for fact in plain["facts"]))]
    if plain["text"]:
        blocks.insert(0, Prose(plain["text"]))
    if plain["subdimensions"]:
        blocks.append(Items(tuple(Item(part["title"], part["address"]) for part in plain["subdimensions"])))
    return Section(f"challenge-{plain['slug']}", plain["title"], tuple(blocks))


def _meeting(plain: Plain, words: Words) -> Section:
    facts = [Fact(words.gettext("When"), plain["when"]), Fact(words.gettext("Where"), plain["where"])]
    facts.append(Fact(words.gettext("Page"), plain["title"], plain["address"]))
    blocks: list[Block] = [Facts(tuple(fact for fact in facts if fact.text))]
    if plain["summary"]:
        blocks.insert(0, Prose(plain["summary"]))
    if plain["agenda"]:
        blocks.append(Items(tuple(Item(point["title"]) for point in plain["agenda"]), numbered=True))
    return Section(f"meeting-{plain['slug']}", plain["title"], tuple(blocks))


def _aims(groups: Sequence[Plain], words: Words) -> Iterator[Section]:
    with_aims = [group for group in groups if group["aims"]]
    blocks: list[Block] = []
    for group in with_aims:
        blocks += [Paragraph(group["name"])] if len(with_aims) > 1 else []
        blocks.append(Items(tuple(Item(aim) for aim in group["aims"])))
    if blocks:
        yield Section("aims", words.gettext("What the group is for"), tuple(blocks))


def _limits(words: Words) -> Iterator[str]:
    yield words.gettext(
        "The result speaks for those who voted. Members were not drawn at random, so it does not stand for all regions."
    )
    yield words.gettext(
        "Ballots are secret. Where few voted, figures are withheld so that nobody’s ballot can be worked out."
    )


def _absolute(value: Any, site: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_absolute(item, site) for item in value)
    if not hasattr(value, "__dataclass_fields__"):
        return value
    changed = {name: _absolute(getattr(value, name), site) for name in value.__dataclass_fields__ if name != "kind"}
    url = changed.get("url", "")
    if isinstance(url, str) and url.startswith("/"):
        changed["url"] = f"{site}{url}"
    return replace(value, **changed)
