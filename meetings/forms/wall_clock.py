"""Dates and hours as people read them off the wall of the place, and the moments they mean."""

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from meetings import times
from people.models import check_timezone

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FIRST, LAST = dt.date(1950, 1, 1), dt.date(2150, 12, 31)
LOCAL_INPUT = "%Y-%m-%dT%H:%M"


def date_field(label: "str | _StrPromise", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def time_field(label: "str | _StrPromise", *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=required, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def moment_field(label: "str | _StrPromise", *, required: bool = False) -> forms.DateTimeField:
    """A date with its hour on the clock of the form's zone; `local_moment` makes a moment of it."""
    return forms.DateTimeField(
        label=label,
        help_text=_("In the time zone above."),
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_INPUT),
    )


def zone_field() -> forms.CharField:
    return forms.CharField(label=_("Time zone"), max_length=64, initial="Europe/Brussels", validators=[check_timezone])


def moment(
    form: forms.BaseForm, name: str, day: dt.date | None, hour: dt.time | None, zone: ZoneInfo
) -> dt.datetime | None:
    """Return the moment in UTC; an hour that the clocks skip becomes the error of field `name`."""
    if day is None or hour is None:
        return None
    try:
        return times.to_utc(dt.datetime.combine(day, hour), zone)
    except times.NoSuchTime:
        form.add_error(name, _("This time does not exist on that day: the clocks go forward. Choose another one."))
        return None


def local_moment(form: forms.BaseForm, name: str, typed: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    """As above, of a `moment_field`, which Django has read on the clock of the page."""
    if typed is None:
        return None
    naive = typed.replace(tzinfo=None)
    return moment(form, name, naive.date(), naive.time(), zone)
