"""Published outcomes, and what the list says of them."""

import datetime as dt
from typing import Any

from django.test import Client

from outcomes.models import Edition
from tests import factories

LIST, FEED = "/outcomes/", "/outcomes/feed.atom"


def outcome(of: Any, title: str, *, year: int = 2023, **values: Any) -> Edition:
    """A published edition without the weight of a build's PDF in each test."""
    prose = {name: values.pop(name) for name in ("abstract", "plain_summary") if name in values}
    publication = factories.publication(of, **values)
    when = dt.datetime(year, 7, 14, tzinfo=dt.UTC)
    return factories.published_edition(publication, title=title, now=when, **prose)


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return [edition.title for edition in response.context["page_obj"]]


def counts(client: Client, facet: str, query: str = "") -> dict[str, int]:
    shelf = client.get(f"{LIST}{query}").context["shelf"]
    return next({c.value: c.n for c in one.choices} for one in shelf.facets if one.name == facet)
