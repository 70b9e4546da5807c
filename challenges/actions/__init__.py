"""The verbs of this room. Each runs in one transaction, checks the state again under its lock, and writes the history."""

from challenges.actions.ballots import cast_ballot
from challenges.actions.focus import decide_focus
from challenges.actions.publishing import overdue, publish_round, unlink_round
from challenges.actions.register import Entry, add_challenge, edit_challenge, merge_challenge, move_challenge
from challenges.actions.rounds import Plan, cancel_round, close_round, create_round, edit_round, open_round

__all__ = [
    "Entry",
    "Plan",
    "add_challenge",
    "cancel_round",
    "cast_ballot",
    "close_round",
    "create_round",
    "decide_focus",
    "edit_challenge",
    "edit_round",
    "merge_challenge",
    "move_challenge",
    "open_round",
    "overdue",
    "publish_round",
    "unlink_round",
]
