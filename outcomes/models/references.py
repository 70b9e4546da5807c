"""Works of others that the community draws on: never mixed with its own outcomes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from history.choices import choices_checked
from workinggroups.models import WorkingGroup

DOI = r"^10\.[0-9]{4,9}(\.[0-9]+)*/[^[:space:]]+$"  # ISO 26324: registrant, then any suffix without blanks
ISBN = r"^(97[89])?[0-9]{9}[0-9X]$"
EARLIEST, LATEST = 1500, 2199


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def listed(self) -> "ReferenceQuerySet":
        """In the order of a bibliography: the newest first, those without a year at the end."""
        return self.order_by(models.F("year").desc(nulls_last=True), "authors", "title", "pk")


@choices_checked
class Reference(models.Model):
    """One external work with what is needed to cite it. The DOI stands without resolver, the ISBN without hyphens."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        ARTICLE = "article", _("Article")
        BOOK = "book", _("Book")
        CHAPTER = "chapter", _("Chapter")
        PAPER = "paper", _("Conference or working paper")
        THESIS = "thesis", _("Thesis")
        DATASET = "dataset", _("Dataset")
        WEBPAGE = "webpage", _("Web page")
        LEGISLATION = "legislation", _("Legislation")
        OTHER = "other", _("Other")

    citekey = models.SlugField(_("key for citing"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    title = models.CharField(_("title"), max_length=400)
    authors = ArrayField(models.CharField(max_length=200), verbose_name=_("authors"), default=list, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    series = models.CharField(_("series or journal"), max_length=250, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=13, blank=True)
    report_no = models.CharField(_("report numbers"), max_length=120, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    parent_project = models.CharField(_("made in the project"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en", blank=True)
    groups = models.ManyToManyField(
        WorkingGroup, blank=True, related_name="references", verbose_name=_("of interest to the groups")
    )
    topics = models.ManyToManyField(Challenge, blank=True, related_name="references", verbose_name=_("topics"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["citekey"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="reference_title"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__gte=EARLIEST, year__lte=LATEST),
                name="reference_year_plausible",
                violation_error_message=_("The year is a number between 1500 and 2199."),
            ),
            models.CheckConstraint(
                condition=Q(doi="") | Q(doi__regex=DOI),
                name="reference_doi_form",
                violation_error_message=_("A DOI looks like 10.2760/3582."),
            ),
            models.CheckConstraint(
                condition=Q(isbn="") | Q(isbn__regex=ISBN),
                name="reference_isbn_form",
                violation_error_message=_("An ISBN has 10 or 13 digits."),
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^https?://"),
                name="reference_url_web",
                violation_error_message=_("The address begins with http:// or https://."),
            ),
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="reference_doi_once",
                violation_error_message=_("A reference with this DOI is listed already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its place in the list; references have no page of their own."""
        return f"{reverse('outcomes:references')}#{self.citekey}"
