"""When and where a meeting takes place: one to come, or one of the past."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from meetings import times
from meetings.actions import AgendaLine, Details
from meetings.forms.agenda import AgendaField, agenda_text
from meetings.models import Meeting
from people.models import check_timezone
from workinggroups import approximate
from workinggroups.models import WorkingGroup, WorkingGroupQuerySet

FIRST, LAST = dt.date(1950, 1, 1), dt.date(2150, 12, 31)
LOCAL_INPUT = "%Y-%m-%dT%H:%M"


def clock(**attrs: str) -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", **attrs}, format="%H:%M")


class MeetingForm(forms.ModelForm[Meeting]):
    """The clock on the wall of the place: date, start, end and zone are four fields, and become two moments."""

    date = forms.DateField(
        label=_("Date"),
        validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    start = forms.TimeField(label=_("Start"), widget=clock())
    end = forms.TimeField(label=_("End"), widget=clock())
    timezone = forms.CharField(
        label=_("Time zone"), max_length=64, initial="Europe/Brussels", validators=[check_timezone]
    )
    join_url = forms.URLField(
        label=_("Join link"),
        help_text=_("Only invited members see it."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    reply_by = forms.DateTimeField(
        label=_("Reply by"),
        help_text=_("In the time zone above."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_INPUT),
    )
    agenda = AgendaField(
        label=_("Agenda"),
        help_text=_("One item on each line: minutes, a bar, the title. “15 | Welcome”."),
        required=False,
    )

    class Meta:
        model = Meeting
        fields = ["title", "timezone", "mode", "place", "join_url", "summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "mode": forms.RadioSelect}
        labels = {"summary": _("What should be decided")}
        help_texts = {"title": _("Shown in letters and calendars. Say what will be decided.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = {name: getattr(self.instance, name) for name in ("starts_at", "reply_by")}
        self.fields["mode"].choices = Meeting.Mode.choices  # type: ignore[attr-defined]  # no empty choice
        if self.instance.pk:
            self.initial.update(self._stored())
        if not self.times_needed():
            for name in ("date", "start", "end"):
                self.fields[name].required = False

    def _stored(self) -> dict[str, Any]:
        """The moments of the row as its own clock shows them."""
        meeting = self.instance
        starts, ends, reply_by = meeting.local_start, meeting.local_end, meeting.reply_by
        return {
            "date": starts and starts.date(),
            "start": starts and starts.time(),
            "end": ends and ends.time(),
            "reply_by": reply_by and reply_by.astimezone(meeting.zone).replace(tzinfo=None),
            "agenda": agenda_text(meeting),
        }

    def times_needed(self) -> bool:
        """A draft may wait for its date; what people are invited to may not."""
        drafting = self.data.get("do") == "draft"
        return not drafting or self.instance.state == Meeting.State.SCHEDULED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_times(cleaned)
        self._clean_place(cleaned)
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        zone = ZoneInfo(cleaned.get("timezone", "UTC"))  # an unknown one must not hide what else is wrong
        starts = self._moment("start", cleaned.get("date"), cleaned.get("start"), zone)
        ends = self._moment("end", cleaned.get("date"), cleaned.get("end"), zone)
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

    def _moment(self, name: str, day: dt.date | None, hour: dt.time | None, zone: ZoneInfo) -> dt.datetime | None:
        if day is None or hour is None:
            return None
        try:
            return times.to_utc(dt.datetime.combine(day, hour), zone)
        except times.NoSuchTime:
            self.add_error(name, _("This time does not exist on that day: the clocks go forward. Choose another one."))
            return None

    def _clean_future(self, starts: dt.datetime) -> None:
        if starts <= timezone.now():
            self.add_error("date", _("This time has passed. Choose one to come."))

    def _clean_reply_by(self, cleaned: dict[str, Any], zone: ZoneInfo) -> None:
        typed = cleaned.get("reply_by")
        if typed is None:
            return
        moment = self._moment("reply_by", *_split(timezone.make_naive(typed)), zone)
        cleaned["reply_by"] = moment
        starts = cleaned.get("starts_at")
        if moment and starts and moment > starts:
            self.add_error("reply_by", _("The reply date must not be after the start."))
        elif moment and moment <= timezone.now() and moment != self.was["reply_by"]:
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
        lines: list[AgendaLine] = self.cleaned_data["agenda"]
        return lines


def _split(naive: dt.datetime) -> tuple[dt.date, dt.time]:
    return naive.date(), naive.time()


class NewMeetingForm(MeetingForm):
    """A meeting to come, or one that has taken place: then an approximate date will do."""

    group = forms.ModelChoiceField(
        label=_("Working group"), queryset=WorkingGroup.objects.none(), to_field_name="slug", empty_label=None
    )
    has_taken_place = forms.BooleanField(
        label=_("This meeting has taken place"),
        help_text=_("It is recorded, and nobody is invited."),
        required=False,
    )
    approx_date = forms.CharField(
        label=_("Approximate date"),
        help_text=_("Only for a meeting of the past whose day is not known: 2023 or 2023-11."),
        required=False,
        max_length=10,
        validators=[RegexValidator(approximate.PATTERN)],
    )
    field_order = ["group", "title"]

    def __init__(self, *args: Any, groups: WorkingGroupQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def is_past(self) -> bool:
        return bool(self.data.get("has_taken_place"))

    def times_needed(self) -> bool:
        return super().times_needed() and not (self.is_past and self.data.get("approx_date"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("approx_date"):
            self._clean_approximate(cleaned)
        return cleaned

    def _clean_approximate(self, cleaned: dict[str, Any]) -> None:
        if not self.is_past:
            self.add_error("approx_date", _("A meeting to come needs its exact date."))
        elif cleaned.get("starts_at"):
            self.add_error("approx_date", _("Give exact times or an approximate date, not both."))

    def _clean_future(self, starts: dt.datetime) -> None:
        over = starts <= timezone.now()
        if over and not self.is_past:
            self.add_error("date", _("This date has passed. Tick “This meeting has taken place” if that is meant."))
        elif self.is_past and not over:
            self.add_error("date", _("This meeting has not taken place yet."))

    def details(self) -> Details:
        details = super().details()
        details["approx_date"] = self.cleaned_data["approx_date"]
        return details
