"""What editors choose and type: records of a template, prose of an edition, a new publication."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from history.seen import remember
from outcomes import halves, record_fields
from outcomes.actions.drafting import Prose, Source
from outcomes.characters import clean
from outcomes.imprint import LICENCES
from outcomes.models import Edition, Publication, Reference
from people.models import Region
from workinggroups.models import WorkingGroup

LICENCE_CHOICES = [(code, name) for code, (name, _url) in LICENCES.items()]
LEVEL_OF_PROGRAMMES = 2  # NUTS level up to which a publication names its regions
SET_ASIDE = {Challenge.Status.PROPOSED, Challenge.Status.PARKED, Challenge.Status.MERGED}
WITHOUT_RECORDS = {Edition.Template.HALF_YEAR, Edition.Template.LEAFLET}  # they tell of the group itself


class RecordsForm(forms.Form):
    """What a new publication is to tell of. Sent by GET: its address can be kept and shared."""

    groups = forms.ModelMultipleChoiceField(
        WorkingGroup.objects.none(), label=_("Working groups"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, template: str, groups: QuerySet[WorkingGroup], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "groups", groups.order_by("name", "pk"))
        record_fields.add_to(self, template, groups)
        self.template = template

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if missing := record_fields.missing(self.template, cleaned):
            self.add_error(missing, _("Choose at least one."))
        return cleaned


class EditionForm(forms.ModelForm[Edition]):
    """The prose of an edition and the records it tells of; only public ones of the given groups are offered."""

    references = forms.ModelMultipleChoiceField(
        Reference.objects.none(),
        label=_("Works of others that are cited"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Edition
        fields = ["title", "abstract", "plain_summary", "next_steps", "change_note", "language", "licence"]
        widgets = {
            "abstract": forms.Textarea(attrs={"rows": 5}),
            "plain_summary": forms.Textarea(attrs={"rows": 5}),
            "next_steps": forms.Textarea(attrs={"rows": 3}),
            "change_note": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"language": _("Language of the text")}
        help_texts = {
            "abstract": _("Plain text. Stands first on the page, in lists and in the feed."),
            "plain_summary": _("For readers outside the field. Markdown: **bold**, lists, links, ## headings."),
            "next_steps": _("What the group does with this, and what readers can do. Markdown."),
            "change_note": _("For a new edition: what is different, and why."),
        }

    def __init__(
        self, *args: Any, template: str, groups: QuerySet[WorkingGroup], language_stays: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.fields["abstract"].required = True
        self.fields["language"].required = False  # then it stays what it is
        self.fields["language"].disabled = language_stays
        self.fields["licence"] = forms.ChoiceField(label=_("Licence"), choices=LICENCE_CHOICES, initial="CC-BY-4.0")
        _offer(self, "references", Reference.objects.listed())
        record_fields.add_to(self, template, groups)
        if self.instance.pk:
            remember(self)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.initial.get("language") or self.instance.language

    @property
    def sources(self) -> list[Source]:
        return [record for kind in record_fields.KINDS for record in self.cleaned_data.get(kind, ())]

    @property
    def prose(self) -> Prose:
        values = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "references")}
        half = halves.read(self.cleaned_data.get("half") or "")
        first, until = half or (None, None)
        return cast(Prose, {**values, "template": self.template, "period_from": first, "period_until": until})

    def clean(self) -> dict[str, Any]:
        """Control codes that no format can hold are dropped; an edition tells of something."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.Meta.fields:
            cleaned[name] = clean(cleaned.get(name) or "").strip()
        if missing := record_fields.missing(self.template, cleaned):
            self.add_error(missing, _("Choose at least one."))
        chosen = any(cleaned.get(kind) for kind in record_fields.KINDS)
        if not chosen and not cleaned["plain_summary"] and self.template not in WITHOUT_RECORDS:
            self.add_error("plain_summary", _("Choose at least one record below, or write the text here."))
        return cleaned


class TopicsField(record_fields.RecordsField):
    """The public challenges, each with its group; and what the publication is about already, though parked since."""

    def __init__(self) -> None:
        challenges = self.offered(None)
        hint = _("The challenges it is about: it stands in their feeds, and those who follow them are told of it.")
        super().__init__(challenges, label=_("Topics"), required=False, help_text=hint)

    @staticmethod
    def offered(publication: Publication | None) -> QuerySet[Challenge]:
        public, own = Challenge.objects.published(), Challenge.objects.filter(publications=publication)
        known = Challenge.objects.filter(Q(pk__in=public) | Q(pk__in=own)) if publication else public
        return known.select_related("group").order_by("title", "pk")

    def label_from_instance(self, obj: Any) -> str:
        named = super().label_from_instance(obj)
        return named if obj.status not in SET_ASIDE else f"{named} ({obj.get_status_display()})"


class PublicationForm(EditionForm):
    """A new publication with its first edition; its records were chosen on the page before."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Publication.Kind)
    groups = forms.ModelMultipleChoiceField(
        WorkingGroup.objects.none(), label=_("Working groups"), widget=forms.MultipleHiddenInput
    )
    topics = TopicsField()
    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(),
        label=_("Regions"),
        required=False,
        help_text=_(
            "Where the evidence comes from. None chosen: the countries that the members of the groups come from."
        ),
    )
    field_order = [
        "title",
        "kind",
        "abstract",
        "plain_summary",
        "next_steps",
        "language",
        "licence",
        "regions",
        "references",
        "topics",
    ]

    def __init__(self, *args: Any, template: str, groups: QuerySet[WorkingGroup], **kwargs: Any) -> None:
        super().__init__(*args, template=template, groups=groups, **kwargs)
        del self.fields["change_note"]
        for name in (*record_fields.KINDS, "half"):
            if name in self.fields:
                self.fields[name].widget = forms.HiddenInput() if name == "half" else forms.MultipleHiddenInput()
        _offer(self, "groups", groups.order_by("name", "pk"))
        _offer(self, "regions", Region.objects.current().filter(level__lte=LEVEL_OF_PROGRAMMES).order_by("name", "pk"))


def _offer(form: forms.BaseForm, name: str, records: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - as declared
    field.queryset = records
