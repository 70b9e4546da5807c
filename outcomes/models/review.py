"""Who read an edition before the public does, and when it is to appear."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _person() -> "models.ForeignKey[object, object]":
    """A key that the named person cannot be deleted behind."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )


def _pair(step: str) -> models.CheckConstraint:
    """Time and person of a step stand together or not at all."""
    neither: dict[str, object] = {}
    both: dict[str, object] = {}
    for part in ("at", "by"):
        neither[f"{step}_{part}"] = None
        both[f"{step}_{part}__isnull"] = False
    return models.CheckConstraint(condition=Q(**neither) | Q(**both), name=f"edition_{step}_pair")


class Reviewed(models.Model):
    """Sent to review, read by the group, signed off by its leader, approved by a second person, due at a time."""

    submitted_at = models.DateTimeField(_("sent to review"), null=True, editable=False)
    submitted_by = _person()
    comments_until = models.DateTimeField(_("the group may comment until"), null=True, editable=False)
    signed_off_at = models.DateTimeField(_("signed off"), null=True, editable=False)
    signed_off_by = _person()
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = _person()
    publish_at = models.DateTimeField(_("appears"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            _pair("submitted"),
            _pair("signed_off"),
            _pair("approved"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published", "superseded", "withdrawn"])
                | Q(submitted_at__isnull=False, approved_at__isnull=False),
                name="edition_approved_before_publication",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at=None) | Q(submitted_at__isnull=False), name="edition_signed_off_in_review"
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(state__in=["approved", "published", "superseded", "withdrawn"]),
                name="edition_only_approved_are_due",
            ),
        ]
