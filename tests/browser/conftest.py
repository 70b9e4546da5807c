"""Fixtures of the browser tests: Chromium of the system, the demo data behind a real server, axe, a quiet console,
what went over the wire.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Response, ViewportSize, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from people.models import User
from tests.browser.barriers import SCRIPTS, Barriers
from tests.browser.chromium import find_chromium, launch_args
from tests.browser.demo_copies import COMPLETED, DemoCopies
from tests.browser.screens import Scenery

# Playwright's sync API runs an event loop, which Django's ORM takes for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESK: ViewportSize = {"width": 1280, "height": 900}
WIDTHS = (1280, 390, 320)
expect.set_options(timeout=60_000)  # milliseconds, on a busy machine
AXE = f"{settings.STATIC_URL}axe.js"  # there in tests only
# An empty page is laid out and painted anew for nothing when the window gets its size and colours back. Whether it has
# a script of its own is told: that may go on asking the server, and take the window back to its page.
CLEAR = """() => {
  const isRestless = document.querySelectorAll("script[src]").length > 1;
  localStorage.clear();
  document.documentElement.replaceChildren();
  return isRestless;
}"""
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  const add = list => list.getEntries().forEach(entry => { sum += entry.value; });
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 100);
})"""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; without one the test is skipped, or fails where CHROMIUM_REQUIRED=1."""
    found = find_chromium()
    if found is None:
        reason = "Chromium not found: set CHROMIUM to its path"
        if os.environ.get("CHROMIUM_REQUIRED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    args = [*browser_type_launch_args.get("args", []), *launch_args()]
    return {**browser_type_launch_args, "executable_path": chromium, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Animations are off: a box read while a tile slides is in neither place."""
    return {
        **browser_context_args,
        "viewport": DESK,
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "Europe/Brussels",
    }


# -- the window ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """One window for the tests of a module: opening one, and reading styles and fonts anew, is half the work.

    All these tests use the same database: the server answers a window over lines that stay, each with its connection.
    """
    with browser.new_context(**browser_context_args) as context:
        yield context.new_page()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    with as_new(window) as page:
        yield page


@contextmanager
def as_new(window: Page) -> Iterator[Page]:
    """The window as if it were new."""
    if window.viewport_size != DESK:
        window.set_viewport_size(DESK)
    window.emulate_media(color_scheme="light", reduced_motion="reduce", media="screen", forced_colors="none")
    yield window
    if window.url != "about:blank" and window.evaluate(CLEAR):
        leave(window)
    window.context.clear_cookies()


def leave(window: Page) -> None:
    """Go to a small page of the site, which keeps its process, whatever a begun ballot asks before."""
    window.on("dialog", agree)
    window.goto("/robots.txt")
    window.remove_listener("dialog", agree)


def agree(dialog: Dialog) -> None:
    dialog.accept()


# -- the site -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def demo_copies(
    chromium: str,  # noqa: ARG001 - nothing is loaded for tests that are skipped
    django_db_setup: None,  # noqa: ARG001 - the database server stands
    django_db_blocker: DjangoDbBlocker,
    media: Path,
    shared_folder: Path,
    process: str,
) -> DemoCopies:
    """Load the demo data, once in the run."""
    copies = DemoCopies(media, prefix=f"demo_{process}")
    with django_db_blocker.unblock():
        copies.load(shared_folder)
    return copies


class WithAxe(StaticFilesHandler):
    """The site, and axe at an address of the same origin, as the policy asks; it may be kept, unlike files in work."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        if request.path != AXE:
            return super().serve(request)
        return HttpResponse(SCRIPTS, content_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")):  # WhiteNoise warns where no folder is
        running = LiveServer("127.0.0.1", start=False)
        running.thread.static_handler = WithAxe
        running.start()
    yield running.url
    running.stop()


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    """Let page.goto("/outcomes/") reach our server; pytest-base-url's own fixture warns under this pytest."""
    return server


@pytest.fixture(scope="session")
def completed(demo_copies: DemoCopies, django_db_blocker: DjangoDbBlocker, shared_folder: Path) -> DemoCopies:
    """Add records in every state to the data of a copy that is only read, once in the run."""
    with django_db_blocker.unblock():
        demo_copies.complete(shared_folder)
    return demo_copies


@pytest.fixture
def site(completed: DemoCopies, server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the address of the site with demo data, for tests that only read."""
    with django_db_blocker.unblock(), completed.shared(of=COMPLETED), override_settings(SITE_URL=server):
        yield server


@pytest.fixture
def scene(site: str, completed: DemoCopies) -> Scenery:  # noqa: ARG001 - the site uses the copy that the scenery is in
    """Return records in every state, in the copy that is only read."""
    assert completed.scenery
    return completed.scenery


@pytest.fixture
def workshop(demo_copies: DemoCopies, server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the address of a site with demo data in which each test has a round, a group or a visitor of its own."""
    with django_db_blocker.unblock(), demo_copies.shared("workshop"), override_settings(SITE_URL=server):
        yield server


@pytest.fixture
def own_site(demo_copies: DemoCopies, server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the address of a site with demo data that no other test sees. It takes the place of flushing all tables."""
    with django_db_blocker.unblock(), demo_copies.fresh(), override_settings(SITE_URL=server):
        yield server


@pytest.fixture
def signed_in(server: str) -> Callable[[Page, str], None]:
    """Return a function (page, email): the page's browser gets the session of that person."""

    def sign_in(page: Page, email: str) -> None:
        client = Client()
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server}])

    return sign_in


# -- what a page must be --------------------------------------------------------------------------------------------
class Console:
    """Everything the page complained about. A violation of the Content-Security-Policy is a console error."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.expected: list[str] = []

    def expect_status(self, status: int) -> None:
        """The page answers with an error on purpose; Chromium tells the console."""
        self.expected.append(f"status of {status} ")

    def hear(self, message: ConsoleMessage) -> None:
        known = any(text in message.text for text in self.expected)
        if message.type in {"error", "warning"} and not known:
            self.said.append(f"{message.text} ({message.location.get('url')})")

    def fail(self, error: Error) -> None:
        self.said.append(str(error))

    def listen_to(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", self.fail)

    def leave(self, page: Page) -> None:
        page.remove_listener("console", self.hear)
        page.remove_listener("pageerror", self.fail)


@pytest.fixture(autouse=True)
def quiet_console(page: Page) -> Iterator[Console]:
    """Any error, warning or broken policy on the page fails the test."""
    console = Console()
    console.listen_to(page)
    yield console
    console.leave(page)
    assert console.said == []


@pytest.fixture
def visit(browser: Browser, base_url: str, quiet_console: Console) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens the front page in a browser of its own, signed in through the form."""
    contexts = []

    def run(email: str = "") -> Page:
        context = browser.new_context(base_url=base_url, reduced_motion="reduce", viewport=DESK)
        contexts.append(context)
        page = context.new_page()
        quiet_console.listen_to(page)
        page.goto("/")
        return sign_in(page, email) if email else page

    yield run
    for context in contexts:
        context.close()


def sign_in(page: Page, email: str) -> Page:
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("wait")
    return page


def from_menu(page: Page, name: str) -> Page:
    """Follow a link of the menu behind one's own name."""
    page.locator(".site-user summary").click()
    page.get_by_role("link", name=name, exact=True).click()
    return page


@pytest.fixture(scope="session")
def barriers(shared_folder: Path, server: str) -> Barriers:
    return Barriers(shared_folder / "looks", server + AXE)


@pytest.fixture
def axe(barriers: Barriers) -> Callable[[Page], list[Any]]:
    """Return a function of a page: [] or, per violated rule, its name and the first places."""
    return barriers.on


@pytest.fixture
def overflow() -> Callable[[Page, int], int]:
    """Return a function (page, width): how many pixels the page is wider than the window."""

    def run(page: Page, width: int) -> int:
        if page.viewport_size != {"width": width, "height": 900}:
            page.set_viewport_size({"width": width, "height": 900})
        wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wider

    return run


@pytest.fixture
def look_over(barriers: Barriers, overflow: Callable[[Page, int], int]) -> Callable[[Page], None]:
    """Return a function of a page that asserts: no violation, in neither scheme, and no sideways scroll."""

    def run(page: Page) -> None:
        assert barriers.on(page) == []
        page.emulate_media(color_scheme="dark")
        assert barriers.of_colour_on(page) == []
        assert {width: overflow(page, width) for width in WIDTHS} == dict.fromkeys(WIDTHS, 0)

    return run


class Wire:
    """All answers the page got. Texts are counted as Brotli sends them; fonts and pictures as they are."""

    TEXTS = ("text/", "application/json", "image/svg+xml")

    def __init__(self, page: Page, server: str) -> None:
        self.server, self.page = server, page
        self.responses: list[Response] = []

    def hear(self, response: Response) -> None:
        self.responses.append(response)

    def settle(self) -> None:
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_load_state("networkidle")

    def kilobytes(self, kind: str = "") -> float:
        """Return the size of all answers, or of those of one resource type: document, stylesheet, script, font."""
        wanted = [r for r in self.responses if kind in {"", r.request.resource_type}]
        return sum(self.size(response) for response in wanted) / 1024

    def kilobytes_of_fonts(self, *alphabets: str) -> float:
        chosen = [r for r in self.responses if r.url.endswith(".woff2") and any(name in r.url for name in alphabets)]
        return sum(self.size(response) for response in chosen) / 1024

    def size(self, response: Response) -> int:
        body = response.body()
        is_text = response.headers.get("content-type", "").startswith(self.TEXTS)
        return compressed(body) if is_text else len(body)

    def foreign(self) -> list[str]:
        return sorted({r.url for r in self.responses if not r.url.startswith((self.server, "data:"))})

    def layout_shift(self) -> float:
        moved: float = self.page.evaluate(SHIFTS)
        return moved


@cache
def compressed(body: bytes) -> int:
    """Styles and scripts are the same on page after page."""
    return len(brotli.compress(body))


@pytest.fixture
def wire(page: Page, server: str) -> Iterator[Wire]:
    wire = Wire(page, server)
    page.on("response", wire.hear)
    yield wire
    page.remove_listener("response", wire.hear)
