"""Which letters the secretariat asks for."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.letters import kinds
from notices.models import Notice, NoticeQuerySet


def kind_choices() -> list[tuple[str, Any]]:
    return [(letter.kind, letter.describes) for letter in kinds()]


class LetterFilter(django_filters.FilterSet):
    """By state, kind and person. What waits comes in the order in which it leaves, all else newest first."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Notice.State.choices, empty_label=_("All states"), method="by_state"
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All kinds"))
    person = django_filters.CharFilter(label=_("Name or address"), method="by_person", max_length=200)

    class Meta:
        model = Notice
        fields: list[str] = []

    def by_state(self, queryset: NoticeQuerySet, _name: str, state: str) -> NoticeQuerySet:
        of_state = queryset.filter(state=state)
        return of_state.order_by("next_try_at", "pk") if state == Notice.State.DUE else of_state

    def by_person(self, queryset: NoticeQuerySet, _name: str, words: str) -> NoticeQuerySet:
        named = Q(recipient__display_name__icontains=words) | Q(recipient__email__icontains=words)
        return queryset.filter(named | Q(address__icontains=words))
