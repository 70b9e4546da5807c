"""What happens at a time: exactly, with the zone in which it was chosen, or approximately; and its calendar entry."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.db.models.lookups import IsNull
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings import times
from people.models import User, check_timezone
from workinggroups import approximate

ZONE_FORM = r"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"
KNOWN = "timezone(%(expressions)s, timestamp '2000-01-01')"


def zone_known() -> IsNull:
    """PostgreSQL refuses a name that it has never heard of as soon as it is asked for a time in that zone."""
    return IsNull(Func(F("timezone"), template=KNOWN, output_field=models.DateTimeField()), rhs=False)


class Timed(models.Model):
    """Times are UTC with the zone beside them; what is long past may have an approximate date and no hours.

    `uid` is permanent, `sequence` grows with time, place and status, `calendar_block` is the entry of the feeds.
    """

    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    approx_date = models.CharField(
        _("approximate date"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(approximate.PATTERN)],
        help_text=_("2023, 2023-11 or 2023-11-28."),
    )
    sort_day = models.DateField(editable=False, null=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels", validators=[check_timezone])
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    calendar_block = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(approx_date=""),
                name="%(class)s_exact_or_approximate",
                violation_error_message=_("Give exact times or an approximate date, not both."),
            ),
            models.CheckConstraint(
                condition=Q(approx_date="") | Q(approx_date__regex=approximate.PATTERN), name="%(class)s_approx_form"
            ),
            models.CheckConstraint(condition=Q(timezone__regex=ZONE_FORM), name="%(class)s_zone_form"),
            models.CheckConstraint(condition=zone_known(), name="%(class)s_zone_known"),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_day = self.day()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through unchanged

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local_start(self) -> dt.datetime | None:
        return self.starts_at.astimezone(self.zone) if self.starts_at else None

    @property
    def local_end(self) -> dt.datetime | None:
        return self.ends_at.astimezone(self.zone) if self.ends_at else None

    @property
    def when(self) -> str:
        """The date as exactly as it is known, with hours, zone and offset where there are any."""
        if self.starts_at and self.ends_at:
            return times.span(self.starts_at, self.ends_at, self.zone)
        if self.approx_date:
            first = approximate.first_day(self.approx_date)
            return formats.date_format(first, approximate.display_format(self.approx_date))
        return gettext("Date to be found")

    def when_for(self, reader: User | None) -> str:
        """The hours on the reader's own clock; empty where it shows the same as this one's."""
        if reader is None or not (self.starts_at and self.ends_at):
            return ""
        return times.own_span(self.starts_at, self.ends_at, self.zone, ZoneInfo(reader.timezone))

    def day(self) -> dt.date | None:
        """The day it sorts by: the local day of the start, or the first day an approximate date can mean."""
        if self.local_start:
            return self.local_start.date()
        return approximate.first_day(self.approx_date) if self.approx_date else None

    def joins_now(self, now: dt.datetime) -> bool:
        """Is it about to begin, or going on? Then the join link is what people look for."""
        return bool(self.starts_at and self.ends_at and self.starts_at - times.DOORS_OPEN <= now < self.ends_at)
