"""For support: publications and editions to look at. Changes are made in the site, where rules and history are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from outcomes.models import Edition, Publication


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is Django's
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - likewise
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - likewise
        return False


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
