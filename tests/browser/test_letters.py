"""Every kind of letter as a mail program shows it: readable on a narrow screen, and no barrier in it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page

from meetings.actions import Plan, Slot, plan_series
from notices import letters, specimens
from notices.specimens import Shown
from outcomes.models import Follower
from people.models import User
from tests.browser.screens import OFFICE, Scenery

pytestmark = pytest.mark.e2e
NARROW = (390, 320)


@pytest.fixture
def catalogue(scene: Scenery) -> dict[str, Shown | None]:
    """Each kind as the catalogue shows it; the demo has neither a follower nor a series that is on."""
    first = timezone.now() + dt.timedelta(days=50)
    slots = [Slot(first + dt.timedelta(days=n), first + dt.timedelta(days=n, hours=2)) for n in range(2)]
    plan = Plan(scene.world.group, "Every half a year, in a place with a longer name", "FREQ=DAILY;COUNT=2")
    office = User.objects.get(email=OFFICE)
    with transaction.atomic():
        plan_series(plan=plan, slots=slots, by=None, invite=True)
        Follower.objects.create(email="follower@example.org")
        shown = {letter.kind: specimens.shown(letter, office) for letter in letters.kinds()}
        transaction.set_rollback(True)
    return shown


def test_every_letter_fits_a_narrow_screen_and_bars_nobody(
    page: Page,
    catalogue: dict[str, Shown | None],
    axe: Callable[..., list[Any]],
    overflow: Callable[[Page, int], int],
) -> None:
    found = {}
    for kind, letter in catalogue.items():
        page.set_content(letter.html if letter else "")
        found[kind] = (bool(letter), axe(page), {width: overflow(page, width) for width in NARROW})
    assert found == dict.fromkeys(catalogue, (True, [], dict.fromkeys(NARROW, 0)))
