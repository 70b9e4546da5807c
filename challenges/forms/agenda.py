"""Agenda items to choose from, meeting by meeting."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format

from challenges import agendas
from challenges.models import Challenge
from history.seen import given, remember
from meetings.models import AgendaItem, Meeting
from workinggroups.models import WorkingGroup


def by_meeting(group: WorkingGroup) -> list[tuple[Meeting, list[AgendaItem]]]:
    """Return the group's meetings that have an agenda, each with its items."""
    return [(meeting, list(items)) for meeting, items in groupby(agendas.offered(group), lambda item: item.meeting)]


def named(meeting: Meeting) -> str:
    """The meeting and its day: the hours are of no use here."""
    start = None if meeting.state == Meeting.State.POSTPONED else meeting.local_start
    return f"{meeting} ({date_format(start) if start else meeting.when})"


class AgendaItemField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """One item, under the names of the meetings; `offer` it the group."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=AgendaItem.objects.none(), required=False, **kwargs)

    def offer(self, group: WorkingGroup) -> None:
        self.queryset = agendas.offered(group)
        items = [(named(meeting), [(item.pk, str(item)) for item in items]) for meeting, items in by_meeting(group)]
        self.choices = [("", "–"), *items]


def offer_items(form: forms.Form, name: str, group: WorkingGroup) -> None:
    field = form.fields[name]
    assert isinstance(field, AgendaItemField)  # noqa: S101 - tells the type checker
    field.offer(group)


class AgendaItemsForm(forms.Form):
    """Which items of the group's meetings deal with a challenge; a field for each meeting."""

    def __init__(self, data: Any = None, *, challenge: Challenge) -> None:
        linked = {item.pk: item for item in challenge.agenda_items.all()}
        meetings = by_meeting(challenge.group)
        super().__init__(data)
        self.known = {item.pk: item for _meeting, items in meetings for item in items}
        self.elsewhere = [item for pk, item in linked.items() if pk not in self.known]
        for meeting, items in meetings:
            name = f"meeting-{meeting.pk}"
            self.initial[name] = [item.pk for item in items if item.pk in linked]
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=named(meeting),
                choices=[(item.pk, str(item)) for item in items],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if meetings:
            remember(self)

    def items(self) -> list[AgendaItem]:
        """Return what the valid form says; items of meetings that it does not show stay."""
        chosen = [self.known[pk] for of_meeting in given(self).values() for pk in of_meeting]
        return [*self.elsewhere, *chosen]
