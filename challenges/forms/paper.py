"""A ballot on paper: whose it was, and the answers as they stand on it."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from challenges.forms.ballot import BallotForm, whole_ballot
from challenges.models import Elector, RankingRound, RoundOption

ABSTAINS = "x"


class SeatField(forms.ModelChoiceField[Elector]):
    """Electors by name."""

    def label_from_instance(self, obj: Elector) -> str:
        return str(obj.user)


def _seats(round: RankingRound) -> SeatField:
    seats = Elector.objects.filter(round=round).select_related("user").order_by("user__display_name", "pk")
    select = forms.Select({"class": "input"})
    return SeatField(seats, label=_("Handed in by"), widget=select, empty_label=_("Choose the member"))


class PaperForm(BallotForm):
    """The fields of the ballot, in the order of the paper, and the elector who handed it in."""

    def __init__(self, data: QueryDict | None = None, *, round: RankingRound, options: Sequence[RoundOption]) -> None:
        super().__init__(data, options=options)
        self.fields["elector"] = _seats(round)
        self.order_fields(["elector"])


class TextPaperForm(forms.Form):
    """The one answer to a text that stands on the paper, and the elector who handed it in."""

    def __init__(self, data: QueryDict | None = None, *, round: RankingRound, options: Sequence[RoundOption]) -> None:
        super().__init__(data)
        self.options = list(options)
        self.fields["elector"] = _seats(round)
        self.fields["answer"] = forms.ChoiceField(
            label=_("Answer on the paper"),
            choices=[*((str(option.pk), option.title) for option in self.options), (ABSTAINS, _("Abstains"))],
            widget=forms.RadioSelect,
        )

    def answers(self) -> dict[int, int]:
        """Return option id -> answer of the valid form."""
        given = self.cleaned_data["answer"]
        return whole_ballot([option.pk for option in self.options], None if given == ABSTAINS else int(given))
