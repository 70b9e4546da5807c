"""Webinars: what they are, who comes, and what remains of them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from history.seen import SeenField, sealed, shown
from meetings import languages
from meetings.actions import Visitor, WebinarDetails
from meetings.forms.wall_clock import date_field, local_moment, moment, moment_field, time_field, zone_field
from meetings.models import Meeting, Registration, Webinar
from workinggroups import approximate
from workinggroups.models import WorkingGroup

AFTERWARDS = ["participants", "recording_url", "captions_url", "transcript_url", "slides_url", "account"]
LINKS = {
    "recording_url": _("Recording"),
    "captions_url": _("Recording with captions"),
    "transcript_url": _("Transcript"),
    "slides_url": _("Slides"),
}


def link_field(name: str) -> forms.URLField:
    hint = _("The page links to it; nothing is loaded from there.") if name == "recording_url" else ""
    return forms.URLField(label=LINKS[name], required=False, max_length=500, assume_scheme="https", help_text=hint)


class AfterwardsForm(forms.ModelForm[Webinar]):
    """What remains: recording, captions, transcript, slides, what was said."""

    recording_url = link_field("recording_url")
    captions_url = link_field("captions_url")
    transcript_url = link_field("transcript_url")
    slides_url = link_field("slides_url")
    seen = SeenField()

    class Meta:
        model = Webinar
        fields = AFTERWARDS
        widgets = {"account": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = sealed(shown(self))

    def details(self) -> WebinarDetails:
        details: WebinarDetails = {name: self.cleaned_data[name] for name in AFTERWARDS}  # type: ignore[assignment]
        return details


class RecordingForm(AfterwardsForm):
    """The same when the recording is published: then there must be one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recording_url"].required = True


class WebinarForm(forms.ModelForm[Webinar]):
    """When, where, by whom and for whom. Hours may wait in a draft; one of the past may have an approximate date."""

    date = date_field(_("Date"), required=False)
    start = time_field(_("Start"), required=False)
    end = time_field(_("End"), required=False)
    timezone = zone_field()
    approx_date = forms.CharField(
        label=_("Approximate date"),
        help_text=_("Only for one of the past whose day is not known: 2023 or 2023-11."),
        required=False,
        max_length=10,
        validators=[RegexValidator(approximate.PATTERN)],
    )
    join_url = forms.URLField(
        label=_("Join link"),
        help_text=_("Sent to registered people only."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    registration_closes_at = moment_field(_("Registration closes"))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=list(languages.NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Working groups it belongs to"),
        queryset=WorkingGroup.objects.order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = SeenField()

    class Meta:
        model = Webinar
        fields = [
            "kind", "title", "summary", "series", "position", "organisers", "audience", "timezone", "approx_date",
            "mode", "place", "join_url", "languages", "capacity", "groups",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "mode": forms.RadioSelect, "kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = Meeting.Mode.choices  # type: ignore[attr-defined]  # no empty choice
        self.fields["kind"].choices = Webinar.Kind.choices  # type: ignore[attr-defined]
        webinar = self.instance
        if webinar.pk and webinar.local_start and webinar.local_end:
            self.initial.update(date=webinar.local_start.date(), start=webinar.local_start.time())
            self.initial["end"] = webinar.local_end.time()
        if webinar.registration_closes_at:
            closes = webinar.registration_closes_at.astimezone(webinar.zone)
            self.initial["registration_closes_at"] = closes.replace(tzinfo=None)
        if webinar.pk:
            self.initial["seen"] = sealed(shown(self))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        zone = ZoneInfo(cleaned.get("timezone", "UTC"))
        self._clean_times(cleaned, zone)
        closes = local_moment(self, "registration_closes_at", cleaned.get("registration_closes_at"), zone)
        cleaned["registration_closes_at"] = closes
        if closes and cleaned["starts_at"] and closes > cleaned["starts_at"]:
            self.add_error("registration_closes_at", _("Registration closes at the start at the latest."))
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any], zone: ZoneInfo) -> None:
        day, hours = cleaned.get("date"), {name: cleaned.get(name) for name in ("start", "end")}
        parts: dict[str, dt.date | dt.time | None] = {"date": day, **hours}
        missing = [name for name, value in parts.items() if value is None and name not in self.errors]
        if 0 < len(missing) < len(parts):
            for name in missing:
                self.add_error(name, _("Fill in date, start and end, or leave all three open."))
        starts, ends = (moment(self, name, day, hour, zone) for name, hour in hours.items())
        cleaned["starts_at"], cleaned["ends_at"] = (starts, ends) if starts and ends else (None, None)
        if starts and ends and ends <= starts:
            self.add_error("end", _("The end must be after the start."))
        if starts and cleaned.get("approx_date"):
            self.add_error("approx_date", _("Give exact times or an approximate date, not both."))

    def details(self) -> WebinarDetails:
        names = [name for name in self.Meta.fields if name != "groups"]
        names += ["starts_at", "ends_at", "registration_closes_at"]
        details: WebinarDetails = {name: self.cleaned_data[name] for name in names}  # type: ignore[assignment]
        return details


class RegistrationForm(forms.ModelForm[Registration]):
    """What somebody from anywhere tells of themselves."""

    class Meta:
        model = Registration
        fields = ["name", "email", "organisation", "question"]
        labels = {"name": _("Your name"), "email": _("Your e-mail address")}
        widgets = {"question": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "email": _("You get one letter with a link to confirm."),
            "question": _("What would you like the speakers to answer?"),
        }

    def visitor(self) -> Visitor:
        return Visitor(**{name: self.cleaned_data[name] for name in self.Meta.fields})
