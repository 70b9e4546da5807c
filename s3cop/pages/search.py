"""/search/: one box over all that is told, in one query; two where words are mistyped."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.search import SearchRank, SearchVectorField, TrigramWordSimilarity
from django.db.models import (
    CharField,
    Count,
    F,
    FloatField,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Cast, Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from challenges.models import Challenge
from history.prepared import Key
from meetings.models import Meeting, Webinar
from outcomes import search as outcomes
from outcomes.characters import clean
from outcomes.highlights import highlighted, snippet
from outcomes.listed import SLUG
from outcomes.models import Edition
from outcomes.statements import Statement
from people.models import User
from people.sessions import viewer
from workinggroups.models import WorkingGroup

PER_PAGE, MOST_PAGES = 20, 25
LONGEST = 200
LONG = 4000  # characters of a record's text that are looked through for the snippet
BEST = ("-found_score", "found_title", "found_kind", "found_pk")  # equal ones in a fixed order: pages do not overlap
NUMBER = 5  # the column that says how many there are of the kind
Words = str | Key
Row = tuple[Any, ...]


class Indexed(Func):
    """The weighed words of a record: a column of migration 0003 that the room itself does not know."""

    template = '"%(table)s".search_words'
    output_field = SearchVectorField()


@dataclass(frozen=True)
class Kind:
    """A kind of record: what a viewer may see of it, and which columns say what it is."""

    name: str
    label: str | Promise
    visible: Callable[[User | None], QuerySet[Any]]
    key: str
    title: str
    text: str
    page: str

    def having(self, words: Words, person: User | None) -> QuerySet[Any]:
        """What has the words, with its `score`."""
        seen = self.visible(person)
        own = F("search") if self.name == "outcome" else Indexed(table=seen.model._meta.db_table)  # noqa: SLF001 - documented
        query = outcomes.query(words) if self.name == "outcome" else outcomes.Read(words, "english")
        found = seen.having(words) if self.name == "outcome" else seen.annotate(words=own).filter(words=query)  # type: ignore[attr-defined]
        ranked: QuerySet[Any] = found.annotate(score=SearchRank(own, query))
        return ranked

    def alike(self, words: Words, person: User | None) -> QuerySet[Any]:
        """Titles with a word spelt nearly so; the operator lets PostgreSQL use its index."""
        typed: Any = outcomes.folded(words)
        found = self.visible(person).annotate(folded=outcomes.Folded(F(self.title)))
        near = found.filter(folded__trigram_word_similar=typed)
        ranked: QuerySet[Any] = near.annotate(score=TrigramWordSimilarity(typed, "folded"))
        return ranked

    def best(self, found: QuerySet[Any], most: int) -> QuerySet[Any]:
        """So many of what was found, the best first, each with the number of all."""
        said: dict[str, Any] = {
            "found_kind": Value(self.name),
            "found_key": self._of_few(Cast(self.key, CharField())),
            "found_title": Cast(self.title, TextField()),
            "found_text": self._of_few(Left(Cast(self.text, TextField()), LONG)),
            "found_score": Cast("score", FloatField()),
            "found_number": Window(Count("pk")),
            "found_pk": F("pk"),
        }
        rows: QuerySet[Any] = found.annotate(**said).order_by(*BEST).values_list(*said)[:most]
        return rows

    def _of_few(self, said: Any) -> Subquery:
        """As a query of its own, which PostgreSQL puts only for what is left when all is sorted and cut."""
        again = self.visible(None).model._base_manager.filter(pk=OuterRef("pk"))  # noqa: SLF001 - documented
        return Subquery(again.order_by().annotate(said=said).values("said"))


def _editions(person: User | None) -> QuerySet[Any]:
    """In print, and what the person writes on; an older or withdrawn edition is found through its publication."""
    return Edition.objects.visible_to(person).exclude(state__in=[Edition.State.SUPERSEDED, Edition.State.WITHDRAWN])


def _challenges(person: User | None) -> QuerySet[Any]:
    return Challenge.objects.visible_to(person).exclude(status=Challenge.Status.MERGED)


def _groups(person: User | None) -> QuerySet[Any]:
    return WorkingGroup.objects.visible_to(person)


def _meetings(person: User | None) -> QuerySet[Any]:
    return Meeting.objects.visible_to(person)


def _webinars(person: User | None) -> QuerySet[Any]:
    return Webinar.objects.visible_to(person)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("outcome", _("Outcome"), _editions, "publication__slug", "title", "abstract", "outcomes:detail"),
        Kind("group", _("Working group"), _groups, "slug", "name", "summary", "workinggroups:detail"),
        Kind("challenge", _("Challenge"), _challenges, "slug", "title", "text", "challenges:detail"),
        Kind("meeting", _("Meeting"), _meetings, "slug", "title", "summary", "meetings:detail"),
        Kind("webinar", _("Webinar or conference"), _webinars, "slug", "title", "summary", "meetings:webinar"),
    )
}


class Hit(NamedTuple):
    """A record that was found, with the words marked."""

    kind: Kind
    address: str
    title: SafeString
    text: SafeString


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are of each kind, and whether the words were guessed."""

    hits: list[Hit]
    counts: list[tuple[Kind, int]]
    total: int
    number: int
    is_guess: bool = False

    @property
    def pages(self) -> int:
        return min(-(-self.total // PER_PAGE), MOST_PAGES)


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = clean(request.GET.get("q", ""))[:LONGEST].strip()
    only = KINDS.get(request.GET.get("kind", ""))
    found = look(words, viewer(request), only, _number(request.GET.get("page", ""))) if words else None
    context = {"words": words, "found": found, "only": only}
    return render(request, "pages/search.html", context)


def look(words: str, person: User | None, only: Kind | None, number: int) -> Found:
    """Fetch the best of each kind and show one page of them; nothing found: words that are spelt nearly so."""
    page = min(number, MOST_PAGES)
    rows = _rows(_having, words, person, only, page)
    if not rows:
        # Whoever writes -not means it: what is spelt nearly so may be just that.
        alike = [] if outcomes.UNWANTED.search(words) else _rows(_alike, words, person, None, 1)
        hits = _hits(alike[:PER_PAGE], words, is_guess=True)
        return Found(hits, [], len(hits), 1, is_guess=True)
    counts = {row[0]: row[NUMBER] for row in rows}
    shown = [row for row in rows if only is None or row[0] == only.name]
    listed = [(kind, counts[kind.name]) for kind in KINDS.values() if kind.name in counts]
    total = counts.get(only.name, 0) if only else sum(counts.values())
    page = max(1, min(page, -(-total // PER_PAGE)))  # who asks for a page past the end gets the last one
    return Found(_hits(shown[(page - 1) * PER_PAGE : page * PER_PAGE], words), listed, total, page)


def _rows(way: "Way", words: str, person: User | None, only: Kind | None, page: int) -> list[Row]:
    """For strangers, who see the same, the query is written once; what is refused is part of a query, not its words."""
    if person is None and "-" not in words:
        return _prepared(way, only, page).rows(words=words)
    return list(way(words, person, only, page))


@lru_cache(maxsize=50)
def _prepared(way: "Way", only: Kind | None, page: int) -> Statement:
    return Statement(lambda: way(Key("words", TextField()), None, only, page))


def _having(words: Words, person: User | None, only: Kind | None, page: int) -> QuerySet[Any]:
    """Of kinds that are not looked at, one record tells how many there are."""
    most = {kind: page * PER_PAGE if only in (None, kind) else 1 for kind in KINDS.values()}
    return _together([kind.best(kind.having(words, person), most[kind]) for kind in KINDS.values()])


def _alike(words: Words, person: User | None, _only: Kind | None, _page: int) -> QuerySet[Any]:
    return _together([kind.best(kind.alike(words, person), PER_PAGE) for kind in KINDS.values()])


Way = Callable[[Words, User | None, Kind | None, int], QuerySet[Any]]


def _together(parts: list[QuerySet[Any]]) -> QuerySet[Any]:
    return parts[0].union(*parts[1:], all=True).order_by(*BEST)


def _hits(rows: list[Row], words: str, *, is_guess: bool = False) -> list[Hit]:
    """Of a guess, made by titles, what is spelt nearly so is marked."""
    prefix = get_script_prefix()
    return [
        Hit(
            kind=KINDS[kind],
            address=_address(KINDS[kind].page, prefix).replace(SLUG, key),
            title=highlighted(title, words, nearly=is_guess),
            text=snippet(text, words, nearly=is_guess),
        )
        for kind, key, title, text, *_ranked in rows
    ]


@lru_cache(maxsize=50)
def _address(page: str, _prefix: str) -> str:
    """Of a record of that kind; SLUG stands for its own."""
    return reverse(page, args=[SLUG])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= len("25") and int(text) else 1
