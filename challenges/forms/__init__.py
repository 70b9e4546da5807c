"""What arrives from outside becomes clean values."""

from challenges.forms.ballot import BallotForm
from challenges.forms.focus import FocusForm
from challenges.forms.paper import PaperForm
from challenges.forms.register import ChallengeForm, ReasonForm
from challenges.forms.rounds import RoundForm
from challenges.forms.statements import StatementForm

__all__ = ["BallotForm", "ChallengeForm", "FocusForm", "PaperForm", "ReasonForm", "RoundForm", "StatementForm"]
