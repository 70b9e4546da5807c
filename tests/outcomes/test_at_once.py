"""Of two who publish, begin, build or discard at the same moment, each does it once."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from outcomes import actions
from outcomes.errors import Gone, WrongState
from outcomes.models import Edition
from outcomes.tasks import publish_due
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds, on a busy machine
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def test_two_workers_at_once_publish_it_once() -> None:
    edition = factories.built_edition(factories.publication(factories.group()))
    actions.submit(edition=edition, by=factories.secretariat(), now=WHEN)
    actions.approve(edition=edition, by=factories.secretariat(), now=WHEN)
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + dt.timedelta(hours=1), now=WHEN)
    counts: list[int] = []

    def work() -> None:
        counts.append(publish_due())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(counts) == [0, 1]


def test_two_publications_of_one_title_at_the_same_moment_get_two_addresses() -> None:
    group, office = factories.group(), factories.secretariat()
    slugs: list[str] = []
    together = threading.Barrier(2)

    def start() -> None:
        together.wait()
        with transaction.atomic():
            slug = actions.free_slug("Same title")
            made = actions.start_publication(slug=slug, kind="report", groups=[group], by=office)
        slugs.append(made.slug)
        connection.close()

    writers = [threading.Thread(target=start) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(slugs) == ["same-title", "same-title-2"]


def test_of_a_build_and_a_discard_at_the_same_moment_one_is_refused() -> None:
    office = factories.secretariat()
    edition = factories.built_edition(factories.publication(factories.group()))
    came: dict[str, str] = {}
    together = threading.Barrier(2)

    def do(name: str, action: Any) -> None:
        together.wait(PATIENCE)
        try:
            action(edition=edition, by=office)
        except (Gone, WrongState) as refusal:
            came[name] = type(refusal).__name__
        else:
            came[name] = "done"
        connection.close()

    deeds = {"build": actions.request_build, "discard": actions.discard_edition}
    workers = [threading.Thread(target=do, args=deed) for deed in deeds.items()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    assert came in ({"build": "done", "discard": "WrongState"}, {"build": "Gone", "discard": "done"})
    assert Edition.objects.count() == (1 if came["build"] == "done" else 0)
