"""What an invited person answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.answers import choices_for
from meetings.models import Attendee, Meeting


class ReplyForm(forms.Form):
    """One answer; which ones there are depends on where the meeting is."""

    reply = forms.ChoiceField(label=_("Will you be there?"), widget=forms.RadioSelect)
    substitute = forms.CharField(
        label=_("Who comes in your place?"), help_text=_("If you cannot come yourself."), required=False, max_length=200
    )
    substitute_email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("They get a letter with time, place and join link."),
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].choices = choices_for(meeting)  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("substitute_email") and not cleaned.get("substitute"):
            self.add_error("substitute", _("Give the name of the person who comes in your place."))
        return cleaned

    def answer(self) -> dict[str, Any]:
        """Return what `actions.reply` takes; the buttons of the dashboard ask for no substitute and change none."""
        asked = {"substitute", "substitute_email"} if "substitute" in self.data else set()
        return {name: self.cleaned_data[name] for name in {"reply", *asked}}


def given(attendee: Attendee | None) -> dict[str, str]:
    """Return the answer so far as the form's initial values."""
    if attendee is None or attendee.reply == Attendee.Reply.NONE:
        return {}
    return {name: getattr(attendee, name) for name in ("reply", "substitute", "substitute_email")}
