"""Finding a date: slots that are proposed, and what each person answers to each."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from meetings.models.meeting import Meeting


class DatePollQuerySet(models.QuerySet["DatePoll"]):
    def open(self) -> "DatePollQuerySet":
        return self.filter(state=DatePoll.State.OPEN)

    def answerable(self, now: dt.datetime) -> "DatePollQuerySet":
        return self.open().filter(closes_at__gt=now)


@choices_checked
class DatePoll(models.Model):
    """One question for a date. A meeting has at most one open poll; a decided one names the slot that was chosen."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TRANSITIONS = {
        State.OPEN: {State.DECIDED, State.WITHDRAWN},
        State.DECIDED: set[State](),
        State.WITHDRAWN: set[State](),
    }

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="polls", verbose_name=_("meeting"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    closes_at = models.DateTimeField(_("answer by"))
    hold_dates = models.BooleanField(
        _("send the dates as tentative calendar entries"), default=False, help_text=_("They are withdrawn afterwards.")
    )
    chosen = models.ForeignKey(
        "DateSlot", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chosen date")
    )

    objects = DatePollQuerySet.as_manager()

    class Meta:
        verbose_name = _("date poll")
        verbose_name_plural = _("date polls")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting"], condition=Q(state="open"), name="datepoll_one_open"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="datepoll_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(state="decided", chosen__isnull=False) | (~Q(state="decided") & Q(chosen=None)),
                name="datepoll_decided_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} ({self.get_state_display()})"


class DateSlot(models.Model):
    """One proposed time, in UTC; the meeting's zone says how it reads."""

    poll = models.ForeignKey(DatePoll, on_delete=models.CASCADE, related_name="slots", verbose_name=_("date poll"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("proposed date")
        verbose_name_plural = _("proposed dates")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "starts_at"], name="dateslot_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="dateslot_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


@choices_checked
class DateAnswer(models.Model):
    """One person's answer to one proposed time."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        IF_NEEDED = "if_needed", _("if need be")
        NO = "no", _("no")

    slot = models.ForeignKey(DateSlot, on_delete=models.CASCADE, related_name="answers", verbose_name=_("date"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer to a date")
        verbose_name_plural = _("answers to dates")
        ordering = ["slot", "user"]
        constraints = [models.UniqueConstraint(fields=["slot", "user"], name="dateanswer_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_answer_display()}"
