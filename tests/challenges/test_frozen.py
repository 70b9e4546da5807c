"""What opening, closing and unlinking fix cannot be changed by any statement either: the database itself refuses."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from challenges import actions
from challenges.models import Ballot, RankingRound, Receipt
from tests import factories as make

pytestmark = pytest.mark.django_db

OVER = ("closed", "published")
ROUND = "UPDATE challenges_rankinground SET {} WHERE id = %(round)s"
INSERT = "INSERT INTO challenges_ballot (id, round_id, elector_id, helix, ranks) SELECT %(new)s, %(round)s, {}, '', {}"
JOIN = (
    "INSERT INTO challenges_elector (round_id, user_id, helix, has_voted)"
    " SELECT %(round)s, id, '', false FROM people_user WHERE is_secretariat"
)
RELINK = (
    "UPDATE challenges_ballot SET elector_id = %(voted)s"
    " WHERE id = (SELECT min(id::text)::uuid FROM challenges_ballot WHERE round_id = %(round)s)"
)


@pytest.fixture(scope="module")
def rounds(rows_of_module: None) -> dict[str, RankingRound]:  # noqa: ARG001
    """By its state, a round of three options and seven electors, six of whom have voted; no statement changes them."""
    found = {state: in_state(state) for state in ("open", *OVER)}
    connection.check_constraints()  # else each test checks all of this again
    return found


@pytest.fixture(params=["open", *OVER])
def round_(request: pytest.FixtureRequest, rounds: dict[str, RankingRound]) -> RankingRound:
    return rounds[request.param]


def in_state(state: str, **values: Any) -> RankingRound:
    found = make.open_round(make.group(), electors=7, **values)
    make.cast(found, *[[1, 2, 3]] * 6)
    if state in OVER:
        found = actions.close_round(round=found, by=None)
    if state == "published":
        found = actions.publish_round(round=found, by=make.secretariat())
    return found


def run(sql: str, of: RankingRound) -> bool:
    """Whether the database does as told, also when all that was deferred is due; undone again."""
    own = of.electors.order_by("pk")
    values: dict[str, Any] = {"round": of.pk, "new": uuid.uuid4(), "voted": own[0].pk, "silent": own[6].pk}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                assert cursor.rowcount > 0, "the statement meets a row"
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize(
    "change",
    [
        "question = 'Another?'",
        "title = 'Another'",
        "policy = 'open_ballots'",
        "strength = 'winning'",
        "level = 0.5",
        "voting_roles = '{observer}'",
        "timezone = 'Europe/Athens'",
        "electors_asked = 99",
        "opened_at = opened_at - interval '1 day'",
        "state = 'draft'",
        "will_repeat = true",
    ],
)
def test_r1_question_and_method_of_an_opened_round_never_change(change: str, round_: RankingRound) -> None:
    assert run(ROUND.format(change), round_) is False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE challenges_roundoption SET title = 'Another' WHERE round_id = %(round)s",
        "DELETE FROM challenges_roundoption WHERE round_id = %(round)s AND position = 3",
        "INSERT INTO challenges_roundoption (round_id, position, title, text) VALUES (%(round)s, 4, 'Late', '')",
        "UPDATE challenges_elector SET helix = '' WHERE id = %(silent)s",
        "DELETE FROM challenges_elector WHERE id = %(silent)s",
        JOIN,
        "DELETE FROM challenges_rankinground WHERE id = %(round)s",
    ],
)
def test_r1_options_and_electors_of_an_opened_round_never_change(sql: str, round_: RankingRound) -> None:
    assert run(sql, round_) is False


@pytest.mark.parametrize("state", OVER)
@pytest.mark.parametrize("change", ["opens_at = now()", "closes_at = now()", "closes_at = NULL"])
def test_a_round_that_is_over_keeps_the_times_that_were_planned(
    change: str, state: str, rounds: dict[str, RankingRound]
) -> None:
    assert run(ROUND.format(change), rounds[state]) is False


COPY = (
    "INSERT INTO challenges_rankinground (group_id, title, question, policy, strength, level, voting_roles, timezone,"
    " will_repeat, cancel_reason, state, opened_at, closed_at, published_at, cancelled_at, unlinked_at, ballots_cast,"
    " paper_ballots, electors_asked) SELECT group_id, 'Copy', question, policy, strength, level, voting_roles,"
    " timezone, false, '', {state}, {opened}, {closed}, {published}, {cancelled}, {unlinked}, {cast}, 0, {asked}"
    " FROM challenges_rankinground WHERE id = %(round)s"
)
FRESH = {
    "state": "'draft'",
    **dict.fromkeys(("opened", "closed", "published", "cancelled", "unlinked"), "NULL"),
    **dict.fromkeys(("cast", "asked"), "0"),
}


@pytest.mark.parametrize(
    ("values", "is_taken"),
    [
        ({}, True),
        ({"state": "'open'", "opened": "now()"}, False),
        ({"state": "'closed'", "opened": "now()", "closed": "now()"}, False),
        ({"state": "'published'", "opened": "now()", "closed": "now()", "published": "now()"}, False),
        ({"state": "'cancelled'", "cancelled": "now()"}, False),
        ({"opened": "now()"}, False),
        ({"unlinked": "now()"}, False),
        ({"asked": "9", "cast": "9"}, False),
    ],
)
def test_a_round_begins_as_a_draft(values: dict[str, str], is_taken: bool, rounds: dict[str, RankingRound]) -> None:
    assert run(COPY.format(**FRESH | values), rounds["open"]) is is_taken


@pytest.mark.parametrize(
    "change",
    [
        "state = 'open', opened_at = now(), closes_at = now() - interval '1 hour'",
        "opened_at = now()",
        "state = 'cancelled', cancelled_at = now(), opened_at = now()",
    ],
)
def test_a_draft_is_opened_by_opening_it_and_before_it_closes(change: str) -> None:
    assert run(ROUND.format(change), make_draft_with_electors()) is False


def test_a_draft_changes_freely() -> None:
    draft = make.round_(make.group())
    for change in ("question = 'Another?'", "level = 0.5", "will_repeat = true"):
        with connection.cursor() as cursor:
            cursor.execute(ROUND.format(change), {"round": draft.pk})
    draft.options.all().delete()
    assert RankingRound.objects.filter(pk=draft.pk).delete()[0] == 1


@pytest.mark.parametrize(
    ("elector", "ranks"),
    [
        ("%(silent)s", "'{1,2}'"),
        ("%(silent)s", "'{1,2,3,4}'"),
        ("%(silent)s", "'{}'"),
        ("%(silent)s", "'{1,2,4}'"),
        ("%(silent)s", "'{1,2,-2}'"),
        ("%(silent)s", "'{1,2,NULL}'"),
        ("%(silent)s", "'{{1,2,3}}'"),
        ("(SELECT max(id) FROM challenges_elector WHERE round_id <> %(round)s)", "'{1,2,3}'"),
        ("%(voted)s", "'{1,2,3}'"),
    ],
)
def test_a_ballot_answers_the_options_of_its_elector_s_round(
    elector: str, ranks: str, rounds: dict[str, RankingRound]
) -> None:
    assert run(INSERT.format(elector, ranks), rounds["open"]) is False


def test_ballots_are_taken_only_while_the_round_is_open(rounds: dict[str, RankingRound]) -> None:
    cancelled = actions.cancel_round(round=in_state("open"), by=None, reason="No.")
    taken = []
    for of in (make.round_(make.group()), *rounds.values(), cancelled):
        seat = of.electors.order_by("pk").last()
        elector = str(seat.pk) if seat else "NULL"
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(INSERT.format(elector, "'{1,2,3}'"), {"round": of.pk, "new": uuid.uuid4()})
        except IntegrityError:
            continue
        taken.append(of.state)
    assert taken == ["open"]


@pytest.mark.parametrize("state", OVER)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE challenges_ballot SET ranks = '{3,2,1}' WHERE round_id = %(round)s",
        "DELETE FROM challenges_ballot WHERE round_id = %(round)s",
        INSERT.format("NULL", "'{1,2,3}'"),
        "UPDATE challenges_elector SET has_voted = false WHERE id = %(voted)s",
        "UPDATE challenges_receipt SET digest = reverse(digest) WHERE round_id = %(round)s",
        "DELETE FROM challenges_receipt WHERE round_id = %(round)s",
        "UPDATE challenges_roundresult SET figures = '{}' WHERE round_id = %(round)s",
        "UPDATE challenges_roundresult SET seed = seed + 1 WHERE round_id = %(round)s",
        "DELETE FROM challenges_roundresult WHERE round_id = %(round)s",
        ROUND.format("ballots_cast = ballots_cast - 1"),
        ROUND.format("closed_at = closed_at - interval '1 hour'"),
        ROUND.format("state = 'open', closed_at = NULL, published_at = NULL"),
    ],
)
def test_r7_what_was_counted_stays_as_it_was(sql: str, state: str, rounds: dict[str, RankingRound]) -> None:
    assert run(sql, rounds[state]) is False


@pytest.mark.parametrize(
    "sql",
    [
        RELINK,
        ROUND.format("unlinked_at = NULL"),
        ROUND.format("published_at = published_at - interval '1 hour'"),
    ],
)
def test_r9_an_unlinked_ballot_never_gets_a_person_again(sql: str, rounds: dict[str, RankingRound]) -> None:
    assert run(sql, rounds["published"]) is False


def test_r9_a_round_counts_as_unlinked_only_without_any_elector_on_its_ballots() -> None:
    assert run(ROUND.format("unlinked_at = now()"), in_state("published", will_repeat=True)) is False


def test_no_result_without_a_count_and_none_for_a_round_that_is_not_closing(rounds: dict[str, RankingRound]) -> None:
    of = rounds["open"]
    assert run(ROUND.format("state = 'closed', closed_at = now()"), of) is False
    insert = (
        "INSERT INTO challenges_roundresult (round_id, figures, checksum, seed, software, computed_at)"
        " VALUES (%(round)s, '{}', '', 0, '', now())"
    )
    assert [run(insert, other) for other in (make_draft_with_electors(), of)] == [False, True]


def make_draft_with_electors() -> RankingRound:
    draft = make.round_(make.group())
    draft.electors.create(user=make.user())
    for _ in range(6):
        draft.electors.create(user=make.user())
    return draft


def test_the_steps_themselves_still_do_all_they_should() -> None:
    """Voting, changing, closing, publishing and a repeat pass every trigger; so does a cancelled round."""
    first = in_state("published", will_repeat=True)
    repeat = make.open_round(first.group, options=[], repeats=first)
    make.cast(repeat, *[[2, 1, 3]] * 6)
    make.cast(repeat, [3, 2, 1])
    actions.close_round(round=repeat, by=None)
    actions.publish_round(round=repeat, by=make.secretariat())
    cancelled = actions.cancel_round(round=in_state("open"), by=None, reason="No.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    told = Q(round__in=[first, repeat, cancelled])
    assert Ballot.objects.filter(told).exclude(elector=None).count() == 0
    assert (Ballot.objects.filter(told).count(), Receipt.objects.filter(told).count()) == (12, 12)
