"""The ballot as a plain form: one field `rank-<option id>` for each option, all of them present, nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from challenges import paper
from challenges.count.pairs import NO_OPINION
from challenges.models import RoundOption
from challenges.results import Before, Earlier

PREFIX = "rank-"
LONGEST_SHOWN = 40


class RankSelect(forms.Select):
    """A select in few bytes: signed-in pages are not compressed, and each option of a ballot lists all places."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:  # noqa: ARG002 - the signature is Django's
        chosen = self.format_value(value)
        rows = ((key, " selected" if str(key) in chosen else "", label) for key, label in self.choices)
        listed = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), listed
        )


class RankField(forms.Field):
    """A positive integer, empty for "not a priority", or x for "no opinion"."""

    def __init__(self, title: str, most: int) -> None:
        ranks = [(str(rank), str(rank)) for rank in range(1, most + 1)]
        self.choices = [("", _("Not a priority")), *ranks, ("x", _("No opinion"))]
        super().__init__(label=title, required=False, widget=RankSelect({"class": "input"}, self.choices))

    def clean(self, value: Any) -> int:
        if value is None:
            raise forms.ValidationError(_("The answer for this challenge did not arrive. Choose again."))
        try:
            return paper.answer(str(value))
        except ValueError as error:
            raise forms.ValidationError(_("Choose a rank (1, 2, 3 …), “not a priority” or “no opinion”.")) from error

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - the signature is Django's
        """Keep what arrived, also where it is no choice, so that it stands beside its error."""
        shown = str(data or "").replace("\x00", "\ufffd")[:LONGEST_SHOWN]
        if shown not in dict(self.choices):
            self.widget.choices = [*self.choices, (shown, shown)]
        return shown


def whole_ballot(options: Iterable[int], chosen: int | None) -> dict[int, int]:
    """Return option id -> answer of a ballot that gives one option alone the first place; None abstains."""
    return {option: NO_OPINION if chosen is None else int(option == chosen) for option in options}


@dataclass(frozen=True)
class Button:
    """A whole ballot in one click: an option, or None to abstain; the fields it sends; whether it is recorded so."""

    option: RoundOption | None
    fields: list[tuple[str, str]]
    chosen: bool


class BallotForm(forms.Form):
    """`options` in the order in which this elector sees them; `answers` are those recorded so far.

    `earlier` stands beside the options of a repeat; `filled` says that the answers come from there, unsubmitted.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        options: Sequence[RoundOption],
        answers: Mapping[int, int] | None = None,
        earlier: Earlier | None = None,
        filled: bool = False,
    ) -> None:
        self.earlier, self.filled = earlier or Earlier(), filled
        initial = {f"{PREFIX}{option}": paper.text_of(value) for option, value in (answers or {}).items()}
        super().__init__(data, initial=initial)
        self.options = list(options)
        for option in self.options:
            self.fields[f"{PREFIX}{option.pk}"] = RankField(option.title, len(self.options))

    @property
    def rows(self) -> list[tuple[RoundOption, BoundField, Before | None]]:
        """Each option with its field, and how it stood in the round that is repeated."""
        before = self.earlier.by_option
        return [(option, self[f"{PREFIX}{option.pk}"], before.get(option.pk)) for option in self.options]

    def buttons(self) -> list[Button]:
        """One button per option that puts it first and leaves out the others, and one that abstains."""
        in_order = sorted(self.options, key=lambda option: option.position)
        given = {option.pk: str(self[f"{PREFIX}{option.pk}"].value() or "") for option in in_order}
        found = []
        for chosen in [*in_order, None]:
            answers = whole_ballot([option.pk for option in in_order], chosen.pk if chosen else None)
            values = {pk: paper.text_of(answer) for pk, answer in answers.items()}
            fields = [(f"{PREFIX}{pk}", value) for pk, value in values.items()]
            found.append(Button(chosen, fields, chosen=values == given))
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in self.fields:
            if len(self.data.getlist(name)) > 1:  # type: ignore[attr-defined]  # what views pass is a QueryDict
                self.add_error(name, _("This challenge was answered twice. Choose one answer."))
        if any(key.startswith(PREFIX) and key not in self.fields for key in self.data):
            raise forms.ValidationError(
                _("The ballot answers something that is not an option of this round. Nothing was recorded.")
            )
        return values

    def answers(self) -> dict[int, int]:
        """Return option id -> answer of the valid form."""
        return {option.pk: self.cleaned_data[f"{PREFIX}{option.pk}"] for option in self.options}

    def entered(self) -> paper.Reading:
        """Put what arrived into words, valid or not; what cannot be read is left out."""
        known: list[tuple[str, int]] = []
        for option in self.options:
            try:
                known.append((option.title, paper.answer(self.data.get(f"{PREFIX}{option.pk}", "!"))))
            except ValueError:
                continue
        return paper.read_back([title for title, _answer in known], [answer for _title, answer in known])
