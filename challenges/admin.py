"""For support: the register and the rounds to look at. Ballots, electors and results have no page here."""

from django.contrib import admin

from challenges.models import Challenge, Focus, RankingRound
from history.look_only import LookOnly


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
