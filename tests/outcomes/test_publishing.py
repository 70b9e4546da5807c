"""Publication at a set time: unseen until then, once however often it is tried, kept back when something lacks."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Entry
from outcomes import actions
from outcomes.errors import WrongState
from outcomes.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db
State = Edition.State
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def approved(rows_of_module: None) -> Edition:  # noqa: ARG001 - a ground for what is made here
    edition = factories.built_edition(factories.publication(factories.group()))
    actions.submit(edition=edition, by=factories.secretariat(), now=WHEN)
    return actions.approve(edition=edition, by=factories.secretariat(), now=WHEN)


@pytest.fixture
def edition(approved: Edition) -> Edition:
    return copy.deepcopy(approved)


def test_until_its_time_it_is_found_nowhere(client: Client, edition: Edition) -> None:
    actions.schedule(edition=edition, by=factories.secretariat(), at=dt.datetime.now(tz=dt.UTC) + HOUR)
    args = [edition.publication.slug, edition.version]
    addresses = [edition.get_absolute_url(), edition.publication.get_absolute_url()]
    addresses += [reverse("outcomes:download", args=[*args, kind]) for kind in ("pdf", "docx", "json", "csl")]
    assert [client.get(where).status_code for where in addresses] == [404] * len(addresses)
    for where in ("/outcomes/", "/outcomes/feed.atom", "/outcomes/?q=regions", "/"):
        assert edition.title not in client.get(where).content.decode()


def test_it_appears_when_its_time_has_come_and_only_once(edition: Edition) -> None:
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    assert actions.publish_due(now=WHEN + HOUR / 2) == 0
    assert actions.publish_due(now=WHEN + HOUR) == 1
    assert actions.publish_due(now=WHEN + HOUR) == 0
    edition.refresh_from_db()
    assert (edition.state, edition.published_at) == (State.PUBLISHED, WHEN + HOUR)
    assert Entry.objects.about(edition.publication).filter(verb="edition_published").count() == 1


def test_a_time_that_has_passed_is_refused_and_a_set_one_can_be_taken_back(edition: Edition) -> None:
    office = factories.secretariat()
    with pytest.raises(WrongState):
        actions.schedule(edition=edition, by=office, at=WHEN, now=WHEN)
    actions.schedule(edition=edition, by=office, at=WHEN + HOUR, now=WHEN)
    actions.unschedule(edition=edition, by=office, reason="A figure is in doubt.", now=WHEN)
    assert actions.publish_due(now=WHEN + 2 * HOUR) == 0
    edition.refresh_from_db()
    assert (edition.state, edition.publish_at) == (State.APPROVED, None)


def test_what_cannot_be_published_loses_its_time_and_the_reason_is_told(edition: Edition) -> None:
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    Edition.objects.filter(pk=edition.pk).update(licence="")
    assert actions.publish_due(now=WHEN + HOUR) == 0
    edition.refresh_from_db()
    last = Entry.objects.about(edition.publication).order_by("-pk")[0]
    assert (edition.state, edition.publish_at, last.verb) == (State.APPROVED, None, "edition_unscheduled")
    assert "a licence" in last.reason


def test_after_a_schedule_that_stood_still_it_appears_at_once_and_the_page_says_when(
    client: Client, edition: Edition
) -> None:
    """The time on the page is that from which it could be read, not the one that was planned."""
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    late = WHEN + 26 * HOUR
    assert actions.publish_due(now=late) == 1
    edition.refresh_from_db()
    assert (edition.published_at, edition.publish_at) == (late, WHEN + HOUR)
    assert "3 March 2026, 11:00 (UTC)</time>" in client.get(edition.get_absolute_url()).content.decode()


def test_who_presses_publish_need_not_wait_for_the_schedule(edition: Edition) -> None:
    office = factories.secretariat()
    actions.schedule(edition=edition, by=office, at=WHEN + HOUR, now=WHEN)
    published = actions.publish_edition(edition=edition, by=office, now=WHEN + 2 * HOUR)
    assert (published.state, actions.publish_due(now=WHEN + 2 * HOUR)) == (State.PUBLISHED, 0)


def test_what_is_approved_can_be_sent_back_and_loses_its_time(signed_in: Any, edition: Edition) -> None:
    office = factories.secretariat()
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
