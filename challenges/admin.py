"""For support: the register and the rounds to look at. Ballots, electors and results have no page here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from challenges.models import Challenge, Focus, RankingRound


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Changes are made in the site itself, where rules and history are."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is Django's
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - likewise
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - likewise
        return False


@admin.register(Challenge)
class ChallengeAdmin(LookOnly):
    list_display = ["title", "group", "parent", "status"]
    list_filter = ["group", "status"]
    list_select_related = ["group", "parent"]
    search_fields = ["title", "slug"]


@admin.register(RankingRound)
class RankingRoundAdmin(LookOnly):
    list_display = ["title", "group", "state", "opens_at", "closes_at"]
    list_filter = ["group", "state"]
    list_select_related = ["group"]


@admin.register(Focus)
class FocusAdmin(LookOnly):
    list_display = ["round", "decided_at", "decided_by"]
    list_select_related = ["round", "decided_by"]
