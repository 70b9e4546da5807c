"""What can be refused in this room. The text of each is a sentence for the reader."""


class MeetingError(Exception):
    """Something about a meeting is not possible."""


class WrongState(MeetingError):  # noqa: N818 - the errors of a room are named for what happened
    """The meeting cannot go from where it is to where somebody wanted it."""


class InThePast(MeetingError):  # noqa: N818 - as above
    """A meeting to come needs a time to come."""


class ScheduledAlready(MeetingError):  # noqa: N818 - as above
    """The group has a meeting of this name at this time: somebody sent the form twice."""


class NotYetOver(MeetingError):  # noqa: N818 - as above
    """Only what has taken place can be recorded as past."""


class ReasonMissing(MeetingError):  # noqa: N818 - as above
    """Cancelling and postponing need a written reason."""


class NotInvited(MeetingError):  # noqa: N818 - as above
    """Only members of the group answer its invitations."""


class RepliesClosed(MeetingError):  # noqa: N818 - as above
    """The meeting has begun, or is off."""


class NoSeat(MeetingError):  # noqa: N818 - as above
    """The room is full."""


class StaleReply(MeetingError):  # noqa: N818 - as above
    """The answer is older than what is known."""


class EditedMeanwhile(MeetingError):  # noqa: N818 - as above
    """Somebody else has saved another text since this one was begun."""


class NothingWritten(MeetingError):  # noqa: N818 - as above
    """Empty minutes are neither commented on nor approved."""


class FileRefused(MeetingError):  # noqa: N818 - as above
    """The file is too large, or of a type that is not taken."""


class PollClosed(MeetingError):  # noqa: N818 - as above
    """The date poll is over, or its deadline has passed."""


class UnknownMeeting(MeetingError):  # noqa: N818 - as above
    """The answer is to no meeting of ours."""


class NoAnswer(MeetingError):  # noqa: N818 - as above
    """Somebody's calendar wrote, but said neither yes nor no."""


class NoReminder(MeetingError):  # noqa: N818 - as above
    """There is no such reminder to send, to pause or to resume."""


class RegistrationClosed(MeetingError):  # noqa: N818 - as above
    """Nobody can register any more, or not yet; or all seats are taken."""
