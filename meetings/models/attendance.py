"""Who was invited, what they replied, and whether they came."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from meetings.models.meeting import Meeting
from notices.models import Notice
from workinggroups.models import Membership


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def current(self) -> "AttendeeQuerySet":
        """Those who are active members of the meeting's group today."""
        return self.filter(Exists(self._memberships()))

    def unsettled(self) -> "AttendeeQuerySet":
        """Those for whom something is to be done: they left, came back, or wait for a seat.

        With `is_member`, and `is_uninvited`: away for so short a time that only the invitation's delivery saw it.
        """
        told_apart = self.annotate(is_member=Exists(self._memberships()), is_uninvited=self._uninvited())
        left, back = Q(is_member=False, withdrawn_at=None), Q(is_member=True, withdrawn_at__isnull=False)
        uninvited = Q(is_member=True, is_uninvited=True)
        return told_apart.filter(left | back | uninvited | Q(waiting_since__isnull=False)).order_by("pk")

    def _uninvited(self) -> Q:
        """Their invitation was not sent because they were away, and no other one followed."""
        about = ContentType.objects.get_for_model(Meeting)
        letters = Notice.objects.filter(about_type=about, about_id=OuterRef("meeting"), recipient=OuterRef("user"))
        invitations = letters.filter(kind="meetings.invitation")
        away = invitations.filter(state=Notice.State.SKIPPED, reason="no longer a member")
        other = letters.filter(kind__in=["meetings.invitation", "meetings.update"]).exclude(state=Notice.State.SKIPPED)
        return Q(Exists(away)) & ~Q(Exists(other))

    def _memberships(self) -> models.QuerySet[Membership]:
        return Membership.objects.active().filter(group=OuterRef("meeting__group"), user=OuterRef("user"))


@choices_checked
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
    asked_at = models.DateTimeField(
        _("asked"), db_default=Now(), help_text=_("When the invitation, or the news of another time, was queued.")
    )
    substitute = models.CharField(_("substitute"), max_length=200, blank=True)
    substitute_email = models.EmailField(_("address of the substitute"), blank=True)
    substitute_shift = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How far the SEQUENCE of substitutes is ahead of the meeting's.")
    )
    waiting_since = models.DateTimeField(
        _("waiting for a seat since"), null=True, blank=True, help_text=_("All seats were taken when they said yes.")
    )
    attended = models.BooleanField(_("attended"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(
        _("taken back"), null=True, blank=True, editable=False, help_text=_("They left the group; the entry went too.")
    )
    sequence_shift = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How far their calendar's SEQUENCE is ahead of the meeting's.")
    )

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["meeting", "user"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendee_once"),
            models.CheckConstraint(
                condition=Q(reply="none", replied_at=None) | (~Q(reply="none") & Q(replied_at__isnull=False)),
                name="attendee_reply_time",
            ),
            models.CheckConstraint(condition=Q(waiting_since=None) | Q(reply="yes"), name="attendee_waits_to_come"),
            models.CheckConstraint(
                condition=Q(substitute_email="") | ~Q(substitute=""),
                name="attendee_substitute_named",
                violation_error_message=_("Give the name of the person who comes in your place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.meeting}"
