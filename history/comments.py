"""What people say about a record. Each room keeps its own comments; this is what they have in common."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """One remark in plain text. The room adds the key of the record it is about, as `related_name="comments"`."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("written"), db_default=Now())
    text = models.TextField(_("comment"), max_length=5000)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
