"""Pages around a ballot in Chromium: a long paper, yes or no to a text, the receipt and its check, a repeat."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from challenges import actions
from challenges.models import RankingRound
from people.models import User
from tests import factories as make
from tests.browser.screens import MEMBER

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("workshop")]

SignIn = Callable[[Page, str], None]
AxeRun = Callable[..., list[Any]]
PHONE = {"width": 320, "height": 640}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def phone(page: Page, signed_in: SignIn) -> Page:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    signed_in(page, MEMBER)
    return page


def opened(*, ballots: int = 0, **values: Any) -> RankingRound:
    """Return an open round of a group of its own, in which the member is the first elector and has not voted."""
    group = make.group(name="Islands and ports")
    make.member(group, person=User.objects.get(email=MEMBER))
    round_ = make.open_round(group, electors=ballots, **values)
    make.vote(round_, *[[*range(1, 1 + round_.options.count())]] * ballots, skip=1)
    return round_


def sound(page: Page, axe: AxeRun) -> bool:
    return (axe(page), page.evaluate(SIDEWAYS)) == ([], 0)


def address(of: RankingRound, name: str) -> str:
    return reverse(f"challenges:{name}", args=[of.pk])


def test_a_long_paper_says_to_pick_first_and_lets_a_tile_jump(
    phone: Page, axe: AxeRun, look_over: Callable[[Page], None]
) -> None:
    round_ = opened(options=16)
    phone.goto(address(round_, "ballot"))
    expect(phone.get_by_text("pick your most important first, then order them")).to_be_visible()
    titles = list(round_.options.order_by("position").values_list("title", flat=True)[:3])
    for title in titles:
        phone.get_by_role("button", name=f"Rank {title}", exact=True).click()
    phone.get_by_label(f"Place of {titles[2]}", exact=True).select_option("1")
    assert [phone.locator(f'select[name="rank-{option.pk}"]').input_value() for option in ordered(round_)[:3]] == [
        "2",
        "3",
        "1",
    ]
    expect(phone.locator("[data-live]")).to_have_text(f"{titles[2]}: rank 1 of 3.")
    assert sound(phone, axe)
    phone.set_viewport_size({"width": 1280, "height": 900})
    look_over(phone)


def ordered(of: RankingRound) -> list[Any]:
    return list(of.options.order_by("position"))


def test_yes_or_no_in_one_click_then_the_receipt_once(phone: Page, axe: AxeRun) -> None:
    round_ = opened(ballots=11, options=[], wordings=["Yes", "No"], question="We ask for one call a year.")
    phone.goto(address(round_, "ballot"))
    assert sound(phone, axe)
    phone.get_by_role("button", name="Abstain").click()
    expect(phone.get_by_role("region", name="What was recorded")).to_contain_text("You abstain.")
    receipt = phone.get_by_role("region", name="Your receipt")
    expect(receipt.locator("code")).to_have_count(1)
    assert sound(phone, axe)
    phone.reload()
    expect(receipt).to_have_count(0)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    phone.goto(round_.get_absolute_url())
    expect(phone.get_by_role("heading", level=1)).to_have_text("More say “Yes” than “No”")
    assert sound(phone, axe)


def test_the_browser_finds_the_own_receipt_among_the_fingerprints(phone: Page, axe: AxeRun) -> None:
    round_ = opened(ballots=10)
    phone.goto(address(round_, "ballot"))
    phone.get_by_role("button", name="Submit ballot").click()
    receipt = phone.get_by_role("region", name="Your receipt").locator("code").inner_text()
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    phone.goto(round_.get_absolute_url())
    phone.get_by_text("Was my ballot counted?").click()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for entered, said in ((receipt.upper(), "Yes:"), ("0a1b-2c3d-4e5f-6071-8293-a4b5", "No ballot")):
        phone.get_by_label("Your receipt", exact=True).fill(entered)
        phone.get_by_role("button", name="Check in this browser").click()
        expect(phone.locator("receipt-check [role=status]")).to_contain_text(said)
    assert asked == []
    assert sound(phone, axe)


def test_a_repeat_fills_in_the_earlier_answer_and_guards_it(phone: Page, axe: AxeRun) -> None:
    first = opened(ballots=9, will_repeat=True)
    phone.goto(address(first, "ballot"))
    top = ordered(first)[2].title
    phone.get_by_role("button", name=f"Rank {top}", exact=True).click()
    phone.get_by_role("button", name="Submit ballot").click()
    actions.close_round(round=first, by=None)
    published = actions.publish_round(round=first, by=make.secretariat())
    again = make.open_round(first.group, options=[], repeats=published)
    phone.goto(address(again, "ballot"))
    expect(phone.locator(".tile", has_text=top)).to_contain_text("Last time, the group: tier 3 of 3. You: place 1.")
    phone.get_by_role("link", name="Keep my earlier answer").click()
    expect(phone.locator("[data-lane=ranked] .tile h3")).to_have_text([top])
    assert phone.evaluate("document.querySelector('rank-ballot').dirty") is True
    assert sound(phone, axe)


def test_a_statement_is_filed_on_a_phone(phone: Page, axe: AxeRun) -> None:
    round_ = actions.close_round(round=opened(ballots=5), by=None)
    phone.goto(round_.get_absolute_url())
    phone.get_by_role("link", name="minority statement").click()
    assert sound(phone, axe)
    phone.get_by_label("What should be read beside the result?").fill("Ports were forgotten.")
    phone.get_by_role("button", name="File the statement").click()
    expect(phone.get_by_text("Your statement stands beside the result.")).to_be_visible()


def test_a_result_on_paper_says_where_it_is_from_and_hides_what_cannot_be_clicked(page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 1000})  # an A4 page between its margins
    page.emulate_media(media="print")
    kickoff = RankingRound.objects.get(title__startswith="Main challenges when starting")
    page.goto(kickoff.get_absolute_url())
    expect(page.get_by_text(f"{settings.SITE_URL}{kickoff.get_absolute_url()}", exact=True)).to_be_visible()
    for unwanted in (".site-head", ".site-foot", ".btn", "summary"):
        assert page.locator(f"{unwanted}:visible").count() == 0
    assert page.locator(".figure .plot:visible").count() > 0
    assert page.evaluate(SIDEWAYS) == 0
