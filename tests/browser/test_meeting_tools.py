"""What scripts add to the pages of minutes and agenda, which work without them; rules looked over before they hold."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from meetings.models import AgendaItem, Minutes
from tests.browser.screens import LEADER, OFFICE
from tests.browser.test_round_pages import SIDEWAYS

pytestmark = pytest.mark.e2e
SignIn = Callable[[Page, str], None]
LookOver = Callable[[Page], None]


@pytest.mark.usefixtures("site")
def test_rows_move_by_buttons_or_by_dragging_and_carry_their_numbers_and_hours(page: Page, signed_in: SignIn) -> None:
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
    third = titles.nth(2).input_value()
    drag(page, rows.nth(2), above=rows.nth(0))
    assert [titles.nth(n).input_value() for n in range(3)] == [third, second, first]
    assert [rows.nth(n).locator("[name$='-position']").input_value() for n in range(3)] == ["1", "2", "3"]
    expect(page.get_by_role("status")).to_have_text(f"{third}: place 1 of 6.")
    expect(rows.nth(0).locator("[data-time]")).to_have_text("10:00")


def drag(page: Page, row: Locator, *, above: Locator) -> None:
    """Take the row by its grip and drop it on the upper half of another one."""
    page.set_viewport_size({"width": 1280, "height": 1800})  # both must be in the window
    grip, goal = row.locator("[data-grip]").bounding_box(), above.bounding_box()
    assert grip
    assert goal
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 6, steps=12)
    page.mouse.up()


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


@pytest.mark.usefixtures("site")
def test_agenda_and_minutes_on_paper_keep_the_text_and_hide_what_cannot_be_clicked(
    page: Page, signed_in: SignIn
) -> None:
    signed_in(page, LEADER)
    page.set_viewport_size({"width": 700, "height": 1000})  # an A4 page between its margins
    page.emulate_media(media="print")
    item = AgendaItem.objects.filter(meeting__slug="ic-next").order_by("position")[0]
    minutes = Minutes.objects.filter(state="published", meeting__group=item.meeting.group).order_by("pk")[0]
    for address, words in (
        (reverse("meetings:agenda", args=["ic-next"]), item.title),
        (minutes.get_absolute_url(), "What was said"),
    ):
        page.goto(address)
        expect(page.get_by_text(words).first).to_be_visible()
        for unwanted in (".site-head", ".site-foot", ".btn", "button", "form", "aside"):
            assert page.locator(f"{unwanted}:visible").count() == 0, (address, unwanted)
        assert page.evaluate(SIDEWAYS) == 0
