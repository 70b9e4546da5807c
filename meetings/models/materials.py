"""Papers of a meeting: files and links with their versions, and who may see them from when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.prepared import Key
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.minutes import groups_of
from people.models import User


class MaterialQuerySet(models.QuerySet["Material"]):
    def current(self) -> "MaterialQuerySet":
        return self.filter(withdrawn_at=None)

    def published(self, now: dt.datetime | Key) -> "MaterialQuerySet":
        """What everybody may read: public, past its embargo, of an announced meeting."""
        free = Q(embargo_until=None) | Q(embargo_until__lte=now)
        return self.current().filter(free, access=Material.Access.PUBLIC, meeting__announced_at__isnull=False)

    def visible_to(self, user: object, now: dt.datetime | Key) -> "MaterialQuerySet":
        """The group sees what the public does not see yet; nobody sees what was withdrawn."""
        if not isinstance(user, User):
            return self.published(now)
        if user.is_secretariat:
            return self.current()
        return self.published(now) | self.current().filter(meeting__group__in=groups_of(user))


class MaterialVersionQuerySet(models.QuerySet["MaterialVersion"]):
    def visible_to(self, user: object, now: dt.datetime) -> "MaterialVersionQuerySet":
        """Only the group sees what was replaced: a paper may have become public after that."""
        versions = self.filter(material__in=Material.objects.visible_to(user, now).values("pk"))
        if isinstance(user, User) and user.is_secretariat:
            return versions
        newer = MaterialVersion.objects.filter(material=OuterRef("material"), number__gt=OuterRef("number"))
        if not isinstance(user, User):
            return versions.filter(~Exists(newer))
        return versions.filter(~Exists(newer) | Q(material__meeting__group__in=groups_of(user)))

    def newest(self) -> "MaterialVersionQuerySet":
        """One for each paper, in the order the papers were added."""
        return self.order_by("material_id", "-number").distinct("material_id")


@choices_checked
class Material(models.Model):
    """One paper. Its newest version is what readers get; the others stay."""

    class Access(models.TextChoices):
        PUBLIC = "public", _("everybody")
        MEMBERS = "members", _("the group")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="materials", verbose_name=_("meeting"))
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("agenda item"),
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Slides, notes, report …"))
    access = models.CharField(_("who may read it"), max_length=10, choices=Access, default=Access.MEMBERS)
    language = models.CharField(_("language"), max_length=10, default="en")
    embargo_until = models.DateTimeField(_("public only from"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(embargo_until=None) | Q(access="public"),
                name="material_embargo_of_public",
                violation_error_message=_("Only a paper that becomes public has a date from which it is."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class MaterialVersion(models.Model):
    """A file, stored under the hash of its content, or a link; `media_type` is what the content says, not its name."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="versions", verbose_name=_("paper"))
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to="materials", blank=True, max_length=120)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), default=0, editable=False)
    media_type = models.CharField(_("type"), max_length=120, blank=True, editable=False)
    url = models.URLField(_("link"), blank=True, max_length=500)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    objects = MaterialVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a paper")
        verbose_name_plural = _("versions of papers")
        ordering = ["material", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="materialversion_number"),
            models.CheckConstraint(
                condition=(Q(file="", sha256="") & ~Q(url="")) | (Q(url="") & ~Q(file="") & ~Q(sha256="")),
                name="materialversion_file_or_link",
                violation_error_message=_("Give a file or a link, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} ({self.number})"
