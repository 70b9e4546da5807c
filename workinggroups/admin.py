"""Reference data of this room. Members, roles and invitations are changed in the site, where the history is written."""

from django.contrib import admin
from django.http import HttpRequest

from history.actions import record
from people.sessions import person
from workinggroups.models import Criterion, WorkingGroup


@admin.register(Criterion)
class CriterionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["number", "title", "period", "legal_base"]
    list_filter = ["period"]


@admin.register(WorkingGroup)
class WorkingGroupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Names, criterion and mandate; the texts of the page are edited on the page."""

    list_display = ["name", "slug", "kind", "status", "criterion", "mandate_from", "mandate_until"]
    list_filter = ["kind", "status"]
    list_select_related = ["criterion"]
    search_fields = ["name", "slug"]
    readonly_fields = ["summary", "aims", "target_meetings_per_year", "contact_email"]

    def save_model(self, request: HttpRequest, obj: WorkingGroup, form: object, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        record(obj, "described" if change else "created", by=person(request), public=True)

    def has_delete_permission(self, request: HttpRequest, obj: WorkingGroup | None = None) -> bool:  # noqa: ARG002
        return False
