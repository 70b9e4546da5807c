"""The list of outcomes as a reader filters it: facets with counts, active filters, and which one to drop."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, QuerySet, TextField, Value
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from history.prepared import Key
from meetings.languages import NAMES as LANGUAGES
from outcomes import stock
from outcomes.countries import name_in, name_of
from outcomes.filters import OutcomeFilter, with_words, with_words_alike
from outcomes.listed import Card, cards
from outcomes.models import Edition, Publication
from outcomes.statements import Statement
from outcomes.tilemap import Tile, tiles
from people.models import Helix, Region
from workinggroups.models import WorkingGroup

PER_PAGE = 25


class Choice(NamedTuple):
    """One value of a facet, with how many outcomes it would show."""

    value: str
    label: str
    n: int
    chosen: bool


class Facet(NamedTuple):
    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_open(self) -> bool:
        return any(choice.chosen for choice in self.choices)

    @property
    def is_useful(self) -> bool:
        """There is something to choose; one language is none."""
        return len(self.choices) > (self.name == "language" and not self.is_open)


class Chip(NamedTuple):
    """An active filter and the query without it; `n` outcomes would be found then, where that was counted."""

    label: str
    query: str
    n: int = 0


class MapTile(NamedTuple):
    """A tile with the name of its country and where it leads; "" where it leads nowhere."""

    tile: Tile
    name: str
    query: str


class Shelf:
    """What is found: a query for the words and one for the cards, one more for mistyped words."""

    def __init__(self, asked: QueryDict) -> None:
        self.asked = asked
        self.values = OutcomeFilter.read(asked)
        self.sort = OutcomeFilter.order_of(asked, self.values)
        words = self.values["q"]
        version, self.matching = _looked_up(words)
        self.stock = stock.at(version)
        self.is_guess = _may_be_mistyped(words) and not self.matching
        if self.is_guess:
            self.matching = _best(with_words_alike(Edition.objects.published(), words))
        self.total = self._found().bit_count()

    @cached_property
    def _sets(self) -> dict[str, int]:
        """What each active filter finds."""
        sets = {"q": self.stock.of(self.matching)} if self.values["q"] else {}
        chosen = {name: self.values[name] for name in OutcomeFilter.FACETS if self.values[name]}
        return sets | {name: self.stock.with_any(name, values) for name, values in chosen.items()}

    def _found(self, without: str = "") -> int:
        found = self.stock.whole
        for name, editions in self._sets.items():
            if name != without:
                found &= editions
        return found

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        return tuple(self._facet(name) for name in OutcomeFilter.FACETS)

    @property
    def page(self) -> "Page[Card]":
        orders = {
            "best": self.matching,
            "title": self.stock.by_title,
            "oldest": self.stock.newest[::-1],
            "newest": self.stock.newest,
        }
        places = range(self.total)
        page: Page[Any] = Paginator(places, PER_PAGE).get_page(self.asked.get("page"))
        part = places[page.start_index() - 1 : page.end_index()]
        listed = self.stock.listed(self._found(), orders[self.sort], part)
        page.object_list = cards(listed, self.stock, self.values["q"], is_guess=self.is_guess)
        return page

    @property
    def tiles(self) -> list[MapTile]:
        """The map: each country that has outcomes leads to them, the chosen ones back."""
        counts, chosen = self.stock.counts("region", self._found("region")), self.values["region"]
        language = get_language()
        return [MapTile(tile, name_in(tile.code, language), self._toggled(tile)) for tile in tiles(counts, chosen)]

    @property
    def orders(self) -> list[tuple[str, str]]:
        """What the list can be sorted by; the best match only where words are searched."""
        known = [("newest", _("Newest first")), ("oldest", _("Oldest first")), ("title", _("Title"))]
        return [("best", _("Best match")), *known] if self.values["q"] else known

    @property
    def is_plain(self) -> bool:
        """Nothing was asked for but a page, so that filters and map are the same for everybody."""
        return self.asked.keys() <= {"page"}

    @property
    def is_whole(self) -> bool:
        """Nothing is filtered or searched."""
        return not any(self.values.values())

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Names and values of the active filters, for forms that keep them."""
        return [(name, value) for name in OutcomeFilter.FACETS for value in self.values[name]]

    @cached_property
    def chips(self) -> list[Chip]:
        words = self.values["q"]
        chips = [Chip(f"“{words}”", self._query("q"))] if words else []
        if self.chosen:
            chips += [
                Chip(choice.label, self._query(facet.name, choice.value))
                for facet in self.facets
                for choice in facet.choices
                if choice.chosen
            ]
        return chips

    @property
    def way_out(self) -> Chip | None:
        """The one filter without which most is found; None when there is only one, or none helps."""
        if self.total or len(self._sets) < 2:  # noqa: PLR2004 - without the only one, all is shown
            return None
        counts = {name: self._found(name).bit_count() for name in self._sets}
        best = max(counts, key=lambda name: counts[name])
        label = self.values["q"] if best == "q" else _label_of(best)
        return Chip(label, self._query(best), counts[best]) if counts[best] else None

    def _facet(self, name: str) -> Facet:
        among = self._found(name)
        counts, chosen = self.stock.counts(name, among), self.values[name]
        lost = [value for value in chosen if value not in counts]
        counts |= {value: (self.stock.with_any(name, [value]) & among).bit_count() for value in lost}
        names = _names(name, lost) if lost else {}
        choices = [
            Choice(value, names.get(value) or _label(name, value, self.stock), n, value in chosen)
            for value, n in counts.items()
        ]
        choices.sort(key=lambda choice: _position(name, choice))
        return Facet(name, _label_of(name), tuple(choices))

    def _toggled(self, tile: Tile) -> str:
        """The query with the country chosen, or without it when it is; "" where nothing would be found."""
        if tile.chosen:
            return self._query("region", tile.code) or "page=1"
        if not tile.n:
            return ""
        more = f"region={tile.code}"
        return f"{self._others}&{more}" if self._others else more

    @cached_property
    def _others(self) -> str:
        """The query from the first page on, its countries last."""
        kept = self.asked.copy()
        kept.pop("page", None)
        kept.setlist("region", self.values["region"])
        return kept.urlencode()

    def _query(self, name: str, value: str | None = None) -> str:
        """The query of the address without one value of a filter, or without the whole filter; from the first page."""
        kept = self.asked.copy()
        kept.pop("page", None)
        kept.setlist(name, [other for other in self.values[name] if value and other != value])
        return kept.urlencode()


def _looked_up(words: str) -> tuple[stock.Version, Sequence[int]]:
    """The content version, and the editions with the words, the best first; asked together, in this order."""
    if "-" in words:  # what is refused is part of the question, not of its words
        rows = list(_version_with_found(words))
    else:
        rows = VERSION_WITH_FOUND.rows(words=words) if words else VERSION.rows()
    return (rows[0][:2], rows[0][2]) if rows else (stock.NEVER, ())


WORDS = Key("words", TextField())


def _version() -> QuerySet[Any, Any]:
    nothing = Value([], ArrayField(IntegerField()))
    return stock.versions().values_list("number", "written", nothing)


def _version_with_found(words: str | Key = WORDS) -> QuerySet[Any, Any]:
    found = with_words(Edition.objects.published(), words)
    return stock.versions().values_list("number", "written", ArraySubquery(_ranked(found).values("pk")))


VERSION, VERSION_WITH_FOUND = Statement(_version), Statement(_version_with_found)


def _best(found: QuerySet[Any]) -> Sequence[int]:
    return list(_ranked(found).values_list("pk", flat=True))


def _ranked(found: QuerySet[Any]) -> QuerySet[Any]:
    """Of what has a `score`."""
    return found.order_by("-score", "-published_at", "-pk")


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


def _label_of(name: str) -> str:
    return str(OutcomeFilter.base_filters[name].label)


def _label(name: str, value: str, known: stock.Stock) -> str:
    if name in KNOWN:
        return str(KNOWN[name].get(value, value))
    return name_of(value) if name == "region" else known.group_names.get(value, value)


KNOWN: dict[str, dict[str, Any]] = {
    "type": dict(Publication.Kind.choices),
    "helix": dict(Helix.choices),
    "language": LANGUAGES,
}


def _position(name: str, choice: Choice) -> tuple[int, str]:
    """Years from the newest, helices in their order, the rest by name."""
    if name == "year" and choice.value.isascii() and choice.value.isdigit():
        return (-int(choice.value), "")
    if name == "helix" and choice.value in Helix.values:
        return (Helix.values.index(choice.value), "")
    return (len(Helix.values) if name == "helix" else 0, choice.label.casefold())
