"""What the card of an edition says in the list: one query for a page of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, OuterRef, QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext

from history.prepared import Key
from outcomes.models import Edition, Publication
from outcomes.statements import AnyOf, Statement
from outcomes.stock import Stock
from workinggroups.models import WorkingGroup

SLUG, VERSION = "0-0", 90_000_009  # stand in an address for those of each: resolving it once is enough


@dataclass(frozen=True)
class Card:
    """An edition in print; `groups` in words, `day` as the reader's language writes it."""

    address: str
    kind: str
    groups: str
    title: str
    abstract: str
    language: str
    version: int
    at: str
    day: str
    ballots: int | None
    countries: int

    @property
    def rests_on(self) -> str:
        return _rests_on(self.ballots or 0, self.countries, get_language())


def cards(pks: Sequence[int], known: Stock) -> list[Card]:
    """The cards of these editions in this order; what is not in print any more is left out."""
    kinds, language = _kinds(get_language()), get_language()
    found = {}
    for pk, slug, kind, names, title, abstract, written_in, version, at, ballots in SHOWN.rows(pks=list(pks)):
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
            ballots=ballots,
            countries=known.countries(pk),
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


def _shown() -> QuerySet[Any, Any]:
    asked = Key("pks", ArrayField(BigIntegerField()))
    rows: QuerySet[Any, Any] = (
        Edition.objects.published()
        .filter(AnyOf(F("pk"), asked))
        .order_by()
        .values_list(
            "pk", "publication__slug", "publication__kind", group_names(), "title", "abstract",
            "language", "version", "published_at", "ballots",
        )
    )  # fmt: skip
    return rows


SHOWN = Statement(_shown)


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
