"""What a reader may filter outcomes by. Values from outside are cleaned, not refused: an unknown one finds nothing."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchRank
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from history.prepared import Key
from outcomes import search
from outcomes.characters import clean
from outcomes.models import Edition, EditionQuerySet, Reference, ReferenceQuerySet

LONGEST, MOST = 200, 20  # characters of a value, values of a filter
Editions = EditionQuerySet


class Typed(forms.CharField):
    """Words to search for, cut to a sensible length."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        return clean(str(value or ""))[:LONGEST].strip()


class Chosen(forms.MultipleChoiceField):
    """The values of one facet: any text, each once, not too many."""

    def to_python(self, value: Any) -> list[str]:
        texts = (clean(str(text))[:LONGEST].strip() for text in (value or [])[: MOST * 5])
        return list(dict.fromkeys(text for text in texts if text))[:MOST]

    def valid_value(self, value: str) -> bool:  # noqa: ARG002 - what is unknown finds nothing
        return True


class TypedFilter(django_filters.Filter):
    field_class = Typed


class FacetFilter(django_filters.Filter):
    """Keeps what has one of the chosen values; a subquery, so that nothing is listed twice."""

    field_class = Chosen

    def filter(self, qs: Editions, value: list[str]) -> Editions:
        if not value:
            return qs
        records = qs.model._default_manager  # noqa: SLF001 - documented, whatever the underscore says
        return qs.filter(pk__in=records.filter(**{f"{self.field_name}__in": value}).values("pk"))


class YearFilter(FacetFilter):
    def filter(self, qs: Editions, value: list[str]) -> Editions:
        years = [int(year) for year in value if year.isascii() and year.isdigit() and len(year) <= len("2023")]
        return qs.filter(published_at__year__in=years) if value else qs


class RegionFilter(FacetFilter):
    """A country (EL) stands for all of its regions; any other code for itself."""

    def filter(self, qs: Editions, value: list[str]) -> Editions:
        if not value:
            return qs
        within = Q(publication__regions__country__in=value) | Q(publication__regions__code__in=value)
        return qs.filter(pk__in=Edition.objects.filter(within).values("pk"))


class LanguageFilter(FacetFilter):
    def filter(self, qs: Editions, value: list[str]) -> Editions:
        return qs.filter(language__in=value) if value else qs


class HelixFilter(FacetFilter):
    def filter(self, qs: Editions, value: list[str]) -> Editions:
        return qs.filter(helices__overlap=value) if value else qs


def with_words(editions: Editions, text: str | Key) -> Editions:
    """What has the words somebody typed, with its `score`."""
    return editions.having(text).annotate(score=SearchRank(F("search"), search.query(text)))


def with_words_alike(editions: Editions, text: str) -> Editions:
    """What has words that are spelt nearly so."""
    typed, score = search.alike(text)
    near = editions.alias(spelling=search.spelling()).filter(spelling__trigram_word_similar=typed)
    return near.annotate(score=score)


class OutcomeFilter(django_filters.FilterSet):
    """Filters of the list, the feed and the API."""

    q = TypedFilter(label=_("Search"), method="look")
    group = FacetFilter(label=_("Working group"), field_name="publication__groups__slug")
    type = FacetFilter(label=_("Type"), field_name="publication__kind")
    year = YearFilter(label=_("Year"))
    region = RegionFilter(label=_("Country or region"))
    language = LanguageFilter(label=_("Language"))
    helix = HelixFilter(label=_("Who contributed"))

    class Meta:
        model = Edition
        fields: list[str] = []

    FACETS = ("group", "type", "year", "region", "language", "helix")

    def __init__(self, data: Any, queryset: Editions | None = None, *, request: Any = None) -> None:
        super().__init__(data, Edition.objects.published() if queryset is None else queryset, request=request)

    def look(self, qs: Editions, _name: str, text: str) -> Editions:
        return with_words(qs, text) if text else qs

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The cleaned values by filter, without the cost of a form."""
        fields = {name: known.field for name, known in cls.base_filters.items()}
        return {name: field.clean(field.widget.value_from_datadict(data, {}, name)) for name, field in fields.items()}

    @property
    def values(self) -> dict[str, Any]:
        return self.read(self.data or {})

    ORDERS = {
        "newest": ("-published_at", "-pk"),
        "oldest": ("published_at", "pk"),
        "title": ("title", "-published_at", "-pk"),
    }

    @property
    def in_order(self) -> Editions:
        """As asked for; else the best match first where words are searched, else the newest."""
        best = ["-score"] if self.values["q"] and self.sort == "best" else []
        order = self.ORDERS.get(self.sort, self.ORDERS["newest"])
        found: Editions = self.qs.order_by(*best, *order)
        return found

    @property
    def sort(self) -> str:
        """The order in which outcomes are listed: a key of ORDERS, or best."""
        return self.order_of(self.data or {}, self.values)

    @classmethod
    def order_of(cls, data: Any, values: dict[str, Any]) -> str:
        asked = str(data.get("sort", ""))
        return asked if asked in cls.ORDERS else "best" if values["q"] else "newest"


class ReferenceFilter(django_filters.FilterSet):
    """Filters of the references, on the page and in the API."""

    q = TypedFilter(label=_("Search"), method="look")
    group = FacetFilter(label=_("Working group"), field_name="groups__slug")
    kind = FacetFilter(label=_("Kind"), field_name="kind")

    class Meta:
        model = Reference
        fields: list[str] = []

    def look(self, qs: ReferenceQuerySet, _name: str, text: str) -> ReferenceQuerySet:
        """Every word stands in the title, among the authors or in one of the numbers."""
        where = {"title": F("title"), "named": Cast("authors", TextField()), "series": F("series")}
        qs = qs.alias(**{f"folded_{name}": search.Folded(field) for name, field in where.items()})
        for word in text.split()[:MOST]:
            folded = search.Folded(Value(word))
            words = [Q(**{f"folded_{name}__icontains": folded}) for name in where]
            qs = qs.filter(reduce(or_, words, Q(doi__iexact=word) | Q(isbn=word) | Q(report_no__icontains=word)))
        return qs
