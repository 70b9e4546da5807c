"""What changed between two texts, by paragraph and inside of it by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "changed"]
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.4  # below this share of common words a paragraph was replaced, not changed


@dataclass(frozen=True)
class Part:
    """Words that are the same, were added or were removed."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One paragraph. A changed one is told in parts; every other one is a single part."""

    kind: Kind
    parts: tuple[Part, ...]


def between(before: str, after: str) -> list[Change]:
    """Return every paragraph of both texts in reading order."""
    old, new = paragraphs(before), paragraphs(after)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes += [_whole("same", text) for text in old[i1:i2]]
        else:
            changes += _replaced(old[i1:i2], new[j1:j2])
    return changes


def paragraphs(text: str) -> list[str]:
    """Return the blocks between empty lines; each line of a list is one of its own."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)]|#+|\|)\s?)", text.replace("\r\n", "\n"))
    return [block.strip() for block in blocks if block.strip()]


def _whole(kind: Kind, text: str) -> Change:
    return Change(kind, (Part(kind, text),))


def _replaced(old: list[str], new: list[str]) -> Iterator[Change]:
    """Pair paragraphs that are alike, in order; what is left was removed or added."""
    waiting = list(new)
    for text in old:
        twin = next((other for other in waiting if _likeness(text, other) >= ALIKE), None)
        if twin is None:
            yield _whole("removed", text)
            continue
        while waiting[0] is not twin:
            yield _whole("added", waiting.pop(0))
        waiting.pop(0)
        yield Change("changed", tuple(_words(text, twin)))
    for text in waiting:
        yield _whole("added", text)


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(a=re.findall(r"\w+", old), b=re.findall(r"\w+", new), autojunk=False).ratio()


def _words(old: str, new: str) -> Iterator[Part]:
    a, b = WORDS.findall(old), WORDS.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(a[i1:i2]))
            continue
        if i2 > i1:
            yield Part("removed", "".join(a[i1:i2]))
        if j2 > j1:
            yield Part("added", "".join(b[j1:j2]))
