"""Which challenges a group takes up after a round, at which rank, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, RankingRound
from meetings.models import Meeting


class FocusForm(forms.Form):
    """Which challenges of a published round the group takes up, at which rank, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Why these, and why together. It is published."),
    )
    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Meeting where it was decided"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label="–",
    )

    def __init__(self, data: Any = None, *, round: RankingRound, challenges: Iterable[Challenge]) -> None:
        super().__init__(data, initial={"meeting": round.meeting_id})
        self.challenges = list(challenges)
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = round.group.meetings.exclude(state=Meeting.State.CANCELLED)
        ranks = [("", _("not in focus"))] + [(str(n), str(n)) for n in range(1, len(self.challenges) + 1)]
        for challenge in self.challenges:
            self.fields[f"rank-{challenge.pk}"] = forms.TypedChoiceField(
                label=challenge.title, choices=ranks, coerce=int, empty_value=None, required=False
            )
        self.order_fields([*(f"rank-{challenge.pk}" for challenge in self.challenges), "reason", "meeting"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not self.entries():
            raise forms.ValidationError(_("Give a rank to at least one challenge. Equal numbers are a joint rank."))
        return values

    def entries(self) -> list[tuple[int, Challenge]]:
        """Return (rank, challenge) for those with a rank, gaps closed."""
        ranked = [(self.cleaned_data.get(f"rank-{challenge.pk}"), challenge) for challenge in self.challenges]
        given = sorted({rank for rank, _challenge in ranked if rank})
        return sorted(
            ((given.index(rank) + 1, challenge) for rank, challenge in ranked if rank),
            key=lambda entry: (entry[0], entry[1].title),
        )
