"""The desk of an empty portal says what comes first."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from people.models import User
from s3cop.pages.first_steps import first_steps
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def test_in_an_empty_portal_only_the_first_step_can_be_begun(
    signed_in: Callable[[User], Client],
) -> None:
    page = signed_in(factories.secretariat()).get("/desk/").content.decode()
    section = page.partition('id="first-steps"')[2].partition("</section>")[0]
    assert re.findall('href="([^"]+)"', section) == ["/groups/new/"]


def test_each_step_leads_to_the_group_and_is_done_once_it_was_taken() -> None:
    group = factories.group(slug="g")
    assert [(step.address, step.is_done) for step in first_steps()] == [
        ("", True),
        ("/groups/g/invite/", False),
        ("/challenges/new/?group=g", False),
        ("/meetings/new/?group=g", False),
        ("/rounds/new/?group=g", False),
    ]
    factories.member(group)
    factories.challenge(group)
    assert [step.is_done for step in first_steps()] == [True, True, True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_steps_leave_once_all_were_taken_and_take_one_query(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        group = factories.group()
        factories.member(group)
        factories.meeting(group)
        factories.round_(group)
    with django_assert_num_queries(1):
        assert first_steps() == []
