"""The verbs of this room. Each is one transaction: lock, look at the state again, write, record."""

from challenges.actions.agenda import set_agenda_items
from challenges.actions.ballots import cast_ballot
from challenges.actions.decisions import name_decision, name_focus_decision
from challenges.actions.focus import TAKEN_UP_FROM, decide_focus
from challenges.actions.merging import Part, can_undo, merge_challenge, split_challenge, undo_merge
from challenges.actions.paper import key_paper_ballot
from challenges.actions.publishing import overdue, publish_round, unlink_round
from challenges.actions.register import (
    Entry,
    add_challenge,
    edit_challenge,
    move_challenge,
    needs_reason,
    next_by_hand,
)
from challenges.actions.reminders import remind_electors
from challenges.actions.rooms import open_room, revoke_room
from challenges.actions.rounds import Plan, cancel_round, checksum, close_round, create_round, edit_round, open_round
from challenges.actions.statements import file_statement, withdraw_statement
from challenges.actions.voices import comment_on_challenge, remove_comment, support_challenge, withdraw_support

__all__ = [
    "TAKEN_UP_FROM",
    "Entry",
    "Part",
    "Plan",
    "add_challenge",
    "can_undo",
    "cancel_round",
    "cast_ballot",
    "checksum",
    "close_round",
    "comment_on_challenge",
    "create_round",
    "decide_focus",
    "edit_challenge",
    "edit_round",
    "file_statement",
    "key_paper_ballot",
    "merge_challenge",
    "move_challenge",
    "name_decision",
    "name_focus_decision",
    "needs_reason",
    "next_by_hand",
    "open_room",
    "open_round",
    "overdue",
    "publish_round",
    "remind_electors",
    "remove_comment",
    "revoke_room",
    "set_agenda_items",
    "split_challenge",
    "support_challenge",
    "undo_merge",
    "unlink_round",
    "withdraw_statement",
    "withdraw_support",
]
