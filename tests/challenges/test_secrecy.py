"""While a round is open nobody learns anything by option: equal turnout gives equal bytes, whoever asks wherever."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Ballot, Challenge, RankingRound
from history.models import Entry
from people.models import User
from tests import factories as make
from tests.challenges.addresses import filled, steady
from tests.challenges.reading import words_of_statements

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def addresses(round_: RankingRound, challenge: Challenge) -> list[str]:
    """Every address of the site, and of the admin this room's pages."""
    admin = [
        reverse("admin:challenges_rankinground_changelist"),
        reverse("admin:challenges_rankinground_change", args=[round_.pk]),
        reverse("admin:challenges_challenge_change", args=[challenge.pk]),
    ]
    return admin + filled(round_, challenge.slug)


@dataclass(frozen=True)
class Seen:
    """What a visitor was answered, and every word of the statements that the answer was made from."""

    status: int
    content: bytes
    words: set[str] = field(compare=False)


def seen(client: Client, address: str) -> Seen:
    with words_of_statements() as words:
        response = client.get(address)
        return Seen(response.status_code, steady(response.getvalue()), words)


def read(client: Client, wanted: list[str]) -> list[Seen]:
    cache.clear()  # it counts how often the API was asked
    return [seen(client, address) for address in wanted]


def asks_who(seen: Seen) -> bool:
    """Whether the answer was made with a look at who asks: nobody is told by anything but the session's row."""
    return "django_session" in seen.words


def first_reading(clients: list[Client], wanted: list[str]) -> list[dict[str, Seen]]:
    """What each visitor is answered. Which looks at no session is the same for all who have one: read by the first."""
    anybody, first, *others = clients
    read_by = [dict(zip(wanted, read(client, wanted), strict=True)) for client in (anybody, first)]
    own = [address for address, answer in read_by[1].items() if asks_who(answer)]
    assert {200, 403, 404} <= {read_by[1][address].status for address in own}
    return read_by + [read_by[1] | dict(zip(own, read(client, own), strict=True)) for client in others]


def rows_written() -> set[tuple[str, int]]:
    """How many rows of each table this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return set(cursor.fetchall())


def test_r6_equal_turnout_gives_equal_bytes_at_every_address_for_every_visitor(signed_in: SignedIn) -> None:
    """A page is read again if a statement behind it names any table that the votes wrote to; others cannot differ."""
    group, office = make.group(), make.secretariat()
    round_ = make.open_round(group, electors=6)
    actions.open_room(round=round_, by=office)
    make.cast(round_, [1, 2, 3], [1, 2, 3], [2, 1, 3])
    electors = [elector.user for elector in round_.electors.select_related("user").order_by("pk")]
    people = [
        make.user(),
        make.member(group, role="observer"),
        electors[0],  # has voted
        electors[5],  # has not
        make.leader(group),
        office,
        make.user(is_staff=True, is_superuser=True),
    ]
    clients = [Client(), *map(signed_in, people)]
    options = round_.options.order_by("position")
    challenge = options[0].challenge
    assert challenge
    wanted = addresses(round_, challenge)
    assert len(wanted) > 30
    before = first_reading(clients, wanted)
    rows = rows_written()
    make.cast(round_, [3, 2, 1], [3, -1, 0], skip=1)
    paper = dict(zip([option.pk for option in options], [0, 0, 1], strict=True))
    actions.key_paper_ballot(round=round_, elector=round_.electors.order_by("pk")[2], by=office, ranks=paper)
    changed = {table for table, _number in rows_written() - rows}
    assert {"challenges_ballot", "challenges_elector", "challenges_receipt", "challenges_rankinground"} <= changed
    for number, (client, early) in enumerate(zip(clients, before, strict=True)):
        own = [address for address in wanted if number < 2 or asks_who(early[address])]
        again = [address for address in own if early[address].words & changed]
        assert round_.get_absolute_url() in again
        late = dict(zip(again, read(client, again), strict=True))
        assert [address for address in again if early[address] != late[address]] == [], f"visitor {number}"


def test_r6_nobody_can_read_who_has_voted(signed_in: SignedIn) -> None:
    """At equal turnout it makes no difference to others which of two electors voted."""
    pages = []
    group = make.group()
    leader, secretariat = make.leader(group), make.secretariat()
    round_ = make.open_round(group, electors=2)
    for skip in (0, 1):
        make.cast(round_, [1, 2, 3], skip=skip)
        clients = [signed_in(leader), signed_in(secretariat)]
        pages.append([seen(client, round_.get_absolute_url()) for client in clients])
        Ballot.objects.all().delete()
        round_.electors.update(has_voted=False)
        RankingRound.objects.update(ballots_cast=0)
    assert pages[0] == pages[1]


def test_r6_casting_and_changing_write_nothing_to_the_history() -> None:
    round_ = make.open_round(make.group(), electors=2)
    before = Entry.objects.count()
    make.cast(round_, [1, 2, 3], [3, 2, 1])
    make.cast(round_, [2, 1, 3])
    assert Entry.objects.count() == before


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_r6_no_result_exists_before_closing(state: str) -> None:
    round_ = make.open_round(make.group(), electors=5)
    make.cast(round_, *[[1, 2, 3]] * 5)
    if state == "cancelled":
        actions.cancel_round(round=round_, by=None, reason="No.")
    assert not hasattr(RankingRound.objects.get(pk=round_.pk), "result")
