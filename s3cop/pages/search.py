"""/search/: one box over all that is told, in two queries; three where words are mistyped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField, TrigramWordSimilarity
from django.db.models import CharField, Count, F, FloatField, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from challenges.models import Challenge
from meetings.models import Meeting, Webinar
from outcomes import search as outcomes
from outcomes.characters import clean
from outcomes.models import Edition
from people.models import User
from people.sessions import viewer
from s3cop.pages.highlights import highlighted, snippet
from workinggroups.models import WorkingGroup

PER_PAGE, MOST_PAGES = 20, 25
LONGEST = 200
LONG = 4000  # characters of a record's text that are looked through for the snippet


class Words(Func):
    """The indexed words of a record; the expression is that of migration 0002."""

    template = "to_tsvector('english', immutable_unaccent(%(expressions)s))"
    arg_joiner = " || ' ' || "
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

    def matching(self, query: Any, person: User | None) -> QuerySet[Any]:
        own = F("search") if self.name == "outcome" else Words(self.title, self.text)
        found = self.visible(person).annotate(words=own).filter(words=query)
        ranked: QuerySet[Any] = found.annotate(score=SearchRank(own, query))
        return ranked

    def alike(self, typed: Any, person: User | None) -> QuerySet[Any]:
        """Titles with a word spelt nearly so; the operator lets PostgreSQL use its index."""
        found = self.visible(person).annotate(folded=outcomes.Folded(F(self.title)))
        near = found.filter(folded__trigram_word_similar=typed)
        ranked: QuerySet[Any] = near.annotate(score=TrigramWordSimilarity(typed, "folded"))
        return ranked

    def columns(self, found: QuerySet[Any]) -> QuerySet[Any]:
        said: dict[str, Any] = {
            "found_kind": Value(self.name),
            "found_key": Cast(self.key, CharField()),
            "found_title": Cast(self.title, TextField()),
            "found_text": Left(Cast(self.text, TextField()), LONG),
            "found_score": Cast("score", FloatField()),
        }
        rows: QuerySet[Any] = found.order_by().annotate(**said).values_list(*said)
        return rows


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


@dataclass(frozen=True)
class Hit:
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
    """Count by kind, then fetch one page; nothing found: look for words that are spelt nearly so."""
    query: Any = SearchQuery(outcomes.Folded(Value(words)), config="english", search_type="websearch")
    asked = {name: outcomes.query(words) if name == "outcome" else query for name in KINDS}
    matching = {name: kind.matching(asked[name], person) for name, kind in KINDS.items()}
    counts = _counted(matching)
    if not sum(counts.values()):
        return _guessed(words, person)
    shown = [only] if only else list(KINDS.values())
    total = sum(counts[kind.name] for kind in shown)
    start = (min(number, MOST_PAGES) - 1) * PER_PAGE
    rows = _together([kind.columns(matching[kind.name]) for kind in shown])[start : start + PER_PAGE]
    listed = [(kind, counts[kind.name]) for kind in KINDS.values() if counts[kind.name]]
    return Found(_hits(rows, words), listed, total, number)


def _guessed(words: str, person: User | None) -> Found:
    typed: Any = outcomes.Folded(Value(words))
    rows = _together([kind.columns(kind.alike(typed, person)) for kind in KINDS.values()])[:PER_PAGE]
    hits = _hits(rows, words)
    return Found(hits, [], len(hits), 1, is_guess=True)


def _counted(matching: dict[str, QuerySet[Any]]) -> dict[str, int]:
    parts = [
        found.order_by().values(found_kind=Value(name)).annotate(n=Count("pk")).values_list("found_kind", "n")
        for name, found in matching.items()
    ]
    counts = dict.fromkeys(KINDS, 0)
    return counts | dict(parts[0].union(*parts[1:], all=True))


def _together(parts: list[QuerySet[Any]]) -> QuerySet[Any]:
    """Best first; equal ones by title and address, so that pages do not overlap."""
    whole: QuerySet[Any] = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return whole.order_by("-found_score", "found_title", "found_key")


def _hits(rows: QuerySet[Any], words: str) -> list[Hit]:
    return [
        Hit(KINDS[kind], reverse(KINDS[kind].page, args=[key]), highlighted(title, words), snippet(text, words))
        for kind, key, title, text, _score in rows
    ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= len("25") and int(text) else 1
