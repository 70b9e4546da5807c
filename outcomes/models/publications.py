"""What stays the same over all editions of an outcome."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge, RankingRound
from history.choices import choices_checked
from people.models import Region
from workinggroups.models import WorkingGroup


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: object) -> "PublicationQuerySet":
        from outcomes.models.editions import Edition  # which knows this module

        return self.filter(pk__in=Edition.objects.visible_to(user).values("publication"))

    def family_of(self, publication: "Publication") -> "PublicationQuerySet":
        """The original and its translations, the publication among them."""
        original = publication.translation_of_id or publication.pk
        return self.filter(Q(pk=original) | Q(translation_of=original))


@choices_checked
class Publication(models.Model):
    """What stays the same over all editions."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Outcome report")
        POLICY_BRIEF = "policy_brief", _("Policy brief")
        WORKING_PAPER = "working_paper", _("Working paper")
        LEAFLET = "leaflet", _("Leaflet")
        METHOD = "method", _("Method")
        MINUTES_DIGEST = "minutes_digest", _("Minutes digest")
        WEBINAR = "webinar", _("Webinar")

    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    groups = models.ManyToManyField(WorkingGroup, related_name="publications", verbose_name=_("groups"))
    topics = models.ManyToManyField(Challenge, blank=True, related_name="publications", verbose_name=_("topics"))
    regions = models.ManyToManyField(Region, blank=True, related_name="publications", verbose_name=_("regions"))
    round = models.OneToOneField(
        RankingRound,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publication",
        verbose_name=_("the outcome of the round"),
    )
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(translation_of=None) | ~Q(translation_of=F("pk")), name="publication_translates_another"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("outcomes:detail", args=[self.slug])
