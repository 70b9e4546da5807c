"""Working groups, who belongs to them in which role and period, and invitations to join."""

from workinggroups.models.groups import (
    Criterion,
    DateRange,
    Membership,
    MembershipQuerySet,
    WorkingGroup,
    WorkingGroupQuerySet,
)
from workinggroups.models.invitations import Invitation, InvitationQuerySet, new_nonce

__all__ = [
    "Criterion",
    "DateRange",
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "WorkingGroup",
    "WorkingGroupQuerySet",
    "new_nonce",
]
