"""Working groups, and who belongs to them in which role and period."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import formats
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.paths import path
from people.models import Region, User
from workinggroups import approximate


class Criterion(models.Model):
    """A fulfilment criterion of the enabling condition (Regulation (EU) 2021/1060, Annex IV)."""

    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=250)
    period = models.CharField(_("programming period"), max_length=9)
    legal_base = models.CharField(_("legal base"), max_length=120)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["period", "number"]
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="criterion_number_in_period")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class WorkingGroupQuerySet(models.QuerySet["WorkingGroup"]):
    def visible_to(self, user: object) -> "WorkingGroupQuerySet":  # noqa: ARG002 - every group has a public page
        return self.all()

    def active(self) -> "WorkingGroupQuerySet":
        return self.filter(status=WorkingGroup.Status.ACTIVE)

    def led_by(self, user: User) -> "WorkingGroupQuerySet":
        return self.filter(
            memberships__user=user,
            memberships__role=Membership.Role.LEADER,
            memberships__status=Membership.Status.ACTIVE,
        )

    def with_alias(self, slug: str) -> "WorkingGroup | None":
        """Return the group one of whose other names reads like this in an address."""
        named = self.exclude(aliases=[]).order_by("pk")
        return next((group for group in named if slug in {slugify(alias) for alias in group.aliases}), None)


@choices_checked
class WorkingGroup(models.Model):
    class Kind(models.TextChoices):
        WORKING_GROUP = "working_group", _("Working group")
        EXPERT_GROUP = "expert_group", _("Expert group")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")

    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=120)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name=_("other names"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WORKING_GROUP)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="groups", verbose_name=_("criterion")
    )
    summary = models.TextField(_("summary"), blank=True)
    aims = ArrayField(models.CharField(max_length=250), default=list, blank=True, verbose_name=_("aims"))
    kicked_off = models.CharField(
        _("kicked off"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(approximate.PATTERN)],
        help_text=_("2023, 2023-06 or 2023-06-08."),
    )
    mandate_from = models.DateField(_("mandate from"), null=True, blank=True)
    mandate_until = models.DateField(_("mandate until"), null=True, blank=True)
    mandate_note = models.TextField(_("note on the mandate"), blank=True)
    target_meetings_per_year = models.PositiveSmallIntegerField(_("meetings a year aimed at"), default=2)
    contact_email = models.EmailField(_("address of the group’s secretariat"), blank=True)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mandate_until=None) | Q(mandate_from=None) | Q(mandate_until__gt=models.F("mandate_from")),
                name="workinggroup_mandate_order",
                violation_error_message=_("The mandate must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kicked_off="") | Q(kicked_off__regex=approximate.PATTERN),
                name="workinggroup_kicked_off_form",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path("workinggroups:detail", self.slug)

    def clean(self) -> None:
        """Refuse another name whose address belongs to another group already."""
        wanted = {slugify(alias) for alias in self.aliases}
        for other in WorkingGroup.objects.exclude(pk=self.pk).order_by("pk"):
            if wanted & {other.slug, *map(slugify, other.aliases)}:
                raise ValidationError({"aliases": _("One of these names leads to the group %s already.") % other})

    @property
    def kicked_off_text(self) -> str:
        """The kick-off as exactly as it is known, in the reader's language ("June 2023")."""
        if not self.kicked_off:
            return ""
        return formats.date_format(approximate.first_day(self.kicked_off), approximate.display_format(self.kicked_off))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(status=Membership.Status.ACTIVE, user__is_active=True)

    def unended(self) -> "MembershipQuerySet":
        """Those that hold or rest."""
        return self.filter(ended_on=None, user__is_active=True)

    def on(self, day: dt.date) -> "MembershipQuerySet":
        """Memberships that held on that day, whatever became of them."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)

    def public(self) -> "MembershipQuerySet":
        """Only those who agreed to be named; leaving withdraws the listing at once."""
        return self.active().filter(user__show_name_publicly=True)

    def by_name(self) -> "MembershipQuerySet":
        """In alphabetical order, Ž beside Z: the database has no collation that would do it."""
        folded = Func(F("user__display_name"), function="immutable_unaccent", output_field=models.TextField())
        return self.order_by(Lower(folded), "pk")

    def with_people(self) -> "MembershipQuerySet":
        """Fetch person, organisation and region in the same query, and `country`: the name of the region's country."""
        country = Region.objects.filter(level=0, code=OuterRef("user__region__country")).order_by("-version")
        return self.select_related("user__organisation", "user__region").annotate(
            country=Subquery(country.values("name")[:1])
        )

    def visible_to(self, user: object) -> "MembershipQuerySet":
        if not isinstance(user, User):
            return self.none()
        if user.is_secretariat:
            return self.all()
        mine = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
        return self.filter(group__in=mine.values("group"))


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


@choices_checked
class Membership(models.Model):
    """One person in one group, in one role, for one period."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        LEADER = "leader", _("WG Leader")
        RAPPORTEUR = "rapporteur", _("WG Rapporteur")
        OBSERVER = "observer", _("Observer")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    TRANSITIONS = {
        Status.ACTIVE: {Status.PAUSED, Status.ENDED},
        Status.PAUSED: {Status.ACTIVE, Status.ENDED},
        Status.ENDED: set[Status](),
    }

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("group")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ACTIVE)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which the membership no longer holds.")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                condition=Q(ended_on=None),
                name="membership_one_active",
                violation_error_message=_("This person is already a member of the group."),
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (DateRange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person was already a member of the group in this period."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("started_on")), name="membership_period_order"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) | Q(status__in=["active", "paused"], ended_on=None),
                name="membership_status_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.group} ({self.get_role_display()})"

    def clean(self) -> None:
        """Refuse reversed dates on the field: the exclusion constraint would raise a DataError in its own check."""
        if self.started_on and self.ended_on and self.ended_on < self.started_on:
            raise ValidationError({"ended_on": _("The membership must not end before it begins.")})
