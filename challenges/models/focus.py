"""Focus: what a group takes up after a published round, and why."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from challenges.models.register import Challenge
from challenges.models.rounds import RankingRound
from meetings.models import Decision, Meeting


class FocusQuerySet(models.QuerySet["Focus"]):
    def visible_to(self, user: object) -> "FocusQuerySet":
        return self.filter(round__in=RankingRound.objects.visible_to(user))


class Focus(models.Model):
    """A decision of its own after a published round: which challenges the group takes up, and why."""

    round = models.OneToOneField(RankingRound, on_delete=models.PROTECT, related_name="focus", verbose_name=_("round"))
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="focuses", verbose_name=_("meeting")
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.SET_NULL,  # a correction of the minutes may take it out
        null=True,
        blank=True,
        related_name="focuses",
        verbose_name=_("decision in the minutes"),
    )
    reason = models.TextField(_("reason"))
    decided_at = models.DateTimeField(_("decided"), db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )

    objects = FocusQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus")
        verbose_name_plural = _("focuses")
        ordering = ["-decided_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="focus_reason_given")]

    def __str__(self) -> str:
        return f"{self.round}"


class FocusEntry(models.Model):
    """A challenge in focus; equal ranks are a joint rank."""

    focus = models.ForeignKey(Focus, on_delete=models.CASCADE, related_name="entries", verbose_name=_("focus"))
    rank = models.PositiveSmallIntegerField(_("rank"), validators=[MinValueValidator(1)])
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="focus_entries", verbose_name=_("challenge")
    )

    class Meta:
        verbose_name = _("challenge in focus")
        verbose_name_plural = _("challenges in focus")
        ordering = ["focus", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["focus", "challenge"], name="focusentry_challenge_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="focusentry_rank_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.challenge}"
