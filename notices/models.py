"""The ledger of letters: one row is one letter to one person. The broker may forget; this table does not."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from people.models import User


class LetterClass(models.TextChoices):
    """What a letter is about, as people choose by it."""

    MEETING = "meeting", _("Meetings")
    ROUND = "round", _("Ranking rounds")
    OUTCOME = "outcome", _("Outcomes")


class Channel(models.TextChoices):
    """How letters of a class reach a person."""

    MAIL = "mail", _("each as a letter")
    DIGEST = "digest", _("together, once a day")
    NONE = "none", _("not at all")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.DUE)

    def on_hold(self) -> "NoticeQuerySet":
        """Rows that wait until somebody lets them go; their reason says why."""
        return self.waiting().exclude(reason="")

    def due(self, now: dt.datetime | models.Expression) -> "NoticeQuerySet":
        """Rows whose time has come, the longest waiting first."""
        return self.waiting().alone().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def stranded(self, now: dt.datetime | models.Expression) -> "NoticeQuerySet":
        """Rows of a worker whose lease has run out: it died, or hangs. Parts of a digest are claimed with it."""
        return self.alone().filter(state=Notice.State.CLAIMED, lease_until__lt=now).order_by("lease_until", "pk")

    def alone(self) -> "NoticeQuerySet":
        """Without those that leave with a digest. What a digest left behind leaves by itself."""
        done = [Notice.State.SENT, Notice.State.SKIPPED, Notice.State.FAILED]
        return self.filter(Q(digest=None) | Q(digest__state__in=done))

    def overdue(self, now: dt.datetime) -> "NoticeQuerySet":
        return self.waiting().alone().filter(next_try_at__lt=now - dt.timedelta(minutes=5))

    def failed(self) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.FAILED)

    def about(self, record: models.Model) -> "NoticeQuerySet":
        return self.filter(about_type=ContentType.objects.get_for_model(record), about_id=record.pk)

    def told(self) -> "NoticeQuerySet":
        """Letters that have reached somebody, or may be doing so at this moment."""
        return self.filter(state__in=[Notice.State.SENT, Notice.State.CLAIMED])

    def told_beside(self, notice: "Notice") -> "NoticeQuerySet":
        """The same for the worker that holds `notice`: what it claimed together with it has reached nobody yet."""
        return self.told().exclude(pk=notice.pk).exclude(state=Notice.State.CLAIMED, lease=notice.lease)

    def to_come_beside(self, notice: "Notice") -> "NoticeQuerySet":
        """Letters that wait, or were claimed together with `notice`."""
        together = Q(state=Notice.State.CLAIMED, lease=notice.lease) if notice.lease else Q()
        return self.filter(Q(state=Notice.State.DUE) | together).exclude(pk=notice.pk)

    def listed(self) -> "NoticeQuerySet":
        """Without those whose mere existence would tell what is nobody's business."""
        return self.filter(unlisted=False)

    def visible_to(self, user: object) -> "NoticeQuerySet":
        """The secretariat sees the ledger but for its unlisted letters, everybody else the letters to them."""
        if not isinstance(user, User):
            return self.none()
        return self.listed() if user.is_secretariat else self.filter(recipient=user)


@choices_checked
class Notice(models.Model):
    """One letter. `key` says what makes it the same letter: rule or kind, record, schedule revision, person."""

    class State(models.TextChoices):
        DUE = "due", _("due")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("not sent")
        FAILED = "failed", _("failed")

    class Answer(models.TextChoices):
        """What the recipient's mail server said. Bounces arrive later and find their letter by its Message-ID."""

        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        BOUNCED = "bounced", _("bounced")

    TRANSITIONS = {
        State.DUE: {State.CLAIMED, State.SKIPPED},
        State.CLAIMED: {State.SENT, State.SKIPPED, State.DUE, State.FAILED},
        State.FAILED: {State.DUE},
        State.SENT: set[State](),
        State.SKIPPED: {State.DUE},
    }

    kind = models.CharField(_("kind"), max_length=40)
    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    address = models.EmailField(
        _("address"), blank=True, help_text=_("Only for a letter to somebody without an account.")
    )
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict, blank=True)
    unlisted = models.BooleanField(
        default=False, editable=False, help_text=_("No page lists it: that it exists would tell something.")
    )
    digest = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"))
    lease = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    skipped_at = models.DateTimeField(_("not sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    message_id = models.CharField(max_length=100, blank=True, editable=False)
    recipient_state = models.CharField(
        _("answer of the recipient’s server"), max_length=10, choices=Answer, blank=True, editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    answer: list[Any] | None = None  # to what the kind asks, when it was asked together with the row
    at_hand: object = None  # what the kind's own check has seen, for the writing in the same transaction

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-due_at", "-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["due", "claimed"]), name="notice_queue"),
            models.Index(fields=["about_type", "about_id"], name="notice_about"),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="notice_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="") | (Q(recipient=None) & ~Q(address="")),
                name="notice_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="notice_sent_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="skipped", skipped_at__isnull=False) | (~Q(state="skipped") & Q(skipped_at=None)),
                name="notice_skipped_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False) | (~Q(state="failed") & Q(failed_at=None)),
                name="notice_failed_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", lease__isnull=False, lease_until__isnull=False)
                | (~Q(state="claimed") & Q(lease=None, lease_until=None)),
                name="notice_lease_pair",
            ),
            models.CheckConstraint(condition=~Q(state="skipped") | ~Q(reason=""), name="notice_skip_reason"),
            models.CheckConstraint(condition=Q(digest=None) | Q(recipient__isnull=False), name="notice_digest_person"),
        ]

    def __str__(self) -> str:
        return self.key


@choices_checked
class Preference(models.Model):
    """How the letters of one class reach one person. Without a row: each as a letter."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letter_preferences", verbose_name=_("person")
    )
    letter_class = models.CharField(_("letters about"), max_length=20, choices=LetterClass)
    channel = models.CharField(_("arrive"), max_length=10, choices=Channel, default=Channel.MAIL)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["person", "letter_class"]
        constraints = [models.UniqueConstraint(fields=["person", "letter_class"], name="preference_one_per_class")]

    def __str__(self) -> str:
        return f"{self.get_letter_class_display()}: {self.get_channel_display()}"


class QuietHours(models.Model):
    """When a person wants no letters, on the clock of their own zone; past midnight where `ends` is the earlier."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours", verbose_name=_("person")
    )
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        ordering = ["person"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(begins=F("ends")),
                name="quiethours_not_empty",
                violation_error_message=_("Quiet hours end at another time than they begin."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"


class Undeliverable(models.Model):
    """An address whose server refused a letter for good. The next accepted letter takes the row away."""

    email = models.EmailField(_("address"), unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="undeliverable",
        verbose_name=_("person"),
    )
    said = models.TextField(_("answer of the server"))
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("undeliverable address")
        verbose_name_plural = _("undeliverable addresses")
        ordering = ["-since", "email"]

    def __str__(self) -> str:
        return self.email
