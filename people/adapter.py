"""Our settings of django-allauth that are code: nobody signs up; accepting an invitation creates the account."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the answer never depends on it
        return False
