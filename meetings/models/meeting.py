"""Meetings: when, where, in which state."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from meetings import times
from meetings.models.series import Series
from people.models import User, check_timezone
from workinggroups import approximate
from workinggroups.models import Membership, WorkingGroup


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def announced(self) -> "MeetingQuerySet":
        """Public from the first scheduling on, whatever came after."""
        return self.filter(announced_at__isnull=False)

    def visible_to(self, user: object) -> "MeetingQuerySet":
        if not isinstance(user, User):
            return self.announced()
        if user.is_secretariat:
            return self.all()
        mine = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
        return self.filter(Q(announced_at__isnull=False) | Q(group__in=mine.values("group")))

    def upcoming(self, now: dt.datetime) -> "MeetingQuerySet":
        """What is still to come; a postponed meeting waits for its new date, whatever the old one was."""
        dateless = Q(starts_at=None) | Q(state=Meeting.State.POSTPONED)
        return self.filter(dateless | Q(ends_at__gte=now), state__in=Meeting.PLANNED).order_by(
            "sort_day", "starts_at", "pk"
        )

    def past(self, now: dt.datetime) -> "MeetingQuerySet":
        over = Q(state__in=Meeting.OVER) | Q(state=Meeting.State.SCHEDULED, ends_at__lt=now)
        return self.filter(over).order_by("-sort_day", "-starts_at", "-pk")

    def to_remind(self, now: dt.datetime) -> "MeetingQuerySet":
        return self.filter(state=Meeting.State.SCHEDULED, starts_at__gt=now).order_by("starts_at", "pk")

    def to_hold(self, now: dt.datetime) -> "MeetingQuerySet":
        return self.filter(state=Meeting.State.SCHEDULED, ends_at__lte=now).order_by("ends_at", "pk")

    def in_calendars(self) -> "MeetingQuerySet":
        """Announced meetings with an exact time; cancelled ones stay, as cancelled."""
        return self.announced().exclude(calendar_block="").order_by("starts_at", "pk")


@choices_checked
class Meeting(models.Model):
    """Times are UTC with the zone beside them; a historic meeting may have an approximate date and no hours."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        POLLING = "polling", _("date to be found")
        SCHEDULED = "scheduled", _("scheduled")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")
        HELD = "held", _("held")
        MINUTED = "minuted", _("minuted")
        PUBLISHED = "published", _("minutes published")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    TRANSITIONS = {
        State.DRAFT: {State.POLLING, State.SCHEDULED, State.CANCELLED},
        State.POLLING: {State.SCHEDULED, State.CANCELLED},
        State.SCHEDULED: {State.POSTPONED, State.CANCELLED, State.HELD},
        State.POSTPONED: {State.POLLING, State.SCHEDULED, State.CANCELLED},
        State.HELD: {State.MINUTED},
        State.MINUTED: {State.PUBLISHED},
        State.CANCELLED: set[State](),
        State.PUBLISHED: set[State](),
    }
    NEEDS_REASON = {State.POSTPONED, State.CANCELLED}
    PLANNED = (State.DRAFT, State.POLLING, State.SCHEDULED, State.POSTPONED)
    OVER = (State.HELD, State.MINUTED, State.PUBLISHED, State.CANCELLED)

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("group"))
    series = models.ForeignKey(
        Series,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("series"),
    )
    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), blank=True)
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
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.ONLINE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_url = models.URLField(_("join link"), blank=True, max_length=500, help_text=_("Shown to invited people only."))
    directions = models.TextField(_("how to get there"), blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("seats in the room"), null=True, blank=True, help_text=_("Who answers yes later waits for a seat.")
    )
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("languages spoken")
    )
    reply_by = models.DateTimeField(_("reply by"), null=True, blank=True)
    reminders_paused_at = models.DateTimeField(_("reminders paused"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why the meeting was cancelled or postponed."))
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    schedule_revision = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    calendar_block = models.TextField(blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-sort_day", "-pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="meeting_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The meeting must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(approx_date=""),
                name="meeting_exact_or_approximate",
                violation_error_message=_("Give exact times or an approximate date, not both."),
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(starts_at__isnull=False), name="meeting_scheduled_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["postponed", "cancelled"]) | ~Q(reason=""), name="meeting_reason_given"
            ),
            models.CheckConstraint(
                condition=Q(approx_date="") | Q(approx_date__regex=approximate.PATTERN), name="meeting_approx_form"
            ),
            models.CheckConstraint(
                condition=Q(reply_by=None) | Q(starts_at=None) | Q(reply_by__lte=F("starts_at")),
                name="meeting_reply_before_start",
                violation_error_message=_("The reply date must not be after the start."),
            ),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gt=0), name="meeting_capacity_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_day = self.day()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through unchanged

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.slug])

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
        if self.state == self.State.POSTPONED:
            return gettext("New date to be found")
        if self.starts_at and self.ends_at:
            return times.span(self.starts_at, self.ends_at, self.zone)
        if self.approx_date:
            first = approximate.first_day(self.approx_date)
            return formats.date_format(first, approximate.display_format(self.approx_date))
        return gettext("Date to be found")

    def when_for(self, reader: User | None) -> str:
        """The hours on the reader's own clock; empty where it shows the same as the meeting's."""
        if reader is None or not (self.starts_at and self.ends_at) or self.state == self.State.POSTPONED:
            return ""
        return times.own_span(self.starts_at, self.ends_at, self.zone, ZoneInfo(reader.timezone))

    @property
    def where(self) -> str:
        """The place, or that there is none; both for a meeting of two kinds."""
        if self.mode == self.Mode.ONLINE:
            return gettext("Online")
        if self.mode == self.Mode.HYBRID:
            return gettext("%(place)s and online") % {"place": self.place}
        return self.place

    def day(self) -> dt.date | None:
        """The day it sorts by: the local day of the start, or the first day an approximate date can mean."""
        if self.local_start:
            return self.local_start.date()
        return approximate.first_day(self.approx_date) if self.approx_date else None
