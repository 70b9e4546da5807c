"""What the secretariat types or pastes about works of others."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.seen import remember
from outcomes import bibliography
from outcomes.characters import clean
from outcomes.models import Reference
from workinggroups.models import WorkingGroup

FAULTS: dict[str, str | Promise] = {
    "format": gettext_lazy("This is neither BibTeX nor RIS nor CSL-JSON."),
    "empty": gettext_lazy("There is no entry in this text."),
    "too_many": gettext_lazy("At most 200 entries can be imported at once."),
    "syntax": gettext_lazy("It cannot be read: %(detail)s"),
    "no_title": gettext_lazy("It has no title."),
}


class OneEachLine(forms.CharField):
    """A list, one item in each line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # the field of an array
        return [line.strip() for line in clean(str(value or "")).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class ReferenceForm(forms.ModelForm[Reference]):
    authors = OneEachLine(
        label=gettext_lazy("Authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One in each line, family name first: Müller, Anna. An organisation as it is called."),
    )

    doi = forms.CharField(
        label=gettext_lazy("DOI"),
        required=False,
        max_length=250,
        help_text=gettext_lazy("10.2760/3582, or its address."),
    )
    isbn = forms.CharField(label=gettext_lazy("ISBN"), required=False, max_length=30)
    url = forms.URLField(label=gettext_lazy("Address"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Reference
        fields = [
            "title", "kind", "authors", "year", "publisher", "place", "series", "number", "doi", "isbn", "report_no",
            "url", "parent_project", "language", "groups", "topics",
        ]  # fmt: skip
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        assert isinstance(topics, forms.ModelMultipleChoiceField)  # noqa: S101 - as the model declares
        topics.queryset = topics.queryset.published().order_by("title", "pk")  # type: ignore[union-attr]  # never None
        if self.instance.pk:
            remember(self)

    def clean_doi(self) -> str:
        bare = bibliography.doi(clean(self.cleaned_data["doi"]))
        if bare and not bibliography.is_doi(bare):
            raise ValidationError(_("A DOI looks like 10.2760/3582."))
        return bare

    def clean_isbn(self) -> str:
        typed = clean(self.cleaned_data["isbn"]).strip()
        if typed and not bibliography.isbn(typed):
            raise ValidationError(_("This is no ISBN: its check digit is wrong."))
        return bibliography.isbn(typed)


class ImportForm(forms.Form):
    """Pasted entries. Each is checked; the errors name the entry, and nothing is kept unless all are right."""

    text = forms.CharField(
        label=gettext_lazy("Entries"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        strip=False,
        help_text=gettext_lazy("BibTeX, RIS or CSL-JSON, as library catalogues and reference programs export it."),
    )
    groups = forms.ModelMultipleChoiceField(
        WorkingGroup.objects.order_by("name", "pk"),
        label=gettext_lazy("Of interest to the groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_text(self) -> str:
        text: str = clean(self.cleaned_data["text"])
        paste = bibliography.read(text)
        said = [_named(fault.entry, str(FAULTS[fault.code]) % {"detail": fault.detail}) for fault in paste.faults]
        self.works: list[Reference] = []
        keys: set[str] = set()
        for number, values in paste.works:
            work, wrong = _checked(values, keys)
            self.works.append(work)
            said += [_named(number, sentence) for sentence in wrong if values["title"]]
        if said:
            raise ValidationError(said)
        return text


def _named(number: int, sentence: str) -> str:
    return _("Entry %(number)s: %(sentence)s") % {"number": number, "sentence": sentence} if number else sentence


def _checked(values: bibliography.Values, keys: set[str]) -> tuple[Reference, list[str]]:
    """Return the work with a key nobody has, and what is wrong with it, in sentences."""
    work = Reference(**values | {"citekey": _free(values, keys)})
    if not values["title"]:
        return work, []
    try:
        work.full_clean(exclude=["citekey"] if not work.citekey else [])
    except ValidationError as error:
        return work, [_of_field(name, text) for name, texts in error.message_dict.items() for text in texts]
    marks = {f"doi {work.doi.casefold()}"} if work.doi else {f"title {work.title.casefold()} {work.year}"}
    if marks & keys or Reference.objects.filter(title__iexact=work.title, year=work.year).exists():
        return work, [_("“%(title)s” is listed already, or stands here twice.") % {"title": work.title}]
    keys |= marks
    return work, []


def _free(values: bibliography.Values, keys: set[str]) -> str:
    """Return the key of the entry unless another has it, or it is none; then the action makes one."""
    key: str = slugify(values["citekey"])[:80]
    if not key or f"key {key}" in keys or Reference.objects.filter(citekey=key).exists():
        return ""
    keys.add(f"key {key}")
    return key


def _of_field(name: str, text: str) -> str:
    if name == "__all__":
        return text
    field = Reference._meta.get_field(name)  # noqa: SLF001 - documented, whatever the underscore says
    return f"{getattr(field, 'verbose_name', name)}: {text}"
