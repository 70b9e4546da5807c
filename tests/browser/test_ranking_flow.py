"""The ranking flow clicked through in Chromium: members rank, the secretariat publishes, everybody reads."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from challenges.actions import cast_ballot
from challenges.models import RankingRound
from outcomes.tasks import build_pending
from tests.browser.conftest import from_menu
from tests.browser.screens import LEADER, MEMBER, OFFICE

pytestmark = pytest.mark.e2e
OTHER = "member2@example.org"
ROUND = "What we take up next year"


def front(page: Page) -> Page:
    page.goto("/")
    return page


def desk(page: Page) -> Page:
    return from_menu(page, "Desk")


def row(page: Page) -> Locator:
    """Return the lines of a list of things to do that are about our round."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=ROUND))


def plan_and_open(page: Page) -> None:
    desk(page).get_by_role("link", name="New round").click()
    page.get_by_label("Title").fill(ROUND)
    page.get_by_label("Question").fill("What should the group take up next?")
    for box in page.get_by_role("group", name="Challenges to rank").get_by_role("checkbox").all()[:4]:
        box.check()
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Open the round").click()
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("status").first).to_have_text("The round is open.")


def rank_two(page: Page) -> None:
    row(page).get_by_role("link", name="Rank now").click()
    for _ in range(2):
        page.locator("[data-act=add]:visible").first.click()
    page.get_by_role("button", name="Submit ballot").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is your ballot")


def close_and_publish(leader: Page, office: Page) -> None:
    row(desk(leader)).get_by_role("link", name="Close the round").click()
    leader.get_by_role("button", name="Close and count").click()
    row(desk(office)).get_by_role("link", name="Publish the result").click()
    office.get_by_role("button", name="Publish the result").click()


def others_vote() -> None:
    """Seven more members put the first option first."""
    asked = RankingRound.objects.get(title=ROUND)
    options = list(asked.options.order_by("position").values_list("pk", flat=True))
    for elector in asked.electors.filter(has_voted=False).select_related("user").order_by("pk")[:8]:
        cast_ballot(round=asked, by=elector.user, ranks=dict(zip(options, [1, 2, 3, 0], strict=True)))


def review_and_publish(leader: Page, office: Page) -> None:
    row(desk(leader)).get_by_role("link", name="Send to review").click()
    leader.get_by_role("link", name="Send to review").click()
    leader.get_by_role("button", name="Send to review").click()
    row(desk(office)).get_by_role("link", name="Review and approve").click()
    for step in ("Approve", "Publish"):
        office.get_by_role("link", name=step, exact=True).click()
        office.get_by_role("button", name=step).click()
    expect(office.get_by_role("status").first).to_have_text("The edition is published.")


@pytest.mark.usefixtures("own_site")
def test_from_the_plan_to_the_public_page(visit: Callable[..., Page], signed_in: Callable[[Page, str], None]) -> None:
    leader, other = visit(LEADER), visit()
    plan_and_open(leader)
    for email in (MEMBER, OTHER):
        signed_in(other, email)
        rank_two(from_menu(front(other), "Dashboard"))
    others_vote()
    signed_in(other, OFFICE)
    close_and_publish(leader, front(other))
    build_pending()
    other.context.clear_cookies()
    front(other).get_by_role("link", name="The full result").click()
    expect(other.get_by_text("10 of 25 members voted.").first).to_be_visible()
    signed_in(other, OFFICE)
    review_and_publish(leader, front(other))
    other.context.clear_cookies()
    read(other)


def read(reader: Page) -> None:
    front(reader).get_by_role("navigation", name="Main").get_by_role("link", name="Outcomes").click()
    reader.get_by_role("link", name=ROUND).click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text(ROUND)
    pdf = reader.request.get(str(reader.get_by_role("link", name="Read as PDF").get_attribute("href")))
    assert ROUND in " ".join(PdfReader(io.BytesIO(pdf.body())).pages[0].extract_text().split())
    assert reader.context.cookies() == []
