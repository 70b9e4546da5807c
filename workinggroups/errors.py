"""What the verbs of this room refuse, each with the sentence a reader sees."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class GroupError(Exception):
    """A deed that the state of the group does not allow."""

    sentence: str | Promise = ""

    def __str__(self) -> str:
        return str(self.sentence)


class NameTakenError(GroupError):
    sentence = _("There is already a group of this name.")


class AlreadyMemberError(GroupError):
    sentence = _("This person is already a member of the group, or was in this period.")


class AlreadyInvitedError(GroupError):
    sentence = _("This person has already been invited and has not answered yet.")


class NotAllInvitedError(GroupError):
    """Nobody was invited, since somebody cannot be; `reasons` says why, by address."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__()
        self.reasons = reasons

    def __str__(self) -> str:
        return " ".join(self.sentences)

    @property
    def sentences(self) -> list[str]:
        return [f"{email}: {reason}" for email, reason in self.reasons.items()]


class AccountClosedError(GroupError):
    sentence = _("The account with this address is closed.")


class InvitationSpentError(GroupError):
    """It was accepted, declined or withdrawn before."""

    sentence = _("This invitation was answered or withdrawn before.")


class InvitationExpiredError(GroupError):
    sentence = _("This invitation is too old.")


class NotInvitedError(GroupError):
    sentence = _("This invitation is for another person.")


class MembershipEndedError(GroupError):
    sentence = _("This membership has ended; it cannot be changed any more.")


class AlreadyPausedError(GroupError):
    sentence = _("This membership is paused already.")


class NotPausedError(GroupError):
    sentence = _("This membership is not paused.")


class EndsBeforeStartError(GroupError):
    sentence = _("The membership must not end before it begins.")


class EndsLaterError(GroupError):
    sentence = _("A membership ends today or ended before; a later day cannot be set in advance.")
