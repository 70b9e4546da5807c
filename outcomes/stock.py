"""What is in print, in memory: which editions have which value of a filter, for as long as nothing public changes.

A set of editions is a whole number with one bit for each, the newest first: to filter is to intersect, to count is to
count bits. So a page asks the database for the content version and its own cards, however much there is.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, compress, islice, repeat
from operator import or_
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import CharField, F, Func, OrderBy, QuerySet, TextField, Value
from django.db.models.functions import Cast, ExtractYear
from django.utils.safestring import SafeString

from history.models import ContentVersion
from outcomes.models import Edition

NEWEST, TITLES = "newest", "title"
COUNTRY, REGION, GROUP = "country", "region", "group"
NOTHING = Value("")
AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")
# For each filter: its value, and a label where the database knows one.
KEYS: Mapping[str, tuple[Any, Any]] = {
    GROUP: (F("publication__groups__slug"), F("publication__groups__name")),
    "type": (F("publication__kind"), NOTHING),
    "year": (ExtractYear("published_at", tzinfo=dt.UTC), NOTHING),
    COUNTRY: (F("publication__regions__country"), NOTHING),
    REGION: (F("publication__regions__code"), NOTHING),
    "helix": (Func(F("helices"), function="unnest", output_field=CharField()), NOTHING),
    "language": (F("language"), NOTHING),
}
ORDERS: Mapping[str, tuple[OrderBy, ...]] = {
    NEWEST: (F("published_at").desc(), F("pk").desc()),
    TITLES: (F("title").asc(), F("published_at").desc(), F("pk").desc()),
}


@dataclass(frozen=True)
class Stock:
    """Primary keys, the newest first and by title; for each filter and value the editions that have it."""

    newest: Sequence[int]
    by_title: Sequence[int]
    having: Mapping[str, Mapping[str, int]]
    group_names: Mapping[str, str]
    places: Mapping[int, int]
    countries: Mapping[int, int]  # by primary key, from how many its regions are
    drawn: dict[tuple[str, str | None], SafeString] = field(default_factory=dict)  # parts of the list's page

    @property
    def whole(self) -> int:
        return (1 << len(self.newest)) - 1

    def of(self, pks: Iterable[int]) -> int:
        """The set of these editions; what is not in print is left out."""
        return _set(len(self.newest), (self.places[pk] for pk in pks if pk in self.places))

    def with_any(self, name: str, values: Collection[str]) -> int:
        """What has one of the values; a country stands for all of its regions, any other code for itself."""
        names = (REGION, COUNTRY) if name == REGION else (name,)
        return reduce(or_, (self.having[one].get(value, 0) for one in names for value in values), 0)

    def counts(self, name: str, among: int) -> dict[str, int]:
        """How many of a set each value of a filter would show; regions are counted by country."""
        own = self.having[COUNTRY if name == REGION else name]
        counted = ((value, (editions & among).bit_count()) for value, editions in own.items())
        return {value: n for value, n in counted if n}

    def listed(self, among: int, pks: Sequence[int], part: range) -> Sequence[int]:
        """Of those of the primary keys that are in the set, in their order, the ones from part.start to part.stop."""
        size = len(self.newest)
        if among == self.whole and len(pks) == size:
            return pks[part.start : part.stop]
        flags = f"{among:b}"[::-1].ljust(size + 1, "0").encode().translate(AS_NUMBERS)
        # No loop of ours, and no further than the part: a step for all in print would cost more than the cards.
        places = map(self.places.get, pks, repeat(size))
        return list(islice(compress(pks, map(flags.__getitem__, places)), part.start, part.stop))


Version = tuple[int, str]
NEVER: Version = (0, "")  # nothing was ever public
_kept: dict[Version, Stock] = {}


def versions() -> QuerySet[ContentVersion, Any]:
    """The content version with the transaction that wrote it: a restored database counts on from an older number."""
    written = Func(template="xmin::text", output_field=TextField())
    return ContentVersion.objects.annotate(written=written).order_by("pk")


def at(version: Version) -> Stock:
    """The stock of a content version, which was read before; inside a transaction, which may be undone, a fresh one."""
    if connection.in_atomic_block:
        return _read()
    stock = _kept.get(version)
    if stock is None:
        stock = _read()
        _kept.clear()
        _kept[version] = stock
    return stock


def _read() -> Stock:
    """One query: for each value of each filter its editions, and all of them in each order."""
    parts = [_part(NEWEST), _part(TITLES), *(_part(name, *key) for name, key in KEYS.items())]
    rows = list(parts[0].union(*parts[1:], all=True))
    orders = {name: pks for name, value, _label, pks in rows if name in ORDERS}
    newest = orders.get(NEWEST, [])
    places = {pk: place for place, pk in enumerate(newest)}
    having: dict[str, dict[str, int]] = {name: {} for name in KEYS}
    for name, value, _label, pks in rows:
        if name in KEYS and value is not None:
            having[name][value] = _set(len(newest), (places[pk] for pk in pks if pk in places))
    names = {value: label for name, value, label, _pks in rows if name == GROUP and value is not None}
    by_country = [set(pks) for name, value, _label, pks in rows if name == COUNTRY and value is not None]
    return Stock(newest, orders.get(TITLES, []), having, names, places, Counter(chain.from_iterable(by_country)))


def _part(name: str, value: Any = NOTHING, label: Any = NOTHING) -> QuerySet[Any, Any]:
    said = {"filter": Value(name), "value": Cast(value, TextField()), "label": Cast(label, TextField())}
    rows: QuerySet[Any, Any] = Edition.objects.published().order_by().annotate(**said).values(*said)
    together: QuerySet[Any, Any] = rows.annotate(pks=ArrayAgg("pk", order_by=ORDERS.get(name, ())))
    return together.values_list(*said, "pks")


def _set(size: int, places: Iterable[int]) -> int:
    flags = bytearray(size // 8 + 1)
    for place in places:
        flags[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(flags, "little")
