"""Every page: no axe violation, nothing on the console, no sideways scroll, within the budget of bytes."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page, expect

from s3cop.local import mail
from tests.browser.conftest import Console
from tests.browser.screens import (
    LEADER,
    LETTER,
    MEMBER,
    OFFICE,
    REACHED_BY_DEEDS,
    SCREENS,
    Scenery,
    Screen,
    page_templates,
)

pytestmark = pytest.mark.e2e
LookOver = Callable[[Page], None]
SignIn = Callable[[Page, str], None]


def test_the_list_knows_every_page() -> None:
    assert {screen.template for screen in SCREENS} | set(REACHED_BY_DEEDS) == page_templates()


@pytest.fixture
def letter() -> None:
    folder = settings.S3COP_HOME / "mail"
    mail.write(folder, b"From: a@example.org\nTo: b@example.org\nSubject: Hello\n\nHello.\n").rename(
        folder / f"{LETTER}.eml"
    )


@pytest.fixture
def opened(
    page: Page, scene: Scenery, signed_in: SignIn, quiet_console: Console, templates_used: list[str]
) -> Callable[[Screen], None]:
    """Return a function that brings the page to a screen and asserts that it is that screen."""

    def run(screen: Screen) -> None:
        if screen.reader:
            signed_in(page, screen.reader)
        if screen.status >= 400:
            quiet_console.expect_status(screen.status)
        answer = page.goto(screen.address(scene))
        assert answer
        assert answer.status == screen.status
        assert screen.template in templates_used

    return run


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_it_is_fit_for_all(screen: Screen, page: Page, opened: Callable[[Screen], None], look_over: LookOver) -> None:
    opened(screen)
    look_over(page)


def test_a_form_without_its_token_is_told(
    page: Page, site: str, quiet_console: Console, look_over: LookOver, templates_used: list[str]
) -> None:
    page.goto(f"{site}/accounts/login/")
    page.context.clear_cookies()
    quiet_console.expect_status(403)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert "403_csrf.html" in templates_used
    look_over(page)


def test_a_form_sent_after_the_session_is_kept_through_the_sign_in(
    page: Page, site: str, signed_in: SignIn, quiet_console: Console, look_over: LookOver
) -> None:
    signed_in(page, MEMBER)
    page.goto(f"{site}/challenges/new/?group=interregional-collaboration")
    page.get_by_label("Title").fill("Rules of two countries")
    page.get_by_label("What it means").fill("State aid rules are read differently on the two sides of the border.")
    page.context.clear_cookies()
    quiet_console.expect_status(403)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer signed in")
    look_over(page)
    page.get_by_label("E-mail").fill(MEMBER)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is lost: send it again")
    look_over(page)
    expect(page.locator("input[name=title]")).to_have_value("Rules of two countries")


@pytest.fixture
def broken_page(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of a page whose view fails."""

    def broken(*_: object) -> HttpResponse:
        raise RuntimeError

    monkeypatch.setattr("s3cop.pages.home.render", broken)
    return f"{site}/privacy/"


def test_a_failure_of_ours_is_told(
    page: Page, broken_page: str, quiet_console: Console, look_over: LookOver, templates_used: list[str]
) -> None:
    quiet_console.expect_status(500)
    page.goto(broken_page)
    assert "500.html" in templates_used
    look_over(page)


def test_who_tries_too_often_is_told_to_wait(
    page: Page, site: str, look_over: LookOver, quiet_console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outcomes.views.following.PER_HOUR", 0)
    quiet_console.expect_status(429)
    page.goto(f"{site}/outcomes/follow/")
    page.get_by_label("E-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send me the link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Too many tries"
    look_over(page)


FORMS = [
    ("account_login", "", "Sign in"),
    ("account_reset_password", "", "Send"),
    ("meetings:new", OFFICE, "Save and invite"),
    ("challenges:round_new", LEADER, "Save the draft"),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_errors_stand_in_a_summary_that_gets_the_focus(
    form: tuple[str, str, str], page: Page, site: str, signed_in: SignIn, look_over: LookOver
) -> None:
    name, reader, button = form
    if reader:
        signed_in(page, reader)
    page.goto(site + reverse(name))
    page.get_by_role("main").get_by_role("button", name=button).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error:")
    look_over(page)
    summary.get_by_role("link").first.click()
    expect(page.locator("[aria-invalid=true]:focus")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_menus_open_by_keyboard_and_close_on_escape(
    width: int, page: Page, site: str, signed_in: SignIn, axe: Callable[[Page], list[object]]
) -> None:
    signed_in(page, MEMBER)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    person = page.locator("details.menu > summary").last
    person.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(person).to_be_focused()


def test_the_menu_of_a_phone_holds_the_navigation(page: Page, site: str, axe: Callable[[Page], list[object]]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site)
    inside = page.get_by_role("navigation", name="Main").get_by_role("link", name="Outcomes")
    expect(inside).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(inside).to_be_visible()
    assert axe(page) == []


def test_a_chosen_theme_stays(page: Page, site: str) -> None:
    page.goto(site)
    dark = page.locator("[data-set-theme=dark]")
    page.locator("details.menu", has=dark).locator("summary").click()
    dark.click()
    page.goto(f"{site}/privacy/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


PRESSED = """form => {
  const stopped = [];
  addEventListener("submit", e => { stopped.push(e.defaultPrevented); e.preventDefault(); });
  form.requestSubmit(); form.requestSubmit();
  dispatchEvent(new PageTransitionEvent("pageshow"));  // back from the next page
  form.requestSubmit();
  return stopped;
}"""


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page: Page, site: str) -> None:
    page.goto(f"{site}/outcomes/follow/")
    page.get_by_role("textbox", name="E-mail").fill("a@example.org")
    assert page.locator("main form[method=post]").evaluate(PRESSED) == [False, True, False]
