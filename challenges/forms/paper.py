"""A ballot on paper: whose it was, and the answers as they stand on it."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from challenges.forms.ballot import BallotForm
from challenges.models import Elector, RankingRound, RoundOption


class SeatField(forms.ModelChoiceField[Elector]):
    """Electors by name."""

    def label_from_instance(self, obj: Elector) -> str:
        return str(obj.user)


class PaperForm(BallotForm):
    """The fields of the ballot, in the order of the paper, and the elector who handed it in."""

    def __init__(self, data: QueryDict | None = None, *, round: RankingRound, options: Sequence[RoundOption]) -> None:
        super().__init__(data, options=options)
        seats = Elector.objects.filter(round=round).select_related("user").order_by("user__display_name", "pk")
        self.fields["elector"] = SeatField(
            seats, label=_("Handed in by"), widget=forms.Select({"class": "input"}), empty_label=_("Choose the member")
        )
        self.order_fields(["elector"])
