"""`load_demo --scale`: so many times the content, found by words of their own, and safe to repeat."""

import pytest
from django.core.management import call_command
from django.test import Client

from challenges.models import Challenge
from meetings.models import Meeting
from outcomes.models import Edition
from s3cop.demo.scale import WORDS, multiply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_it_makes_so_many_times_the_content_and_repeats_without_effect() -> None:
    before = (Edition.objects.published().count(), Meeting.objects.count())
    made = multiply(4)
    assert (Edition.objects.published().count(), Meeting.objects.count()) == (before[0] * 4, before[1] * 4)
    assert (made["copies of outcomes"], made["copies of meetings"]) == (before[0] * 3, before[1] * 3)
    assert Challenge.objects.filter(slug="capacity-copy-4").exists()
    assert set(multiply(4).values()) == {0}
    assert multiply(5)["copies of outcomes"] == before[0]


def test_copies_are_pages_like_any_other() -> None:
    call_command("load_demo", "--today", "2026-11-22", "--scale", "2")
    for address in ("/outcomes/what-holds-regions-back-copy-2/", "/meetings/ic-next-copy-2/", "/outcomes/?page=2"):
        assert Client().get(address).status_code == 200, address
    copy = Edition.objects.published().get(publication__slug="what-holds-regions-back-copy-2")
    assert Client().get(f"{copy.get_absolute_url()}download/pdf/").status_code == 200


def test_a_search_for_a_copys_word_finds_some_of_them() -> None:
    multiply(40)
    total = Client().get("/outcomes/").context["shelf"].total
    found = Client().get("/outcomes/", {"q": WORDS[0]}).context["shelf"].total
    assert 0 < found < total / 4
