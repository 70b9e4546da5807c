"""The page of a build follows it by itself, step by step, until there is something to read."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from outcomes import actions
from outcomes.actions import building
from outcomes.models import Edition
from tests import factories

pytestmark = pytest.mark.e2e
PATIENCE = 60_000.0  # milliseconds, on a busy machine


def test_the_steps_of_a_build_are_seen_as_they_are_done(
    page: Page, workshop: str, signed_in: Callable[[Page, str], None]
) -> None:
    edition = factories.drafted_edition(factories.publication(factories.group()), title="Built before your eyes")
    asked = actions.request_build(edition=edition, by=None)
    signed_in(page, "secretariat@example.org")
    page.goto(workshop + reverse("outcomes:build", args=[asked.publication.slug, 1]))
    done, steps = page.locator("#done"), page.locator(".steps li")
    expect(done).to_have_text("0 of 6 steps done")
    page.evaluate("window.isTheSamePage = true")
    claimed = building._claim(asked.pk)
    assert claimed
    building._step_done(claimed, 3)
    expect(done).to_have_text("3 of 6 steps done", timeout=PATIENCE)
    expect(steps.nth(2)).to_contain_text("done")
    expect(steps.nth(3)).to_contain_text("running")
    assert page.evaluate("window.isTheSamePage")
    Edition.objects.filter(pk=asked.pk).update(build_lease_until=None)
    actions.build_edition(asked.pk)
    expect(page.get_by_role("heading", level=1)).to_have_text("The publication is built", timeout=PATIENCE)
    page.get_by_role("main").get_by_role("link", name="Go to the edition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Built before your eyes")
