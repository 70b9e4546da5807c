"""Every kind of letter as a mail program shows it: readable on a narrow screen, and no barrier in it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from notices import letters, specimens
from notices.specimens import Shown
from outcomes.models import Follower
from people.models import User
from tests.browser.screens import OFFICE

pytestmark = pytest.mark.e2e
NARROW = (390, 320)


@pytest.fixture
def catalogue(scene: object) -> dict[str, Shown | None]:
    """Each kind as the catalogue shows it, with a follower, of whom the demo has none."""
    assert scene
    office = User.objects.get(email=OFFICE)
    with transaction.atomic():
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
