"""When to write to whom before a meeting and after it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from meetings.models.meeting import Meeting
from workinggroups.models import WorkingGroup


@choices_checked
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
        OWNERS = "owners", _("those with open action points")

    class Letter(models.TextChoices):
        UNANSWERED = "invitation_unanswered", _("Please answer the invitation")
        SOON = "meeting_soon", _("Agenda and practical details")
        JOIN_LINK = "join_link", _("Join link")
        AFTERWARDS = "afterwards", _("Minutes and actions")

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
    root = models.PositiveBigIntegerField(
        null=True, blank=True, editable=False, help_text=_("The rule it was copied from first; both write once.")
    )

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
            models.CheckConstraint(
                condition=Q(letter="afterwards", anchor="end", offset__gte=dt.timedelta())
                | (~Q(letter="afterwards") & (Q(anchor="reply_by") | Q(anchor="start", offset__lte=dt.timedelta()))),
                name="reminderrule_on_its_side",
                violation_error_message=_("Minutes go out after the end, everything else before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_letter_display()} ({self.offset})"

    @property
    def origin(self) -> int:
        """The key under which its letters are counted: whoever had one by a copy has had it."""
        return self.root or self.pk
