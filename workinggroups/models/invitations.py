"""Invitations to join a group."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from history.choices import choices_checked
from people.models import Helix
from workinggroups.models.groups import Membership, WorkingGroup


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        return self.filter(state=Invitation.State.PENDING)


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


@choices_checked
class Invitation(models.Model):
    """An invitation to join a group by a signed link: one use, then it is spent."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TRANSITIONS = {State.PENDING: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN}}

    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("group")
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=12, choices=Membership.Role, default=Membership.Role.MEMBER)
    helix = models.CharField(_("helix"), max_length=20, choices=Helix, blank=True)
    nonce = models.CharField(max_length=40, default=new_nonce, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    invited_at = models.DateTimeField(_("invited"), db_default=Now())
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "group",
                Lower("email"),
                condition=Q(state="pending"),
                name="invitation_one_pending",
                violation_error_message=_("This person has already been invited and has not answered yet."),
            ),
            models.CheckConstraint(
                condition=(Q(state="accepted") & Q(membership__isnull=False))
                | (~Q(state="accepted") & Q(membership=None)),
                name="invitation_membership_if_accepted",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")), name="invitation_valid_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.group}"
