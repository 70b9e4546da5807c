"""What a person chooses of letters, made clean."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import text
from django.utils.translation import gettext_lazy as _

from notices import wishes
from notices.models import Channel, LetterClass
from people.models import User

HINTS = {
    LetterClass.MEETING: _("Reminders to answer, the agenda shortly before, the join link."),
    LetterClass.ROUND: _("The reminder before a round closes in which you have not ranked."),
    LetterClass.OUTCOME: _("What was published, or waits for your review."),
}
CHOICES = [(channel.value, text.capfirst(channel.label)) for channel in Channel]
CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")


class PreferencesForm(forms.Form):
    """One choice for each class of letters, and the hours in which none is wanted."""

    quiet_from = forms.TimeField(label=_("No letters from"), required=False, widget=CLOCK)
    quiet_until = forms.TimeField(label=_("No letters until"), required=False, widget=CLOCK)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LetterClass:
            self.fields[name] = forms.ChoiceField(
                label=name.label, choices=CHOICES, help_text=HINTS[name], widget=forms.RadioSelect
            )

    @property
    def classes(self) -> list[forms.BoundField]:
        return [self[name] for name in LetterClass]

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or self.cleaned_data
        begins, ends = values.get("quiet_from"), values.get("quiet_until")
        if self.errors:
            return values
        if (begins is None) != (ends is None):
            missing = "quiet_until" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours need a beginning and an end; leave both empty for none."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return values

    @property
    def channels(self) -> dict[str, Channel]:
        return {name: Channel(self.cleaned_data[name]) for name in LetterClass}

    @property
    def quiet(self) -> tuple[dt.time, dt.time] | None:
        begins, ends = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return (begins, ends) if begins and ends else None


def chosen_by(person: User) -> dict[str, Any]:
    """Return the initial values of the form."""
    channels = wishes.channels_of(person)
    quiet = wishes.quiet_hours_of(person)
    hours = {"quiet_from": quiet.begins, "quiet_until": quiet.ends} if quiet else {}
    return {name: channels.get(name, Channel.MAIL) for name in LetterClass} | hours
