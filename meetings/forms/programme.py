"""The agenda as rows, and as text to paste."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from meetings import pasted
from meetings.actions.agenda import Item
from meetings.forms.agenda import LONGEST_ITEM, LONGEST_TITLE, MOST_ITEMS
from meetings.models import Meeting
from people.models import User

Choices = list[tuple[int, str]]
EMPTY_ROWS = 2


class ItemForm(forms.Form):
    """One row; the numbers in front say the order. An empty row is left out."""

    row = forms.IntegerField(widget=forms.HiddenInput, required=False)
    position = forms.IntegerField(
        label=_("No."),
        min_value=0,
        max_value=9999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, required=False, validators=[MaxValueValidator(LONGEST_ITEM)]
    )
    lead = forms.TypedChoiceField(label=_("Led by"), required=False, coerce=int, empty_value=None)
    speaker = forms.CharField(label=_("Speaker from outside"), max_length=200, required=False)
    notes = forms.CharField(
        label=_("What it is about"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )
    remove = forms.BooleanField(label=_("Take it off the agenda"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [("", "–"), *people]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("row") and not cleaned.get("remove") and not cleaned.get("title", "").strip():
            self.add_error("title", _("An item needs a title. To be rid of it, tick “Take it off the agenda”."))
        return cleaned

    def item(self) -> Item:
        names = ("title", "minutes", "lead", "speaker", "notes", "remove")
        return Item(pk=self.cleaned_data["row"], **{name: self.cleaned_data[name] for name in names})


ROWS: Any = forms.formset_factory(ItemForm, extra=EMPTY_ROWS, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + EMPTY_ROWS)


def rows(meeting: Meeting, data: Any = None) -> Any:
    """Return the formset of an agenda."""
    items = list(meeting.agenda.order_by("position"))
    names = ("position", "title", "minutes", "speaker", "notes")
    initial = [{"row": i.pk, "lead": i.lead_id} | {name: getattr(i, name) for name in names} for i in items]
    return ROWS(data, prefix="items", initial=initial, form_kwargs={"people": leaders(meeting, items)})


def leaders(meeting: Meeting, items: list[Any]) -> Choices:
    """Today's members, and whoever leads an item already."""
    members = User.objects.filter(pk__in=meeting.group.memberships.active().values("user"))
    known = User.objects.filter(pk__in=[item.lead_id for item in items if item.lead_id])
    return [(person.pk, str(person)) for person in (members | known).order_by("display_name", "pk")]


def arranged(formset: Any) -> list[Item]:
    """Return the rows of a valid formset in the order of their numbers; equal or missing ones keep their place."""
    filled = [f for f in formset.forms if f.cleaned_data.get("title", "").strip() or f.cleaned_data.get("remove")]
    last = max((f.cleaned_data["position"] or 0 for f in filled), default=0)
    return [f.item() for f in sorted(filled, key=lambda f: f.cleaned_data["position"] or last + 1)]


class PasteForm(forms.Form):
    pasted = forms.CharField(
        label=_("Paste a list"),
        help_text=_(
            "One item on each line: “10' Welcome (Anna Beispiel)”, “10:00-10:15 Welcome”. It goes below the others."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )

    def clean_pasted(self) -> list[Item]:
        lines = pasted.parse(self.cleaned_data["pasted"])
        if not lines or len(lines) > MOST_ITEMS:
            raise forms.ValidationError(_("Paste between 1 and %(n)d lines.") % {"n": MOST_ITEMS})
        if any(line.minutes and line.minutes > LONGEST_ITEM for line in lines):
            raise forms.ValidationError(_("An item takes at most a day."))
        return [Item(line.title, minutes=line.minutes, speaker=line.speaker) for line in lines]
