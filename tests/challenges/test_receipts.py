"""R10: a receipt is shown once, kept only as its hash, and its hash is listed from ten ballots on."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from challenges import actions, receipts
from challenges.models import RankingRound, Receipt
from people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
RECEIPT = re.compile(r"<code>([0-9a-f]{4}(?:-[0-9a-f]{4}){5})</code>")
DIGEST = re.compile(r"<code>([0-9a-f]{64})</code>")


def cast(client: Client, of: RankingRound) -> Any:
    answers = {f"rank-{pk}": "1" for pk in of.options.values_list("pk", flat=True)}
    return client.post(reverse("challenges:ballot", args=[of.pk]), answers)


def recap(client: Client, of: RankingRound) -> str:
    return client.get(reverse("challenges:recap", args=[of.pk])).content.decode()


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def digests(of: RankingRound) -> list[str]:
    return list(Receipt.objects.filter(round=of).values_list("digest", flat=True))


def full_round(ballots: int = 10, **values: Any) -> RankingRound:
    round_ = make.open_round(make.group(), electors=ballots, **values)
    make.cast(round_, *[[1, 2, 3]] * ballots)
    return round_


def test_r10_receipts_hold_96_bits_and_differ() -> None:
    drawn = {receipts.draw() for _ in range(200)}
    assert len(drawn) == 200
    assert all(receipts.well_formed(receipt) and len(receipt.replace("-", "")) * 4 == 96 for receipt in drawn)


def test_the_recap_shows_the_receipt_once(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=2)
    client = signed_in(voter(round_))
    cast(client, round_)
    shown = RECEIPT.findall(recap(client, round_))
    assert [sha256(receipt.encode()).hexdigest() for receipt in shown] == digests(round_)
    assert RECEIPT.findall(recap(client, round_)) == []
    assert client.cookies["receipt"].value == ""


def test_the_receipt_travels_in_a_cookie_for_the_recap_alone(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1)
    response = cast(signed_in(voter(round_)), round_)
    cookie = response.cookies["receipt"]
    assert cookie["path"] == response["Location"] == reverse("challenges:recap", args=[round_.pk])
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 300)


def test_no_table_holds_the_receipt(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1)
    client = signed_in(voter(round_))
    receipt = cast(client, round_).cookies["receipt"].value
    recap(client, round_)
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')  # noqa: S608 - names of our own tables
            assert not [row for (row,) in cursor.fetchall() if receipt in row], model


def test_changing_the_ballot_replaces_the_receipt(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1)
    client = signed_in(voter(round_))
    cast(client, round_)
    first = digests(round_)
    cast(client, round_)
    second = digests(round_)
    assert (len(second), first == second) == (1, False)


@pytest.mark.parametrize("forged", ["0a1b-2c3d-4e5f-6071-8293-a4b5", "<b>", "x" * 3000, ""])
def test_a_cookie_that_is_not_the_receipt_is_not_shown(signed_in: SignedIn, forged: str) -> None:
    round_ = make.open_round(make.group(), electors=1)
    client = signed_in(voter(round_))
    cast(client, round_)
    client.cookies["receipt"] = forged
    assert "Your receipt" not in recap(client, round_)


def test_from_closing_on_no_hash_leads_to_an_elector() -> None:
    round_ = full_round()
    before = set(digests(round_))
    assert Receipt.objects.filter(elector=None).count() == 0
    actions.close_round(round=round_, by=None)
    assert set(digests(round_)) == before
    assert Receipt.objects.exclude(elector=None).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM challenges_receipt ORDER BY ctid")
        assert [digest for (digest,) in cursor.fetchall()] == sorted(before)


@pytest.mark.parametrize(("ballots", "listed"), [(9, 0), (10, 10)])
def test_r10_the_published_result_lists_the_hashes_sorted_from_ten_ballots_on(ballots: int, listed: int) -> None:
    round_ = full_round(ballots)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    found = DIGEST.findall(Client().get(round_.get_absolute_url()).content.decode())
    assert found == sorted(digests(round_))[:listed]
    assert Client().get(reverse("challenges:result_json", args=[round_.pk])).json()["receipts"] == found


def test_before_publication_no_hash_is_listed(signed_in: SignedIn) -> None:
    round_ = full_round()
    actions.close_round(round=round_, by=None)
    page = signed_in(make.secretariat()).get(round_.get_absolute_url()).content.decode()
    assert DIGEST.findall(page) == []


def test_cancelling_destroys_the_hashes() -> None:
    round_ = full_round()
    actions.cancel_round(round=round_, by=None, reason="Wrong question.")
    assert digests(round_) == []
