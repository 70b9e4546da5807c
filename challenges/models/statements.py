"""Minority statements: what a member wants to be read beside a result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from challenges.models.rounds import RankingRound


class Statement(models.Model):
    """One short statement of one member on one round; the name stands under it only if the member wants that."""

    LONGEST = 1200

    round = models.ForeignKey(
        RankingRound, on_delete=models.CASCADE, related_name="statements", verbose_name=_("round")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("statement"), max_length=LONGEST)
    named = models.BooleanField(_("with my name"), default=False)
    filed_at = models.DateTimeField(_("filed"), db_default=Now())

    class Meta:
        verbose_name = _("minority statement")
        verbose_name_plural = _("minority statements")
        ordering = ["round", "filed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "author"], name="statement_one_each"),
            models.CheckConstraint(condition=~Q(text=""), name="statement_says_something"),
        ]

    def __str__(self) -> str:
        return str(_("a minority statement"))
