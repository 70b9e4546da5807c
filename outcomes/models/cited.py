"""The DOI of an edition: given elsewhere, stored here. It may come after publication; nothing else does."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from outcomes.doi import doi_address
from outcomes.models.references import DOI


class Cited(models.Model):
    """The DOI stands without resolver; the time is that of its last change, also of its removal."""

    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    doi_changed_at = models.DateTimeField(_("DOI changed"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(doi="") | Q(doi__regex=DOI),
                name="edition_doi_form",
                violation_error_message=_("A DOI looks like 10.2760/3582."),
            ),
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="edition_doi_once",
                violation_error_message=_("Another edition has this DOI."),
            ),
            models.CheckConstraint(condition=Q(doi="") | Q(doi_changed_at__isnull=False), name="edition_doi_since"),
        ]

    @property
    def doi_address(self) -> str:
        """Where the DOI leads; "" without one."""
        return doi_address(self.doi)
