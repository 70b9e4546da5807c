"""How outcomes are searched: what is looked through, and how a reader's words are read."""

import re
from itertools import chain
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Func, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from history.prepared import Key

PLAIN = "simple"
STEMMED = {  # what every supported PostgreSQL has
    "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish",
}  # fmt: skip
UNSTEMMED = ("bg", "cs", "et", "hr", "lv", "mt", "pl", "sk", "sl")  # what begins as the typed word does is found too
LETTER = "[^' &|!<>():*-]"  # of a word in PostgreSQL's writing of a query
# How a word in such a writing is replaced by its beginning: the longer it is, the longer its ending may be. What is
# replaced has a star, by which the next rule knows it.
CUTS = ((6, 3), (5, 2), (4, 1), (4, 0))  # letters that are left at least, letters that go
BEGINNINGS = [(f"(?<!!)'({LETTER}{{{left},}}){LETTER}{{{cut}}}'(?!:)", r"'\1':*") for left, cut in CUTS]
DASH = re.compile(r"(?<!\S)-+(?!\S)")  # between words, as in titles: PostgreSQL would refuse the word that follows
UNWANTED = re.compile(r'(?<!\S)-("[^"]*"?|\S+)')


class Folded(Func):
    """Text without accents. The function is made in history's first migration; PostgreSQL's own is not immutable."""

    function = "immutable_unaccent"
    output_field = models.TextField()


def folded(text: str | Key) -> Any:
    """What somebody typed, without accents."""
    return Folded(text if isinstance(text, Key) else Value(text))


def words(config: str) -> Combinable:
    """What a search looks through, by weight: the title, then what the editors wrote, then the article."""
    title = SearchVector(Folded("title"), weight="A", config=config)
    summaries = SearchVector(Folded("abstract"), Folded("plain_summary"), weight="B", config=config)
    return title + summaries + SearchVector(Folded("text"), weight="D", config=config)


def indexed() -> Case:
    """Each edition in the configuration of its language."""
    return Case(*(When(language=code, then=words(config)) for code, config in STEMMED.items()), default=words(PLAIN))


class Read(SearchQuery):
    """What somebody typed as PostgreSQL reads it: words, "phrases" and or.

    Of a Key it is a query of its own: a prepared plan works out a function of it for each row that is ranked, but such
    a query once.
    """

    def __init__(self, text: str | Key, config: str | None = PLAIN, *, invert: bool = False) -> None:
        read = text if isinstance(text, Key) else DASH.sub(" ", text)
        super().__init__(folded(read), config=config, invert=invert, search_type="websearch")
        self._is_kept = isinstance(text, Key)

    def as_sql(self, *given: Any, **more: Any) -> tuple[str, Any]:
        sql, parameters = super().as_sql(*given, **more)
        return (f"(SELECT {sql})" if self._is_kept else sql), parameters


class Readings(Read):
    """Stemmed in each language and as they stand; the function is made in history."""

    def __init__(self, text: str | Key, *, invert: bool = False) -> None:
        super().__init__(text, None, invert=invert)
        self.function = "search_readings"


def query(text: str | Key) -> SearchQuery | Any:
    """Read what somebody typed: words, "phrases", or, -not.

    What is not wanted must be missing in every reading: else a word that English stems would be let in by Danish.
    A Key stands for text in which nothing is refused.
    """
    if isinstance(text, Key):
        return Readings(text)
    unwanted = " or ".join(UNWANTED.findall(text))
    if not unwanted:
        return Readings(text)
    wanted, refused = UNWANTED.sub(" ", text), Readings(unwanted, invert=True)
    return Readings(wanted) & refused if wanted.strip() else refused


class Beginnings(Read):
    """The query as it stands, each wanted word of four letters or more cut to what its forms share, roughly."""

    def as_sql(self, *given: Any, **more: Any) -> tuple[str, Any]:
        written, parameters = super().as_sql(*given, **more)
        sql = f"({written})::text"
        for _rule in BEGINNINGS:
            sql = f"regexp_replace({sql}, %s, %s, 'g')"
        return f"({sql})::tsquery", [*parameters, *chain(*BEGINNINGS)]


def spelling() -> Combinable:
    """Where mistyped words are looked for; an index has this very expression."""
    space = Value(" ")
    return Folded(Concat("title", space, "abstract", space, "plain_summary", output_field=TextField()))


def alike(text: str) -> tuple[Any, Combinable]:
    """The typed words folded, and how much they look like some in the title or the summaries, 0 to 1."""
    typed = folded(text)
    return typed, TrigramWordSimilarity(typed, spelling())
