"""Queries of each page an anonymous reader can open, on the demo community, against the budgets."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from challenges.models import RankingRound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

LISTS = ["/outcomes/", "/groups/", "/meetings/", "/webinars/", "/challenges/", "/outcomes/references/"]
DETAILS = [
    "/groups/interregional-collaboration/",
    "/meetings/ic-next/",
    "/challenges/capacity/",
]
MACHINES = [("/sitemap.xml", 8), ("/catalogue.ttl", 5), ("/api/v1/publications/", 5)]
OUTCOMES = ["/outcomes/what-holds-regions-back/", "/outcomes/what-holds-regions-back/v1/"]
FEEDS = ["/meetings/calendar.ics", "/groups/interregional-collaboration/calendar.ics", "/outcomes/feed.atom"]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_at_most_four(address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(4):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", DETAILS)
def test_a_page_of_one_record_takes_at_most_five(
    address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", OUTCOMES)
def test_the_page_of_an_outcome_takes_at_most_four(
    address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_takes_at_most_two(address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(2):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", ["/outcomes/?q=capacity", "/search/?q=capacity", "/search/?q=capazity"])
def test_a_search_takes_at_most_three(address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(3):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", ["/groups/interregional-collaboration/feed.atom", "/challenges/capacity/feed.atom"])
def test_a_feed_of_a_part_takes_one_more(address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(3):
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize(("address", "most"), MACHINES)
def test_what_machines_read_does_not_grow_with_what_there_is(
    address: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(most):
        assert Client().get(address).status_code == 200


def test_a_result_takes_at_most_six(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    kickoff = RankingRound.objects.get(title__startswith="Main challenges")
    with django_assert_max_num_queries(6):
        assert Client().get(kickoff.get_absolute_url()).status_code == 200


def test_the_front_page_stays_in_its_budget(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(5):
        assert Client().get("/").status_code == 200


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("member", "/dashboard/"),
        ("member", "/meetings/ic-next/"),
        ("leader", "/desk/"),
        ("secretariat", "/desk/"),
        ("leader", "/meetings/ic-next/"),
        ("secretariat", "/meetings/ic-next/"),
        ("secretariat", "/groups/interregional-collaboration/members/"),
    ],
)
def test_no_signed_in_page_takes_more_than_twelve(
    who: str, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    assert client.login(username=f"{who}@example.org", password="demo")
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
