"""The flows with a real worker, its schedule and a real broker: what the site asks for is built and sent by a process
of its own, also what fell due while none ran.
"""

import datetime as dt
import email
import email.policy
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import feedparser
import pypdf
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from outcomes.models import Edition
from s3cop.celery import transport
from s3cop.local.broker import make_folders
from s3cop.local.home import Home
from s3cop.local.supervisor import WORKER
from s3cop.local.throwaway import throwaway_broker
from tests import factories
from tests.flows.people import Community, community
from tests.flows.test_outcome_flow import BALLOTS, OUTCOME, ROUND
from tests.flows.visitor import Visitor
from tests.nudges import nudging

# Rows must be committed to be seen by the worker.
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PATIENCE = 60.0  # seconds, on a busy machine
SOON = dt.timedelta(hours=36)


def database_url() -> str:
    """Return the address of the test database, as the environment of a process has it."""
    given = connection.settings_dict
    return f"postgres://{given['USER']}@{quote(str(given['HOST']), safe='')}:{given['PORT']}/{given['NAME']}"


@pytest.fixture(autouse=True)
def _default_rules() -> None:
    """Put back what the migration wrote and an earlier committing test emptied."""
    import_module("meetings.migrations.0003_default_rules").install(apps, None)


@pytest.fixture
def broker(settings: Any, tmp_path: Path) -> Iterator[str]:
    """Give the address of a private broker, or nothing: then nudges go through folders, as in the local set-up."""
    make_folders(Home(tmp_path))
    with throwaway_broker() as url:
        settings.REDIS_URL = url or ""
        with nudging(transport()):
            yield url or ""


@contextmanager
def worker(broker: str, home: Path) -> Iterator[None]:
    """Run the worker of the local set-up beside the test; it ends with the block."""
    places = {"DATABASE_URL": database_url(), "S3COP_HOME": str(home), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    with (home / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *WORKER],
            cwd=settings.BASE_DIR,
            env=os.environ | places | {"REDIS_URL": broker},
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def wait_for(what: Callable[[], Any], home: Path) -> Any:
    """Ask until the answer is yes and return it; what the worker said stands in the error."""
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < deadline, (home / "worker.log").read_text()[-3000:]
        time.sleep(0.1)
    return found


def letters(home: Path) -> list[EmailMessage]:
    files = sorted((home / "mail").glob("*.eml"))
    read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    return [letter for letter in read if isinstance(letter, EmailMessage)]


def to(person: Any, home: Path) -> list[EmailMessage]:
    return [letter for letter in letters(home) if person.email in str(letter["To"])]


def schedule(people: Community, title: str, starts_in: dt.timedelta) -> Visitor:
    start = (timezone.now() + starts_in).astimezone(ZoneInfo("Europe/Brussels"))
    when: dict[str, str | bool] = {"Date": f"{start:%Y-%m-%d}", "Start": "10:00", "End": "12:00", "Online": True}
    office = people.visit(people.secretariat).follow("Desk").follow("Schedule a meeting")
    return office.press("Save and invite", {"Title": title, **when})


def calendar_of(letter: EmailMessage) -> str:
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return str(parts[0].get_content()) if parts else ""


def test_letters_leave_when_the_worker_comes_back_and_at_once_while_it_runs(broker: str, tmp_path: Path) -> None:
    people = community()
    first, *_, last = people.members
    schedule(people, "Check-in", SOON)
    people.visit(first).press("Yes")
    with worker(broker, tmp_path):
        wait_for(lambda: len(to(first, tmp_path)) == 2 and len(letters(tmp_path)) == 8, tmp_path)
        invitation, reminder = sorted(
            to(first, tmp_path), key=lambda letter: "Invitation" not in str(letter["Subject"])
        )
        assert "METHOD:REQUEST" in calendar_of(invitation)
        assert "Check-in" in str(reminder["Subject"])
        schedule(people, "Winter meeting", dt.timedelta(days=40))
        wait_for(lambda: any("Winter meeting" in str(letter["Subject"]) for letter in to(last, tmp_path)), tmp_path)


def test_a_published_round_becomes_an_outcome_that_everybody_reads(broker: str, tmp_path: Path) -> None:
    people = community()
    asked = factories.open_round(people.group, options=people.challenges, title=ROUND)
    factories.vote(asked, *BALLOTS)
    people.visit(people.leader).follow("Desk").follow("Close the round").press("Close and count")
    office = people.visit(people.secretariat).follow("Desk").follow("Publish the result").press("Publish the result")
    with worker(broker, tmp_path):
        wait_for(Edition.objects.filter(state=Edition.State.READY).exists, tmp_path)
        leader = people.visit(people.leader).follow("Desk").follow("Send to review")
        leader.follow("Edit").press("Save", {"Abstract": "Written by hand."})
        wait_for(Edition.objects.filter(state=Edition.State.READY, abstract="Written by hand.").exists, tmp_path)
    leader.follow("Go to the edition").follow("Send to review").press("Send to review")
    office.open("/").follow("Desk").follow("Review and approve").follow("Approve").press("Approve")
    office.follow("Publish").press("Publish")
    reader = Visitor().open("/").follow("Outcomes").follow(OUTCOME)
    pdf = pypdf.PdfReader(io.BytesIO(Visitor().open(reader.link("Read as PDF")).answer.content))
    assert "Written by hand." in " ".join(pdf.pages[0].extract_text().split())
    feed = feedparser.parse(Visitor().open("/").follow("Outcomes").follow("Follow these outcomes").answer.content)
    assert [entry.title for entry in feed.entries] == [OUTCOME]
