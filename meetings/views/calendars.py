"""The personal calendar's address on the page of one's account: make, renew, revoke."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings import actions
from people.sessions import person

Words = dict[str, str | Promise | bool]
BACK = "people:account"


def make(request: HttpRequest) -> HttpResponse:
    """Ask, then make the address."""
    page: Words = {
        "title": _("Make a calendar address?"),
        "text": _("Your calendar then shows all meetings of your groups. Whoever knows the address can read them."),
        "submit": _("Make the address"),
    }
    return _step(request, actions.make_address, page, str(_("Your calendar address is made.")))


def renew(request: HttpRequest) -> HttpResponse:
    """Ask, then exchange the address."""
    page: Words = {
        "title": _("Exchange your calendar address?"),
        "text": _("The old address stops at once: enter the new one in each of your calendars."),
        "submit": _("Give me a new address"),
    }
    return _step(request, actions.renew_address, page, str(_("You have a new calendar address.")))


def revoke(request: HttpRequest) -> HttpResponse:
    """Ask, then take the address away."""
    page: Words = {
        "title": _("Take your calendar address away?"),
        "text": _("Calendars that use it no longer hear of changes. You can make a new one at any time."),
        "submit": _("Take it away"),
        "danger": True,
    }
    return _step(request, actions.revoke_address, page, str(_("Your calendar address is gone.")))


def _step(request: HttpRequest, verb: Callable[..., Any], page: Words, done: str) -> HttpResponse:
    reader = person(request)
    if request.method == "POST":
        verb(by=reader)
        messages.success(request, done)
        return redirect(BACK)
    return render(request, "pages/confirm.html", {**page, "cancel_url": resolve_url(BACK)})
