"""An agenda typed as text: one item on each line."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.actions import AgendaLine

LONGEST_ITEM = 24 * 60  # minutes
LONGEST_TITLE = 200
MOST_ITEMS = 60


class AgendaField(forms.CharField):
    """One item on each line, "minutes | title", or only a title."""

    widget = forms.Textarea(attrs={"rows": 7, "spellcheck": "true"})

    def to_python(self, value: Any) -> Any:
        """Return the agenda's lines."""
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        if sum(map(bool, lines)) > MOST_ITEMS:
            raise forms.ValidationError(_("An agenda has at most %(n)d items.") % {"n": MOST_ITEMS})
        return [self._line(number, line) for number, line in enumerate(lines, start=1) if line]

    def validate(self, value: Any) -> None:
        """An empty agenda is allowed; the lines have been looked at."""

    def run_validators(self, value: Any) -> None:
        """The validators of a text do not fit lines; only the title's length matters, and is asked for each line."""

    def _line(self, number: int, line: str) -> AgendaLine:
        first, bar, rest = line.partition("|")
        minutes, title = (first.strip(), rest.strip()) if bar else ("", line)
        if "\x00" in line or not title or len(title) > LONGEST_TITLE:
            raise forms.ValidationError(_("Line %(n)d needs a title of at most 200 characters.") % {"n": number})
        if not minutes:
            return AgendaLine(title)
        if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 5 and 0 < int(minutes) <= LONGEST_ITEM):  # noqa: PLR2004
            raise forms.ValidationError(
                _("Line %(n)d: “%(minutes)s” is no number of minutes. Write “15 | Welcome”.")
                % {"n": number, "minutes": minutes}
            )
        return AgendaLine(title, int(minutes))
