"""What an invited person answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Attendee, Meeting


class ReplyForm(forms.Form):
    """One answer; which ones there are depends on where the meeting is."""

    reply = forms.ChoiceField(label=_("Will you be there?"), widget=forms.RadioSelect)
    substitute = forms.CharField(
        label=_("Who comes in your place?"), help_text=_("If you cannot come yourself."), required=False, max_length=200
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].choices = choices_for(meeting)  # type: ignore[attr-defined]  # a ChoiceField

    def substitute_named(self) -> str | None:
        """Return the substitute, or None when the form that was sent does not ask (the buttons of the dashboard)."""
        named: str = self.cleaned_data["substitute"]
        return named if "substitute" in self.data else None


def choices_for(meeting: Meeting) -> list[tuple[str, Any]]:
    """Return the answers offered; only where one can choose, "online" is one of them."""
    reply, hybrid = Attendee.Reply, meeting.mode == Meeting.Mode.HYBRID
    room = [(reply.YES.value, _("Yes, in the room")), (reply.ONLINE.value, _("Yes, online"))]
    coming = room if hybrid else [(reply.YES.value, _("Yes"))]
    return [*coming, (reply.MAYBE.value, _("Maybe")), (reply.NO.value, _("No"))]
