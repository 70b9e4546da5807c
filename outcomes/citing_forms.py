"""Which DOI an edition has, what a publication is about, which one it translates, and how a translation begins."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.seen import remember
from meetings import languages
from outcomes import bibliography
from outcomes.actions.translating import languages_of
from outcomes.characters import clean
from outcomes.forms import EditionForm, TopicsField
from outcomes.models import Edition, Publication
from outcomes.record_fields import chosen


class DoiForm(forms.Form):
    """As a number or as an address; kept without resolver."""

    doi = forms.CharField(
        label=gettext_lazy("DOI"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("10.2760/3582, or its address. Left empty, the edition has none."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, initial={"doi": edition.doi})
        remember(self)

    def clean_doi(self) -> str:
        bare = bibliography.doi(clean(self.cleaned_data["doi"]))
        if bare and not bibliography.is_doi(bare):
            raise ValidationError(_("A DOI looks like 10.2760/3582."))
        return bare


class TopicsForm(forms.Form):
    topics = TopicsField()

    def __init__(self, data: Any = None, *, publication: Publication) -> None:
        super().__init__(data, initial={"topics": publication.topics.all()})
        field = self.fields["topics"]
        assert isinstance(field, TopicsField)  # noqa: S101 - as declared
        field.queryset = field.offered(publication)
        remember(self)


class PublicationField(forms.ModelChoiceField[Publication]):
    """Named by the title and the language of its latest edition."""

    def label_from_instance(self, obj: Publication) -> str:
        last = max(obj.editions.all(), key=lambda edition: edition.version)
        return f"{last.title} ({languages.NAMES.get(last.language, last.language)})"


class OriginalForm(forms.Form):
    original = PublicationField(
        Publication.objects.none(),
        label=gettext_lazy("Original"),
        required=False,
        empty_label=gettext_lazy("None: this is an original"),
    )

    def __init__(self, data: Any = None, *, publication: Publication) -> None:
        super().__init__(data, initial={"original": publication.translation_of_id})
        field = self.fields["original"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared
        originals = Publication.objects.filter(translation_of=None).exclude(pk=publication.pk)
        public = Publication.objects.visible_to(None).values("pk")
        offered = originals.filter(Q(pk__in=public) | Q(pk=publication.translation_of_id))  # never loses what is stored
        field.queryset = offered.prefetch_related("editions").order_by("slug")
        remember(self)


class TranslationForm(EditionForm):
    """The words of another language around the same records."""

    def __init__(self, data: Any = None, *, last: Edition) -> None:
        kept = ("title", "abstract", "plain_summary", "next_steps", "licence")
        initial = {name: getattr(last, name) for name in kept} | chosen(last)
        groups = last.publication.groups.all()
        super().__init__(data, template=last.template, groups=groups, initial=initial)
        del self.fields["change_note"]
        taken = languages_of(Publication.objects.family_of(last.publication))
        free = [(code, name) for code, name in languages.NAMES.items() if code not in taken]
        self.fields["language"] = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("", "—"), *free])
        self.order_fields(["language", "title", "abstract", "plain_summary", "next_steps", "licence"])

    def clean_title(self) -> str:
        """The most likely slip: the words of the original were left as they are."""
        title = str(self.cleaned_data["title"])
        if title == self.initial["title"]:
            raise ValidationError(_("Write the title in the language of the translation."))
        return title
