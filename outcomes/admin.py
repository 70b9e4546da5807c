"""For support: publications and editions to look at. Changes are made in the site, where rules and history are."""

from django.contrib import admin

from history.look_only import LookOnly
from outcomes.models import Edition, Publication


@admin.register(Publication)
class PublicationAdmin(LookOnly):
    list_display = ["slug", "kind"]
    list_filter = ["kind", "groups"]
    search_fields = ["slug"]


@admin.register(Edition)
class EditionAdmin(LookOnly):
    list_display = ["title", "publication", "version", "state", "published_at"]
    list_filter = ["state", "language"]
    list_select_related = ["publication"]
    search_fields = ["title"]
