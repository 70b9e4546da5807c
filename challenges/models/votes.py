"""Who may vote, the ballots, the hashes of their receipts, and the stored result of a round."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from challenges.models.rounds import RankingRound
from history.choices import choices_checked
from people.models import Helix


@choices_checked
class Elector(models.Model):
    """Who may vote, with the helix of the day of opening. `has_voted` is for the reminder and for nobody else."""

    round = models.ForeignKey(RankingRound, on_delete=models.CASCADE, related_name="electors", verbose_name=_("round"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="electorates", verbose_name=_("person")
    )
    helix = models.CharField(_("helix"), max_length=20, choices=Helix, blank=True)
    has_voted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("elector")
        verbose_name_plural = _("electors")
        ordering = ["round", "user"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="elector_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.round}"


@choices_checked
class Ballot(models.Model):
    """One integer per option in the order of their positions: >= 1 rank, 0 not a priority, -1 no opinion.

    Neither a time nor a running number: unlinking must leave nothing that leads back to a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RankingRound, on_delete=models.CASCADE, related_name="ballots", verbose_name=_("round"))
    elector = models.OneToOneField(
        Elector, on_delete=models.PROTECT, null=True, related_name="ballot", verbose_name=_("elector")
    )
    helix = models.CharField(_("helix"), max_length=20, choices=Helix, blank=True)
    ranks = ArrayField(models.SmallIntegerField(), verbose_name=_("ranks"))

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Func(
                    "ranks", template="-1 <= ALL (%(expressions)s)", output_field=models.BooleanField()
                ),
                name="ballot_answers_possible",
            )
        ]

    def __str__(self) -> str:
        return str(_("a ballot"))


class Receipt(models.Model):
    """The hash of one elector's receipt, without a time or a running number, apart from the ballot.

    The elector stands beside it only while the round is open, so that a changed ballot replaces the hash.
    """

    digest = models.CharField(primary_key=True, max_length=64, editable=False)
    round = models.ForeignKey(RankingRound, on_delete=models.CASCADE, related_name="receipts", verbose_name=_("round"))
    elector = models.OneToOneField(
        Elector, on_delete=models.PROTECT, null=True, related_name="receipt", verbose_name=_("elector")
    )

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["digest"]

    def __str__(self) -> str:
        return str(_("a receipt"))


class RoundResult(models.Model):
    """What closing counted, once. Read it through `disclosure` only."""

    round = models.OneToOneField(RankingRound, on_delete=models.PROTECT, related_name="result", verbose_name=_("round"))
    figures = models.JSONField()
    checksum = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    software = models.CharField(max_length=40)
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return str(_("the result of a round"))
