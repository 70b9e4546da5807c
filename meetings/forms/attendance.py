"""Who came: one line for each invited person."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from history.seen import SeenField, sealed, shown
from meetings import balance
from meetings.actions import Attendance
from meetings.models import Attendee

UNKNOWN, CAME, SENT, STAYED = "", "yes", "substitute", "no"
CHOICES = [(CAME, _("was there")), (SENT, _("a substitute")), (STAYED, _("was not there")), (UNKNOWN, _("not known"))]
LONGEST_NAME = 200


class Line(NamedTuple):
    attendee: Attendee
    came: BoundField
    substitute: BoundField


class AttendanceForm(forms.Form):
    """As long as nothing was written down it proposes what people replied."""

    seen = SeenField()

    def __init__(self, *args: Any, attendees: list[Attendee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendees = attendees
        blank = all(attendee.attended is None for attendee in attendees)
        for attendee in attendees:
            self._add(attendee, _proposed(attendee) if blank else _written(attendee))
        self.initial["seen"] = sealed(shown(self))

    def _add(self, attendee: Attendee, initial: str) -> None:
        came, name = _names(attendee)
        self.initial.update({came: initial, name: attendee.substitute})
        self.fields[came] = forms.ChoiceField(
            label=str(attendee.user), choices=CHOICES, required=False, widget=forms.RadioSelect
        )
        self.fields[name] = forms.CharField(label=_("Name of the substitute"), max_length=LONGEST_NAME, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for attendee in self.attendees:
            came, name = _names(attendee)
            if cleaned.get(came) == SENT and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Who came in the place of %(name)s?") % {"name": attendee.user})
        return cleaned

    def lines(self) -> Iterator[Line]:
        for attendee in self.attendees:
            came, name = _names(attendee)
            yield Line(attendee, self[came], self[name])

    def labels(self) -> dict[str, str]:
        """Say whose line it is, where somebody else has changed it."""
        return {_names(attendee)[1]: f"{attendee.user}: {_('substitute')}" for attendee in self.attendees}

    def attendance(self) -> list[Attendance]:
        """Return what `actions.record_attendance` takes; call it on a valid form."""
        return [self._line(attendee) for attendee in self.attendees]

    def _line(self, attendee: Attendee) -> Attendance:
        came, name = (self.cleaned_data[field] for field in _names(attendee))
        if came == SENT:
            return Attendance(attendee.user, attended=True, substitute=name)
        if came == CAME:
            return Attendance(attendee.user, attended=True, substitute="")
        return Attendance(attendee.user, attended=None if came == UNKNOWN else False)


def _names(attendee: Attendee) -> tuple[str, str]:
    return f"came-{attendee.user_id}", f"substitute-{attendee.user_id}"


def _written(attendee: Attendee) -> str:
    if attendee.attended is None:
        return UNKNOWN
    if not attendee.attended:
        return STAYED
    return SENT if attendee.substitute else CAME


def _proposed(attendee: Attendee) -> str:
    if balance.comes(attendee):
        return SENT if attendee.substitute else CAME
    return STAYED if attendee.reply == Attendee.Reply.NO else UNKNOWN
