"""Which part of the register a reader asks for."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from workinggroups.models import WorkingGroup

Status = Challenge.Status
SHOWN = [(status.value, capfirst(status.label)) for status in Status if status != Status.MERGED]


class ChallengeFilter(django_filters.FilterSet):
    """By group, and by the status of the cluster; subdimensions come along with theirs."""

    group = django_filters.ModelMultipleChoiceFilter(
        field_name="group__slug",
        label=_("Working group"),
        queryset=WorkingGroup.objects.order_by("name", "pk"),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=SHOWN, method="by_status", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Challenge
        fields: list[str] = []

    def by_status(self, queryset: QuerySet[Challenge], _name: str, statuses: list[str]) -> QuerySet[Challenge]:
        if not statuses:
            return queryset
        return queryset.filter(Q(parent=None, status__in=statuses) | Q(parent__status__in=statuses))

    @property
    def chosen(self) -> int:
        """How many choices narrow the list."""
        values: dict[str, Any] = getattr(self.form, "cleaned_data", {}) if self.is_bound else {}
        return sum(len(choices) for choices in values.values())
