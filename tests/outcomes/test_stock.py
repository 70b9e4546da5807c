"""The list counts in memory: it must find what the filters of feed and interface find."""

import datetime as dt
from itertools import cycle

import pytest
from django.http import QueryDict

from outcomes.filters import OutcomeFilter
from outcomes.shelf import Shelf
from tests import factories

QUERIES = [
    "", "q=ports", "q=ports+-north", "group=one", "group=one&group=two", "type=method", "year=2023&year=2024",
    "region=FI", "region=FI1", "region=FI1&region=MT", "region=XX", "language=fi", "year=abc", "helix=academia",
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(rows_of_module: None) -> None:  # noqa: ARG001 - a ground for what is made here
    groups = [factories.group(slug="one", name="One"), factories.group(slug="two", name="Two")]
    finland = factories.region("FI", name="Finland")
    regions = [finland, factories.region("FI1", level=1, parent=finland), factories.region("MT")]
    for number, title in enumerate(["Ports", "Ports of the north", "Snow", "All ports"]):
        publication = factories.publication(
            groups[number % 2], kind=["report", "method"][number // 2], regions=regions[number:]
        )
        if number == 1:
            publication.groups.add(groups[0])
        when = dt.datetime(2023 + number // 2, 7, 14 + number, tzinfo=dt.UTC)
        factories.published_edition(publication, title=title, now=when)
    factories.built_edition(factories.publication(groups[0]), title="Ports nobody knows")


@pytest.mark.django_db
@pytest.mark.usefixtures("shelf")
def test_it_lists_and_counts_what_the_filters_find() -> None:
    sorts = cycle(["", "sort=oldest", "sort=title", "sort=newest"])
    for first, second, sort in zip(QUERIES * 2, QUERIES + QUERIES[5:] + QUERIES[:5], sorts, strict=False):
        asked = QueryDict(f"{first}&{second}&{sort}")
        found = [edition.title for edition in OutcomeFilter(asked).in_order]
        shown = Shelf(asked)
        if not shown.is_guess:
            assert (shown.total, [card.title for card in shown.page]) == (len(found), found), asked


@pytest.mark.django_db
@pytest.mark.usefixtures("shelf")
def test_each_number_is_what_its_choice_would_show() -> None:
    for query in QUERIES:
        shown = Shelf(QueryDict(query))
        for name, choice in [(facet.name, choice) for facet in shown.facets for choice in facet.choices]:
            asked = QueryDict(query, mutable=True)
            asked.setlist(name, [choice.value])
            assert (choice.n > 0 or choice.chosen, choice.n) == (True, OutcomeFilter(asked).qs.count()), (query, choice)
