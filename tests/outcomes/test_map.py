"""The tile map as a filter, and the order of the list."""

import pytest
from django.test import Client

from outcomes.tilemap import TILES, tiles
from tests import factories


def test_every_country_has_a_tile_of_its_own() -> None:
    assert len(TILES) == 27
    assert len(set(TILES.values())) == 27


def test_tiles_get_darker_with_their_numbers() -> None:
    shades = {tile.code: tile.shade for tile in tiles({"SE": 1, "FI": 3, "DK": 8, "IE": 9})}
    assert [shades[code] for code in ("EE", "SE", "FI", "DK", "IE")] == [0, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def _shelf(rows_of_module: None) -> None:  # noqa: ARG001 - a ground for what is made here
    group = factories.group()
    finland = factories.region("FI", name="Finland")
    kainuu = factories.region("FI1", name="Kainuu", level=1, parent=finland)
    for title, regions in (("Snow", [finland]), ("Ports", [kainuu, factories.region("MT", name="Malta")]), ("All", [])):
        factories.published_edition(factories.publication(group, regions=regions), title=title)


def titles(client: Client, query: str) -> list[str]:
    return [edition.title for edition in client.get(f"/outcomes/{query}").context["page_obj"]]


@pytest.mark.usefixtures("_shelf")
def test_a_country_finds_all_of_its_regions(client: Client) -> None:
    assert titles(client, "?region=FI&sort=title") == ["Ports", "Snow"]
    assert titles(client, "?region=FI1") == ["Ports"]
    page = client.get("/outcomes/").content.decode()
    assert 'href="?region=FI" class="m1" aria-label="FI 2, Finland"' in page
    assert 'href="?region=MT" class="m1" aria-label="MT 1, Malta"' in page
    assert "?region=EE" not in page


@pytest.mark.usefixtures("_shelf")
def test_a_chosen_country_leads_back_and_others_say_what_they_add(client: Client) -> None:
    page = client.get("/outcomes/?region=FI&page=7").content.decode()
    assert 'href="?page=1" class="m1 chosen" aria-label="FI 2, Finland" aria-current="true"' in page
    assert 'href="?region=FI&amp;region=MT"' in page


@pytest.mark.usefixtures("_shelf")
def test_the_order_is_asked_for_in_the_address(client: Client) -> None:
    assert titles(client, "?sort=title") == ["All", "Ports", "Snow"]
    assert titles(client, "?sort=oldest") == ["Snow", "Ports", "All"]
    assert titles(client, "?sort=newest") == titles(client, "?sort=<script>") == ["All", "Ports", "Snow"]


@pytest.mark.django_db
def test_a_publication_speaks_for_where_its_group_comes_from() -> None:
    group = factories.group()
    finland = factories.region("FI", name="Finland")
    factories.member(group, region=factories.region("FI1", level=1, parent=finland))
    factories.member(group, role="observer", region=factories.region("MT"))
    assert [region.code for region in factories.publication(group).regions.all()] == ["FI"]
