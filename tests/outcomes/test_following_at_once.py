"""Followers and works of others while somebody else does the same: once each, and no address stays behind."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Entry
from notices.models import Notice
from outcomes.actions import following
from outcomes.actions import references as works
from outcomes.actions.following import Wish
from outcomes.models import Follower, Reference
from outcomes.tasks import tell_followers
from outcomes.tokens import token_of
from tests import factories
from tests.at_once import behind

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)
READER = "reader@example.org"


def asked() -> Follower:
    return following.follow(wish=Wish(READER, None, None, "each", "en"), now=WHEN)


def owed() -> Follower:
    """A follower who is to hear of one edition."""
    reader = following.confirm(follower=asked(), now=WHEN)
    factories.published_edition(factories.publication(factories.group()), now=WHEN + WEEK)
    return reader


def letters() -> list[tuple[str, str]]:
    return list(Notice.objects.filter(address=READER).order_by("pk").values_list("kind", "state"))


def test_who_presses_twice_follows_once_and_gets_one_letter() -> None:
    second = behind(asked, asked)
    assert (Follower.objects.get(), letters()) == (second, [("outcomes.follow", "due")])


def test_who_confirms_at_the_last_moment_is_not_forgotten() -> None:
    reader, late = asked(), WHEN + 2 * WEEK
    forgotten = behind(
        lambda: following.confirm(follower=reader, now=late), lambda: following.forget_unconfirmed(now=late)
    )
    assert (forgotten, Follower.objects.get()) == (0, reader)


def test_who_leaves_while_a_letter_is_planned_leaves_no_address_behind() -> None:
    reader = owed()
    assert behind(tell_followers, lambda: following.leave(follower=reader)) is None
    assert (letters(), Follower.objects.count()) == ([], 0)


def test_who_leaves_while_a_letter_is_sent_does_not_wait_for_it_and_the_next_beat_forgets_it() -> None:
    reader = owed()
    tell_followers()
    sending = Notice.objects.select_for_update().filter(kind="outcomes.published")
    assert behind(lambda: list(sending), lambda: following.leave(follower=reader)) is None
    assert (letters(), Follower.objects.count()) == ([("outcomes.published", "due")], 0)
    tell_followers()
    assert letters() == []


def test_who_confirms_what_was_left_a_moment_ago_is_told_so(client: Client) -> None:
    reader = asked()
    page = reverse("outcomes:following", args=[token_of(reader)])
    answer = behind(lambda: following.leave(follower=reader), lambda: client.post(page, follow=True))
    assert (answer.status_code, Follower.objects.count()) == (404, 0)


def test_leaving_twice_is_leaving_once() -> None:
    reader = asked()
    behind(*[lambda: following.leave(follower=Follower(pk=reader.pk))] * 2)
    assert Entry.objects.about(reader).filter(verb="left").count() == 1


# -- works of others -------------------------------------------------------------------------------------------------
def listed(**values: Any) -> Reference:
    work = Reference(title="The same work", kind="report", authors=["Doe, Jo"], year=2020, **values)
    return works.add_reference(reference=work, groups=[], by=None)


def test_two_works_of_one_name_listed_at_once_get_two_keys() -> None:
    assert behind(listed, listed).citekey == "doe-2020-same-2"


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("reference_new", {"title": "The same work", "kind": "report", "doi": "10.2760/3582", "language": "en"}),
        ("reference_import", {"text": "@report{a, title={The same work}, doi={10.2760/3582}}"}),
    ],
)
def test_the_second_of_two_who_list_a_work_at_once_hears_that_it_is_listed(
    form: str, typed: dict[str, str], signed_in: Callable[[Any], Client]
) -> None:
    client = signed_in(factories.secretariat())
    second = behind(lambda: listed(doi="10.2760/3582"), lambda: client.post(reverse(f"outcomes:{form}"), typed))
    said = second.context["form"].non_field_errors()
    assert (second.status_code, said) == (200, ["A reference with this DOI is listed already."])
    assert Reference.objects.count() == 1


def test_two_who_remove_a_work_at_once_remove_it_once() -> None:
    work = listed()
    behind(*[lambda: works.remove_reference(reference=Reference(pk=work.pk), by=factories.secretariat())] * 2)
    assert Entry.objects.about(work).filter(verb="reference_removed").count() == 1
