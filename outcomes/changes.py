"""What differs between two editions, section by section, paragraph by paragraph, word by word. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from meetings.differences import Change, between
from outcomes.nodes import Block, Document, Facts, Items, Section, Table, texts
from outcomes.prose import to_text

ALWAYS_NEW = {"changes"}  # it differs in every edition and says nothing about it


@dataclass(frozen=True)
class SectionChange:
    """A section of the newer edition, or one of the older that is gone; only what changed in it."""

    heading: str
    kind: Literal["added", "removed", "changed"]
    changes: tuple[Change, ...]


def compare(before: Document, after: Document) -> list[SectionChange]:
    """Return the sections that differ, in the order of the newer edition; those that are gone come last."""
    old, new = _parts(before), _parts(after)
    found = [change for anchor, part in new.items() if (change := _compare(old.get(anchor), part))]
    gone = [
        SectionChange(heading, "removed", _told("", text)) for key, (heading, text) in old.items() if key not in new
    ]
    return [*found, *gone]


def _compare(old: tuple[str, str] | None, new: tuple[str, str]) -> SectionChange | None:
    heading, text = new
    if old is None:
        return SectionChange(heading, "added", _told("", text))
    changes = _told(old[1], text)
    return SectionChange(heading, "changed", changes) if changes else None


def _told(before: str, after: str) -> tuple[Change, ...]:
    return tuple(change for change in between(before, after) if change.kind != "same")


def _parts(document: Document) -> dict[str, tuple[str, str]]:
    """Heading and text by anchor; the title and the abstract count as a section of their own."""
    head = (document.overline, f"{document.title}\n\n{document.standfirst}")
    told = (section for section in document.sections if section.anchor not in ALWAYS_NEW)
    return {"": head} | {section.anchor: (section.heading, _text(section.blocks)) for section in told}


def _text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(line for block in blocks for line in _lines(block) if line.strip())


def _lines(block: Block) -> Iterator[str]:
    """Each paragraph, list item and row of a table stands on its own."""
    if isinstance(block, Section):
        yield block.heading
        yield _text(block.blocks)
    elif isinstance(block, Table):
        yield block.caption
        yield from (" · ".join(row) for row in block.rows)
        yield block.note
    elif isinstance(block, Facts):
        yield from (f"{fact.label}: {fact.text}" for fact in block.items)
    elif isinstance(block, Items):
        yield from (item.text for item in block.items)
    elif block.kind == "prose":
        yield to_text(block.source).replace("\n", "\n\n")
    else:
        yield from texts(block)
