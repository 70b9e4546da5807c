"""Reference data and support: regions, organisations, and the little of an account that the site cannot change."""

from django.contrib import admin
from django.http import HttpRequest

from people.models import Organisation, Region, User


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["code", "name", "level", "version", "cohesion_category", "lagging_type"]
    list_filter = ["version", "level", "country"]
    search_fields = ["code", "name", "name_local"]
    readonly_fields = ["code", "version", "level", "parent", "country", "predecessors"]
    ordering = ["-version", "code"]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - regions come from load_regions
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["name", "kind", "helix", "region"]
    list_filter = ["kind", "helix"]
    list_select_related = ["region"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["region"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Accounts come from invitations and passwords from their owners, so neither can be made here."""

    list_display = ["display_name", "email", "organisation", "helix", "is_active", "is_secretariat", "is_staff"]
    list_filter = ["is_active", "is_secretariat", "helix"]
    list_select_related = ["organisation"]
    search_fields = ["display_name", "email"]
    fields = [
        "email",
        "display_name",
        "organisation",
        "helix",
        "region",
        "show_name_publicly",
        "is_active",
        "is_secretariat",
        "is_staff",
        "groups",
        "joined_at",
        "last_login",
    ]
    autocomplete_fields = ["organisation", "region"]
    filter_horizontal = ["groups"]
    readonly_fields = ["email", "show_name_publicly", "joined_at", "last_login"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:  # noqa: ARG002
        """Only a superuser hands out rights; a person's consent is their own."""
        rights = [] if getattr(request.user, "is_superuser", False) else ["is_staff", "is_secretariat", "groups"]
        return [*self.readonly_fields, *rights]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - accepting an invitation creates accounts
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        return False
