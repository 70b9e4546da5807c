"""The verbs of groups, of who belongs to them, and of invitations to join."""

from workinggroups.actions.members import (
    INVITATION_LETTER,
    accept,
    accept_as_newcomer,
    account_of,
    add_member,
    change_role,
    decline,
    end_membership,
    expire_invitations,
    invite,
    invite_all,
    pause_membership,
    resume_membership,
    withdraw_invitation,
)
from workinggroups.actions.pages import Description, Identity, describe, set_up

__all__ = [
    "INVITATION_LETTER",
    "Description",
    "Identity",
    "accept",
    "accept_as_newcomer",
    "account_of",
    "add_member",
    "change_role",
    "decline",
    "describe",
    "end_membership",
    "expire_invitations",
    "invite",
    "invite_all",
    "pause_membership",
    "resume_membership",
    "set_up",
    "withdraw_invitation",
]
