"""The numbered editions of a publication and their life cycle."""

import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.prepared import Key
from meetings import languages
from outcomes.models.cited import Cited
from outcomes.models.publications import Publication
from outcomes.models.references import Reference
from outcomes.models.review import Reviewed
from outcomes.search import UNSTEMMED, Beginnings, indexed, query, spelling
from outcomes.statements import AnyOf
from people.models import Helix, User
from workinggroups.models import Membership

BALLOTS = "snapshot__sources__rounds__0__result__n"


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        """The edition a reader sees first: one for each publication."""
        return self.filter(state=Edition.State.PUBLISHED)

    def short(self) -> "EditionQuerySet":
        """Without the long columns: for lists."""
        return self.defer("html", "text", "snapshot", "search")

    def public(self) -> "EditionQuerySet":
        """Everything that has ever been published, superseded and withdrawn editions included."""
        return self.filter(state__in=Edition.PUBLIC)

    def visible_to(self, user: object) -> "EditionQuerySet":
        """Unpublished editions are seen by the secretariat and by leaders and rapporteurs of their groups.

        While an edition is in review, so do all members: they may comment on it.
        """
        if not isinstance(user, User):
            return self.public()
        if user.is_secretariat:
            return self.all()
        mine = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
        writing = mine.filter(role__in=[Membership.Role.LEADER, Membership.Role.RAPPORTEUR])
        own = Publication.objects.filter(groups__in=writing.values("group"))
        read = Publication.objects.filter(groups__in=mine.values("group"))
        in_review = Q(state=Edition.State.IN_REVIEW, publication__in=read)
        return self.filter(Q(state__in=Edition.PUBLIC) | Q(publication__in=own) | in_review)

    def having(self, words: str | Key) -> "EditionQuerySet":
        """What has the words; in a language without a grammar here also what has words that begin alike.

        Found as a list of keys, that is by two indexes: a condition on language within an OR makes PostgreSQL read all.
        """
        alike = Edition.objects.filter(language__in=UNSTEMMED, search=Beginnings(words)).order_by()
        return self.filter(Q(search=query(words)) | Q(AnyOf(F("pk"), ArraySubquery(alike.values("pk")))))

    def due(self, now: dt.datetime) -> "EditionQuerySet":
        """Approved, and their time has come."""
        return self.filter(state=Edition.State.APPROVED, publish_at__lte=now)

    def to_build(self, now: dt.datetime) -> "EditionQuerySet":
        """Asked for, not parked, and not in the hands of a living worker."""
        return self.filter(
            Q(build_lease_until=None) | Q(build_lease_until__lt=now),
            state=Edition.State.BUILDING,
            build_attempts__lt=Edition.MAX_BUILDS,
        )


@choices_checked
class Edition(Reviewed, Cited):
    """One numbered version. Once published it never changes but for its DOI; a correction is the next one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        BUILDING = "building", _("being built")
        READY = "ready", _("ready")
        FAILED = "failed", _("build failed")
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Template(models.TextChoices):
        ROUND = "round", _("Outcome of a round")
        MEETING = "meeting", _("Report of a meeting")
        HALF_YEAR = "half_year", _("Half-year report of a group")
        LEAFLET = "leaflet", _("Leaflet of a group, one page")

    TRANSITIONS = {
        State.DRAFT: {State.BUILDING},
        State.BUILDING: {State.READY, State.FAILED, State.DRAFT},  # back to a draft when it is called off
        State.FAILED: {State.BUILDING},
        State.READY: {State.IN_REVIEW, State.BUILDING},  # edited prose is built anew
        State.IN_REVIEW: {State.APPROVED, State.DRAFT},
        State.APPROVED: {State.PUBLISHED, State.DRAFT},  # back when it may not appear as it is
        State.PUBLISHED: {State.SUPERSEDED, State.WITHDRAWN},
        State.SUPERSEDED: set[State](),
        State.WITHDRAWN: set[State](),
    }
    PUBLIC = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
    EDITABLE = (State.DRAFT, State.FAILED, State.READY)
    MAX_BUILDS = 3
    BUILD_STEPS = 6

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="editions", verbose_name=_("publication")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    template = models.CharField(_("template"), max_length=10, choices=Template, default=Template.ROUND)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_until = models.DateField(_("until"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), blank=True)
    plain_summary = models.TextField(_("in plain words"), blank=True)
    next_steps = models.TextField(_("what comes next"), blank=True)
    change_note = models.TextField(_("what changed"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=list(languages.NAMES.items()), default="en")
    licence = models.CharField(_("licence"), max_length=20, default="CC-BY-4.0")
    references = models.ManyToManyField(
        Reference, blank=True, related_name="editions", verbose_name=_("works of others")
    )
    snapshot = models.JSONField(null=True, blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    helices = ArrayField(
        models.CharField(max_length=20, choices=Helix),
        default=list,
        blank=True,
        editable=False,
        verbose_name=_("who contributed"),
    )
    notes = models.JSONField(default=list, blank=True, editable=False)
    build_step = models.PositiveSmallIntegerField(default=0, editable=False)
    build_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    build_lease_until = models.DateTimeField(null=True, editable=False)
    build_error = models.TextField(blank=True, editable=False)
    built_at = models.DateTimeField(_("built"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdraw_reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    search = models.GeneratedField(
        expression=indexed(),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    ballots = models.GeneratedField(
        expression=Case(
            When(snapshot__sources__rounds__1__isnull=True, then=Cast(KT(BALLOTS), models.IntegerField())),
        ),
        output_field=models.IntegerField(null=True),
        db_persist=True,
        verbose_name=_("ballots of its only round"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["publication", "-version"]
        indexes = [
            GinIndex(fields=["search"], name="edition_search"),
            GinIndex(fields=["search"], condition=Q(language__in=UNSTEMMED), name="edition_unstemmed"),
            GinIndex(OpClass(spelling(), name="gin_trgm_ops"), name="edition_spelling"),
            models.Index(fields=["-published_at"], condition=Q(state="published"), name="edition_shelf"),
        ]
        constraints = [
            *Reviewed.Meta.constraints,
            *Cited.Meta.constraints,
            models.UniqueConstraint(fields=["publication", "version"], name="edition_version"),
            models.UniqueConstraint(
                fields=["publication"], condition=Q(state="published"), name="edition_one_published"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="edition_version_positive"),
            models.CheckConstraint(
                condition=Q(template="half_year", period_from__isnull=False, period_until__gt=F("period_from"))
                | (~Q(template="half_year") & Q(period_from=None, period_until=None)),
                name="edition_period_of_half_year",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "in_review", "approved", "published", "superseded"])
                | Q(built_at__isnull=False),
                name="edition_built_before_review",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "superseded"]) | (Q(published_at__isnull=False) & ~Q(abstract="")),
                name="edition_published_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="edition_withdrawn_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdraw_reason=""), name="edition_withdraw_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The address of exactly this edition; the publication's own address shows the latest."""
        return reverse("outcomes:edition", args=[self.publication.slug, self.version])
