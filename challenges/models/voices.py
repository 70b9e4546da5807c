"""What members say about a challenge, and who of them supports it. Both stay within the group."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from challenges.models.register import Challenge
from history.comments import Comment


class ChallengeComment(Comment):
    challenge = models.ForeignKey(
        Challenge, on_delete=models.CASCADE, related_name="comments", verbose_name=_("challenge")
    )

    class Meta(Comment.Meta):
        verbose_name = _("comment on a challenge")
        verbose_name_plural = _("comments on challenges")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="challengecomment_says_something"),
        ]


class Support(models.Model):
    """One member finds that a challenge matters. Taking it back deletes the row."""

    challenge = models.ForeignKey(
        Challenge, on_delete=models.CASCADE, related_name="supports", verbose_name=_("challenge")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("supported by")
    )

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        ordering = ["challenge", "pk"]
        constraints = [models.UniqueConstraint(fields=["challenge", "by"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.by} – {self.challenge}"
