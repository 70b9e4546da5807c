"""Of two who publish, begin, build or discard at the same moment, each does it once."""

import datetime as dt
from functools import partial

import pytest
from django.db import transaction

from outcomes import actions
from outcomes.errors import Gone, WrongState
from outcomes.models import Edition
from outcomes.tasks import publish_due
from tests import factories
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # seconds, on a busy machine
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def test_two_workers_at_once_publish_it_once() -> None:
    edition = factories.built_edition(factories.publication(factories.group()))
    actions.submit(edition=edition, by=factories.secretariat(), now=WHEN)
    actions.approve(edition=edition, by=factories.secretariat(), now=WHEN)
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + dt.timedelta(hours=1), now=WHEN)
    assert sorted(at_once(publish_due, publish_due)) == [0, 1]


def test_two_publications_of_one_title_at_the_same_moment_get_two_addresses() -> None:
    group, office = factories.group(), factories.secretariat()

    @transaction.atomic
    def start() -> str:
        slug = actions.free_slug("Same title")
        return actions.start_publication(slug=slug, kind="report", groups=[group], by=office).slug

    assert sorted(at_once(start, start)) == ["same-title", "same-title-2"]


def test_of_a_build_and_a_discard_at_the_same_moment_one_is_refused() -> None:
    office = factories.secretariat()
    edition = factories.built_edition(factories.publication(factories.group()))
    deeds = (actions.request_build, actions.discard_edition)
    came = [type(outcome) for outcome in at_once(*(partial(deed, edition=edition, by=office) for deed in deeds))]
    assert (came, Edition.objects.count()) in (([Edition, WrongState], 1), ([Gone, type(None)], 0))
