"""Meetings: when, where, in which state."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.paths import path
from meetings.languages import named
from meetings.models.series import Series
from meetings.models.timed import Timed
from people.models import User
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
class Meeting(Timed):
    """One meeting of a group. From `announced_at` on it is public, whatever comes after."""

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
    schedule_revision = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta(Timed.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-sort_day", "-pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="meeting_by_state")]
        constraints = [
            *Timed.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(starts_at__isnull=False), name="meeting_scheduled_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["postponed", "cancelled"]) | ~Q(reason=""), name="meeting_reason_given"
            ),
            models.CheckConstraint(
                condition=Q(reply_by=None) | Q(starts_at=None) | Q(reply_by__lte=F("starts_at")),
                name="meeting_reply_before_start",
                violation_error_message=_("The reply date must not be after the start."),
            ),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gt=0), name="meeting_capacity_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "polling", "cancelled"]) | Q(announced_at__isnull=False),
                name="meeting_announced_from_scheduled_on",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path("meetings:detail", self.slug)

    @property
    def when(self) -> str:
        """As exactly as it is known; the old date of a postponed meeting counts no more."""
        return gettext("New date to be found") if self.state == self.State.POSTPONED else super().when

    def when_for(self, reader: User | None) -> str:
        """The hours on the reader's own clock; empty where it shows the same as the meeting's."""
        return "" if self.state == self.State.POSTPONED else super().when_for(reader)

    @property
    def language_names(self) -> str:
        """The languages spoken, by their own names, in the Union's order."""
        return ", ".join(name for _code, name in named(self.languages))

    def joins_now(self, now: dt.datetime) -> bool:
        return bool(self.join_url) and self.state == self.State.SCHEDULED and super().joins_now(now)

    @property
    def where(self) -> str:
        """The place, or that there is none; both for a meeting of two kinds."""
        if self.mode == self.Mode.ONLINE:
            return gettext("Online")
        if self.mode == self.Mode.HYBRID:
            return gettext("%(place)s and online") % {"place": self.place}
        return self.place
