"""What a page may weigh: texts as Brotli sends them, fonts as they are. Nothing comes from elsewhere."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route

from people.models import User
from s3cop.page_cache import SHELF
from tests import factories as make
from tests.browser.conftest import Wire
from tests.browser.screens import MEMBER, SCREENS, Scenery, Screen

pytestmark = pytest.mark.e2e

KILOBYTES = {"document": 15, "stylesheet": 10, "script": 20}
REQUESTS = 13
FIRST_VIEW, OTHER_ALPHABETS = 100, ("latin-ext", "greek", "cyrillic")
IN_ALL = 140  # kilobytes, with the fonts of other alphabets
BALLOT, SHORT = 30, 6  # kilobytes without fonts; options
SECOND_VIEW = 10
SENT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
.reduce((sum, each) => sum + each.transferSize, 0) / 1024"""  # what came over the wire, heads included
MEASURED = [
    "s3cop:home-anybody-200",
    "outcomes:list-anybody-200",
    "outcomes:edition-anybody-200",
    "challenges:round-anybody-200",
    "challenges:list-anybody-200",
    "meetings:detail-anybody-200",
    "workinggroups:detail-anybody-200",
    "challenges:ballot-member-200",
    "s3cop:dashboard-member-200",
]
TEXTS = ["s3cop:home-anybody-200", "outcomes:list-anybody-200", "workinggroups:detail-anybody-200"]
LATE = 0.4  # seconds


@pytest.fixture
def page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A window that has never been here."""
    with browser.new_context(**browser_context_args) as context:
        yield context.new_page()


def screens(*names: str) -> list[Screen]:
    """One screen for each name: the first of its kind in the list."""
    named = {str(screen): screen for screen in reversed(SCREENS)}
    return [named[name] for name in names]


@pytest.mark.parametrize("screen", screens(*MEASURED), ids=str)
def test_it_keeps_within_the_budget(
    screen: Screen, page: Page, scene: Scenery, wire: Wire, signed_in: Callable[[Page, str], None]
) -> None:
    if screen.reader:
        signed_in(page, MEMBER)
    page.goto(screen.address(scene))
    wire.settle()
    assert wire.foreign() == []
    assert len(wire.responses) <= REQUESTS
    assert {kind: size for kind, most in KILOBYTES.items() if (size := wire.kilobytes(kind)) > most} == {}
    assert wire.kilobytes() - wire.kilobytes_of_fonts(*OTHER_ALPHABETS) <= FIRST_VIEW
    assert wire.kilobytes() <= IN_ALL
    assert wire.layout_shift() == 0
    assert screen.reader or page.context.cookies() == []


@pytest.mark.parametrize("screen", screens(*TEXTS), ids=str)
def test_letters_that_come_late_move_nothing(
    screen: Screen, page: Page, scene: Scenery, wire: Wire, signed_in: Callable[[Page, str], None]
) -> None:
    """On a slow line the fonts arrive when the page has long been read in another."""
    if screen.reader:
        signed_in(page, MEMBER)
    page.route("**/*.woff2", late)
    page.goto(screen.address(scene))
    wire.settle()
    assert wire.kilobytes("font") > 0
    assert wire.layout_shift() == 0


def late(route: Route) -> None:
    sleep(LATE)
    route.continue_()


@pytest.fixture
def _kept(settings: Any) -> Iterator[None]:
    """Keep pages of anonymous readers, as the portal does; other tests switch that off."""
    settings.PAGE_CACHE = True
    SHELF.clear()
    yield
    SHELF.clear()


@pytest.mark.usefixtures("site", "_kept")
def test_a_second_visit_costs_almost_nothing(page: Page, wire: Wire) -> None:
    sent = []
    for _ in range(2):
        page.goto(reverse("outcomes:list"))
        wire.settle()
        sent.append(page.evaluate(SENT))
    assert sent[0] > SECOND_VIEW >= sent[1] > 0


@pytest.mark.usefixtures("workshop")
@pytest.mark.parametrize("options", [SHORT, 40])
def test_a_ballot_is_light_however_long(
    options: int, page: Page, wire: Wire, signed_in: Callable[[Page, str], None]
) -> None:
    """All but the fonts. Nothing compresses signed-in pages but a proxy: a short ballot is light without that, too."""
    group = make.group()
    make.member(group, person=User.objects.get(email=MEMBER))
    asked = make.open_round(group, options=options)
    signed_in(page, MEMBER)
    page.goto(reverse("challenges:ballot", args=[asked.pk]))
    wire.settle()
    weight = wire.kilobytes() - wire.kilobytes("font")
    if options == SHORT:
        weight += len(page.request.get(page.url).body()) / 1024 - wire.kilobytes("document")
    assert weight <= BALLOT
