"""Why a step of this room was refused, in a sentence that may be shown."""

from django.utils.translation import gettext as _


class Refused(Exception):  # noqa: N818 - reads as the sentence it carries
    """Base of all refusals here; `str()` is a translated sentence for the person who tried."""


class WrongState(Refused):
    """The edition has moved on, so the step is no longer (or not yet) possible."""


class Gone(Refused):
    def __init__(self) -> None:
        super().__init__(_("This edition is gone: somebody has discarded it."))


class NotAllowed(Refused):
    """The step belongs to somebody else."""


class SamePerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("You sent this edition to review or signed it off, so a second person must approve it."))


class SignOffMissing(NotAllowed):
    def __init__(self) -> None:
        super().__init__(_("A leader of the group signs the edition off first."))


class CommentsOpen(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("The group may still comment on this edition. Approve it when that time is over, or end it first.")
        )


class ReasonMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("Give a reason: it stands in the history."))


class Incomplete(Refused):
    """Something that every published edition needs is missing; the sentence names it."""


class SourceNotPublic(Refused):
    """A record the edition is to tell of may not be told of (yet)."""


class DoiTaken(Refused):
    def __init__(self) -> None:
        super().__init__(_("Another edition has this DOI."))


class NotTranslatable(Refused):
    """The publication cannot be a translation of the other; the sentence says why."""


class NamesWithdrawn(Refused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody named in this edition no longer wishes to be. Send it back and build it anew: "
                "the name is left out then."
            )
        )


class SlugTaken(Refused):
    def __init__(self) -> None:
        super().__init__(_("Another publication has this short name. Choose a different one."))
