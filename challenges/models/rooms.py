"""The live room of a round: a short code that opens the projector's page to whoever has it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models.rounds import RankingRound

AFTER_CLOSING = dt.timedelta(days=1)


class LiveRoomQuerySet(models.QuerySet["LiveRoom"]):
    def current(self, now: dt.datetime) -> "LiveRoomQuerySet":
        """Rooms whose round is open, or was closed less than a day ago."""
        return self.filter(Q(round__state=RankingRound.State.OPEN) | Q(round__closed_at__gt=now - AFTER_CLOSING))


class LiveRoom(models.Model):
    """One code for one round; revoking it deletes the row."""

    round = models.OneToOneField(RankingRound, on_delete=models.CASCADE, related_name="room", verbose_name=_("round"))
    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)

    objects = LiveRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("live room")
        verbose_name_plural = _("live rooms")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("challenges:live", args=[self.code])
