"""Why a step of this room was refused, in a sentence that may be shown."""

from django.utils.translation import gettext as _


class Refused(Exception):  # noqa: N818 - reads as the sentence it carries
    """Base of all refusals here; `str()` is a translated sentence for the person who tried."""


class WrongState(Refused):
    """The record has moved on, so the step is no longer (or not yet) possible."""


class ReasonMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("Give a reason: it stands in the history."))


class NotReady(Refused):
    """The round cannot open as it is; the sentence says what to mend."""


class RoundClosed(Refused):
    """The round takes no ballots at this moment."""

    def __init__(self) -> None:
        super().__init__(_("The round takes no ballots now. Nothing was recorded."))


class NotAnElector(Refused):
    def __init__(self) -> None:
        super().__init__(_("You are not among the electors of this round. They were fixed when it opened."))


class BallotRefused(Refused):
    """The ballot does not answer exactly the options of the round."""

    def __init__(self) -> None:
        super().__init__(_("The ballot must answer each challenge of the round once, and no other."))


class AlreadyOnPaper(BallotRefused):
    """A ballot on paper is kept without its elector, so that nobody can change it."""

    def __init__(self) -> None:
        Refused.__init__(self, _("A ballot on paper was recorded for this member. It counts and cannot be changed."))


class FocusRefused(Refused):
    """The decision names a challenge that cannot be taken up."""


class DecisionRefused(Refused):
    """The decision was taken by another group."""

    def __init__(self) -> None:
        super().__init__(_("Choose a decision of this group."))


class AgendaRefused(Refused):
    """The agenda item is of another meeting or group, or was taken off the agenda."""

    def __init__(self) -> None:
        super().__init__(_("Choose an item that stands on the agenda of this meeting, and a meeting of this group."))


class EntryRefused(Refused):
    """The challenge does not fit the register: wrong cluster, wrong group."""


class StatementRefused(Refused):
    """Not one's round, or not the time for it."""

    def __init__(self) -> None:
        super().__init__(_("Statements are filed after closing, until the focus is decided or 30 days have passed."))
