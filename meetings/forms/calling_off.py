"""Why a meeting is called off."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Shown on the public page and in the letter to everybody invited."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
