"""What a step of an edition asks for: a reason, how long the group may comment, when it appears."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from meetings.forms.wall_clock import LOCAL_INPUT, local_moment
from outcomes.characters import clean
from people.models import User


class StepForm(forms.Form):
    """Gets the person, whose clock the times are read on."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.zone = ZoneInfo(person.timezone)
        for field in self.fields.values():
            if isinstance(field, forms.DateTimeField):
                field.help_text = _("%(hint)s On the clock of %(zone)s.") % {"hint": field.help_text, "zone": self.zone}

    def moment(self, name: str) -> dt.datetime | None:
        """The time as typed on the person's clock; one that has passed is an error."""
        found = local_moment(self, name, self.cleaned_data.get(name), self.zone)
        if found is not None and found <= timezone.now():
            self.add_error(name, _("Choose a time that is still to come."))
        return found


def _moment_field(label: StrPromise, hint: StrPromise) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_INPUT)
    return forms.DateTimeField(label=label, help_text=hint, required=False, widget=widget)


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class SubmitForm(StepForm):
    comments_until = _moment_field(
        _("The group may comment until"), _("Every member gets a letter. Left open, only the reviewers read it.")
    )

    def clean_comments_until(self) -> dt.datetime | None:
        return self.moment("comments_until")


class PublishForm(StepForm):
    at = _moment_field(_("Appears"), _("Left open, it appears at once. Until then nobody else can see it."))

    def clean_at(self) -> dt.datetime | None:
        return self.moment("at")


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Your comment"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"]).strip()
