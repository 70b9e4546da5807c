"""The register of challenges, ranking rounds with their frozen options and electors, ballots, results, and focus."""

from challenges.models.focus import Focus, FocusEntry
from challenges.models.register import Challenge, active_groups
from challenges.models.rooms import LiveRoom
from challenges.models.rounds import RankingRound, RoundOption
from challenges.models.statements import Statement
from challenges.models.voices import ChallengeComment, Support
from challenges.models.votes import Ballot, Elector, Receipt, RoundResult

__all__ = [
    "Ballot",
    "Challenge",
    "ChallengeComment",
    "Elector",
    "Focus",
    "FocusEntry",
    "LiveRoom",
    "RankingRound",
    "Receipt",
    "RoundOption",
    "RoundResult",
    "Statement",
    "Support",
    "active_groups",
]
