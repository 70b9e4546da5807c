"""People without an account who asked for a letter when something is published."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from history.choices import choices_checked
from workinggroups.models import WorkingGroup


def new_token() -> str:
    """256 random bits: whoever holds the link may confirm and leave."""
    return secrets.token_urlsafe(32)


class FollowerQuerySet(models.QuerySet["Follower"]):
    def confirmed(self) -> "FollowerQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def forgotten(self, now: dt.datetime) -> "FollowerQuerySet":
        """Asked for, never confirmed: somebody may have typed the address of another."""
        return self.filter(confirmed_at=None, asked_at__lt=now - Follower.PATIENCE)


@choices_checked
class Follower(models.Model):
    """One address that follows everything, a group, or a topic. Leaving deletes the row."""

    class Cadence(models.TextChoices):
        EACH = "each", _("a letter for each publication")
        DIGEST = "digest", _("one letter a week")

    PATIENCE = dt.timedelta(days=7)

    email = models.EmailField(_("e-mail address"), max_length=254)
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="followers", verbose_name=_("group")
    )
    topic = models.ForeignKey(
        Challenge, on_delete=models.CASCADE, null=True, blank=True, related_name="followers", verbose_name=_("topic")
    )
    cadence = models.CharField(_("how often"), max_length=6, choices=Cadence, default=Cadence.EACH)
    language = models.CharField(_("language of letters"), max_length=10, default=settings.LANGUAGE_CODE)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    told_until = models.DateTimeField(_("told of everything until"), null=True, blank=True, editable=False)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["told_until"], condition=Q(confirmed_at__isnull=False), name="follower_queue")]
        constraints = [
            models.UniqueConstraint(Lower("email"), "group", "topic", name="follower_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(group=None) | Q(topic=None), name="follower_one_subject"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
                name="follower_told_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def subject(self) -> WorkingGroup | Challenge | None:
        """What is followed; None means everything."""
        return self.group or self.topic
