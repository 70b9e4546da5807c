"""Series: a pattern that becomes dates, and one change of many meetings."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.seen import SeenField, sealed, shown
from meetings import languages, recurrence
from meetings.actions import Details, Shift, Slot, in_scope
from meetings.actions.series import ALL, LATER, MOST, THIS
from meetings.forms.calling_off import ReasonForm
from meetings.forms.wall_clock import date_field, moment, time_field, zone_field
from meetings.models import Meeting
from workinggroups.models import WorkingGroup, WorkingGroupQuerySet

UNITS = [
    (recurrence.WEEKS, _("weeks")),
    (recurrence.MONTHS, _("months")),
    (recurrence.YEARS, _("years")),
]
ON = [
    (recurrence.NTH, _("the same weekday of the month, like the second Tuesday")),
    (recurrence.LAST, _("the last such weekday of the month")),
    (recurrence.SAME, _("the same day of the month")),
]
SCOPES = [(THIS, _("this meeting")), (LATER, _("this and the later ones")), (ALL, _("all that are still planned"))]

SITE = ("mode", "place", "directions", "capacity", "languages", "join_url")
MOST_SEATS = 32767  # what the column holds


class ParagraphsField(forms.CharField):
    """A text of several lines. Browsers send other line ends than are stored: that alone is no change."""

    widget = forms.Textarea(attrs={"rows": 3})

    def has_changed(self, initial: Any, data: Any) -> bool:
        was, given = (" ".join((text or "").splitlines()).strip() for text in (initial, data))
        return was != given


class SiteFields(forms.Form):
    """Where meetings take place; what a series has in common."""

    mode = forms.ChoiceField(label=_("Mode"), choices=Meeting.Mode.choices, widget=forms.RadioSelect, initial="online")
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    directions = ParagraphsField(label=_("How to get there"), required=False)
    capacity = forms.IntegerField(
        label=_("Seats in the room"),
        help_text=_("Leave it open where everybody finds room. Who says yes later waits for a seat."),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=list(languages.NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    join_url = forms.URLField(
        label=_("Join link"),
        help_text=_("Only invited members see it."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = cleaned.get("mode") in {Meeting.Mode.IN_PERSON, Meeting.Mode.HYBRID}
        if needed and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Enter a place, or choose online only."))
        return cleaned


class SeriesForm(SiteFields):
    """The first meeting and how the others follow. Twice a year for three years: every 6 months, 6 meetings."""

    group = forms.ModelChoiceField(
        label=_("Working group"), queryset=WorkingGroup.objects.none(), to_field_name="slug", empty_label=None
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    date = date_field(_("First date"))
    start = time_field(_("Start"))
    end = time_field(_("End"))
    timezone = zone_field()
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=52, initial=6)
    unit = forms.ChoiceField(label=_("Weeks, months or years"), choices=UNITS, initial=recurrence.MONTHS)
    on = forms.ChoiceField(label=_("On"), choices=ON, initial=recurrence.NTH, widget=forms.RadioSelect)
    times = forms.IntegerField(label=_("How many meetings"), min_value=2, max_value=MOST, initial=6)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["group", "title", "date", "start", "end", "timezone", "every", "unit", "on", "times"]

    def __init__(self, *args: Any, groups: WorkingGroupQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]  # a ModelChoiceField
        self.slots: dict[str, Slot] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("The end must be after the start."))
        if not self.errors:
            self._clean_dates(cleaned)
        return cleaned

    def _clean_dates(self, cleaned: dict[str, Any]) -> None:
        first, pattern = cleaned["date"], self.pattern()
        if not recurrence.fits(first, pattern):
            self.add_error("on", _("The first date is not one of these days. Choose another first date, or rule."))
            return
        zone, hours = ZoneInfo(cleaned["timezone"]), {name: cleaned[name] for name in ("start", "end")}
        for day in recurrence.dates(first, recurrence.rule(first, pattern)):
            starts, ends = (moment(self, name, day, hour, zone) for name, hour in hours.items())
            if starts and ends:
                self.slots[day.isoformat()] = Slot(starts, ends)
        if self.slots and min(slot.starts_at for slot in self.slots.values()) <= timezone.now():
            self.add_error("date", _("This time has passed. Choose one to come."))

    def pattern(self) -> recurrence.Pattern:
        given = self.cleaned_data
        return recurrence.Pattern(given["every"], given["unit"], given["on"], given["times"])

    def rule(self) -> str:
        return recurrence.rule(self.cleaned_data["date"], self.pattern())

    def dates_shown(self) -> str:
        """What the preview showed; where it differs from the form, the preview comes again."""
        return ",".join(self.slots)

    def kept(self, days: list[str]) -> list[Slot]:
        return [slot for day, slot in self.slots.items() if day in days]

    def details(self) -> Details:
        details: Details = {name: self.cleaned_data[name] for name in ("timezone", *SITE)}  # type: ignore[assignment]
        return details


WHEN = ("date", "start", "end")


class ScopeField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("Which meetings"), choices=SCOPES, initial=LATER, widget=forms.RadioSelect)


class SeriesEditForm(SiteFields):
    """Begins with what this meeting has; only what is changed here changes the others."""

    scope = ScopeField()
    title = forms.CharField(label=_("Title"), max_length=200)
    date = date_field(_("Date of this meeting"))
    start = time_field(_("Start"))
    end = time_field(_("End"))
    seen = SeenField()
    field_order = ["scope", "title", "date", "start", "end"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        starts, ends = meeting.local_start, meeting.local_end
        initial = {name: getattr(meeting, name) for name in ("title", *SITE)}
        if starts and ends:
            initial |= dict(zip(WHEN, (starts.date(), starts.time(), ends.time()), strict=True))
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if not starts:
            for name in WHEN:  # there is no date to count the days from; it gets one on its own page
                del self.fields[name]
        self.initial["seen"] = sealed(shown(self) | others(meeting))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("The end must be after the start."))
        return cleaned

    def shift(self) -> Shift:
        given, was = self.cleaned_data, self.initial
        days: dt.timedelta = given["date"] - was["date"] if "date" in given else dt.timedelta()
        changed = set(self.changed_data)
        return Shift(
            days.days, given["start"] if "start" in changed else None, given["end"] if "end" in changed else None
        )

    def details(self) -> Details:
        names = [name for name in ("title", *SITE) if name in self.changed_data]
        details: Details = {name: self.cleaned_data[name] for name in names}  # type: ignore[assignment]
        return details


def others(meeting: Meeting, scope: str = ALL) -> dict[str, list[str]]:
    """Return the other meetings of the scope as those who edit the series see them."""
    return {
        f"meeting-{each.pk}": [f"{each.title}: {each.when}, {each.where} {each.join_url}".strip()]
        for each in in_scope(meeting, scope)
        if each.pk != meeting.pk
    }


class SeriesCancelForm(ReasonForm):
    scope = ScopeField()
    field_order = ["scope", "reason"]
