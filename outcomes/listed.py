"""What the card of an edition says in the list: one query for a page of them."""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet, TextField, Value
from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext

from history.prepared import Key
from outcomes.highlights import BEFORE, LENGTH, highlighted, spellings
from outcomes.models import Edition, Publication
from outcomes.statements import AnyOf, Statement
from outcomes.stock import Stock
from workinggroups.models import WorkingGroup

CUT = re.compile(r"^\S*\s+|\s+\S*$")
MOST = 10  # words that are looked for in articles
SLUG, VERSION = "0-0", 90_000_009  # stand in an address for those of each: resolving it once is enough


class Card(NamedTuple):
    """An edition in print; `groups` in words, `day` and what it `rests_on` as the reader's language writes them.

    Where `words` were searched they are marked, of a guess what is spelt nearly so; `passage` is of the article, around
    what is not in title or abstract.
    """

    address: str
    kind: str
    groups: str
    title: str
    abstract: str
    language: str
    version: int
    at: str
    day: str
    rests_on: str
    words: str = ""
    is_guess: bool = False
    passage: str = ""

    @property
    def marked_title(self) -> str:
        """As HTML, like what follows."""
        return self._marked(self.title)

    @property
    def marked_abstract(self) -> str:
        return self._marked(self.abstract)

    @property
    def excerpt(self) -> str:
        """The passage without the words that were cut at its ends, marked; "" where nothing in it is."""
        if not self.passage:
            return ""
        marked = highlighted(" ".join(CUT.sub("", self.passage).split()), self.words)
        return marked if "<mark>" in marked else ""

    def _marked(self, text: str) -> str:
        return highlighted(text, self.words, nearly=self.is_guess) if self.words else escape(text)


def cards(pks: Sequence[int], known: Stock, words: str = "", *, is_guess: bool = False) -> list[Card]:
    """The cards of these editions in this order; what is not in print any more is left out."""
    kinds, language = _kinds(get_language()), get_language()
    found = {}
    for row in _rows(list(pks), words):
        pk, slug, kind, names, title, abstract, written_in, version, at, ballots, passage = row
        found[pk] = Card(
            address=addresses(slug, version)[0],
            kind=kinds[kind],
            groups=", ".join(names),
            title=title,
            abstract=abstract,
            language=written_in,
            version=version,
            at=at.isoformat(),
            day=_day(localtime(at).date(), language),
            rests_on=_rests_on(ballots or 0, known.countries[pk], language),
            words=words,
            is_guess=is_guess,
            passage=passage,
        )
    return [found[pk] for pk in pks if pk in found]


def addresses(slug: str, version: int) -> tuple[str, str]:
    """Of the publication, and of this edition of it."""
    publication, edition = _addresses(get_script_prefix())
    return publication.replace(SLUG, slug), edition.replace(str(VERSION), str(version)).replace(SLUG, slug)


@lru_cache(maxsize=10)
def _addresses(_prefix: str) -> tuple[str, str]:
    return reverse("outcomes:detail", args=[SLUG]), reverse("outcomes:edition", args=[SLUG, VERSION])


def group_names() -> ArraySubquery:
    """The names of an edition's groups, in their order."""
    groups = WorkingGroup.objects.filter(publications=OuterRef("publication")).order_by("name", "pk")
    return ArraySubquery(groups.values("name"))


class Passage(Func):
    """Of the article, a piece around the first word that neither title nor abstract has; "" where there is none.

    Takes the title, the abstract, the article, and an expression for each word. A piece begins and ends with a space
    or within a word.
    """

    template = """coalesce((
        SELECT substr(' ' || whole.article || ' ', greatest(1, hit.place + 1 - %(before)s), %(length)s)
        FROM (VALUES (%(expressions)s)) AS whole (title, abstract, article, words),
            unnest(whole.words::text[]) AS word,
            LATERAL (SELECT regexp_instr(whole.article, word) AS place) AS hit
        WHERE whole.title !~ word AND whole.abstract !~ word AND hit.place > 0
        LIMIT 1), '')"""
    output_field = TextField()
    extra: dict[str, Any]


def _rows(pks: list[int], words: str) -> list[tuple[Any, ...]]:
    known = [rf"\m{spelt}\M" for spelt in spellings(words)[:MOST]]
    return SHOWN_FOUND.rows(pks=pks, spellings=known) if known else SHOWN.rows(pks=pks)


def _shown(passage: Any) -> QuerySet[Any, Any]:
    asked = Key("pks", ArrayField(BigIntegerField()))
    rows: QuerySet[Any, Any] = (
        Edition.objects.published()
        .filter(AnyOf(F("pk"), asked))
        .order_by()
        .values_list(
            "pk", "publication__slug", "publication__kind", group_names(), "title", "abstract",
            "language", "version", "published_at", "ballots", passage,
        )
    )  # fmt: skip
    return rows


def _found() -> QuerySet[Any, Any]:
    known = Key("spellings", ArrayField(TextField()))
    return _shown(Passage("title", "abstract", "text", known, before=BEFORE, length=LENGTH - BEFORE))


SHOWN, SHOWN_FOUND = Statement(lambda: _shown(Value(""))), Statement(_found)


@lru_cache(maxsize=100)
def _kinds(_language: str | None) -> dict[str, str]:
    return {kind: str(name) for kind, name in Publication.Kind.choices}


@lru_cache(maxsize=1000)
def _rests_on(ballots: int, countries: int, _language: str | None) -> str:
    """How many ballots and countries it tells of, in words; "" where it tells of none."""
    words = [
        ngettext("%(n)s ballot", "%(n)s ballots", ballots) % {"n": ballots} if ballots else "",
        ngettext("%(n)s country", "%(n)s countries", countries) % {"n": countries} if countries else "",
    ]
    return ", ".join(filter(None, words))


@lru_cache(maxsize=1000)
def _day(day: dt.date, _language: str | None) -> str:
    return date_format(day, "DATE_FORMAT")
