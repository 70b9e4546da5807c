"""How outcomes are searched: what is looked through, and how a reader's words are read."""

import re
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from history.prepared import Key

PLAIN = "simple"
STEMMED = {  # what every supported PostgreSQL has; the other nine languages are searched as they are written
    "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish",
}  # fmt: skip
UNWANTED = re.compile(r'(?<!\S)-("[^"]*"?|\S+)')


class Folded(Func):
    """Text without accents. The function is made in history's first migration; PostgreSQL's own is not immutable."""

    function = "immutable_unaccent"
    output_field = models.TextField()


def words(config: str) -> Combinable:
    """What a search looks through, by weight: the title, then what the editors wrote, then the article."""
    title = SearchVector(Folded("title"), weight="A", config=config)
    summaries = SearchVector(Folded("abstract"), Folded("plain_summary"), weight="B", config=config)
    return title + summaries + SearchVector(Folded("text"), weight="D", config=config)


def indexed() -> Case:
    """Each edition in the configuration of its language."""
    return Case(*(When(language=code, then=words(config)) for code, config in STEMMED.items()), default=words(PLAIN))


def query(text: str | Key) -> Combinable:
    """Read what somebody typed: words, "phrases", or, -not; stemmed in each language and as it stands.

    What is not wanted must be missing in every reading: else a word that English stems would be let in by Danish.
    A Key stands for text in which nothing is refused.
    """
    if isinstance(text, Key):
        every: Combinable = reduce(or_, [_reading(text, config) for config in _configs()])
        return every
    unwanted = " or ".join(UNWANTED.findall(text))
    wanted = UNWANTED.sub(" ", text) if unwanted else text
    readings = [_reading(wanted, config) for config in _configs()] if wanted.strip() or not unwanted else []
    refused = [_reading(unwanted, config, invert=True) for config in _configs()] if unwanted else []
    parts = [reduce(or_, readings)] if readings else []
    whole: Combinable = reduce(and_, [*parts, *refused])
    return whole


def _configs() -> list[str]:
    return [PLAIN, *STEMMED.values()]


def _reading(text: str | Key, config: str, *, invert: bool = False) -> Any:
    folded = Folded(text if isinstance(text, Key) else Value(text))
    return SearchQuery(folded, config=config, invert=invert, search_type="websearch")


def found(text: str | Key) -> Q:
    return Q(search=query(text))


def spelling() -> Combinable:
    """Where mistyped words are looked for; an index has this very expression."""
    space = Value(" ")
    return Folded(Concat("title", space, "abstract", space, "plain_summary", output_field=TextField()))


def alike(text: str) -> tuple[Any, Combinable]:
    """The typed words folded, and how much they look like some in the title or the summaries, 0 to 1."""
    typed: Any = Folded(Value(text))  # the stubs know strings only
    return typed, TrigramWordSimilarity(typed, spelling())
