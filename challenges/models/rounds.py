"""Ranking rounds with their frozen options."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models.register import Challenge, active_groups
from history.choices import choices_checked
from history.constraints import DatabaseCheck
from meetings.models import AgendaItem, Decision, Meeting
from people.models import User, check_timezone
from workinggroups.models import Membership, WorkingGroup


class RankingRoundQuerySet(models.QuerySet["RankingRound"]):
    def published(self) -> "RankingRoundQuerySet":
        return self.filter(state=RankingRound.State.PUBLISHED)

    def visible_to(self, user: object) -> "RankingRoundQuerySet":
        """Published: everybody. Else the group; a draft only those who run rounds."""
        if not isinstance(user, User):
            return self.published()
        if user.is_secretariat:
            return self.all()
        led = WorkingGroup.objects.led_by(user)
        within = Q(group__in=active_groups(user)) & ~Q(state=RankingRound.State.DRAFT)
        asked = Q(pk__in=RankingRound.objects.filter(electors__user=user).values("pk"))
        return self.filter(Q(state=RankingRound.State.PUBLISHED) | within | asked | Q(group__in=led))

    def to_open(self, now: dt.datetime) -> "RankingRoundQuerySet":
        return self.filter(Q(closes_at=None) | Q(closes_at__gt=now), state=RankingRound.State.DRAFT, opens_at__lte=now)

    def to_close(self, now: dt.datetime) -> "RankingRoundQuerySet":
        return self.filter(state=RankingRound.State.OPEN, closes_at__lte=now)


@choices_checked
class RankingRound(models.Model):
    """One question to one group about a frozen set of options (ranking.md of the method: R1 to R10)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")

    class Policy(models.TextChoices):
        BREAKDOWN = "breakdown", _("Show how the helices differ; ballots are never published")
        OPEN_BALLOTS = "open_ballots", _("Publish anonymous ballots; no breakdown by helix")

    class Strength(models.TextChoices):
        MARGINS = "margins", _("margins")
        WINNING = "winning", _("winning votes")

    TRANSITIONS = {
        State.DRAFT: {State.OPEN, State.CANCELLED},
        State.OPEN: {State.CLOSED, State.CANCELLED},
        State.CLOSED: {State.PUBLISHED},
        State.PUBLISHED: set[State](),
        State.CANCELLED: set[State](),
    }

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("group"))
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("meeting")
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="rounds",
        verbose_name=_("agenda item"),
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="rounds",
        verbose_name=_("decision it belongs to"),
    )
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("repeats")
    )
    deepens = models.ForeignKey(
        "Focus", on_delete=models.PROTECT, null=True, blank=True, related_name="deepened_by", verbose_name=_("deepens")
    )
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    policy = models.CharField(_("what is published"), max_length=12, choices=Policy, default=Policy.BREAKDOWN)
    strength = models.CharField(_("strength of a majority"), max_length=8, choices=Strength, default=Strength.MARGINS)
    level = models.FloatField(
        _("level of the intervals"), default=0.90, validators=[MinValueValidator(0.5), MaxValueValidator(0.99)]
    )
    voting_roles = ArrayField(
        models.CharField(max_length=12, choices=Membership.Role), default=list, verbose_name=_("roles that vote")
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels", validators=[check_timezone])
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    will_repeat = models.BooleanField(
        _("a repeat is planned"),
        default=False,
        help_text=_("Ballots stay linked to their members until the repeat is published, six months at most."),
    )
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    unlinked_at = models.DateTimeField(_("unlinked"), null=True, blank=True, editable=False)
    cancel_reason = models.TextField(_("reason"), blank=True)
    ballots_cast = models.PositiveIntegerField(default=0, editable=False)
    paper_ballots = models.PositiveIntegerField(default=0, editable=False)
    electors_asked = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = RankingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking round")
        verbose_name_plural = _("ranking rounds")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            DatabaseCheck(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="rankinground_closes_after_open",
                violation_error_message=_("The round must close after it opens."),
            ),
            DatabaseCheck(condition=Q(repeats=None) | Q(deepens=None), name="rankinground_repeats_or_deepens"),
            DatabaseCheck(condition=Q(level__range=(0.5, 0.99)), name="rankinground_level_possible"),
            DatabaseCheck(
                condition=~Q(state__in=["open", "closed", "published"]) | Q(opened_at__isnull=False),
                name="rankinground_opened",
            ),
            DatabaseCheck(
                condition=Q(state__in=["closed", "published"], closed_at__isnull=False)
                | (~Q(state__in=["closed", "published"]) & Q(closed_at=None)),
                name="rankinground_closed_pair",
            ),
            DatabaseCheck(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="rankinground_published_pair",
            ),
            DatabaseCheck(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
                name="rankinground_cancelled_pair",
            ),
            DatabaseCheck(condition=Q(ballots_cast__lte=F("electors_asked")), name="rankinground_turnout_possible"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("challenges:round", args=[self.pk])

    def clean(self) -> None:
        """Tell what the database would refuse of a plan."""
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError(_("The round must close after it opens."))
        if self.repeats_id and self.deepens_id:
            raise ValidationError(_("A round repeats a question or deepens a focus, not both."))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def takes_ballots(self, now: dt.datetime) -> bool:
        """The clock rules: after `closes_at` no ballot is taken even when the closing task is late."""
        return self.state == self.State.OPEN and (self.closes_at is None or now < self.closes_at)


class RoundOption(models.Model):
    """A copy of a challenge's title and text as it stood when the round opened."""

    round = models.ForeignKey(RankingRound, on_delete=models.CASCADE, related_name="options", verbose_name=_("round"))
    position = models.PositiveSmallIntegerField(_("position"))
    challenge = models.ForeignKey(
        Challenge,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="round_options",
        verbose_name=_("challenge"),
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="roundoption_position"),
            models.UniqueConstraint(fields=["round", "challenge"], name="roundoption_challenge_once"),
        ]

    def __str__(self) -> str:
        return self.title
