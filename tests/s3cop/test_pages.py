"""The pages that gather: what awaits a person, what waits at the desk, whether all is well, the letters that left."""

import datetime as dt
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from challenges.models import RankingRound
from meetings.models import Meeting
from notices.models import Notice
from people.models import User
from s3cop.models import Heartbeat
from s3cop.pages import health
from s3cop.tasks import heartbeat
from tests.world import account, failed_notice
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
SignedIn = Callable[[User], Client]


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_the_dashboard_counts_what_awaits_and_leads_there(signed_in: SignedIn) -> None:
    member = account("member")
    seen = page(signed_in(member), "/dashboard/")
    open_round = RankingRound.objects.get(title="A second look, second pass")
    assert "4 things await you" in seen
    assert f'href="/rounds/{open_round.pk}/ballot/"' in seen
    assert 'action="/meetings/ic-next/reply/"' in seen


def test_who_has_voted_and_answered_is_left_in_peace(signed_in: SignedIn) -> None:
    voter = account("member2")
    voter.attendances.filter(meeting__state=Meeting.State.SCHEDULED).update(reply="no", replied_at=timezone.now())
    seen = page(signed_in(voter), "/dashboard/")
    assert "Nothing awaits you" in seen
    assert "See or change it" in seen


def test_a_stranger_s_dashboard_says_how_one_gets_in(signed_in: SignedIn) -> None:
    seen = page(signed_in(account("outsider")), "/dashboard/")
    assert "You are in no group" in seen
    assert "Nothing awaits you" in seen


def test_the_desk_offers_the_next_step_of_each_round_and_edition(signed_in: SignedIn) -> None:
    seen = page(signed_in(account("secretariat")), "/desk/")
    for step in ("Close the round", "Decide the focus", "Review and approve"):
        assert step in seen


def test_a_leader_s_desk_holds_the_own_group_only_and_no_letters(signed_in: SignedIn) -> None:
    seen = page(signed_in(account("leader")), "/desk/")
    assert "A second look, second pass" in seen
    assert "Trial round on bottlenecks" not in seen
    assert 'id="letters"' not in seen


def test_a_failed_letter_is_shown_in_words_and_can_be_tried_again(signed_in: SignedIn) -> None:
    notice = failed_notice(WorkingGroup.objects.order_by("pk")[0], account("member"))
    office = signed_in(account("secretariat"))
    seen = page(office, "/desk/")
    assert "550 no such user" in seen
    assert "meetings.invitation" not in seen
    office.post(f"/notices/{notice.pk}/retry/")
    notice.refresh_from_db()
    assert notice.state == Notice.State.DUE


def test_the_desk_warns_when_the_schedule_stands_still(signed_in: SignedIn) -> None:
    office = signed_in(account("secretariat"))
    assert "Reminders are not being sent" in page(office, "/desk/")
    heartbeat()
    assert "Reminders are not being sent" not in page(office, "/desk/")
    Heartbeat.objects.update(beaten_at=timezone.now() - dt.timedelta(minutes=4))
    assert "Reminders are not being sent" in page(office, "/desk/")


def test_a_heartbeat_is_one_row_however_often_it_beats() -> None:
    heartbeat()
    heartbeat()
    assert Heartbeat.objects.count() == 1
    assert health.schedule() == "ok"


def test_an_old_heartbeat_is_named_with_its_age() -> None:
    Heartbeat.objects.create(pk=1, beaten_at=timezone.now() - dt.timedelta(minutes=10))
    assert health.schedule().startswith("last ran 6")


def test_letters_that_nobody_delivers_are_named() -> None:
    Notice.objects.filter(state=Notice.State.DUE).delete()
    assert health.letters() == "ok"
    notice = failed_notice(WorkingGroup.objects.order_by("pk")[0], account("member"))
    late = timezone.now() - dt.timedelta(minutes=6)
    Notice.objects.filter(pk=notice.pk).update(state="due", failed_at=None, next_try_at=late)
    assert health.letters().startswith("oldest overdue since")


def test_readiness_names_the_part_and_no_address() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["schedule"] == "has not run yet"
    assert answer.json()["database"] == "ok"
    assert "://" not in answer.content.decode()
    assert Client().get("/healthz").content == b"ok\n"


def test_readiness_reads_the_files_of_migrations_once_and_the_database_each_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert health.migrations() == "ok"
    with django_assert_num_queries(2):  # is the table there, and what does it hold
        assert health.migrations() == "ok"
    assert health.known_migrations.cache_info().misses == 1
    MigrationRecorder(connection).record_unapplied("people", "0001_initial")
    assert health.migrations() == "not all applied"


def test_letters_of_the_local_set_up_can_be_read(settings: Any, tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["To"] = "Πρόσκληση", "Ζωή <zoe@example.org>"
    letter.set_content("Добър ден")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "one.eml").write_bytes(bytes(letter))
    assert "Πρόσκληση" in page(Client(), "/dev/mail/")
    assert "Добър ден" in page(Client(), "/dev/mail/one/")
    settings.LOCAL = False
    assert Client().get("/dev/mail/").status_code == 404
    assert Client().get("/styleguide/").status_code == 404
