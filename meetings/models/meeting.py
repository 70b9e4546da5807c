"""Meetings with their agenda, replies and reminder rules."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
        planned = [Meeting.State.SCHEDULED, Meeting.State.POLLING, Meeting.State.POSTPONED]
        return self.filter(Q(starts_at=None) | Q(ends_at__gte=now), state__in=planned).order_by(
            "sort_day", "starts_at", "pk"
        )

    def past(self, now: dt.datetime) -> "MeetingQuerySet":
        over = [Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED, Meeting.State.CANCELLED]
        return self.filter(Q(state__in=over) | Q(state=Meeting.State.SCHEDULED, ends_at__lt=now)).order_by(
            "-sort_day", "-starts_at", "-pk"
        )


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

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("group"))
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
    reply_by = models.DateTimeField(_("reply by"), null=True, blank=True)
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
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
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

    def day(self) -> dt.date | None:
        """The day it sorts by: the local day of the start, or the first day an approximate date can mean."""
        if self.local_start:
            return self.local_start.date()
        return approximate.first_day(self.approx_date) if self.approx_date else None


class AgendaItem(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True, validators=[MinValueValidator(1)])
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("led by"),
    )

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agendaitem_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__gt=0), name="agendaitem_minutes_positive"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendee(models.Model):
    """One invited person: what they replied, and, once the meeting was held, whether they came."""

    class Reply(models.TextChoices):
        NONE = "none", _("no reply yet")
        YES = "yes", _("yes")
        ONLINE = "online", _("yes, online")
        MAYBE = "maybe", _("maybe")
        NO = "no", _("no")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees", verbose_name=_("meeting"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    reply = models.CharField(_("reply"), max_length=8, choices=Reply, default=Reply.NONE)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    substitute = models.CharField(_("substitute"), max_length=200, blank=True)
    attended = models.BooleanField(_("attended"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["meeting", "user"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendee_once"),
            models.CheckConstraint(
                condition=Q(reply="none", replied_at=None) | ~Q(reply="none"), name="attendee_reply_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.meeting}"


class ReminderRule(models.Model):
    """When to write to whom. Rules of a meeting replace those of its group, which replace the site's."""

    class Anchor(models.TextChoices):
        START = "start", _("start of the meeting")
        REPLY_BY = "reply_by", _("reply date")
        END = "end", _("end of the meeting")

    class Audience(models.TextChoices):
        ALL = "all", _("all invited")
        NO_REPLY = "no_reply", _("those who have not answered")
        YES_OR_MAYBE = "yes_or_maybe", _("those who said yes or maybe")
        ONLINE = "online", _("those coming online")

    class Letter(models.TextChoices):
        UNANSWERED = "invitation_unanswered", _("Please answer the invitation")
        SOON = "meeting_soon", _("Agenda and practical details")
        JOIN_LINK = "join_link", _("Join link")

    group = models.ForeignKey(
        WorkingGroup,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name=_("group"),
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_rules",
        verbose_name=_("meeting"),
    )
    anchor = models.CharField(_("counted from"), max_length=10, choices=Anchor, default=Anchor.START)
    offset = models.DurationField(_("offset"), help_text=_("Negative: before."))
    audience = models.CharField(_("to whom"), max_length=12, choices=Audience)
    letter = models.CharField(_("letter"), max_length=40, choices=Letter)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["offset", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "meeting", "letter", "anchor", "offset"],
                name="reminderrule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(group=None) | Q(meeting=None), name="reminderrule_one_level"),
        ]

    def __str__(self) -> str:
        return f"{self.get_letter_display()} ({self.offset})"
