"""The verbs of this room. Each locks the publication, checks the state again, writes, and records the history."""

from outcomes.actions.building import build_edition, park_interrupted
from outcomes.actions.citing import set_doi
from outcomes.actions.discarding import DISCARDED, check_may_go, discard_edition, rounds_left_untold
from outcomes.actions.drafting import (
    cancel_build,
    edit_edition,
    free_slug,
    outcome_of_round,
    plan_edition,
    request_build,
    rounds_without_outcome,
    start_publication,
    why_closed,
)
from outcomes.actions.publishing import publish_due, publish_edition, schedule, unschedule, withdraw
from outcomes.actions.review import approve, comment, end_comments, return_to_draft, sign_off, submit
from outcomes.actions.sweeping import sweep_files
from outcomes.actions.topics import set_topics
from outcomes.actions.translating import link_translation

__all__ = [
    "DISCARDED",
    "approve",
    "build_edition",
    "cancel_build",
    "check_may_go",
    "comment",
    "discard_edition",
    "edit_edition",
    "end_comments",
    "free_slug",
    "link_translation",
    "outcome_of_round",
    "park_interrupted",
    "plan_edition",
    "publish_due",
    "publish_edition",
    "request_build",
    "return_to_draft",
    "rounds_left_untold",
    "rounds_without_outcome",
    "schedule",
    "set_doi",
    "set_topics",
    "sign_off",
    "start_publication",
    "submit",
    "sweep_files",
    "unschedule",
    "why_closed",
    "withdraw",
]
