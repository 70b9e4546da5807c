"""Merging and splitting as they arrive, and a comment."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.actions import Part
from challenges.forms.register import ReasonForm
from challenges.models import Challenge, ChallengeComment

Status = Challenge.Status
PARTS, NEEDED = 4, 2


class TargetField(forms.ModelChoiceField[Challenge]):
    def label_from_instance(self, challenge: Challenge) -> str:
        """A subdimension is named after its cluster."""
        return f"{challenge.parent.title}: {challenge.title}" if challenge.parent else challenge.title


class MergeForm(ReasonForm):
    """The challenge that stays, and why."""

    into = TargetField(
        label=gettext_lazy("Merge into"), queryset=Challenge.objects.none(), to_field_name="slug", empty_label="–"
    )

    def __init__(self, data: Any = None, *, challenge: Challenge) -> None:
        super().__init__(data)
        gone = [Status.MERGED, Status.PARKED, Status.CLOSED]
        others = challenge.group.challenges.exclude(pk=challenge.pk).exclude(status__in=gone)
        self.fields["into"].queryset = others.select_related("parent").order_by("position", "pk")  # type: ignore[attr-defined]
        self.order_fields(["into", "reason"])


class SplitForm(ReasonForm):
    """What a challenge is split into, two at least, and whether it is put aside itself."""

    park = forms.BooleanField(
        label=gettext_lazy("Park the challenge that is split"),
        required=False,
        help_text=gettext_lazy("Only the group sees it then. Else it stays where it is."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for number in range(1, PARTS + 1):
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Title of challenge %(number)s") % {"number": number}, max_length=200, required=number <= NEEDED
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("What challenge %(number)s means") % {"number": number},
                max_length=4000,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )
        self.order_fields([name for name in self.fields if name not in {"reason", "park"}])

    def clean(self) -> dict[str, Any]:
        """A description needs its title."""
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, PARTS + 1):
            if cleaned.get(f"text_{number}") and not cleaned.get(f"title_{number}", "no error twice"):
                self.add_error(f"title_{number}", _("Give it a title too."))
        return cleaned

    def parts(self) -> list[Part]:
        """Return what the valid form asks for."""
        lines = [(self.cleaned_data[f"title_{n}"], self.cleaned_data[f"text_{n}"]) for n in range(1, PARTS + 1)]
        return [Part(title=title, text=text) for title, text in lines if title]


class CommentForm(forms.ModelForm[ChallengeComment]):
    class Meta:
        model = ChallengeComment
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 3})}
        labels = {"text": gettext_lazy("Your comment")}
        help_texts = {"text": gettext_lazy("The group and the secretariat read it.")}
