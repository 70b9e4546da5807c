"""The list of outcomes in a browser that runs no scripts: search, filters, order and pages."""

import pytest
from playwright.sync_api import Browser, expect

from outcomes import shelf

pytestmark = pytest.mark.e2e


def test_outcomes_are_searched_filtered_sorted_and_leafed_through(
    browser: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PER_PAGE", 1)  # the demo fits on one page
    with browser.new_context(base_url=site, java_script_enabled=False, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto("/outcomes/")
        titles, main = page.locator(".cards h3"), page.get_by_role("main")
        expect(titles).to_have_text(["Lessons across the three working groups (demo)"])
        main.get_by_label("Sort by").select_option("Oldest first")
        main.get_by_role("button", name="Sort").click()
        expect(titles).to_have_text(["What holds regions back: result of the kick-off ranking (demo)"])
        main.get_by_label("Working paper").check()
        main.get_by_role("button", name="Apply filters").click()
        expect(page.locator("#found")).to_have_text("1 outcome")
        main.get_by_role("link", name="Clear all").click()
        main.get_by_role("link", name="Next").click()
        expect(page.locator(".pager")).to_contain_text("Page 2 of 3")
        main.get_by_label("Search outcomes").fill("kick-off ranking")
        main.get_by_role("button", name="Search").click()
        expect(titles.first).to_contain_text("kick-off ranking")
