"""Webinars and conferences: meetings of their own kind, open to everybody who registers."""

import datetime as dt
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.paths import path
from meetings.models.meeting import Meeting
from meetings.models.timed import Timed
from people.models import User
from workinggroups.models import WorkingGroup


class WebinarQuerySet(models.QuerySet["Webinar"]):
    def published(self) -> "WebinarQuerySet":
        """Public from the announcement on, whatever came after."""
        return self.filter(announced_at__isnull=False)

    def visible_to(self, user: object) -> "WebinarQuerySet":
        return self.all() if isinstance(user, User) and user.is_secretariat else self.published()

    def upcoming(self, now: dt.datetime) -> "WebinarQuerySet":
        ahead = Q(starts_at=None) | Q(ends_at__gte=now)
        return self.filter(ahead, state__in=Webinar.PLANNED).order_by("sort_day", "starts_at", "pk")

    def past(self, now: dt.datetime) -> "WebinarQuerySet":
        over = Q(state__in=Webinar.OVER) | Q(state__in=Webinar.PLANNED, ends_at__lt=now)
        return self.filter(over).order_by("-sort_day", "-starts_at", "-pk")

    def in_calendars(self) -> "WebinarQuerySet":
        """Announced ones with an exact time; cancelled ones stay, as cancelled."""
        return self.published().exclude(calendar_block="").order_by("starts_at", "pk")

    def due(self, now: dt.datetime) -> "WebinarQuerySet":
        """Those whose state the clock has overtaken: registration to close, or the end to note."""
        closing = Q(state="registration_open") & (Q(registration_closes_at__lte=now) | Q(starts_at__lte=now))
        over = Q(state__in=["announced", "registration_closed"], ends_at__lte=now)
        return self.filter(closing | over).order_by("pk")


@choices_checked
class Webinar(Timed):
    """A webinar, or a conference. Its group, if it has one, is whose work it shows; anybody may come."""

    class Kind(models.TextChoices):
        WEBINAR = "webinar", _("Webinar")
        CONFERENCE = "conference", _("Conference")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        REGISTRATION_OPEN = "registration_open", _("registration open")
        REGISTRATION_CLOSED = "registration_closed", _("registration closed")
        HELD = "held", _("held")
        RECORDING_PUBLISHED = "recording_published", _("recording published")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        State.DRAFT: {State.ANNOUNCED},
        State.ANNOUNCED: {State.REGISTRATION_OPEN, State.CANCELLED},
        State.REGISTRATION_OPEN: {State.REGISTRATION_CLOSED, State.CANCELLED},
        State.REGISTRATION_CLOSED: {State.HELD, State.CANCELLED},
        State.HELD: {State.RECORDING_PUBLISHED},
        State.RECORDING_PUBLISHED: set[State](),
        State.CANCELLED: set[State](),
    }
    NEEDS_REASON = {State.CANCELLED}
    PLANNED = (State.DRAFT, State.ANNOUNCED, State.REGISTRATION_OPEN, State.REGISTRATION_CLOSED)
    OVER = (State.HELD, State.RECORDING_PUBLISHED, State.CANCELLED)

    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WEBINAR)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), blank=True)
    series = models.CharField(_("series"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("number in the series"), null=True, blank=True)
    organisers = models.CharField(_("organised by"), max_length=300, blank=True)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    groups = models.ManyToManyField(
        WorkingGroup, blank=True, related_name="webinars", verbose_name=_("working groups it belongs to")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Meeting.Mode, default=Meeting.Mode.ONLINE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    join_url = models.URLField(
        _("join link"), blank=True, max_length=500, help_text=_("Sent to registered people only.")
    )
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("languages spoken")
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    participants = models.PositiveIntegerField(_("how many took part"), null=True, blank=True)
    recording_url = models.URLField(_("recording"), blank=True, max_length=500)
    captions_url = models.URLField(_("recording with captions"), blank=True, max_length=500)
    transcript_url = models.URLField(_("transcript"), blank=True, max_length=500)
    slides_url = models.URLField(_("slides"), blank=True, max_length=500)
    account = models.TextField(_("what was said"), blank=True, help_text=_("Answers to questions belong here too."))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it was cancelled."))

    objects = WebinarQuerySet.as_manager()

    class Meta(Timed.Meta):
        verbose_name = _("webinar")
        verbose_name_plural = _("webinars")
        ordering = ["-sort_day", "-pk"]
        constraints = [
            *Timed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="draft", announced_at=None) | (~Q(state="draft") & Q(announced_at__isnull=False)),
                name="webinar_announced_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "held", "recording_published", "cancelled"])
                | Q(starts_at__isnull=False),
                name="webinar_ahead_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(reason=""), name="webinar_reason_given"),
            models.CheckConstraint(
                condition=~Q(state="recording_published") | ~Q(recording_url=""), name="webinar_recording_given"
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at=None)
                | Q(starts_at=None)
                | Q(registration_closes_at__lte=F("starts_at")),
                name="webinar_registration_before_start",
                violation_error_message=_("Registration closes at the start at the latest."),
            ),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gt=0), name="webinar_capacity_positive"),
            models.UniqueConstraint(
                fields=["series", "position"],
                condition=~Q(series="") & Q(position__isnull=False),
                name="webinar_position_in_series",
                violation_error_message=_("This number is taken in the series."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path("meetings:webinar", self.slug)

    @property
    def where(self) -> str:
        if self.mode == Meeting.Mode.ONLINE:
            return gettext("Online")
        if self.mode == Meeting.Mode.HYBRID and self.place:
            return gettext("%(place)s and online") % {"place": self.place}
        return self.place


def new_nonce() -> str:
    """Return a random word for signed links."""
    return secrets.token_urlsafe(16)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> "RegistrationQuerySet":
        return self.filter(state=Registration.State.CONFIRMED)

    def waiting(self) -> "RegistrationQuerySet":
        """Those who get a seat when one becomes free, in that order."""
        return self.filter(state=Registration.State.WAITING).order_by("waiting_since", "pk")


@choices_checked
class Registration(models.Model):
    """One person who wants to come. Removed some weeks after the webinar, and only counted from then on."""

    class State(models.TextChoices):
        PENDING = "pending", _("to be confirmed")
        CONFIRMED = "confirmed", _("registered")
        WAITING = "waiting", _("waiting for a seat")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        State.PENDING: {State.CONFIRMED, State.WAITING, State.CANCELLED},
        State.CONFIRMED: {State.CANCELLED},
        State.WAITING: {State.CONFIRMED, State.CANCELLED},
        State.CANCELLED: {State.PENDING},
    }

    webinar = models.ForeignKey(
        Webinar, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("webinar")
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    question = models.TextField(_("question to the speakers"), blank=True, max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    nonce = models.CharField(max_length=40, unique=True, default=new_nonce, editable=False)
    registered_at = models.DateTimeField(_("registered"))
    waiting_since = models.DateTimeField(
        _("waiting for a seat since"), null=True, blank=True, help_text=_("All seats were taken when they confirmed.")
    )
    letters = models.PositiveSmallIntegerField(default=0, editable=False)  # asked for on the page; a few are enough

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["webinar", "registered_at", "pk"]
        constraints = [
            models.UniqueConstraint("webinar", models.functions.Lower("email"), name="registration_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", waiting_since__isnull=False)
                | (~Q(state="waiting") & Q(waiting_since=None)),
                name="registration_waiting_pair",
            ),
        ]
        indexes = [models.Index(models.functions.Lower("email"), name="registration_by_email")]  # of a calendar's owner

    def __str__(self) -> str:
        return f"{self.name} – {self.webinar}"
