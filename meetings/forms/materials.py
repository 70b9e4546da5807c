"""A paper and its content: a file or a link, who may read it and from when."""

import datetime as dt
from typing import IO, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.seen import remember
from meetings import times
from meetings.actions.materials import Content, Paper
from meetings.models import Material, Meeting

LOCAL_INPUT = "%Y-%m-%dT%H:%M"
FIELDS = ("title", "kind", "agenda_item", "access", "embargo_until")


class MaterialForm(forms.ModelForm[Material]):
    """For a new paper the content is needed; for a known one it is its next version."""

    file = forms.FileField(label=_("File"), required=False)
    url = forms.URLField(
        label=_("Or a link"),
        help_text=_("Where the paper lies elsewhere, for instance a recording."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    archives = forms.BooleanField(label=_("An archive (zip) is meant"), required=False)
    embargo_until = forms.DateTimeField(
        label=_("Public only from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_INPUT),
    )

    class Meta:
        model = Material
        fields = ["title", "kind", "agenda_item", "access"]
        widgets = {"access": forms.RadioSelect}
        help_texts = {"kind": _("Slides, notes, report …")}

    field_order = ["title", "kind", "file", "url", "archives", "agenda_item", "access", "embargo_until"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        items = self.fields["agenda_item"]
        assert isinstance(items, forms.ModelChoiceField)  # noqa: S101 - as the model has it
        items.queryset = meeting.agenda.order_by("position")
        items.empty_label = _("The whole meeting")
        self.fields["access"].choices = Material.Access.choices  # type: ignore[attr-defined]  # no empty choice
        limit = filesizeformat(settings.PAPER_MAX_BYTES)
        self.fields["file"].help_text = _(
            "PDF, Word, Excel, PowerPoint, OpenDocument, pictures or text, at most %(limit)s."
        ) % {"limit": limit}
        hint = _("For a public paper; until then only the group reads it (%(zone)s).") % {"zone": meeting.timezone}
        self.fields["embargo_until"].help_text = hint
        if self.instance.embargo_until:
            self.initial["embargo_until"] = self.instance.embargo_until.astimezone(meeting.zone).replace(tzinfo=None)
        if self.instance.pk:
            remember(self)

    def clean_embargo_until(self) -> dt.datetime | None:
        typed: dt.datetime | None = self.cleaned_data["embargo_until"]
        if typed is None:
            return None
        try:
            return times.to_utc(timezone.make_naive(typed), self.meeting.zone)
        except times.NoSuchTime as error:
            raise forms.ValidationError(_("This time does not exist on that day: the clocks go forward.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("embargo_until") and cleaned.get("access") != Material.Access.PUBLIC:
            self.add_error("embargo_until", _("Only a paper that becomes public has a date from which it is."))
        if not {"file", "url"} & set(self.errors):
            self._clean_content(cleaned)
        return cleaned

    def _clean_content(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("file") and cleaned.get("url"):
            self.add_error("url", _("Give a file or a link, not both."))
        elif not self.instance.pk and not (cleaned.get("file") or cleaned.get("url")):
            self.add_error("file", _("Choose a file, or give a link."))

    def paper(self) -> Paper:
        return cast(Paper, {name: self.cleaned_data[name] for name in FIELDS})

    def content(self) -> Content | None:
        """Return what was sent; None where the paper keeps its content."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file:
            return Content(cast(IO[bytes], file.file), file.name or "", archives=self.cleaned_data["archives"])
        return Content(url=self.cleaned_data["url"]) if self.cleaned_data["url"] else None
