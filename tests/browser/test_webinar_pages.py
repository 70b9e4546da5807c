"""Somebody without an account registers for a webinar in Chromium, on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from meetings.models import Registration
from meetings.registration_tokens import registration_path

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("workshop")]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_seat_is_asked_for_confirmed_and_given_back(page: Page, axe: Callable[..., list[Any]]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(reverse("meetings:webinar", args=["mirror-calls-in-practice"]))
    page.get_by_role("link", name="Register", exact=True).click()
    page.get_by_label("Your name").fill("Anne Outside")
    page.get_by_label("Your e-mail address").fill("anne.outside@example.org")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    assert (axe(page), page.evaluate(SIDEWAYS)) == ([], 0)
    page.goto(registration_path(Registration.objects.get(email="anne.outside@example.org")))
    page.get_by_role("button", name="Confirm my registration").click()
    expect(page.get_by_role("status")).to_contain_text("You are registered")
    page.get_by_role("button", name="Cancel my registration").click()
    expect(page.get_by_role("status")).to_contain_text("Your registration is cancelled")
