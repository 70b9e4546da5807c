"""Which challenges a group takes up after a round, at which rank, and why; and where the minutes have it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, Focus, RankingRound
from history.seen import remember
from meetings.models import Decision, Meeting
from workinggroups.models import WorkingGroup

LONGEST_CHOICE = 120


class DecisionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A decision of the group's meetings, the latest meeting first; `offer` it the group."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Decision.objects.none(), required=False, empty_label="–", **kwargs)

    def offer(self, group: WorkingGroup) -> None:
        taken = Decision.objects.filter(meeting__group=group).select_related("meeting")
        self.queryset = taken.order_by(F("meeting__sort_day").desc(nulls_last=True), "-meeting", "position")

    def label_from_instance(self, obj: Decision) -> str:
        return Truncator(f"{obj.meeting}, {obj.position}: {obj}").chars(LONGEST_CHOICE)


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
    decision = DecisionField(
        label=gettext_lazy("Decision in the minutes"),
        help_text=gettext_lazy("Where the minutes have it already. It can be named later too."),
    )

    def __init__(self, data: Any = None, *, round: RankingRound, challenges: Iterable[Challenge]) -> None:
        super().__init__(data, initial={"meeting": round.meeting_id})
        self.challenges = list(challenges)
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = round.group.meetings.exclude(state=Meeting.State.CANCELLED)
        offer_decisions(self, "decision", round.group)
        ranks = [("", _("not in focus"))] + [(str(n), str(n)) for n in range(1, len(self.challenges) + 1)]
        for challenge in self.challenges:
            self.fields[f"rank-{challenge.pk}"] = forms.TypedChoiceField(
                label=challenge.title, choices=ranks, coerce=int, empty_value=None, required=False
            )
        self.order_fields([*(f"rank-{challenge.pk}" for challenge in self.challenges), "reason", "meeting", "decision"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        meeting, decision = values.get("meeting"), values.get("decision")
        if meeting and decision and decision.meeting_id != meeting.pk:
            self.add_error("decision", _("This decision was taken in another meeting: %s.") % decision.meeting)
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


class DecisionsForm(forms.Form):
    """Which decisions in the minutes stand behind a round, and behind the focus that followed it."""

    decision = DecisionField(
        label=gettext_lazy("Decision this round belongs to"),
        help_text=gettext_lazy("The one that asked for the round, or that was taken on its result."),
    )
    focus_decision = DecisionField(
        label=gettext_lazy("Decision that took up the focus"),
        help_text=gettext_lazy("The page of the focus names its meeting too."),
    )

    def __init__(self, data: Any = None, *, round: RankingRound, focus: Focus | None) -> None:
        behind = {"decision": round.decision_id, "focus_decision": focus and focus.decision_id}
        super().__init__(data, initial=behind)
        if focus is None:
            del self.fields["focus_decision"]
        for name in list(self.fields):
            offer_decisions(self, name, round.group)
        remember(self)


def offer_decisions(form: forms.Form, name: str, group: WorkingGroup) -> None:
    field = form.fields[name]
    assert isinstance(field, DecisionField)  # noqa: S101 - tells the type checker
    field.offer(group)
