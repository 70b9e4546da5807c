"""Publishing: who took part stays known, what each answered is nobody's any more."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from challenges import actions
from challenges.errors import FocusRefused, ReasonMissing, WrongState
from challenges.models import Ballot, Challenge, Elector, Focus, RankingRound
from history.models import ContentVersion, Entry
from tests import factories as make
from tests.challenges.rounds import helices_of
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

BALLOTS = [[1, 2, 3]] * 6 + [[2, 1, 3]] * 3 + [[3, -1, 0]] * 3


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def closed_round(group: WorkingGroup, voting: Callable[..., None] = make.vote) -> RankingRound:
    round_ = make.open_round(group, electors=len(BALLOTS))
    voting(round_, *BALLOTS)
    return actions.close_round(round=round_, by=None)


def cast_by(of: RankingRound) -> dict[uuid.UUID, str]:
    return {ballot.pk: ballot.elector.user.email for ballot in Ballot.objects.filter(round=of) if ballot.elector}


def tables() -> list[str]:
    """Every table and view that the database has, whoever made it: the history and the sessions too."""
    kinds = "('r', 'p', 'm', 'v')"  # tables, parts of tables, views
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class"  # noqa: S608 - a literal
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            f" AND relkind IN {kinds} ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def everything() -> dict[str, list[str]]:
    """Every row of every table as text."""
    rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - quoted by the database
            rows[table.partition(".")[2]] = [row for (row,) in cursor.fetchall()]
    return rows


def statuses(of: RankingRound) -> list[str]:
    return list(of.options.order_by("position").values_list("challenge__status", flat=True))


def test_r9_publishing_unlinks_every_ballot_and_keeps_who_took_part(group: WorkingGroup) -> None:
    round_ = closed_round(group)
    ranks = sorted(Ballot.objects.values_list("ranks", flat=True))
    published = actions.publish_round(round=round_, by=make.secretariat())
    assert published.unlinked_at == published.published_at
    assert sorted(Ballot.objects.values_list("ranks", flat=True)) == ranks
    assert Ballot.objects.exclude(elector=None).count() == 0
    assert Elector.objects.filter(has_voted=True).count() == 12


def test_the_search_reads_every_table() -> None:
    """What the tests below lean on: all tables of all models are there, with their rows, and those of no model too."""
    found, models = everything(), apps.get_models(include_auto_created=True)
    assert {model._meta.db_table for model in models if model._meta.managed} - set(found) == set()
    assert {"history_entry", "django_session", "django_migrations", "django_content_type"} <= set(found)
    make.secretariat(display_name="Needle")
    assert [table for table, rows in everything().items() if any("Needle" in row for row in rows)] == ["people_user"]


def test_r9_no_table_leads_from_a_ballot_to_a_person(group: WorkingGroup) -> None:
    """Neither by the keys the ballots had, nor by those they have now, nor by a number that both would hold."""
    round_ = closed_round(group, make.cast)
    old = [str(pk) for pk in cast_by(round_)]
    assert len(old) == 12
    actions.publish_round(round=round_, by=make.secretariat())
    new = [str(pk) for pk in Ballot.objects.values_list("pk", flat=True)]
    assert set(old) & set(new) == set()
    for table, rows in everything().items():
        assert not [row for row in rows if any(pk in row for pk in old)], table
        if table != "challenges_ballot":
            assert not [row for row in rows if any(pk in row for pk in new)], table
    columns = {field.column for field in Ballot._meta.get_fields() if field.concrete}
    assert columns == {"id", "round_id", "elector_id", "helix", "ranks"}
    assert list(Ballot.objects.exclude(elector=None)) == []


def test_nothing_in_the_database_points_at_a_ballot() -> None:
    """No key of any table, and no trigger writes ballots down elsewhere: one reads, the others refuse."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE confrelid = 'challenges_ballot'::regclass"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgrelid = 'challenges_ballot'::regclass"
        )
        sources = [source for (source,) in cursor.fetchall()]
    assert len(sources) == 3
    assert [source for source in sources if re.search(r"INSERT INTO|UPDATE \w|NOTIFY|RAISE (LOG|NOTICE)", source)] == []


@pytest.mark.django_db(transaction=True)
def test_not_even_the_numbers_of_the_transactions_lead_back() -> None:
    """PostgreSQL notes for each row which transaction wrote it: ballots and hashes are each written by one for all."""
    round_ = closed_round(make.group(), make.cast)
    assert len(written_by("challenges_elector", "has_voted")) == 12
    assert len(written_by("challenges_receipt")) == 1
    actions.publish_round(round=round_, by=make.secretariat())
    assert len(written_by("challenges_ballot")) == 1


def written_by(table: str, condition: str = "true") -> set[str]:
    """The numbers of the transactions that wrote the rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT xmin::text FROM {table} WHERE {condition}")  # noqa: S608 - of this file
        return {number for (number,) in cursor.fetchall()}


def test_unlinked_ballots_lie_in_an_order_that_says_nothing() -> None:
    """Neither by key nor as the database has them on disk: 24 different ballots keep their order with odds of nil."""
    given = [list(answers) for answers in permutations([1, 2, 3, 4])]
    round_ = make.open_round(make.group(), electors=len(given), options=4)
    make.cast(round_, *given)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    with connection.cursor() as cursor:
        cursor.execute("SELECT ranks FROM challenges_ballot ORDER BY ctid")
        on_disk = [row for (row,) in cursor.fetchall()]
    by_key = list(Ballot.objects.order_by("pk").values_list("ranks", flat=True))
    assert sorted(on_disk) == sorted(by_key) == sorted(given)
    assert (on_disk == given, by_key == given) == (False, False)


def test_a_helix_stays_on_the_ballot_only_where_its_cell_may_be_shown(group: WorkingGroup) -> None:
    make.members(group, *helices_of(government=7, business=6, academia=3, civil_society=2))
    round_ = make.open_round(group)
    make.vote(round_, *[[1, 2, 3]] * 18)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    helices = list(Ballot.objects.values_list("helix", flat=True))
    assert {helix: helices.count(helix) for helix in set(helices)} == {"government": 7, "business": 6, "": 5}


@pytest.mark.parametrize("values", [{"policy": "open_ballots"}, {}])
def test_no_helix_stays_where_there_is_no_breakdown(group: WorkingGroup, values: dict[str, Any]) -> None:
    ballots = BALLOTS if values else BALLOTS[:4]
    make.published_round(group, *ballots, **values)
    assert set(Ballot.objects.values_list("helix", flat=True)) == {""}


def test_r9_a_planned_repeat_keeps_the_link_until_the_repeat_is_published(group: WorkingGroup) -> None:
    first = make.published_round(group, *BALLOTS, will_repeat=True)
    assert (first.unlinked_at, len(cast_by(first))) == (None, 12)
    repeat = make.open_round(group, options=[], repeats=first)
    make.vote(repeat, *BALLOTS)
    actions.close_round(round=repeat, by=None)
    assert len(cast_by(first)) == 12
    actions.publish_round(round=repeat, by=make.secretariat())
    first.refresh_from_db()
    assert (cast_by(first), cast_by(repeat)) == ({}, {})
    assert first.unlinked_at is not None


def test_r9_after_six_months_ballots_are_unlinked_at_the_latest(group: WorkingGroup) -> None:
    linked = make.published_round(group, *BALLOTS, will_repeat=True)
    waiting = closed_round(make.group())
    closed = [round_.closed_at for round_ in (linked, waiting)]
    assert all(closed)
    later = max(moment for moment in closed if moment) + dt.timedelta(days=182)
    early = later - dt.timedelta(days=1)
    assert [actions.unlink_round(round=round_, now=early) for round_ in (linked, waiting)] == [False, False]
    assert [actions.unlink_round(round=round_, now=later) for round_ in (linked, waiting)] == [True, True]
    assert (cast_by(linked), cast_by(waiting)) == ({}, {})
    assert actions.unlink_round(round=linked, now=later) is False
    published = actions.publish_round(round=waiting, by=make.secretariat(), now=later + dt.timedelta(days=1))
    assert (published.unlinked_at, Ballot.objects.filter(round=waiting).count()) == (later, 12)


def test_publishing_moves_what_was_ranked_and_writes_its_history(group: WorkingGroup) -> None:
    version = ContentVersion.objects.values_list("number", flat=True).first() or 0
    round_ = make.published_round(group, *BALLOTS)
    assert statuses(round_) == ["ranked"] * 3
    first = Challenge.objects.get(round_options__round=round_, round_options__position=1)
    entry = Entry.objects.about(first).published().get()
    assert (entry.verb, entry.payload) == ("ranked", {"round": round_.pk, "place": "1"})
    assert (ContentVersion.objects.get().number > version) is True


def test_what_is_further_along_stays_where_it_is(group: WorkingGroup) -> None:
    chosen = [make.challenge(group, status=status) for status in ("in_focus", "addressed", "proposed", "identified")]
    round_ = make.published_round(group, *[[1, 2, 3, 4]] * 5, options=chosen)
    assert statuses(round_) == ["in_focus", "addressed", "ranked", "ranked"]


def test_below_five_ballots_nothing_is_ranked(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *BALLOTS[:4])
    assert (round_.state, statuses(round_)) == ("published", ["identified"] * 3)


def test_a_round_is_published_once_and_only_after_closing(group: WorkingGroup) -> None:
    secretariat = make.secretariat()
    for round_ in (make.open_round(group, electors=1), make.published_round(group, *BALLOTS)):
        with pytest.raises(WrongState):
            actions.publish_round(round=round_, by=secretariat)


def test_a_historic_round_has_its_own_times(group: WorkingGroup) -> None:
    round_ = closed_round(group)
    at = timezone.now() + dt.timedelta(minutes=5)
    published = actions.publish_round(round=round_, by=make.secretariat(), now=at)
    assert (published.published_at, published.unlinked_at) == (at, at)
    assert Entry.objects.about(round_).get(verb="published").at == at


# -- focus ----------------------------------------------------------------------------------------------------------


def chosen(of: RankingRound) -> list[Challenge]:
    return list(Challenge.objects.filter(round_options__round=of).order_by("round_options__position"))


def test_a_focus_takes_up_challenges_with_a_joint_rank_and_a_reason(group: WorkingGroup) -> None:
    round_, leader, meeting = make.published_round(group, *BALLOTS), make.leader(group), make.meeting(group)
    first, second, third = chosen(round_)
    focus = actions.decide_focus(
        round=round_,
        entries=[(1, first), (2, second), (2, third)],
        reason="Capacity first; the other two belong together.",
        taken_in=meeting,
        by=leader,
    )
    assert [(entry.rank, entry.challenge) for entry in focus.entries.order_by("rank", "challenge__pk")] == [
        (1, first),
        (2, second),
        (2, third),
    ]
    assert statuses(round_) == ["in_focus"] * 3
    entry = Entry.objects.about(first).published().get(verb="put_in_focus")
    assert (entry.reason, entry.payload) == (focus.reason, {"round": round_.pk})


def test_the_result_does_not_set_the_focus(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *BALLOTS)
    last = chosen(round_)[2]
    actions.decide_focus(round=round_, entries=[(1, last)], reason="It is urgent.", by=make.leader(group))
    assert statuses(round_) == ["ranked", "ranked", "in_focus"]


def test_a_focus_is_decided_once_and_only_after_publication(group: WorkingGroup) -> None:
    leader = make.leader(group)
    published, unpublished = make.published_round(group, *BALLOTS), closed_round(make.group())
    actions.decide_focus(round=published, entries=[(1, chosen(published)[0])], reason="Because.", by=leader)
    for round_ in (published, unpublished):
        with pytest.raises(WrongState):
            actions.decide_focus(round=round_, entries=[(1, chosen(round_)[0])], reason="Because.", by=leader)
    assert Focus.objects.count() == 1


def test_a_focus_that_does_not_fit_is_refused_whole(group: WorkingGroup) -> None:
    round_, leader = make.published_round(group, *BALLOTS), make.leader(group)
    first, second, third = chosen(round_)
    actions.move_challenge(challenge=second, to="parked", by=leader, reason="Later.")
    faults: dict[str, list[tuple[int, Challenge]]] = {
        "none": [],
        "twice": [(1, first), (2, first)],
        "foreign": [(1, first), (2, make.challenge(group, status="ranked"))],
        "parked": [(1, first), (2, second)],
        "rank 0": [(0, first)],
        "no reason": [(1, first)],
    }
    for fault, entries in faults.items():
        error, reason = (ReasonMissing, "") if fault == "no reason" else (FocusRefused, "R.")
        with pytest.raises(error):
            actions.decide_focus(round=round_, entries=entries, reason=reason, by=leader)
        found = Focus.objects.count(), Challenge.objects.filter(status="in_focus").count()
        assert found == (0, 0), fault
    actions.decide_focus(round=round_, entries=[(1, first), (1, third)], reason="R.", by=leader)
