"""The section on a webinar: when and for whom it was, what was said, where recording and slides are. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from outcomes import written
from outcomes.nodes import Block, Fact, Facts, Item, Items, Paragraph, Prose, Section
from outcomes.wording import Words

Plain = Mapping[str, Any]


def sections(webinars: Sequence[Plain], words: Words) -> Iterator[Section]:
    """The only one is called by its kind: the edition has its name already."""
    for told in webinars:
        heading = told["kind"] if len(webinars) == 1 else told["title"]
        yield Section(f"webinar-{told['slug']}", heading, tuple(_blocks(told, heading, words)))


def _blocks(told: Plain, heading: str, words: Words) -> Iterator[Block]:
    if told["summary"]:
        yield Prose(told["summary"])
    yield Facts(tuple(fact for fact in _facts(told, words) if fact.text))
    if told["account"]:
        yield from written.blocks(told["account"], f"account-{told['slug']}", heading)
    else:
        yield Paragraph(words.gettext("What was said is not on record."))
    if told["links"]:
        names = _names(words)
        yield Items(tuple(Item(names[name], url) for name, url in told["links"].items()))


def _facts(told: Plain, words: Words) -> Iterator[Fact]:
    yield Fact(words.gettext("When"), told["when"])
    yield Fact(words.gettext("Where"), told["where"])
    yield Fact(words.gettext("Series"), told["series"])
    yield Fact(words.gettext("Organised by"), told["organisers"])
    yield Fact(words.gettext("For"), told["audience"])
    yield Fact(words.gettext("Took part"), str(told["participants"] or ""))
    yield Fact(words.gettext("Page"), told["title"], told["address"])


def _names(words: Words) -> dict[str, str]:
    return {
        "recording": words.gettext("Recording"),
        "captions": words.gettext("Recording with captions"),
        "transcript": words.gettext("Transcript"),
        "slides": words.gettext("Slides"),
    }
