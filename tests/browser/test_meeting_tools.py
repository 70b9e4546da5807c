"""What scripts add to the pages of minutes and agenda, which work without them; rules looked over before they hold."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from meetings.models import Minutes
from tests.browser.screens import LEADER, OFFICE

pytestmark = pytest.mark.e2e
SignIn = Callable[[Page, str], None]
LookOver = Callable[[Page], None]


@pytest.mark.usefixtures("site")
def test_rows_move_by_buttons_and_carry_their_numbers_and_hours(page: Page, signed_in: SignIn) -> None:
    signed_in(page, LEADER)
    page.goto(reverse("meetings:agenda_edit", args=["ic-next"]))
    rows = page.locator("[data-item]")
    titles = page.locator("[data-item] [name$='-title']")
    first, second = (titles.nth(n).input_value() for n in (0, 1))
    expect(rows.nth(0).locator("[data-time]")).to_have_text("10:00")
    page.get_by_role("button", name=f"Move down: {first}").click()
    expect(titles.nth(0)).to_have_value(second)
    expect(titles.nth(1)).to_have_value(first)
    expect(page.get_by_role("button", name=f"Move down: {first}")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(f"{first}: place 2 of 6.")
    assert [rows.nth(n).locator("[name$='-position']").input_value() for n in (0, 1)] == ["1", "2"]
    rows.nth(0).locator("[name$='-minutes']").fill("50")
    expect(rows.nth(1).locator("[data-time]")).to_have_text("10:50")
    expect(page.locator("[data-sum]")).to_have_text("155 minutes in all")


@pytest.mark.usefixtures("site")
def test_the_preview_follows_the_text_and_rows_are_added(page: Page, signed_in: SignIn) -> None:
    signed_in(page, LEADER)
    page.goto(reverse("meetings:minutes_write", args=["ic-next"]))
    before = Minutes.objects.count()
    page.get_by_label("Minutes", exact=False).first.fill("## Result\n\nWe *agree* <b>now</b>.")
    preview = page.locator("[data-part=preview]")
    expect(preview.get_by_role("heading", name="Result")).to_be_visible()
    expect(preview.locator("em")).to_have_text("agree")
    expect(preview.locator("p")).to_have_text("We agree <b>now</b>.")
    page.locator("[data-rows=actions] [data-add]").click()
    added = page.locator("[name=actions-2-text]")
    expect(added).to_be_focused()
    expect(page.locator("[name=actions-TOTAL_FORMS]")).to_have_value("3")
    assert Minutes.objects.count() == before


@pytest.mark.usefixtures("site")
def test_rules_of_all_groups_are_looked_over_before_they_hold(
    page: Page, signed_in: SignIn, look_over: LookOver
) -> None:
    signed_in(page, OFFICE)
    page.goto(reverse("meetings:site_reminders"))
    page.get_by_label("How long").first.fill("10")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", name="Save these rules?")).to_be_visible()
    look_over(page)
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("How long").first).to_have_value("10")
