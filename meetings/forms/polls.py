"""Date polls: the dates one proposes, and what a member answers to each."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.actions import Slot
from meetings.forms.wall_clock import date_field, local_moment, moment, moment_field, time_field, zone_field
from meetings.models import DateAnswer, DatePoll, DateSlot

ROWS = 5  # to begin with
MORE = 4
MOST = 20
FEWEST = 2
ANSWERS = DateAnswer.Answer.choices


class PollForm(forms.Form):
    """The poll as a whole; the dates are rows of their own."""

    timezone = zone_field()
    closes_at = moment_field(_("Answers by"), required=True)
    hold_dates = forms.BooleanField(
        label=_("Send the dates as tentative calendar entries"),
        help_text=_("They are withdrawn when the date is found. Without it, everybody may take them from the page."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        zone = ZoneInfo(cleaned.get("timezone", "UTC"))
        cleaned["closes_at"] = local_moment(self, "closes_at", cleaned.get("closes_at"), zone)
        if cleaned["closes_at"] and cleaned["closes_at"] <= timezone.now():
            self.add_error("closes_at", _("This time has passed. Choose one to come."))
        return cleaned


class SlotForm(forms.Form):
    """One proposed date; an empty row proposes nothing."""

    date = date_field(_("Date"), required=False)
    start = time_field(_("Start"), required=False)
    end = time_field(_("End"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parts = {name: cleaned.get(name) for name in ("date", "start", "end")}
        missing = [name for name, value in parts.items() if value is None and name not in self.errors]
        if self.has_changed():
            for name in missing:
                self.add_error(name, _("Fill in date, start and end, or leave all three open."))
        start, end = parts["start"], parts["end"]
        if start and end and end <= start:
            message = _("The end must be after the start (%(start)s).") % {"start": time_format(start)}
            self.add_error("end", message)
        return cleaned

    def slot(self, zone: ZoneInfo) -> Slot | None:
        """Return the two moments; None for an empty row, or where the clocks skip one of them (then with an error)."""
        given = self.cleaned_data
        starts = moment(self, "start", given.get("date"), given.get("start"), zone)
        ends = moment(self, "end", given.get("date"), given.get("end"), zone)
        return Slot(starts, ends) if starts and ends else None


class BaseSlots(forms.BaseFormSet[SlotForm]):
    """The rows together: at least two different dates, all of them after the deadline."""

    def slots(self, zone: ZoneInfo, closes_at: dt.datetime) -> list[Slot]:
        """Return the dates in order; what is wrong stands in the rows' errors or in `complaint`."""
        self.complaint = ""
        found: dict[dt.datetime, Slot] = {}
        for form in self.forms:
            slot = form.slot(zone)
            if slot and slot.starts_at <= closes_at:
                form.add_error("date", _("This date is not after the deadline for answers."))
            elif slot and slot.starts_at in found:
                form.add_error("date", _("This date stands in another row already."))
            elif slot:
                found[slot.starts_at] = slot
        if len(found) < FEWEST and not any(form.errors for form in self.forms):
            self.complaint = gettext("Propose at least two dates.")
        return [found[key] for key in sorted(found)]

    def fine(self) -> bool:
        return not self.complaint and not any(form.errors for form in self.forms)


SlotRows = forms.formset_factory(
    SlotForm, formset=BaseSlots, extra=ROWS, max_num=MOST, absolute_max=MOST + ROWS, validate_max=True
)


class AnswerForm(forms.Form):
    """One question for each date: yes, if need be, no. A date may stay open."""

    def __init__(self, *args: Any, poll: DatePoll, given: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dates: list[DateSlot] = list(poll.slots.order_by("starts_at", "pk"))
        for slot in self.dates:
            self.fields[f"slot_{slot.pk}"] = forms.ChoiceField(
                label=str(slot),
                choices=ANSWERS,
                widget=forms.RadioSelect,
                required=False,
                initial=given.get(slot.pk),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Answer at least one of the dates."))
        return cleaned

    def answers(self) -> dict[int, str | None]:
        """Return the answer for each slot's id, None where there is none."""
        return {slot.pk: self.cleaned_data[f"slot_{slot.pk}"] or None for slot in self.dates}
