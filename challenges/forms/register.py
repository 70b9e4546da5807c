"""What is said of a challenge, and the reason for a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.actions import Entry
from challenges.models import Challenge
from history.seen import given, remember
from workinggroups.models import WorkingGroup


class ChallengeForm(forms.Form):
    """A challenge as a member names it; whoever steers the group also places it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("What it means"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("One or two sentences that somebody from another region understands."),
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Part of the cluster"),
        queryset=Challenge.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: it is a cluster of its own"),
    )
    nature = forms.ChoiceField(label=gettext_lazy("Nature"), choices=Challenge.Nature.choices, initial="challenge")
    origin = forms.ChoiceField(label=gettext_lazy("Where it comes from"), choices=Challenge.Origin.choices)
    position = forms.IntegerField(
        label=gettext_lazy("Position in the register"),
        min_value=1,
        max_value=9999,
        required=False,
        help_text=gettext_lazy("Left open, it comes last. Once ranked, the rank decides."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        group: WorkingGroup,
        steers: bool,
        challenge: Challenge | None = None,
        parent: str = "",
    ) -> None:
        super().__init__(data, initial=_entry_of(challenge) if challenge else {"parent": parent, "origin": "member"})
        self.group = group
        clusters = group.challenges.clusters().rankable().order_by("position", "pk")
        self.fields["parent"] = forms.ModelChoiceField(
            label=self.fields["parent"].label,
            queryset=clusters.exclude(pk__in=[challenge.pk] if challenge else []),
            required=False,
            empty_label=_("None: it is a cluster of its own"),
            to_field_name="slug",
        )
        self.order_fields(["title", "text", "parent", "nature", "origin", "position"])
        if not steers:
            del self.fields["origin"], self.fields["position"]
        if challenge:
            remember(self)

    def entry(self) -> Entry:
        """Return what the valid form says."""
        return Entry(group=self.group, **given(self))


def _entry_of(challenge: Challenge) -> dict[str, Any]:
    own = {name: getattr(challenge, name) for name in ("title", "text", "nature", "origin", "position")}
    return own | {"parent": challenge.parent.slug if challenge.parent else ""}


class ReasonForm(forms.Form):
    """A written reason for a step."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("It stands in the history."),
    )

    def __init__(self, data: Any = None, *, required: bool = True) -> None:
        super().__init__(data)
        self.fields["reason"].required = required
