"""The tools bite: each finds the fault it is there for."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Console, Wire

pytestmark = pytest.mark.e2e
ADD = "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)"


def test_axe_finds_what_a_reader_cannot_use(page: Page, site: str, axe: Callable[..., list[Any]]) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<input type="text"><p class="pale">Pale</p>')
    page.evaluate("document.querySelector('.pale').style.color = '#eee'")
    assert sorted(rule for rule, _places in axe(page)) == ["color-contrast", "label"]
    assert [rule for rule, _places in axe(page, ["color-contrast"])] == ["color-contrast"]


def test_a_wide_box_is_seen(page: Page, site: str, overflow: Callable[[Page, int], int]) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<p class="too-wide">Wide</p>')
    page.evaluate("document.querySelector('.too-wide').style.inlineSize = '500px'")
    assert overflow(page, 1280) == 0
    assert overflow(page, 390) > 0


def test_the_console_is_heard(page: Page, site: str, quiet_console: Console) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<p style="color: red">Style that the policy forbids</p>')
    page.evaluate("console.warn('careful')")
    page.wait_for_timeout(50)
    assert [text.split(" (")[0] for text in quiet_console.said if "careful" in text] == ["careful"]
    assert [text for text in quiet_console.said if "Content Security Policy" in text]
    quiet_console.said.clear()


def test_foreign_hosts_and_bytes_are_counted(page: Page, site: str, wire: Wire) -> None:
    page.route(
        "https://elsewhere.example/*", lambda route: route.fulfill(body="<p>Elsewhere", content_type="text/html")
    )
    page.goto(f"{site}/privacy/")
    wire.settle()
    assert 10 < wire.kilobytes() < 140
    assert wire.foreign() == []
    page.goto("https://elsewhere.example/page")
    assert wire.foreign() == ["https://elsewhere.example/page"]
