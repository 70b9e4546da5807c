"""What goes wrong around a round: a worker dies at any statement, people leave, challenges merge. Nothing is lost."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.errors import NotReady, RoundClosed
from challenges.models import Ballot, Challenge, Elector, RankingRound, Receipt, RoundResult
from history.models import Entry
from people.models import User
from tests import factories as make
from workinggroups.models import Membership

SignedIn = Callable[[User], Client]
BALLOTS = [[1, 2, 3]] * 7 + [[3, 1, -1]] * 4 + [[0, 0, 0]]


SAVEPOINTS = ("SAVEPOINT", "ROLLBACK TO", "RELEASE")


class Died(OperationalError):  # noqa: N818 - named for what happened
    """The worker is gone."""


@contextmanager
def dying_at(number: int) -> Iterator[list[str]]:
    """Let the statement of this number (from 0) never reach the database; yields those that were asked for."""
    asked: list[str] = []

    def run(execute: Callable[..., Any], query: str, *rest: Any) -> Any:
        if not query.startswith(SAVEPOINTS):
            asked.append(query)
            if len(asked) > number:
                raise Died
        return execute(query, *rest)

    with connection.execute_wrapper(run):
        yield asked


def cast_round(**values: Any) -> RankingRound:
    round_ = make.open_round(make.group(), electors=len(BALLOTS), **values)
    make.vote(round_, *BALLOTS)
    return round_


def kept(of: RankingRound) -> dict[str, Any]:
    """Everything that closing or publishing may change."""
    return {
        "round": RankingRound.objects.filter(pk=of.pk).values().get(),
        "ballots": sorted(Ballot.objects.filter(round=of).values_list("pk", "elector", "helix", "ranks")),
        "receipts": sorted(Receipt.objects.filter(round=of).values_list("digest", "elector")),
        "results": list(RoundResult.objects.filter(round=of).values_list("checksum")),
        "statuses": sorted(Challenge.objects.filter(round_options__round=of).values_list("pk", "status")),
        "entries": Entry.objects.count(),
    }


def survives_every_death(of: RankingRound, step: Callable[[], Any]) -> int:
    """Let the step die at each of its statements in turn, then succeed; return how many statements it takes."""
    before = kept(of)
    for number in range(200):
        with dying_at(number) as asked:
            try:
                step()
            except Died:
                died = True
            else:
                died = False
        if not died:
            return len(asked)
        assert kept(of) == before, f"after dying at statement {number}: {asked[-1]}"
    raise AssertionError("the step never came to its end")


def voter(of: RankingRound, number: int = 0) -> User:
    return of.electors.order_by("pk")[number].user


def in_order(of: RankingRound, *ranks: int) -> dict[int, int]:
    return dict(zip(of.options.order_by("position").values_list("pk", flat=True), ranks, strict=True))


# -- a worker dies --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_closing_that_dies_anywhere_leaves_the_round_open_and_whole() -> None:
    round_ = cast_round()
    assert survives_every_death(round_, lambda: actions.close_round(round=round_, by=None)) > 5
    assert RoundResult.objects.get().figures["overall"]["n"] == len(BALLOTS)


@pytest.mark.django_db
def test_publishing_that_dies_anywhere_loses_no_ballot() -> None:
    round_ = actions.close_round(round=cast_round(), by=None)
    office = make.secretariat()
    assert survives_every_death(round_, lambda: actions.publish_round(round=round_, by=office)) > 5
    assert Ballot.objects.filter(elector=None).count() == len(BALLOTS)


@pytest.mark.django_db
def test_casting_that_dies_anywhere_keeps_the_earlier_ballot() -> None:
    round_ = cast_round()
    ranks = in_order(round_, 3, 2, 1)
    cast = survives_every_death(round_, lambda: actions.cast_ballot(round=round_, by=voter(round_), ranks=ranks))
    assert cast > 5
    assert Ballot.objects.get(elector__user=voter(round_)).ranks == [3, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_cut_off_from_the_database_while_closing_leaves_the_round_to_the_next() -> None:
    round_ = cast_round()
    before = kept(round_)

    def cut(execute: Callable[..., Any], query: str, *rest: Any) -> Any:
        if query.startswith('INSERT INTO "challenges_roundresult"'):
            execute("SELECT pg_terminate_backend(pg_backend_pid())", [], *rest[1:])
        return execute(query, *rest)

    with pytest.raises(OperationalError), connection.execute_wrapper(cut):
        actions.close_round(round=round_, by=None)
    connection.close()
    assert kept(round_) == before
    assert actions.close_round(round=round_, by=None).state == "closed"


# -- people ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_person_with_a_ballot_cannot_be_deleted_from_under_it() -> None:
    round_ = cast_round()
    with pytest.raises(ProtectedError):
        voter(round_).delete()
    assert Ballot.objects.count() == len(BALLOTS)


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["open", "closed", "published"])
def test_an_account_that_is_closed_and_blanked_changes_no_result(when: str) -> None:
    round_ = cast_round()
    steps = {
        "closed": lambda: actions.close_round(round=round_, by=None),
        "published": lambda: actions.publish_round(round=round_, by=make.secretariat()),
    }
    for state in ("open", "closed", "published"):
        if state in steps:
            steps[state]()
        if state == when:
            User.objects.filter(electorates__round=round_).update(is_active=False, display_name="", helix="")
    result = RoundResult.objects.get()
    assert (result.checksum, result.figures["overall"]["n"]) == (actions.checksum(result.figures), len(BALLOTS))
    assert result.figures["turnout"]["government"]["electors"] == 3
    assert Client().get(round_.get_absolute_url()).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"role": "observer"}, {"status": "ended", "ended_on": dt.date(2026, 1, 1)}])
def test_an_elector_who_lost_the_role_still_has_the_ballot(change: dict[str, Any], signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=2)
    person = voter(round_)
    Membership.objects.filter(user=person).update(**change)
    client, address = signed_in(person), reverse("challenges:ballot", args=[round_.pk])
    assert client.get(address).status_code == 200
    data = {f"rank-{pk}": str(rank) for pk, rank in in_order(round_, 1, 2, 3).items()}
    assert client.post(address, data).status_code == 302
    assert list(Ballot.objects.values_list("ranks", flat=True)) == [[1, 2, 3]]


# -- the register moves on ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_challenge_merged_while_a_round_is_open_touches_neither_paper_nor_result(signed_in: SignedIn) -> None:
    round_, leader = cast_round(), make.secretariat()
    first, second, _third = Challenge.objects.filter(round_options__round=round_).order_by("round_options__position")
    titles = list(round_.options.order_by("position").values_list("title", flat=True))
    actions.merge_challenge(challenge=first, into=second, by=leader, reason="The same thing.")
    assert signed_in(voter(round_)).get(reverse("challenges:ballot", args=[round_.pk])).status_code == 200
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=leader)
    assert list(round_.options.order_by("position").values_list("title", flat=True)) == titles
    figures = RoundResult.objects.get().figures
    assert ([option["title"] for option in figures["options"]], figures["overall"]["n"]) == (titles, len(BALLOTS))
    first.refresh_from_db()
    assert first.status == "merged"
    page = Client().get(round_.get_absolute_url())
    assert (page.status_code, first.get_absolute_url() in page.content.decode()) == (200, True)
    assert f'href="{second.get_absolute_url()}"' in Client().get(first.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["merged", "parked"])
def test_a_challenge_merged_or_parked_before_the_round_opens_stops_the_opening(step: str) -> None:
    group = make.group()
    make.member(group)
    round_, leader = make.round_(group), make.leader(group)
    first = Challenge.objects.filter(round_options__round=round_).order_by("pk")[0]
    if step == "merged":
        actions.merge_challenge(challenge=first, into=make.challenge(group), by=leader, reason="R.")
    else:
        actions.move_challenge(challenge=first, to=step, by=leader, reason="R.")
    with pytest.raises(NotReady, match="has been merged or parked"):
        actions.open_round(round=round_, by=leader)
    round_.refresh_from_db()
    assert (round_.state, round_.electors.count()) == ("draft", 0)


@pytest.mark.django_db
def test_a_challenge_split_or_unmerged_after_closing_touches_no_round() -> None:
    round_, leader = cast_round(), make.secretariat()
    first, second, third = Challenge.objects.filter(round_options__round=round_).order_by("round_options__position")
    actions.merge_challenge(challenge=first, into=second, by=leader, reason="The same thing.")
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=leader)
    asked = [option.challenge for option in round_.options.select_related("challenge").order_by("position")]
    checksum = RoundResult.objects.get().checksum
    actions.undo_merge(challenge=first, by=leader, reason="They differ.")
    parts = [actions.Part(title="One"), actions.Part(title="Two")]
    actions.split_challenge(challenge=third, parts=parts, by=leader, reason="R.", park=True)
    assert [option.challenge for option in round_.options.select_related("challenge").order_by("position")] == asked
    assert RoundResult.objects.get().checksum == checksum
    assert Client().get(round_.get_absolute_url()).status_code == 200


# -- files -----------------------------------------------------------------------------------------------------------
WIDE = 10_000
HUGE = "1" + "0" * 30
FILES = {
    "a file of 10,000 columns": {
        "a.csv": ",".join(f"c{number}" for number in range(WIDE)),
        "a.json": f"[[{','.join(['1'] * WIDE)}]]",
        "a.soc": f"# NUMBER ALTERNATIVES: {WIDE}\n1: {','.join(map(str, range(1, WIDE + 1)))}\n",
    },
    "NUL bytes": {"a.csv": "A,B\n1,\x00\n", "a.json": "[[1,\x00]]", "a.soc": "# NUMBER ALTERNATIVES: 2\n1: 1,\x00\n"},
    "ranks of 10^30": {
        "a.csv": f"A,B\n1,{HUGE}\n",
        "a.json": f"[[1,{HUGE}]]",
        "a.soc": f"# NUMBER ALTERNATIVES: 2\n1: 1,{HUGE}\n",
        "a.soi": f"# NUMBER ALTERNATIVES: {HUGE}\n1: 1\n",
    },
}


@pytest.mark.parametrize(("fault", "name"), [(fault, name) for fault, files in FILES.items() for name in files])
def test_a_file_with_too_much_is_refused_with_its_line(fault: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FILES[fault][name])
    with pytest.raises(CommandError, match=r"line \d+: "):
        call_command("rank", str(path))


# -- the last moment, and nonsense ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_last_microsecond_counts_and_the_closing_second_does_not() -> None:
    round_ = make.open_round(make.group(), electors=2)
    closes, ranks = round_.closes_at, in_order(round_, 1, 2, 3)
    assert closes
    actions.cast_ballot(round=round_, by=voter(round_), ranks=ranks, now=closes - dt.timedelta(microseconds=1))
    with pytest.raises(RoundClosed):
        actions.cast_ballot(round=round_, by=voter(round_, 1), ranks=ranks, now=closes)
    assert list(Elector.objects.order_by("pk").values_list("has_voted", flat=True)) == [True, False]


@pytest.mark.django_db
def test_nonsense_in_a_field_is_an_error_beside_it_and_nothing_is_written(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1)
    client, address = signed_in(voter(round_)), reverse("challenges:ballot", args=[round_.pk])
    wrong, *others = in_order(round_, 1, 2, 3)
    for value in ("1\x00", "\x00", "1" + "0" * 30, "-1", "1.0", "٣", "x" * 100_000, " 1"):
        response = client.post(address, {f"rank-{wrong}": value} | {f"rank-{pk}": "2" for pk in others})
        found = response.status_code, list(response.context["form"].errors)
        assert found == (200, [f"rank-{wrong}"]), value[:40]
        assert (Ballot.objects.count(), Receipt.objects.count()) == (0, 0), value[:40]


@pytest.mark.django_db
def test_ten_thousand_fields_too_many_are_refused_without_an_error_of_ours(signed_in: SignedIn) -> None:
    round_ = make.open_round(make.group(), electors=1)
    data = {f"rank-{number}": "1" for number in range(10_000)}
    response = signed_in(voter(round_)).post(reverse("challenges:ballot", args=[round_.pk]), data)
    assert (response.status_code, Ballot.objects.count()) == (400, 0)
