"""The list counts in memory: it must find what the filters of feed and interface find, and learn of a publication."""

import datetime as dt
from itertools import cycle
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from outcomes import actions
from outcomes.filters import OutcomeFilter
from outcomes.shelf import Shelf
from tests import factories

QUERIES = [
    "", "q=ports", "q=ports+-north", "group=one", "group=one&group=two", "type=method", "year=2023&year=2024",
    "region=FI", "region=FI1", "region=FI1&region=MT", "region=XX", "language=fi", "year=abc", "helix=academia",
]  # fmt: skip


@pytest.fixture
def shelf(db: None) -> None:  # noqa: ARG001 - opens the database
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


@pytest.mark.usefixtures("shelf")
def test_it_lists_and_counts_what_the_filters_find() -> None:
    sorts = cycle(["", "sort=oldest", "sort=title", "sort=newest"])
    for first, second, sort in zip(QUERIES * 2, QUERIES + QUERIES[5:] + QUERIES[:5], sorts, strict=False):
        asked = QueryDict(f"{first}&{second}&{sort}")
        found = [edition.title for edition in OutcomeFilter(asked).in_order]
        shown = Shelf(asked)
        if not shown.is_guess:
            assert (shown.total, [card.title for card in shown.page]) == (len(found), found), asked


@pytest.mark.usefixtures("shelf")
def test_each_number_is_what_its_choice_would_show() -> None:
    for query in QUERIES:
        shown = Shelf(QueryDict(query))
        for name, choice in [(facet.name, choice) for facet in shown.facets for choice in facet.choices]:
            asked = QueryDict(query, mutable=True)
            asked.setlist(name, [choice.value])
            assert (choice.n > 0 or choice.chosen, choice.n) == (True, OutcomeFilter(asked).qs.count()), (query, choice)


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_follows_the_content_version_and_is_nobodys(
    client: Client, signed_in: Any, django_assert_num_queries: Any
) -> None:
    def total() -> int:
        found: int = client.get("/outcomes/").context["shelf"].total
        return found

    group = factories.group()
    edition = factories.published_edition(factories.publication(group))
    leader = factories.leader(group, display_name="Zoë Unlisted")
    own = signed_in(leader).get("/outcomes/").content.decode()
    pages = [client.get(address).content.decode() for address in ("/outcomes/", "/outcomes/?page=1", "/nowhere/")]
    private = (leader.display_name, "New publication", "csrfmiddlewaretoken")
    assert [[words in page for words in private] for page in [own, *pages]] == [[True] * 3, *([[False] * 3] * 3)]
    assert total() == 1
    with django_assert_num_queries(2):
        assert total() == 1
    factories.published_edition(factories.publication(group), title="Another")
    assert total() == 2
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="Wrong.")
    assert total() == 1
    with transaction.atomic():
        factories.published_edition(factories.publication(group), title="Undone")
        assert total() == 2
        transaction.set_rollback(True)
    assert total() == 1
    factories.published_edition(factories.publication(group), title="Done")
    assert total() == 2
