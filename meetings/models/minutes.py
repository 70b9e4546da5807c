"""What came of a meeting: its minutes in revisions, decisions, and who does what until when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from history.comments import Comment
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting
from people.models import User
from workinggroups.models import Membership


def groups_of(user: User) -> models.QuerySet[Membership, int]:
    """The ids of the groups the person is an active member of, as a subquery."""
    return Membership.objects.filter(user=user, status=Membership.Status.ACTIVE).values_list("group_id", flat=True)


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def published(self) -> "MinutesQuerySet":
        return self.filter(state=Minutes.State.PUBLISHED)

    def in_work(self) -> "MinutesQuerySet":
        """The one revision of each meeting that is still written or commented on."""
        return self.exclude(state__in=Minutes.LOCKED)

    def visible_to(self, user: object) -> "MinutesQuerySet":
        """Published ones are everybody's, all others the group's."""
        if not isinstance(user, User):
            return self.published()
        if user.is_secretariat:
            return self.all()
        return self.filter(Q(state=Minutes.State.PUBLISHED) | Q(meeting__group__in=groups_of(user)))


@choices_checked
class Minutes(models.Model):
    """One revision. An approved one is locked: a correction is the next revision. `edit` grows with each saving.

    `decisions` and `actions` are the lines of this revision as lists of objects: `text`, `item` (id or None), `row` (id
    of the Decision or ActionPoint it became, or None); an action also has `owner` (id or None) and `due` (ISO or None).
    `presence` is who was there and who sent apologies as approval has found it: see `written.Kept`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FOR_COMMENT = "for_comment", _("for comment")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")

    TRANSITIONS = {
        State.DRAFT: {State.FOR_COMMENT},
        State.FOR_COMMENT: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.PUBLISHED},
        State.PUBLISHED: set[State](),
    }
    LOCKED = (State.APPROVED, State.PUBLISHED)

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="minutes", verbose_name=_("meeting"))
    revision = models.PositiveSmallIntegerField(_("revision"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    language = models.CharField(_("language"), max_length=10, default="en")
    text = models.TextField(_("minutes"), blank=True, help_text=_("Markdown: headings, lists, links."))
    html = models.TextField(blank=True, editable=False)
    decisions = models.JSONField(default=list, blank=True, editable=False)
    actions = models.JSONField(default=list, blank=True, editable=False)
    presence = models.JSONField(null=True, blank=True, editable=False)
    edit = models.PositiveIntegerField(default=0, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    comments_by = models.DateTimeField(
        _("comments by"), null=True, blank=True, help_text=_("Until when comments are asked for.")
    )
    changed_at = models.DateTimeField(_("changed"))
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["meeting", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "revision"], name="minutes_revision"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state__in=["draft", "for_comment"]), name="minutes_one_in_work"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "published"], approved_at__isnull=False)
                | Q(state__in=["draft", "for_comment"], approved_at=None, approved_by=None),
                name="minutes_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "published"], presence__isnull=False)
                | Q(state__in=["draft", "for_comment"], presence__isnull=True),
                name="minutes_presence_kept",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="minutes_published_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} ({self.revision})"

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes_revision", args=[self.meeting.slug, self.revision])

    @property
    def is_locked(self) -> bool:
        return self.state in self.LOCKED


class MinutesComment(Comment):
    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="comments", verbose_name=_("minutes"))

    class Meta(Comment.Meta):
        verbose_name = _("comment on minutes")
        verbose_name_plural = _("comments on minutes")


def told_in_public() -> Q:
    """Is what the rows of a meeting say public? They follow the newest approved revision, published or not yet."""
    locked = Minutes.objects.filter(meeting=models.OuterRef("meeting"), state__in=Minutes.LOCKED)
    newest = locked.order_by("-revision").values("state")[:1]
    return Q(Exact(models.Subquery(newest), Minutes.State.PUBLISHED))


class DecisionQuerySet(models.QuerySet["Decision"]):
    def published(self) -> "DecisionQuerySet":
        """Decisions as public minutes have them."""
        return self.filter(told_in_public())

    def visible_to(self, user: object) -> "DecisionQuerySet":
        if not isinstance(user, User):
            return self.published()
        if user.is_secretariat:
            return self.all()
        return self.filter(told_in_public() | Q(meeting__group__in=groups_of(user)))


class Decision(models.Model):
    """What the meeting decided, in one sentence. Rows follow the minutes: see `actions.minutes`."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("meeting"))
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("decision"), max_length=1000)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="decision_position")]

    def __str__(self) -> str:
        return self.text


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    def open(self) -> "ActionPointQuerySet":
        return self.filter(state=ActionPoint.State.OPEN)

    def overdue(self, today: dt.date) -> "ActionPointQuerySet":
        return self.open().filter(due__lt=today)

    def published(self) -> "ActionPointQuerySet":
        """Those in public minutes; who does it is the group's business all the same."""
        return self.filter(told_in_public())

    def visible_to(self, user: object) -> "ActionPointQuerySet":
        """With their owners: what the group and the secretariat see, and each owner."""
        if not isinstance(user, User):
            return self.none()
        if user.is_secretariat:
            return self.all()
        return self.filter(Q(owner=user) | Q(meeting__group__in=groups_of(user)))

    def before(self, meeting: Meeting) -> "ActionPointQuerySet":
        """What earlier meetings of the group left: its open ones come back on the agenda."""
        of_group = self.filter(meeting__group=meeting.group_id).exclude(meeting=meeting.pk)
        return of_group if meeting.sort_day is None else of_group.filter(meeting__sort_day__lte=meeting.sort_day)


@choices_checked
class ActionPoint(models.Model):
    """Who does what until when. Open ones come back on the next agenda, the owner's dashboard and in letters."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    TRANSITIONS = {
        State.OPEN: {State.DONE, State.DROPPED},
        State.DONE: {State.OPEN},
        State.DROPPED: set[State](),
    }
    NEEDS_REASON = {State.DROPPED}

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="actions", verbose_name=_("meeting"))
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions",
        verbose_name=_("agenda item"),
    )  # fmt: skip
    text = models.TextField(_("what is to be done"), max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_points",
        verbose_name=_("who does it"),
    )
    due = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    reason = models.TextField(_("why it was dropped"), blank=True)

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("action point")
        verbose_name_plural = _("action points")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
                name="actionpoint_done_pair",
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(reason=""), name="actionpoint_dropped_reason"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("meetings:action", args=[self.pk])
