"""Meetings planned together from one pattern. The rows are the truth: each may move on its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workinggroups.models import WorkingGroup


class Series(models.Model):
    """What the meetings of a series have in common; `pattern` is the recurrence they were made from (RFC 5545)."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="series", verbose_name=_("group"))
    title = models.CharField(_("title"), max_length=200)
    pattern = models.CharField(_("pattern"), max_length=200)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(pattern=""), name="series_has_pattern")]

    def __str__(self) -> str:
        return self.title
