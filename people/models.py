"""Persons who sign in by e-mail, the organisations they come from, and the regions of the NUTS tree."""

from functools import cache
from typing import ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked


class Helix(models.TextChoices):
    """The quadruple helix, in the order used everywhere."""

    GOVERNMENT = "government", _("Public authorities")
    BUSINESS = "business", _("Business")
    ACADEMIA = "academia", _("Academia")
    CIVIL_SOCIETY = "civil_society", _("Civil society")


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone this machine knows, read from its files once; not names that mean another zone elsewhere."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def check_timezone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone that this machine knows."""
    if name not in zone_names():
        raise ValidationError(
            _("“%(name)s” is no time zone we know. Try one like Europe/Brussels."), params={"name": name}
        )


def _origins() -> Subquery:
    """How many regions each one took over from. Counted by itself: joined, it takes seconds where tables are new."""
    own = Region.predecessors.through.objects.filter(from_region=OuterRef("pk")).order_by().values("from_region")
    return Subquery(own.values(number=Count("*")))


class RegionQuerySet(models.QuerySet["Region"]):
    def current(self) -> "RegionQuerySet":
        return self.filter(version=Region.CURRENT)

    def resolve(self, code: str) -> "Region | None":
        """Return today's region for a code of any version (PT16 -> PT19); None for a code never used.

        Where a region was divided, it is the successor that took over least from others, then the first by code.
        """
        region = self.filter(code=code.upper()).order_by("-version").first() if code.isalnum() else None
        while region and region.version < Region.CURRENT:
            heir = region.successors.alias(origins=_origins()).order_by("origins", "code").first()
            if heir is None:
                break
            region = heir
        return region


class Region(models.Model):
    """A node of the NUTS tree (levels 0 to 3) in one version of the classification."""

    CURRENT = "2024"

    code = models.CharField(_("code"), max_length=5)
    version = models.CharField(_("NUTS version"), max_length=4)
    level = models.PositiveSmallIntegerField(_("level"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name=_("predecessors")
    )
    country = models.CharField(_("country code"), max_length=2)
    name = models.CharField(_("name"), max_length=120)
    name_local = models.CharField(_("name in the region's language"), max_length=120, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    is_outermost = models.BooleanField(_("outermost region"), default=False)
    cohesion_category = models.CharField(_("cohesion category"), max_length=20, blank=True)
    lagging_type = models.CharField(_("lagging type"), max_length=20, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="region_code_version"),
            models.CheckConstraint(condition=models.Q(level__lte=3), name="region_level_known"),
            models.CheckConstraint(
                condition=models.Q(level=0, parent=None) | models.Q(level__gt=0, parent__isnull=False),
                name="region_parent_by_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


@choices_checked
class Organisation(models.Model):
    """Where a member works. Its helix follows from its type."""

    class Kind(models.TextChoices):
        REGIONAL_AUTHORITY = "regional_authority", _("Regional authority")
        MINISTRY = "ministry", _("Ministry")
        DEVELOPMENT_AGENCY = "development_agency", _("Development agency")
        UNIVERSITY = "university", _("University")
        RESEARCH_ORGANISATION = "research_organisation", _("Research organisation")
        COMPANY = "company", _("Company")
        CLUSTER = "cluster", _("Cluster")
        CHAMBER = "chamber_of_commerce", _("Chamber of commerce")
        ASSOCIATION = "citizen_association", _("Citizens’ association")
        NETWORK = "non_profit_network", _("Non-profit network")
        SOCIAL_PARTNER = "social_partner", _("Social partner")
        SECRETARIAT = "secretariat", _("Secretariat")
        EXPERT_POOL = "expert_pool", _("Pool of experts")

    HELIX_OF = {
        Kind.REGIONAL_AUTHORITY: Helix.GOVERNMENT,
        Kind.MINISTRY: Helix.GOVERNMENT,
        Kind.DEVELOPMENT_AGENCY: Helix.GOVERNMENT,
        Kind.UNIVERSITY: Helix.ACADEMIA,
        Kind.RESEARCH_ORGANISATION: Helix.ACADEMIA,
        Kind.COMPANY: Helix.BUSINESS,
        Kind.CLUSTER: Helix.BUSINESS,
        Kind.CHAMBER: Helix.BUSINESS,
        Kind.ASSOCIATION: Helix.CIVIL_SOCIETY,
        Kind.NETWORK: Helix.CIVIL_SOCIETY,
        Kind.SOCIAL_PARTNER: Helix.CIVIL_SOCIETY,
    }

    slug = models.SlugField(_("short name"), unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=30, choices=Kind)
    helix = models.CharField(_("helix"), max_length=20, choices=Helix, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("region")
    )
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def secretariat(self) -> "UserQuerySet":
        return self.active().filter(is_secretariat=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **values: object) -> "User":
        """Create a person; without a password nobody can sign in until one is set."""
        user = self.model(email=email.strip().lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **values: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **values)


@choices_checked
class User(AbstractBaseUser, PermissionsMixin):
    """A person. A role belongs to a membership, never to the person; only the secretariat is site-wide."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("name"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    helix = models.CharField(_("helix"), max_length=20, choices=Helix, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("region")
    )
    language = models.CharField(_("language of letters"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels", validators=[check_timezone])
    is_secretariat = models.BooleanField(_("secretariat"), default=False)
    show_name_publicly = models.BooleanField(_("list my name on the public group page"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_any_case", violation_error_message=_("This e-mail address is taken.")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email
