"""The register of challenges: clusters and their subdimensions."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from meetings.models import AgendaItem
from people.models import User
from workinggroups.models import Membership, WorkingGroup


def active_groups(user: User) -> models.QuerySet[Membership, int]:
    """The ids of the groups in which the person is an active member of any role, as a subquery."""
    return Membership.objects.filter(user=user, status=Membership.Status.ACTIVE).values_list("group_id", flat=True)


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def published(self) -> "ChallengeQuerySet":
        return self.exclude(_within_the_group())

    def visible_to(self, user: object) -> "ChallengeQuerySet":
        if not isinstance(user, User):
            return self.published()
        if user.is_secretariat:
            return self.all()
        return self.filter(~_within_the_group() | Q(group__in=active_groups(user)))

    def clusters(self) -> "ChallengeQuerySet":
        return self.filter(parent=None)

    def rankable(self) -> "ChallengeQuerySet":
        """What can be an option of a round: neither merged nor parked."""
        return self.exclude(status__in=[Challenge.Status.MERGED, Challenge.Status.PARKED])


def _within_the_group() -> Q:
    """What only the group sees: proposals, those merged before anybody took them up, and what is parked."""
    proposed = Challenge.Status.PROPOSED
    hidden = Q(status__in=[proposed, Challenge.Status.PARKED])
    return hidden | Q(status=Challenge.Status.MERGED, status_before=proposed)


@choices_checked
class Challenge(models.Model):
    """A cluster (no parent) or one of its subdimensions."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        IDENTIFIED = "identified", _("identified")
        RANKED = "ranked", _("ranked")
        IN_FOCUS = "in_focus", _("in focus")
        ADDRESSED = "addressed", _("addressed")
        CLOSED = "closed", _("closed")
        MERGED = "merged", _("merged")
        PARKED = "parked", _("parked")

    class Nature(models.TextChoices):
        NEED = "need", _("Need")
        PROBLEM = "problem", _("Problem")
        CHALLENGE = "challenge", _("Challenge")

    class Origin(models.TextChoices):
        MEMBER = "member", _("Named by members")
        SECRETARIAT = "secretariat", _("Added by the secretariat")
        PUBLICATION = "publication", _("Taken from a publication")

    TRANSITIONS = {
        Status.PROPOSED: {Status.IDENTIFIED, Status.MERGED, Status.PARKED},
        Status.IDENTIFIED: {Status.RANKED, Status.MERGED, Status.PARKED},
        Status.RANKED: {Status.IN_FOCUS, Status.ADDRESSED, Status.MERGED, Status.PARKED},
        Status.IN_FOCUS: {Status.ADDRESSED, Status.RANKED},
        Status.ADDRESSED: {Status.CLOSED, Status.IN_FOCUS},
        Status.PARKED: {Status.PROPOSED},
        Status.MERGED: {Status.PROPOSED, Status.IDENTIFIED, Status.RANKED},  # to the one it came from, when undone
        Status.CLOSED: set[Status](),
    }
    # Steps that need a written reason: what is put aside, taken back or taken up again.
    WITH_REASON = {
        (Status.PROPOSED, Status.MERGED),
        (Status.PROPOSED, Status.PARKED),
        (Status.IDENTIFIED, Status.MERGED),
        (Status.IDENTIFIED, Status.PARKED),
        (Status.RANKED, Status.MERGED),
        (Status.RANKED, Status.PARKED),
        (Status.IN_FOCUS, Status.RANKED),
        (Status.ADDRESSED, Status.IN_FOCUS),
        (Status.PARKED, Status.PROPOSED),
        (Status.MERGED, Status.PROPOSED),
        (Status.MERGED, Status.IDENTIFIED),
        (Status.MERGED, Status.RANKED),
    }

    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, related_name="challenges", verbose_name=_("group")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subdimensions", verbose_name=_("cluster")
    )
    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"), blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.CHALLENGE)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.MEMBER)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PROPOSED)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    status_before = models.CharField(
        _("status before merging"), max_length=12, choices=Status, blank=True, editable=False
    )
    split_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="split_into",
        verbose_name=_("split from"),
        editable=False,
    )
    agenda_items = models.ManyToManyField(
        AgendaItem, blank=True, related_name="challenges", verbose_name=_("agenda items")
    )

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["group", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="challenge_merged_into_another",
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="challenge_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="challenge_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(split_from=None) | ~Q(split_from=F("id")), name="challenge_not_split_from_itself"
            ),
            models.CheckConstraint(
                condition=Q(status_before="")
                | Q(status="merged", status_before__in=["proposed", "identified", "ranked"]),
                name="challenge_status_before_merging",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("challenges:detail", args=[self.slug])

    @property
    def sortable(self) -> bool:
        """Can be merged or split: not taken up yet, nor put aside."""
        return self.Status.MERGED in self.TRANSITIONS[self.Status(self.status)]
