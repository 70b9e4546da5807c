"""Publication at a set time: unseen until then, once however often it is tried, kept back when something lacks."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from history.models import Entry
from outcomes import actions
from outcomes.errors import WrongState
from outcomes.models import Edition
from outcomes.tasks import publish_due
from tests import factories

State = Edition.State
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def approved(of: Any = None) -> Edition:
    edition = factories.built_edition(of or factories.publication(factories.group()))
    actions.submit(edition=edition, by=factories.secretariat(), now=WHEN)
    return actions.approve(edition=edition, by=factories.secretariat(), now=WHEN)


@pytest.mark.django_db
def test_until_its_time_it_is_found_nowhere(client: Client) -> None:
    edition = approved()
    actions.schedule(edition=edition, by=factories.secretariat(), at=dt.datetime.now(tz=dt.UTC) + HOUR)
    args = [edition.publication.slug, edition.version]
    addresses = [edition.get_absolute_url(), edition.publication.get_absolute_url()]
    addresses += [reverse("outcomes:download", args=[*args, kind]) for kind in ("pdf", "docx", "json", "csl")]
    assert [client.get(where).status_code for where in addresses] == [404] * len(addresses)
    for where in ("/outcomes/", "/outcomes/feed.atom", "/outcomes/?q=regions", "/"):
        assert edition.title not in client.get(where).content.decode()


@pytest.mark.django_db
def test_it_appears_when_its_time_has_come_and_only_once() -> None:
    edition = approved()
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    assert actions.publish_due(now=WHEN + HOUR / 2) == 0
    assert actions.publish_due(now=WHEN + HOUR) == 1
    assert actions.publish_due(now=WHEN + HOUR) == 0
    edition.refresh_from_db()
    assert (edition.state, edition.published_at) == (State.PUBLISHED, WHEN + HOUR)
    assert Entry.objects.about(edition.publication).filter(verb="edition_published").count() == 1


@pytest.mark.django_db
def test_a_time_that_has_passed_is_refused_and_a_set_one_can_be_taken_back() -> None:
    edition, office = approved(), factories.secretariat()
    with pytest.raises(WrongState):
        actions.schedule(edition=edition, by=office, at=WHEN, now=WHEN)
    actions.schedule(edition=edition, by=office, at=WHEN + HOUR, now=WHEN)
    actions.unschedule(edition=edition, by=office, reason="A figure is in doubt.", now=WHEN)
    assert actions.publish_due(now=WHEN + 2 * HOUR) == 0
    edition.refresh_from_db()
    assert (edition.state, edition.publish_at) == (State.APPROVED, None)


@pytest.mark.django_db
def test_what_cannot_be_published_loses_its_time_and_the_reason_is_told() -> None:
    edition = approved()
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    Edition.objects.filter(pk=edition.pk).update(licence="")
    assert actions.publish_due(now=WHEN + HOUR) == 0
    edition.refresh_from_db()
    last = Entry.objects.about(edition.publication).order_by("-pk")[0]
    assert (edition.state, edition.publish_at, last.verb) == (State.APPROVED, None, "edition_unscheduled")
    assert "a licence" in last.reason


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_it_once() -> None:
    edition = approved()
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
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


@pytest.mark.django_db(transaction=True)
def test_two_publications_of_one_title_at_the_same_moment_get_two_addresses() -> None:
    group, office = factories.group(), factories.secretariat()
    slugs: list[str] = []
    together = threading.Barrier(2)

    def start() -> None:
        from django.db import transaction

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


@pytest.mark.django_db
def test_after_a_schedule_that_stood_still_it_appears_at_once_and_the_page_says_when(client: Client) -> None:
    """The time on the page is that from which it could be read, not the one that was planned."""
    edition = approved()
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    late = WHEN + 26 * HOUR
    assert actions.publish_due(now=late) == 1
    edition.refresh_from_db()
    assert (edition.published_at, edition.publish_at) == (late, WHEN + HOUR)
    assert "3 March 2026, 11:00 (UTC)</time>" in client.get(edition.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_who_presses_publish_need_not_wait_for_the_schedule() -> None:
    edition, office = approved(), factories.secretariat()
    actions.schedule(edition=edition, by=office, at=WHEN + HOUR, now=WHEN)
    published = actions.publish_edition(edition=edition, by=office, now=WHEN + 2 * HOUR)
    assert (published.state, actions.publish_due(now=WHEN + 2 * HOUR)) == (State.PUBLISHED, 0)


@pytest.mark.django_db
def test_what_is_approved_can_be_sent_back_and_loses_its_time(signed_in: Any) -> None:
    edition, office = approved(), factories.secretariat()
    actions.schedule(edition=edition, by=office, at=dt.datetime.now(tz=dt.UTC) + HOUR)
    where = reverse("outcomes:return", args=[edition.publication.slug, edition.version])
    leader = factories.leader(edition.publication.groups.get())
    assert signed_in(leader).post(where, {"reason": "No."}).status_code == 403
    assert signed_in(office).post(where, {"reason": "A name must go."}).status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.publish_at, edition.approved_at, edition.approved_by) == (
        State.DRAFT,
        None,
        None,
        None,
    )
    assert actions.request_build(edition=edition, by=office).state == State.BUILDING
