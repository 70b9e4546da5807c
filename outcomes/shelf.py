"""The list of outcomes as a reader filters it: facets with counts, active filters, and which one to drop."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from outcomes import facets
from outcomes.countries import name_of
from outcomes.filters import OutcomeFilter
from outcomes.models import Edition, Publication
from outcomes.models.editions import EditionQuerySet
from outcomes.tilemap import Tile, tiles
from people.models import Helix, Region
from workinggroups.models import WorkingGroup

PER_PAGE = 12


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with how many outcomes it would show."""

    value: str
    label: str
    n: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_open(self) -> bool:
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Chip:
    """An active filter and the query without it; `n` outcomes would be found then, where that was counted."""

    label: str
    query: str
    n: int = 0


@dataclass(frozen=True)
class MapTile:
    """A tile with the name of its country and where it leads; "" where it leads nowhere."""

    tile: Tile
    name: str
    query: str


class Shelf:
    """What is found: two queries and one for the groups, one more for mistyped words, one when nothing is left."""

    def __init__(self, asked: QueryDict) -> None:
        self.asked = asked
        self.filter = OutcomeFilter(asked)
        self.values = self.filter.values
        rows = facets.count(self.filter)
        self.is_guess = _may_be_mistyped(self.values["q"]) and not facets.total(rows)
        if self.is_guess:
            self.filter = OutcomeFilter(asked, alike=True)
            rows = facets.count(self.filter)
        self.total = facets.total(rows)
        self.facets = tuple(self._facet(name, rows) for name in OutcomeFilter.FACETS)

    @property
    def page(self) -> "Page[Edition]":
        found = with_reach(self.filter.in_order.short())
        items = found.select_related("publication").prefetch_related("publication__groups")
        pages = Paginator(items, PER_PAGE)
        pages.count = self.total
        return pages.get_page(self.asked.get("page"))

    @property
    def tiles(self) -> list[MapTile]:
        """The map: each country that has outcomes leads to them, the chosen ones back."""
        counted = next(facet for facet in self.facets if facet.name == "region").choices
        counts, chosen = {choice.value: choice.n for choice in counted}, self.values["region"]
        return [MapTile(tile, name_of(tile.code), self._toggled(tile)) for tile in tiles(counts, chosen)]

    @property
    def orders(self) -> list[tuple[str, str]]:
        """What the list can be sorted by; the best match only where words are searched."""
        known = [("newest", _("Newest first")), ("oldest", _("Oldest first")), ("title", _("Title"))]
        return [("best", _("Best match")), *known] if self.values["q"] else known

    @property
    def is_whole(self) -> bool:
        """Nothing is filtered or searched."""
        return not any(self.values.values())

    @property
    def chips(self) -> list[Chip]:
        words = self.values["q"]
        chips = [Chip(f"“{words}”", self._query("q"))] if words else []
        for facet in self.facets:
            chosen = [choice for choice in facet.choices if choice.chosen]
            chips += [Chip(choice.label, self._query(facet.name, choice.value)) for choice in chosen]
        return chips

    @property
    def way_out(self) -> Chip | None:
        """The one filter without which most is found; None when there is only one, or none helps."""
        active = [name for name, value in self.values.items() if value]
        if self.total or len(active) < 2:  # noqa: PLR2004 - without the only one, all is shown
            return None
        counts = facets.count_without(self.filter, active)
        best = max(counts, key=lambda name: counts[name], default="")
        return Chip(str(self.filter.filters[best].label), self._query(best), counts[best]) if counts.get(best) else None

    def _facet(self, name: str, rows: list[facets.Row]) -> Facet:
        found = {row["value"]: row for row in rows if row["facet"] == name and row["value"] is not None}
        chosen = self.values[name]
        lost = [value for value in chosen if value not in found]
        names = _names(name, lost) if lost else {}
        choices = [
            Choice(value, names.get(value) or _label(name, value, row), row["n"], value in chosen)
            for value, row in found.items()
        ]
        choices += [Choice(value, names.get(value) or _label(name, value, None), 0, chosen=True) for value in lost]
        choices.sort(key=lambda choice: _position(name, choice))
        return Facet(name, str(self.filter.filters[name].label), tuple(choices))

    def _toggled(self, tile: Tile) -> str:
        """The query with the country chosen, or without it when it is; "" where nothing would be found."""
        if tile.chosen:
            return self._query("region", tile.code) or "page=1"
        if not tile.n:
            return ""
        kept = self.asked.copy()
        kept.pop("page", None)
        kept.setlist("region", [*self.values["region"], tile.code])
        return kept.urlencode()

    def _query(self, name: str, value: str | None = None) -> str:
        """The query of the address without one value of a filter, or without the whole filter; from the first page."""
        kept = self.asked.copy()
        kept.pop("page", None)
        kept.setlist(name, [other for other in self.values[name] if value and other != value])
        return kept.urlencode()


def with_reach(editions: EditionQuerySet) -> EditionQuerySet:
    """For cards, in the same query: how many `countries` each tells of.

    Being a subquery it is looked up after sorting, for the rows of one page only.
    """
    countries = Publication.objects.filter(pk=OuterRef("publication")).annotate(
        n=Count("regions__country", distinct=True)
    )
    return editions.annotate(countries=Subquery(countries.values("n")))


def _may_be_mistyped(words: str) -> bool:
    """Plain words may be; whoever writes -not or "phrases" means them."""
    return bool(words) and '"' not in words and not any(word.startswith("-") for word in words.split())


def _names(facet: str, values: list[str]) -> dict[str, str]:
    """Names of chosen values of which nothing is found."""
    if facet == "group":
        return dict(WorkingGroup.objects.filter(slug__in=values).values_list("slug", "name"))
    if facet == "region":
        regions = Region.objects.filter(code__in=values).exclude(level=0)
        return dict(regions.values_list("code", "name"))
    return {}


def _label(name: str, value: str, row: facets.Row | None) -> str:
    names = {"type": Publication.Kind.choices, "helix": Helix.choices}
    if name in names:
        return str(dict(names[name]).get(value, value))
    if name == "region":
        return name_of(value)
    return (row["label"] if row else "") or value


def _position(name: str, choice: Choice) -> tuple[int, str]:
    """Years from the newest, helices in their order, the rest by name."""
    if name == "year" and choice.value.isascii() and choice.value.isdigit():
        return (-int(choice.value), "")
    if name == "helix" and choice.value in Helix.values:
        return (Helix.values.index(choice.value), "")
    return (len(Helix.values) if name == "helix" else 0, choice.label.casefold())
