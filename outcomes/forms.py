"""What editors type: prose of an edition, what it tells of, a new publication."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Meeting
from outcomes.actions.drafting import Prose, Source
from outcomes.characters import clean
from outcomes.document import LICENCES
from outcomes.models import Edition, EditionSource, Publication
from people.models import Region
from workinggroups.models import WorkingGroup

LICENCE_CHOICES = [(code, name) for code, (name, _url) in LICENCES.items()]
LEVEL_OF_PROGRAMMES = 2  # NUTS level up to which a publication names its regions


class EditionForm(forms.ModelForm[Edition]):
    """The prose of an edition and the records it tells of; only public ones of the given groups are offered."""

    rounds = forms.ModelMultipleChoiceField(
        RankingRound.objects.none(), label=_("Ranking rounds"), required=False, widget=forms.CheckboxSelectMultiple
    )
    focuses = forms.ModelMultipleChoiceField(
        Focus.objects.none(), label=_("Decisions on the focus"), required=False, widget=forms.CheckboxSelectMultiple
    )
    meetings = forms.ModelMultipleChoiceField(
        Meeting.objects.none(), label=_("Meetings"), required=False, widget=forms.CheckboxSelectMultiple
    )
    challenges = forms.ModelMultipleChoiceField(
        Challenge.objects.none(), label=_("Challenges"), required=False, widget=forms.CheckboxSelectMultiple
    )
    KINDS = ("rounds", "focuses", "meetings", "challenges")

    class Meta:
        model = Edition
        fields = ["title", "abstract", "plain_summary", "change_note", "licence"]
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 5}),
            "plain_summary": forms.Textarea(attrs={"rows": 5}),
            "change_note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "abstract": _("Plain text. Stands first on the page, in lists and in the feed."),
            "plain_summary": _("For readers outside the field. Markdown: **bold**, *italic*, lists, links."),
            "change_note": _("For a new edition: what is different, and why."),
        }

    def __init__(self, *args: Any, groups: QuerySet[WorkingGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["abstract"].required = True
        self.fields["licence"] = forms.ChoiceField(label=_("Licence"), choices=LICENCE_CHOICES, initial="CC-BY-4.0")
        offered = {
            "rounds": RankingRound.objects.published().filter(group__in=groups).order_by("-published_at", "-pk"),
            "focuses": Focus.objects.visible_to(None).filter(round__group__in=groups).order_by("-decided_at", "-pk"),
            "meetings": Meeting.objects.announced().filter(group__in=groups).order_by("-sort_day", "-pk"),
            "challenges": Challenge.objects.published().filter(group__in=groups).order_by("title", "pk"),
        }
        for name, records in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - as declared above
            field.queryset = records

    @property
    def sources(self) -> list[Source]:
        return [record for kind in self.KINDS for record in self.cleaned_data[kind]]

    @property
    def prose(self) -> Prose:
        return cast(Prose, {name: self.cleaned_data[name] for name in self.Meta.fields})

    def clean(self) -> dict[str, Any]:
        """Control codes that no format can hold are dropped; an edition tells of something."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.Meta.fields:
            cleaned[name] = clean(cleaned.get(name) or "").strip()
        if not any(cleaned.get(kind) for kind in self.KINDS) and not cleaned["plain_summary"]:
            self.add_error("plain_summary", _("Choose at least one record below, or write the text here."))
        return cleaned


class PublicationForm(EditionForm):
    """A new publication with its first edition."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Publication.Kind)
    groups = forms.ModelMultipleChoiceField(
        WorkingGroup.objects.none(), label=_("Working groups"), widget=forms.CheckboxSelectMultiple
    )
    regions = forms.ModelMultipleChoiceField(Region.objects.none(), label=_("Regions"), required=False)
    field_order = ["title", "kind", "groups"]

    def __init__(self, *args: Any, groups: QuerySet[WorkingGroup], **kwargs: Any) -> None:
        super().__init__(*args, groups=groups, **kwargs)
        del self.fields["change_note"]
        regions = Region.objects.filter(level__lte=LEVEL_OF_PROGRAMMES).order_by("name", "pk")
        for name, records in {"groups": groups.order_by("name", "pk"), "regions": regions}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - as declared above
            field.queryset = records


def chosen(edition: Edition) -> dict[str, list[int]]:
    """The records an edition tells of, as initial values of the form."""
    rows = EditionSource.objects.filter(edition=edition).order_by("position")
    columns = {"rounds": "round_id", "focuses": "focus_id", "meetings": "meeting_id", "challenges": "challenge_id"}
    return {name: [getattr(row, column) for row in rows if getattr(row, column)] for name, column in columns.items()}
