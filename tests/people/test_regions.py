"""Codes of regions outlive the versions they come from."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from history.models import ContentVersion
from people import nuts
from people.actions import install_regions
from people.models import Region

pytestmark = pytest.mark.django_db


def test_the_files_hold_two_versions_of_the_tree() -> None:
    found = nuts.nodes()
    counts = {(node.version, node.level): 0 for node in found}
    for node in found:
        counts[node.version, node.level] += 1
    assert counts == {
        ("2021", 0): 27,
        ("2024", 0): 27,
        ("2021", 1): 92,
        ("2024", 1): 92,
        ("2021", 2): 242,
        ("2024", 2): 244,
    }


def test_installing_twice_changes_nothing() -> None:
    assert install_regions() == 724
    rows = list(Region.objects.order_by("pk").values())
    assert install_regions() == 0
    assert list(Region.objects.order_by("pk").values()) == rows
    assert Region.predecessors.through.objects.count() == 27 + 92 + 245


def test_installing_again_writes_only_what_differs(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    install_regions()
    with django_assert_num_queries(12) as counted:  # of which two open and close the transaction
        install_regions()
    assert not [query for query in counted if query["sql"].startswith(("INSERT", "UPDATE"))]
    gone = Region.predecessors.through.objects.order_by("pk")[0]
    gone.delete()
    Region.objects.filter(code="EL51", version="2024").update(lat=0)
    assert install_regions() == 0
    assert Region.objects.get(code="EL51", version="2024").lat != 0
    assert Region.predecessors.through.objects.filter(to_region=gone.to_region, from_region=gone.from_region).exists()


def test_installing_moves_the_version_of_what_is_public_when_something_changes() -> None:
    for _ in range(2):
        install_regions()
    assert ContentVersion.objects.get().number == 1
    Region.objects.filter(code="EL51").update(name="typed by hand")
    install_regions()
    assert ContentVersion.objects.get().number == 2


def test_what_the_secretariat_added_to_a_region_survives_a_new_installation() -> None:
    install_regions()
    Region.objects.filter(code="EL51").update(name="typed by hand", lagging_type="low_growth")
    install_regions()
    greek = Region.objects.get(code="EL51", version="2024")
    assert (greek.name, greek.lagging_type) == ("Anatoliki Makedonia, Thraki", "low_growth")


def test_a_region_stands_below_its_level_and_its_country() -> None:
    install_regions()
    region = Region.objects.select_related("parent__parent").get(code="PT19")
    assert region.parent
    assert region.parent.parent
    assert (region.level, region.parent.code, region.parent.parent.name) == (2, "PT1", "Portugal")
    assert (region.lon, region.lat, region.name_local) == (-7.917, 40.151, "Centro (PT)")


@pytest.mark.parametrize(
    ("asked", "today"),
    [
        ("PT16", "PT19"),
        ("PT17", "PT1A"),
        ("PT18", "PT1C"),
        ("NL31", "NL35"),
        ("NL33", "NL36"),
        ("nl33", "NL36"),
        ("AT11", "AT11"),
        ("AT1", "AT1"),
        ("PT", "PT"),
    ],
)
def test_a_code_of_any_version_finds_the_region_of_today(asked: str, today: str) -> None:
    install_regions()
    region = Region.objects.resolve(asked)
    assert region
    assert (region.code, region.version) == (today, "2024")


@pytest.mark.parametrize("code", ["XX99", "", "a\x00b", "' or 1=1", "PT16 "])
def test_a_code_never_used_finds_nothing(code: str) -> None:
    install_regions()
    assert Region.objects.resolve(code) is None


def test_a_region_without_heir_answers_for_itself() -> None:
    country = Region.objects.create(code="XX", version="2021", level=0, country="XX", name="Gone")
    assert Region.objects.resolve("XX") == country


def test_the_command_says_what_it_did() -> None:
    said = StringIO()
    call_command("load_regions", stdout=said)
    call_command("load_regions", stdout=said)
    assert said.getvalue() == "724 regions, 724 of them new.\n724 regions, 0 of them new.\n"
