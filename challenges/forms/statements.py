"""A minority statement as it arrives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from challenges.models import Statement


class StatementForm(forms.Form):
    """A short text, and whether the name stands under it."""

    text = forms.CharField(
        label=gettext_lazy("What should be read beside the result?"),
        max_length=Statement.LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("A few sentences, 1,200 characters at most. It is published with the result."),
    )
    named = forms.BooleanField(
        label=gettext_lazy("Publish my name with it"),
        required=False,
        help_text=gettext_lazy("Else it is signed “a member of the group”. With us it is kept under your name."),
    )

    def __init__(self, data: Any = None, *, statement: Statement | None = None) -> None:
        super().__init__(data, initial={"text": statement.text, "named": statement.named} if statement else None)
