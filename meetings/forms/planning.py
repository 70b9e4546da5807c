"""When and where a meeting takes place: one to come, or one of the past."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.seen import SeenField, sealed, shown
from meetings import languages
from meetings.actions import AgendaLine, Details
from meetings.forms.agenda import AgendaField
from meetings.forms.wall_clock import date_field, local_moment, moment, moment_field, time_field, zone_field
from meetings.models import Meeting
from workinggroups import approximate
from workinggroups.models import WorkingGroup, WorkingGroupQuerySet


class MeetingForm(forms.ModelForm[Meeting]):
    """The clock on the wall of the place: date, start, end and zone are four fields, and become two moments."""

    date = date_field(_("Date"))
    start = time_field(_("Start"))
    end = time_field(_("End"))
    timezone = zone_field()
    join_url = forms.URLField(
        label=_("Join link"),
        help_text=_("Only invited members see it."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=list(languages.NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reply_by = moment_field(_("Reply by"))
    agenda = AgendaField(
        label=_("Agenda"),
        help_text=_("One item on each line: minutes, a bar, the title. “15 | Welcome”."),
        required=False,
    )
    seen = SeenField()

    class Meta:
        model = Meeting
        fields = [
            "title", "timezone", "mode", "place", "directions", "capacity", "languages", "join_url", "summary",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "directions": forms.Textarea(attrs={"rows": 3}),
            "mode": forms.RadioSelect,
        }
        labels = {"summary": _("What should be decided")}
        help_texts = {
            "title": _("Shown in letters and calendars. Say what will be decided."),
            "capacity": _("Leave it open where everybody finds room. Who says yes later waits for a seat."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = {name: getattr(self.instance, name) for name in ("starts_at", "reply_by")}
        self.fields["mode"].choices = Meeting.Mode.choices  # type: ignore[attr-defined]  # no empty choice
        if self.instance.pk:
            if self.instance.agenda.exists() and not self.data.get("agenda"):
                del self.fields["agenda"]  # as text it would lose its speakers, notes and links
            self.initial.update(stored(self.instance))
            self.initial["seen"] = sealed(shown(self))
        if not self.times_needed():
            for name in ("date", "start", "end"):
                self.fields[name].required = False

    def times_needed(self) -> bool:
        """A draft may wait for its date; what people are invited to may not."""
        drafting = self.data.get("do") == "draft"
        return not drafting or self.instance.state == Meeting.State.SCHEDULED

    def clean_agenda(self) -> list[AgendaLine]:
        """The page may have been opened before the agenda was set on its own page: what was typed is kept."""
        lines: list[AgendaLine] = self.cleaned_data["agenda"]
        if lines and self.instance.pk and self.instance.agenda.exists():
            raise forms.ValidationError(agenda_is_set())
        return lines

    def clean_capacity(self) -> int | None:
        seats: int | None = self.cleaned_data["capacity"]
        if seats == 0:
            raise forms.ValidationError(_("A room has at least one seat. Leave it open if seats are not counted."))
        return seats

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_times(cleaned)
        self._clean_place(cleaned)
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        zone = ZoneInfo(cleaned.get("timezone", "UTC"))  # an unknown one must not hide what else is wrong
        starts = moment(self, "start", cleaned.get("date"), cleaned.get("start"), zone)
        ends = moment(self, "end", cleaned.get("date"), cleaned.get("end"), zone)
        cleaned["starts_at"], cleaned["ends_at"] = (starts, ends) if starts and ends else (None, None)
        self._clean_parts(cleaned)
        if starts and ends and ends <= starts:
            self.add_error(
                "end", _("The end must be after the start (%(start)s).") % {"start": time_format(cleaned["start"])}
            )
        if starts and starts != self.was["starts_at"]:
            self._clean_future(starts)
        self._clean_reply_by(cleaned, zone)

    def _clean_parts(self, cleaned: dict[str, Any]) -> None:
        """Half a time would be lost without a word."""
        open_ones = [name for name in ("date", "start", "end") if cleaned.get(name) is None]
        if 0 < len(open_ones) < 3:  # noqa: PLR2004 - all three may wait
            for name in set(open_ones) - set(self.errors):
                self.add_error(name, _("Fill in date, start and end, or leave all three open."))

    def _clean_future(self, starts: dt.datetime) -> None:
        if starts <= timezone.now():
            self.add_error("date", _("This time has passed. Choose one to come."))

    def _clean_reply_by(self, cleaned: dict[str, Any], zone: ZoneInfo) -> None:
        answer_by = local_moment(self, "reply_by", cleaned.get("reply_by"), zone)
        cleaned["reply_by"] = answer_by
        starts = cleaned.get("starts_at")
        if answer_by and starts and answer_by > starts:
            self.add_error("reply_by", _("The reply date must not be after the start."))
        elif answer_by and answer_by <= timezone.now() and answer_by != self.was["reply_by"]:
            self.add_error("reply_by", _("This time has passed. Choose one to come."))

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        needed = cleaned.get("mode") in {Meeting.Mode.IN_PERSON, Meeting.Mode.HYBRID}
        if needed and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Enter a place, or choose online only."))

    def details(self) -> Details:
        """Return what the actions take; call it on a valid form."""
        names = [*self.Meta.fields, "starts_at", "ends_at", "reply_by"]
        details: Details = {name: self.cleaned_data[name] for name in names}  # type: ignore[assignment]
        return details

    def lines(self) -> list[AgendaLine]:
        lines: list[AgendaLine] = self.cleaned_data.get("agenda", [])
        return lines


def agenda_is_set() -> str:
    return gettext("The agenda has been set meanwhile. Copy what you typed, leave this empty, and edit it on its page.")


def stored(meeting: Meeting) -> dict[str, Any]:
    """Return the moments of a row as its own clock shows them."""
    starts, ends, reply_by = meeting.local_start, meeting.local_end, meeting.reply_by
    return {
        "date": starts and starts.date(),
        "start": starts and starts.time(),
        "end": ends and ends.time(),
        "reply_by": reply_by and reply_by.astimezone(meeting.zone).replace(tzinfo=None),
    }


class NewMeetingForm(MeetingForm):
    """A meeting to come."""

    group = forms.ModelChoiceField(
        label=_("Working group"), queryset=WorkingGroup.objects.none(), to_field_name="slug", empty_label=None
    )
    field_order = ["group", "title"]

    def __init__(self, *args: Any, groups: WorkingGroupQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]  # a ModelChoiceField

    def _clean_future(self, starts: dt.datetime) -> None:
        if starts <= timezone.now():
            self.add_error("date", _("This date has passed. A meeting of the past is recorded on a page of its own."))


class PastMeetingForm(NewMeetingForm):
    """A meeting that has taken place, which one must say: a mistyped year is an error. An approximate date will do."""

    approx_date = forms.CharField(
        label=_("Approximate date"),
        help_text=_("If the day is not known: 2023 or 2023-11. Then leave date and hours open."),
        required=False,
        max_length=10,
        validators=[RegexValidator(approximate.PATTERN)],
    )
    has_taken_place = forms.BooleanField(
        label=_("This meeting has taken place"),
        help_text=_("It is public at once, and nobody is invited."),
        error_messages={"required": _("Confirm that the meeting has taken place.")},
    )

    def times_needed(self) -> bool:
        return not self.data.get("approx_date")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("approx_date") and cleaned.get("starts_at"):
            self.add_error("approx_date", _("Give exact times or an approximate date, not both."))
        return cleaned

    def _clean_future(self, starts: dt.datetime) -> None:
        if starts > timezone.now():
            self.add_error("date", _("This meeting has not taken place yet."))

    def details(self) -> Details:
        details = super().details()
        details["approx_date"] = self.cleaned_data["approx_date"]
        return details
