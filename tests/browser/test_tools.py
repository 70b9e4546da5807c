"""The tools bite: each finds the fault it is there for."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.barriers import Barriers
from tests.browser.conftest import Console, Wire

pytestmark = pytest.mark.e2e
Axe = Callable[[Page], list[Any]]
ADD = "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)"


def rules(broken: list[Any]) -> list[str]:
    return sorted(rule for rule, _places in broken)


def test_axe_finds_what_a_reader_cannot_use(page: Page, site: str, barriers: Barriers) -> None:
    page.goto(f"{site}/privacy/")
    assert barriers.on(page) == []
    page.evaluate(ADD, '<input type="text"><p class="pale">Pale</p>')
    page.evaluate("document.querySelector('.pale').style.color = '#eee'")
    assert rules(barriers.on(page)) == ["color-contrast", "label"]
    assert rules(barriers.of_colour_on(page)) == ["color-contrast"]


def test_axe_finds_what_is_wrong_with_the_page_as_a_whole(page: Page, site: str, axe: Axe) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<h1>Again</h1><nav aria-label="Main"><a href="/">Home</a></nav><h6>Deep</h6>')
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p>Nowhere</p><main>Second</main>')")
    assert rules(axe(page)) == ["heading-order", "landmark-no-duplicate-main", "landmark-unique", "region"]


TEXT = '<div class="ground"><p>Read</p></div>'
REMOVE = "selector => document.querySelector(selector).remove()"
STYLE = "([selector, style]) => Object.assign(document.querySelector(selector).style, style)"


LOOKS = [
    {".ground": {"background": "#222"}},
    {".ground": {"opacity": "0.3"}},
    {".ground p": {"color": "#999"}},
    {".ground p": {"webkitTextFillColor": "#999"}},
    {".ground p": {"textShadow": "0 0 1px #222"}, ".ground": {"background": "#222"}},
]


def test_a_text_that_looks_otherwise_than_those_before_is_measured(page: Page, site: str, barriers: Barriers) -> None:
    page.goto(f"{site}/privacy/")
    found = []
    for styles in LOOKS:
        page.evaluate(ADD, TEXT)
        assert barriers.of_colour_on(page) == []
        for selector, style in styles.items():
            page.evaluate(STYLE, [selector, style])
        found.append(rules(barriers.of_colour_on(page)))
        page.evaluate(REMOVE, ".ground")
    assert found == [["color-contrast"]] * len(LOOKS)


def test_a_text_laid_over_another_box_is_measured(page: Page, site: str, barriers: Barriers) -> None:
    """Its colours, and those of all it stands in, have passed elsewhere."""
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<div class="box"><i class="ground"></i><b class="over">Read</b></div>')
    page.evaluate(STYLE, [".box", {"position": "relative", "blockSize": "3em"}])
    page.evaluate(STYLE, [".ground", {"display": "block", "blockSize": "3em", "background": "#fff"}])
    page.evaluate(STYLE, [".over", {"position": "absolute", "inset": "0", "color": "#333"}])
    assert barriers.of_colour_on(page) == []
    page.evaluate(STYLE, [".ground", {"background": "#222"}])
    assert rules(barriers.of_colour_on(page)) == ["color-contrast"]


def test_a_link_that_only_colour_tells_from_its_sentence_is_found(page: Page, site: str, barriers: Barriers) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<p class="alone"><a href="/">Read</a></p><p class="among"><a href="/">Read</a></p>')
    for place in ("alone", "among"):
        page.evaluate(STYLE, [f".{place} a", {"textDecoration": "none", "color": "#333", "fontWeight": "400"}])
    page.evaluate(STYLE, [".among", {"color": "#222"}])
    assert barriers.of_colour_on(page) == []
    page.evaluate(STYLE, [".among a", {"display": "inline-block"}])
    page.evaluate("document.querySelector('.among').append(' in a whole sentence of many words')")
    assert barriers.of_colour_on(page) == []
    page.evaluate(STYLE, [".among a", {"display": "inline"}])
    assert rules(barriers.of_colour_on(page)) == ["link-in-text-block"]


HIDDEN_THEN_SHOWN = [
    ({"clipPath": "inset(50%)"}, {"clipPath": "inset(40%)"}),
    ({"position": "absolute", "top": "-6rem"}, {"top": "0"}),
    ({"position": "absolute", "left": "-60rem"}, {"left": "0"}),
    ({"visibility": "hidden"}, {"visibility": "visible"}),
]


def test_a_text_that_was_nowhere_to_be_seen_is_measured_once_it_is_seen(
    page: Page, site: str, barriers: Barriers
) -> None:
    page.goto(f"{site}/privacy/")
    found = []
    for hidden, shown in HIDDEN_THEN_SHOWN:
        page.evaluate(ADD, '<div class="away"><p>Read</p></div>')
        page.evaluate(STYLE, [".away", hidden])
        page.evaluate(STYLE, [".away p", {"color": "#ddd"}])
        assert barriers.of_colour_on(page) == []
        page.evaluate(STYLE, [".away", shown])
        found.append(rules(barriers.of_colour_on(page)))
        page.evaluate(REMOVE, ".away")
    assert found == [["color-contrast"]] * len(HIDDEN_THEN_SHOWN)


SQUARES = '<p class="squares"><a href="/" class="one">A</a><a href="/" class="two">B</a></p>'


def test_targets_that_are_small_and_near_or_that_others_lie_over_are_found(
    page: Page, site: str, barriers: Barriers
) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, SQUARES)
    page.evaluate(STYLE, [".squares", {"display": "flex"}])
    found = []
    for size, gap in (("16px", "8px"), ("16px", "6px"), ("24px", "0px"), ("40px", "-15px"), ("40px", "-20px")):
        for name in ("one", "two"):
            page.evaluate(STYLE, [f".squares .{name}", {"flex": "none", "inlineSize": size, "blockSize": size}])
        page.evaluate(STYLE, [".squares .two", {"marginInlineStart": gap}])
        found.append(rules(barriers.on(page)))
    assert found == [[], ["target-size"], [], [], ["target-size"]]


def test_a_wide_box_is_seen(page: Page, site: str, overflow: Callable[[Page, int], int]) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<p class="too-wide">Wide</p>')
    page.evaluate("document.querySelector('.too-wide').style.inlineSize = '500px'")
    assert overflow(page, 1280) == 0
    assert overflow(page, 390) > 0


def test_the_console_is_heard(page: Page, site: str, quiet_console: Console) -> None:
    page.goto(f"{site}/privacy/")
    page.evaluate(ADD, '<p style="color: red">Style that the policy forbids</p>')
    with page.expect_console_message(lambda message: message.text == "careful"):
        page.evaluate("console.warn('careful')")
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
