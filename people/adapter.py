"""Our settings of django-allauth that are code: nobody signs up; accepting an invitation creates the account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from people import kept
from people.models import User


class ClosedAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail and password do not match. Try again, or ask for a link to choose a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the answer never depends on it
        return False

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Lead on as always, or to what was typed before the session was over."""
        response: HttpResponse = super().post_login(request, user, **details)
        was = kept.opened(request.POST.get("kept", ""))
        return kept.send_again(request, was) if was else response
