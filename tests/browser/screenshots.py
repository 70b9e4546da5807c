"""Pictures of the main pages for the documentation: `python -m tests.browser.screenshots` writes docs/img/*.png.

They are looked at, never compared.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.browser.chromium import find_chromium, launch_args

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "img"
WIDE, PHONE = 1280, 390
TALLEST = {WIDE: 1350, PHONE: 1800}  # pixels shown; what is below is cut off
MEMBER = "member@example.org"


@dataclass(frozen=True)
class Picture:
    """A page, who is signed in, how many challenges are ranked before the picture is taken, and how wide it is."""

    name: str
    address: str
    reader: str = ""
    ranked: int = 0
    widths: tuple[int, ...] = (WIDE,)


def main() -> int:
    """Write the pictures; return the exit code."""
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write("Chromium not found: set CHROMIUM to its path\n")
        return 1
    with demo_site() as site, browser(chromium) as running:
        for picture in pictures():
            for width in picture.widths:
                path = take(running, site, picture, width)
                sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KB\n")
    return 0


@contextmanager
def demo_site() -> Iterator[str]:
    """Run a live server on a throw-away database with the demo data."""
    from tests.databases import server

    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="s3cop-pictures-"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "s3cop.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's event loop is not ours
            "DATABASE_URL": stack.enter_context(server(Path(home) / "databases")),
            "S3COP_HOME": home,
            "STATIC_ROOT": home,
        }
        yield stack.enter_context(serving(Path(home)))


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Start Django, load the data, serve it."""
    import django
    from django.test.utils import override_settings

    django.setup()
    from pytest_django.live_server_helper import LiveServer

    from tests.browser.demo_copies import DemoCopies

    cache = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"], CACHES=cache):
        copies = DemoCopies(home / "media")
        copies.load(home)
        with copies.shared():
            server = LiveServer("127.0.0.1")
            yield server.url
            server.stop()


@contextmanager
def browser(chromium: str) -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=launch_args())
        yield running
        running.close()


def pictures() -> list[Picture]:
    from challenges.models import RankingRound

    open_, kickoff = (RankingRound.objects.get(title__startswith=begin) for begin in ("A second look, second", "Main"))
    return [
        Picture("home", "/"),
        Picture("result", kickoff.get_absolute_url(), widths=(WIDE, PHONE)),
        Picture("outcome", "/outcomes/what-holds-regions-back/"),
        Picture("ballot", f"{open_.get_absolute_url()}ballot/", MEMBER, 3, (WIDE, PHONE)),
        Picture("dashboard", "/dashboard/", MEMBER),
    ]


def take(running: "Browser", site: str, picture: Picture, width: int) -> Path:
    """Write one picture in the light scheme and return its file."""
    context = running.new_context(
        viewport={"width": width, "height": 900}, color_scheme="light", reduced_motion="reduce", base_url=site
    )
    if picture.reader:
        name, value = session_of(picture.reader)
        context.add_cookies([{"name": name, "value": value, "url": site}])
    page = context.new_page()
    page.goto(picture.address)
    page.evaluate("document.fonts.ready")
    page.reload()  # a first visit may be set in the reader's own fonts
    for _ in range(picture.ranked):
        page.locator("[data-act=add]:visible").first.click()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0); document.activeElement.blur(); document.fonts.ready")
    page.wait_for_load_state("networkidle")
    height = min(TALLEST[width], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": height})
    path = FOLDER / f"{picture.name}{'' if width == WIDE else f'-{width}'}.png"
    page.screenshot(path=path)
    context.close()
    return path


def session_of(email: str) -> tuple[str, str]:
    """Return name and value of the session cookie of somebody who just signed in."""
    from django.conf import settings
    from django.test import Client

    from people.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[0])
    return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    sys.exit(main())
