"""What arrives from outside becomes clean values."""

from challenges.forms.agenda import AgendaItemsForm
from challenges.forms.ballot import BallotForm
from challenges.forms.focus import DecisionsForm, FocusForm
from challenges.forms.paper import PaperForm, TextPaperForm
from challenges.forms.register import ChallengeForm, ReasonForm
from challenges.forms.rounds import RoundForm
from challenges.forms.sorting import CommentForm, MergeForm, SplitForm
from challenges.forms.statements import StatementForm

__all__ = [
    "AgendaItemsForm",
    "BallotForm",
    "ChallengeForm",
    "CommentForm",
    "DecisionsForm",
    "FocusForm",
    "MergeForm",
    "PaperForm",
    "ReasonForm",
    "RoundForm",
    "SplitForm",
    "StatementForm",
    "TextPaperForm",
]
