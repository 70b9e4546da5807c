"""One row that a worker's task renews each minute: it proves that schedule, broker and worker are alive."""

import datetime as dt

from django.db import models


class Heartbeat(models.Model):
    STALE_AFTER = dt.timedelta(minutes=3)

    beaten_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="heartbeat_single_row")]

    def __str__(self) -> str:
        return self.beaten_at.isoformat()
