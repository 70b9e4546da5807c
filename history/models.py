"""What happened to which record: append-only entries, and the version of everything public."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, record: models.Model) -> "EntryQuerySet":
        return self.filter(about_type=ContentType.objects.get_for_model(record), about_id=record.pk)

    def published(self) -> "EntryQuerySet":
        return self.filter(is_public=True)


class Entry(models.Model):
    """One deed. A database trigger refuses changes and deletions (migration 0002)."""

    about_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    verb = models.CharField(_("what happened"), max_length=40)
    at = models.DateTimeField(_("when"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deeds",
        verbose_name=_("by"),
    )
    reason = models.TextField(_("reason"), blank=True)
    payload = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(_("public"), default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["about_type", "about_id", "-at"], name="entry_about")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


class ContentVersion(models.Model):
    """One row whose number grows with each change of public content."""

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="contentversion_single_row")]

    def __str__(self) -> str:
        return str(self.number)
