"""How outcomes are searched: what is looked through, and how a reader's words are read."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from history.prepared import Key

STEMMED = "english"  # the only language of editions for which PostgreSQL's stemming is used


class Folded(Func):
    """Text without accents. The function is made in history's first migration; PostgreSQL's own is not immutable."""

    function = "immutable_unaccent"
    output_field = models.TextField()


def words(config: str) -> Combinable:
    """What a search looks through, by weight: the title, then what the editors wrote, then the article."""
    title = SearchVector(Folded("title"), weight="A", config=config)
    summaries = SearchVector(Folded("abstract"), Folded("plain_summary"), weight="B", config=config)
    return title + summaries + SearchVector(Folded("text"), weight="D", config=config)


def query(text: str | Key) -> Combinable:
    """Read what somebody typed: words, "phrases", or, -not; stemmed and as it stands."""
    folded = Folded(text if isinstance(text, Key) else Value(text))
    stemmed = SearchQuery(folded, config=STEMMED, search_type="websearch")
    return stemmed | SearchQuery(folded, config="simple", search_type="websearch")


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
