"""Which meetings or webinars a reader asks for."""

from typing import Any

import django_filters
from django.forms import Select
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, Webinar
from workinggroups.models import WorkingGroup

CHOICE = Select({"class": "input"})


class ByGroup(django_filters.FilterSet):
    """By group. A page has the groups at hand, so that the choices cost no query of their own; others ask."""

    group: django_filters.ChoiceFilter

    def __init__(self, *args: Any, groups: list[WorkingGroup] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = WorkingGroup.objects.order_by("name", "pk") if groups is None else groups
        # On the field, not in `extra`: whoever described the filter before has left a field made without choices.
        self.filters["group"].field.choices = lambda: [(group.slug, group.name) for group in offered]


class MeetingFilter(ByGroup):
    group = django_filters.ChoiceFilter(
        label=_("Working group"), field_name="group__slug", empty_label=_("All groups"), choices=[], widget=CHOICE
    )

    class Meta:
        model = Meeting
        fields: list[str] = []


class WebinarFilter(ByGroup):
    group = django_filters.ChoiceFilter(
        label=_("Working group"), field_name="groups__slug", empty_label=_("All groups"), choices=[], widget=CHOICE
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("Webinars and conferences"), choices=Webinar.Kind.choices, widget=CHOICE
    )

    class Meta:
        model = Webinar
        fields: list[str] = []
