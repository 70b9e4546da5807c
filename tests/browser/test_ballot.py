"""The ballot by buttons, keyboard, dragging, touch and without scripts: always the same POST, the same recap."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Request, ViewportSize, expect

from challenges.actions import close_round
from challenges.models import Ballot, RankingRound
from people.models import User
from tests import factories as make
from tests.browser.conftest import DESK, Console, as_new
from tests.browser.screens import MEMBER
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.e2e
SignIn = Callable[[Page, str], None]
NAMES = ("Time", "Money", "Staff", "Trust", "A map", "Data")
TAB_STOPS = 120  # more than any page has


@dataclass
class Paper:
    """The ballot paper in a browser, with the titles of its options."""

    page: Page
    round: RankingRound
    titles: list[str]
    sent: list[dict[str, str]] = field(default_factory=list)

    def open(self) -> "Paper":
        self.page.on("request", self.note)
        self.page.goto(f"{self.round.get_absolute_url()}ballot/")
        return self

    def note(self, request: Request) -> None:
        if request.method == "POST":
            self.sent.append(dict(parse_qsl(request.post_data or "", keep_blank_values=True)))

    def tile(self, number: int) -> Locator:
        return self.page.locator(".tile", has=self.page.get_by_role("heading", name=self.titles[number], exact=True))

    def button(self, words: str, number: int) -> Locator:
        return self.page.get_by_role("button", name=words.format(self.titles[number]), exact=True)

    def answers(self) -> list[str]:
        """Return what the form would send, in the order of the titles."""
        return [str(self.page.get_by_label(f"Rank of {title}", exact=True).input_value()) for title in self.titles]

    def said(self, text: str) -> None:
        expect(self.page.locator("[data-live]")).to_have_text(text)

    def submit(self) -> str:
        """Submit and return what the recap says was recorded."""
        self.page.get_by_role("button", name="Submit ballot").click()
        return self.page.get_by_role("region", name="What was recorded").inner_text()

    def last_post(self) -> list[str]:
        """Return the answers of the last POST, in the order of the titles; nothing else was sent but the token."""
        keys = {option.title: f"rank-{option.pk}" for option in self.round.options.order_by("pk")}
        sent = dict(self.sent[-1])
        assert sent.pop("csrfmiddlewaretoken")
        assert set(sent) == set(keys.values())
        return [sent[keys[title]] for title in self.titles]


RANK, UP, DOWN, TOP = "Rank {}", "Move {} up", "Move {} down", "Move {} to the top"
TIE, REMOVE, MUTE = "Rank {} equal to the one above", "Remove {} from your ranking", "No opinion on {}"
# Three ranked, two of them equal, one without opinion, two left alone.
STEPS = [(RANK, 0), (RANK, 2), (RANK, 1), (UP, 1), (TIE, 2), (MUTE, 3)]
ANSWERS = ["1", "2", "2", "x", "", ""]


def recap_of(titles: list[str]) -> list[str]:
    tied = sorted(titles[1:3])
    left = "; ".join(titles[4:])
    lines = [
        f"1 {titles[0]}",
        *(f"2= {title}" for title in tied),
        f"Not a priority: {left}",
        f"No opinion: {titles[3]}",
    ]
    return ["What was recorded", *lines]


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@contextmanager
def a_browser(browser: Browser, base_url: str, **options: object) -> Iterator[BrowserContext]:
    options = {"reduced_motion": "reduce"} | options
    context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def group(workshop: str) -> WorkingGroup:  # noqa: ARG001 - the group is in that site's database
    """A group of its own for each test."""
    group = make.group()
    make.member(group, person=User.objects.get(email=MEMBER))
    return group


@pytest.fixture
def round(group: WorkingGroup) -> RankingRound:
    """Six options, open."""
    options = [make.challenge(group, title=f"{name} is missing") for name in NAMES]
    return make.open_round(group, options=options)


@pytest.fixture
def at_paper(round: RankingRound, signed_in: SignIn) -> Iterator[Callable[[Page], Paper]]:
    """Return a function that opens the ballot of a member who has not voted on the given page."""
    titles = sorted(round.options.order_by("pk").values_list("title", flat=True))
    papers = []

    def run(page: Page) -> Paper:
        signed_in(page, MEMBER)
        papers.append(Paper(page, round, titles).open())
        return papers[-1]

    yield run
    for paper in papers:
        paper.page.remove_listener("request", paper.note)


@pytest.fixture
def paper(page: Page, at_paper: Callable[[Page], Paper]) -> Paper:
    return at_paper(page)


def recorded(paper: Paper) -> list[int] | None:
    """Return the ranks of the member's ballot in the database, in the order of the titles."""
    ballot = Ballot.objects.filter(elector__round=paper.round, elector__user__email=MEMBER).first()
    if ballot is None:
        return None
    in_order = list(paper.round.options.order_by("position").values_list("title", flat=True))
    return [ballot.ranks[in_order.index(title)] for title in paper.titles]


def check(paper: Paper) -> None:
    assert lines(paper.submit()) == recap_of(paper.titles)
    assert paper.last_post() == ANSWERS
    assert recorded(paper) == [1, 2, 2, -1, 0, 0]


def test_by_buttons(paper: Paper) -> None:
    for words, number in STEPS:
        paper.button(words, number).click()
    assert paper.answers() == ANSWERS
    check(paper)


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the button with this name has the focus."""
    for _ in range(TAB_STOPS):
        if page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText") == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} cannot be reached by Tab")


def test_by_keyboard_alone(paper: Paper) -> None:
    for words, number in STEPS:
        tab_to(paper.page, words.format(paper.titles[number]))
        paper.page.keyboard.press("Enter")
    assert paper.answers() == ANSWERS
    tab_to(paper.page, "Submit ballot")
    check(paper)


def drag(paper: Paper, number: int, *, above: int) -> None:
    """Take the tile by its grip and drop it on the upper half of another one."""
    mouse = paper.page.mouse
    grip = paper.tile(number).locator("[data-grip]").bounding_box()
    goal = paper.tile(above).bounding_box()
    assert grip
    assert goal
    mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    mouse.down()
    mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 6, steps=12)
    mouse.up()


def test_by_dragging(paper: Paper) -> None:
    paper.page.set_viewport_size({"width": 1280, "height": 1800})  # near the window's edge the page would scroll
    paper.button(RANK, 2).click()
    drag(paper, 1, above=2)
    assert paper.page.evaluate("getSelection().toString()") == ""
    drag(paper, 0, above=1)
    assert paper.answers() == ["1", "2", "3", "", "", ""]
    paper.button(TIE, 2).click()
    paper.button(MUTE, 3).click()
    check(paper)


def test_a_drag_is_given_up_by_escape(paper: Paper) -> None:
    paper.page.set_viewport_size({"width": 1280, "height": 1800})
    for words, number in [(RANK, 0), (RANK, 1), (TIE, 1)]:
        paper.button(words, number).click()
    grip, goal = paper.tile(0).locator("[data-grip]"), paper.tile(3)
    grip.hover()
    paper.page.mouse.down()
    goal.hover(force=True)
    assert paper.answers()[:2] == ["", "1"]
    paper.page.keyboard.press("Escape")
    assert paper.answers() == ["1", "1", "", "", "", ""]
    paper.page.mouse.up()
    assert paper.answers() == ["1", "1", "", "", "", ""]


def test_the_page_scrolls_while_a_tile_is_held_at_its_edge(paper: Paper) -> None:
    """On a narrow screen the ranking lies below all that is not ranked."""
    paper.page.set_viewport_size({"width": 390, "height": 700})
    paper.tile(0).locator("[data-grip]").hover()
    paper.page.mouse.down()
    paper.page.mouse.move(200, 690, steps=4)
    expect(paper.page.locator("[data-lane=ranked] .tile")).to_have_count(1)
    paper.page.mouse.up()
    assert paper.answers() == ["1", "", "", "", "", ""]


def click(paper: Paper, words: str, number: int) -> None:
    paper.button(words, number).click()


def tap(paper: Paper, words: str, number: int) -> None:
    paper.button(words, number).tap()


def press(paper: Paper, words: str, number: int) -> None:
    """Reach the button by Tab, find it in full view, and press Enter."""
    tab_to(paper.page, words.format(paper.titles[number]))
    expect(paper.button(words, number)).to_be_in_viewport(ratio=1)
    paper.page.keyboard.press("Enter")


PHONE, SMALL, ZOOMED = (ViewportSize(width=w, height=h) for w, h in ((390, 844), (320, 640), (320, 256)))
Act = Callable[[Paper, str, int], None]
SETTINGS: dict[str, tuple[Act, str, ViewportSize]] = {
    "touch on a phone": (tap, "touched", PHONE),
    "touch at 320 pixels": (tap, "touched", SMALL),
    "keyboard at 400 % zoom": (press, "page", ZOOMED),
    "forced colours": (click, "page", DESK),
}


SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# There the browser tells scripts the page's background and the reader's text: no contrast can be computed from that.
FORCED = {"forced colours"}


@pytest.fixture(scope="module")
def touch_window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser.new_context(**browser_context_args, has_touch=True) as context:
        yield context.new_page()


@pytest.fixture
def touched(touch_window: Page) -> Iterator[Page]:
    with as_new(touch_window) as page:
        yield page


@pytest.mark.parametrize("name", SETTINGS)
def test_a_ballot_is_cast_and_nothing_is_amiss(
    name: str, request: pytest.FixtureRequest, at_paper: Callable[[Page], Paper], axe: Callable[..., list[list[object]]]
) -> None:
    act, window, size = SETTINGS[name]
    page = request.getfixturevalue(window)
    page.set_viewport_size(size)
    if name in FORCED:
        page.emulate_media(forced_colors="active", color_scheme="dark")
    paper = at_paper(page)
    for words, number in STEPS:
        act(paper, words, number)
    assert paper.answers() == ANSWERS
    broken = [rule for rule in axe(page) if not (name in FORCED and rule[0] == "color-contrast")]
    assert (broken, page.evaluate(SIDEWAYS)) == ([], 0)
    check(paper)


SLIDING = "document.getAnimations().filter(a => a.effect.target.matches('.tile')).length"


def test_tiles_slide_unless_motion_is_unwanted(paper: Paper) -> None:
    seen = []
    for number, motion in enumerate(("reduce", "no-preference")):
        paper.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        # In one go: a slide is over after 160 ms.
        seen.append(paper.button(RANK, number).evaluate(f"button => {{ button.click(); return {SLIDING} > 0; }}"))
    assert seen == [False, True]


def test_a_finger_drags_too(at_paper: Callable[[Page], Paper], browser: Browser, base_url: str) -> None:
    with a_browser(browser, base_url, viewport={"width": 390, "height": 1800}, has_touch=True) as context:
        paper = at_paper(context.new_page())
        paper.button(RANK, 1).tap()
        finger = context.new_cdp_session(paper.page)
        for kind, (x, y) in finger_path(paper, 0, above=1):
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        assert paper.answers() == ["1", "2", "", "", "", ""]


def finger_path(paper: Paper, number: int, *, above: int) -> list[tuple[str, tuple[float, float]]]:
    """Return the steps of a finger from the grip of a tile to the upper edge of another."""
    grip = paper.tile(number).locator("[data-grip]").bounding_box()
    goal = paper.tile(above).bounding_box()
    assert grip
    assert goal
    start = (grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    end = (goal["x"] + goal["width"] / 2, goal["y"] + 6)
    way = [tuple(a + (b - a) * part / 10 for a, b in zip(start, end, strict=True)) for part in range(1, 11)]
    moves = [("touchMove", (x, y)) for x, y in way]
    return [("touchStart", start), *moves, ("touchEnd", end)]


def test_without_scripts(at_paper: Callable[[Page], Paper], browser: Browser, base_url: str) -> None:
    with a_browser(browser, base_url, java_script_enabled=False) as context:
        paper = at_paper(context.new_page())
        for title, answer in zip(paper.titles, ANSWERS, strict=True):
            paper.page.get_by_label(f"Rank of {title}", exact=True).select_option(answer)
        check(paper)


def test_the_plain_paper_is_fit_for_all(
    at_paper: Callable[[Page], Paper], browser: Browser, base_url: str, axe: Callable[..., list[object]]
) -> None:
    """Axe is a script, so only the element's own is missing here."""
    with a_browser(browser, base_url, viewport=SMALL) as context:
        context.route("**/rank-ballot*.js", lambda route: route.abort())
        paper = at_paper(context.new_page())
        expect(paper.page.get_by_label(f"Rank of {paper.titles[0]}", exact=True)).to_be_visible()
        assert (axe(paper.page), paper.page.evaluate(SIDEWAYS)) == ([], 0)


def test_enter_again_and_again_ranks_everything(paper: Paper) -> None:
    """The focus goes on to the next challenge that is not ranked, and at last stays on "up"."""
    shown = paper.page.locator(".lane-unranked .tile h3").all_inner_texts()
    paper.button(RANK, paper.titles.index(shown[0])).focus()
    for _ in shown:
        paper.page.keyboard.press("Enter")
    assert sorted(paper.answers()) == list("123456")
    paper.said(f"{shown[-1]}: rank 6 of 6.")
    for _ in shown:
        paper.page.keyboard.press("Enter")
    last = paper.titles.index(shown[-1])
    assert paper.answers()[last] == "1"
    expect(paper.button(UP, last)).to_be_focused()


def test_a_removed_challenge_leaves_its_tie_and_says_so(paper: Paper) -> None:
    for words, number in [(RANK, 0), (RANK, 1), (TIE, 1), (RANK, 2)]:
        paper.button(words, number).click()
    assert paper.answers()[:3] == ["1", "1", "3"]
    paper.said(f"{paper.titles[2]}: rank 3 of 3.")
    paper.button(REMOVE, 0).press("Enter")
    assert paper.answers()[:3] == ["", "1", "2"]
    paper.said(f"{paper.titles[0]}: not ranked.")
    expect(paper.button(RANK, 0)).to_be_focused()
    expect(paper.page.locator("[data-status]")).to_have_text("2 of 6 challenges ranked. You may stop at any point.")


def test_a_changed_ballot_starts_from_what_was_recorded(paper: Paper) -> None:
    for words, number in STEPS:
        paper.button(words, number).click()
    paper.submit()
    paper.page.get_by_role("link", name="Change it").click()
    assert paper.answers() == ANSWERS
    paper.button(REMOVE, 0).click()
    paper.submit()
    assert recorded(paper) == [0, 1, 1, -1, 0, 0]


def test_moving_past_a_tie_joins_it_on_the_way_and_leaves_it_whole(paper: Paper) -> None:
    for words, number in STEPS:
        paper.button(words, number).click()
    seen = [paper.answers()[:3]]
    for words in (DOWN, DOWN, UP, UP):
        paper.button(words, 0).click()
        seen.append(paper.answers()[:3])
    assert seen == [["1", "2", "2"], ["1", "1", "1"], ["3", "1", "1"], ["1", "1", "1"], ["1", "2", "2"]]


def test_to_the_top_leaves_a_tie_and_the_rest_in_order(paper: Paper) -> None:
    for words, number in STEPS:
        paper.button(words, number).click()
    paper.button(TOP, 2).press("Enter")
    assert paper.answers()[:3] == ["2", "3", "1"]
    paper.said(f"{paper.titles[2]}: rank 1 of 3.")
    expect(paper.button(TOP, 2)).to_be_focused()
    expect(paper.button(TOP, 2)).to_have_attribute("aria-disabled", "true")


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """What the browser asked before leaving the page; the answer is always "stay"."""
    kinds: list[str] = []

    def stay(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    yield kinds
    page.remove_listener("dialog", stay)


def test_leaving_with_changes_asks_first(paper: Paper, asked: list[str]) -> None:
    paper.button(RANK, 0).click()
    paper.page.get_by_role("link", name="Privacy").first.click(no_wait_after=True)
    expect(paper.page.get_by_role("heading", name="Rank the challenges")).to_be_visible()
    assert asked == ["beforeunload"]
    paper.submit()
    assert asked == ["beforeunload"]


def test_leaving_without_changes_does_not_ask(paper: Paper, asked: list[str]) -> None:
    paper.page.get_by_role("link", name="Privacy").first.click()
    expect(paper.page.get_by_role("heading", level=1)).not_to_have_text("Rank the challenges")
    assert asked == []


SPOIL = """([name, value]) => {
  const select = document.querySelector(`[name=${name}]`);
  select.append(new Option(value, value));
  select.value = value;
  if (document.querySelector("rank-ballot")) document.querySelector("form.ballot").requestSubmit();
}"""


def test_an_unreadable_ballot_comes_back_with_a_summary(
    paper: Paper, asked: list[str], look_over: Callable[[Page], None]
) -> None:
    paper.button(RANK, 0).click()
    name = paper.page.get_by_label(f"Rank of {paper.titles[1]}", exact=True).get_attribute("name")
    paper.page.evaluate(SPOIL, [name, "first!"])
    summary = paper.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Choose a rank (1, 2, 3 …), “not a priority” or “no opinion”.")
    assert paper.page.title().startswith("Error:")
    assert paper.answers()[0] == "1"
    expect(paper.tile(1)).to_contain_text("Choose a rank (1, 2, 3 …)")
    look_over(paper.page)
    summary.get_by_role("link").press("Enter")
    expect(paper.page.locator(".tile button:focus:visible")).to_have_accessible_name(f"No opinion on {paper.titles[1]}")
    assert recorded(paper) is None
    assert asked == []


def test_too_late_shows_the_order_once(paper: Paper, quiet_console: Console, look_over: Callable[[Page], None]) -> None:
    for words, number in STEPS:
        paper.button(words, number).click()
    close_round(round=paper.round, by=None)
    quiet_console.expect_status(409)
    paper.page.get_by_role("button", name="Submit ballot").click()
    expect(paper.page.get_by_role("heading", level=1)).to_have_text("The round closed while you ranked")
    entered = paper.page.get_by_role("region", name="What you had ranked").inner_text()
    assert lines(entered)[1:4] == recap_of(paper.titles)[1:4]
    look_over(paper.page)
    assert recorded(paper) is None


SMALLEST = (
    """els => Math.min(...els.filter(e => e.checkVisibility()).map(e => Math.min(e.offsetWidth, e.offsetHeight)))"""
)


def test_on_a_phone_buttons_are_large(paper: Paper) -> None:
    for number in (0, 1, 2):
        paper.button(RANK, number).click()
    for width in (390, 320):
        paper.page.set_viewport_size({"width": width, "height": 844})
        assert paper.page.eval_on_selector_all("rank-ballot button", SMALLEST) >= 44


HIDDEN = """() => {
  const focused = document.activeElement, bar = document.querySelector(".ballot-bar");
  const seen = focused.getBoundingClientRect(), below = bar.getBoundingClientRect();
  const covered = seen.bottom > below.top && seen.top < below.bottom;
  return focused !== document.body && !bar.contains(focused) && covered && focused.outerHTML;
}"""


def test_the_bar_below_never_hides_the_focus(paper: Paper) -> None:
    paper.page.set_viewport_size({"width": 390, "height": 600})
    paper.button(RANK, 0).focus()
    for _ in range(20):
        paper.page.keyboard.press("Tab")
        assert paper.page.evaluate(HIDDEN) is False
