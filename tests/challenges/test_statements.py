"""Minority statements: one each, after closing, named only on request, printed with the result and its publication."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges import actions, statements
from challenges.errors import StatementRefused
from challenges.models import Challenge, RankingRound, Statement
from history.models import Entry
from outcomes import snapshot
from people.models import User
from tests import factories as make
from workinggroups.models import Membership

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture(scope="module")
def closed(rows_of_module: None) -> RankingRound:  # noqa: ARG001
    round_ = make.open_round(make.group(), electors=5)
    make.vote(round_, *[[1, 2, 3]] * 5)
    return actions.close_round(round=round_, by=None)


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def address(of: RankingRound) -> str:
    return reverse("challenges:statement", args=[of.pk])


def page(of: RankingRound) -> str:
    return re.sub(r"\s+", " ", Client().get(of.get_absolute_url()).content.decode())


def test_a_member_files_replaces_and_withdraws_one_statement(closed: RankingRound, signed_in: SignedIn) -> None:
    client = signed_in(voter(closed))
    for text in ("Ports were forgotten.", "Ports & <islands> were forgotten."):
        response = client.post(address(closed), {"text": text})
        assert (response.status_code, response["Location"]) == (302, closed.get_absolute_url())
    assert [(one.text, one.named) for one in Statement.objects.all()] == [("Ports & <islands> were forgotten.", False)]
    assert "Ports &amp; &lt;islands&gt; were forgotten." in client.get(address(closed)).content.decode()
    client.post(address(closed), {"withdraw": "1"})
    assert Statement.objects.count() == 0


def test_the_name_stands_under_it_only_on_request(closed: RankingRound) -> None:
    named, unnamed = voter(closed), voter(closed, 1)
    actions.file_statement(round=closed, text="A.", named=True, by=named)
    actions.file_statement(round=closed, text="B.", named=False, by=unnamed)
    assert statements.of(closed) == [{"text": "A.", "name": named.display_name}, {"text": "B.", "name": ""}]
    actions.publish_round(round=closed, by=make.secretariat())
    shown = page(closed)
    assert re.findall(r"<figcaption[^>]*>([^<]+)</figcaption>", shown) == [named.display_name, "A member of the group"]
    assert unnamed.display_name not in shown


def test_the_history_names_nobody_who_stays_unnamed(closed: RankingRound) -> None:
    actions.file_statement(round=closed, text="A.", named=True, by=voter(closed))
    actions.file_statement(round=closed, text="B.", named=False, by=voter(closed, 1))
    entries = Entry.objects.about(closed).filter(verb="statement_filed").order_by("pk")
    assert [entry.by for entry in entries] == [voter(closed), None]


def test_it_waits_for_the_publication_of_the_result(closed: RankingRound) -> None:
    actions.file_statement(round=closed, text="Too early to read.", named=False, by=voter(closed))
    assert "Too early" not in page(closed)
    actions.publish_round(round=closed, by=make.secretariat())
    assert "Too early to read." in page(closed)


def test_the_publication_prints_it(closed: RankingRound) -> None:
    actions.file_statement(round=closed, text="Ports were forgotten.", named=False, by=voter(closed))
    published = actions.publish_round(round=closed, by=make.secretariat())
    edition = make.drafted_edition(make.publication(closed.group), published)
    plain = snapshot.take(edition, now=timezone.now())
    assert plain["sources"]["rounds"][0]["statements"] == [{"text": "Ports were forgotten.", "name": ""}]


def test_observers_and_the_secretariat_have_none(closed: RankingRound, signed_in: SignedIn) -> None:
    for person in (make.member(closed.group, role="observer"), make.secretariat()):
        assert signed_in(person).post(address(closed), {"text": "A."}).status_code == 403
    assert signed_in(make.user()).post(address(closed), {"text": "A."}).status_code == 404
    assert Statement.objects.count() == 0


def test_an_elector_who_has_left_keeps_the_voice(closed: RankingRound, signed_in: SignedIn) -> None:
    person = voter(closed)
    Membership.objects.filter(user=person).update(status="ended", ended_on=timezone.now().date())
    assert signed_in(person).post(address(closed), {"text": "A."}).status_code == 302
    assert Statement.objects.get().author == person


@pytest.mark.parametrize("text", ["", "   ", "x" * 1201, "a\x00b"])
def test_a_text_that_does_not_fit_is_an_error_beside_its_field(
    closed: RankingRound, signed_in: SignedIn, text: str
) -> None:
    response = signed_in(voter(closed)).post(address(closed), {"text": text})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["text"])
    assert Statement.objects.count() == 0


def test_none_before_closing_none_after_the_focus_none_after_thirty_days(closed: RankingRound) -> None:
    leader = make.leader(closed.group)
    running = make.open_round(closed.group, electors=1)
    with pytest.raises(StatementRefused):
        actions.file_statement(round=running, text="A.", named=False, by=voter(running))
    published = actions.publish_round(round=closed, by=make.secretariat())
    assert published.published_at
    late = published.published_at + dt.timedelta(days=30)
    with pytest.raises(StatementRefused):
        actions.file_statement(round=closed, text="A.", named=False, by=voter(closed), now=late)
    actions.file_statement(round=closed, text="A.", named=False, by=voter(closed), now=late - dt.timedelta(seconds=1))
    first = Challenge.objects.filter(round_options__round=closed).order_by("pk")[0]
    actions.decide_focus(round=closed, entries=[(1, first)], reason="Because.", by=leader)
    with pytest.raises(StatementRefused):
        actions.withdraw_statement(round=closed, by=voter(closed))
    assert Statement.objects.count() == 1
