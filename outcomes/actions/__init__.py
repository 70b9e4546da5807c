"""The verbs of this room. Each locks the publication, checks the state again, writes, and records the history."""

from outcomes.actions.building import build_edition, park_interrupted
from outcomes.actions.drafting import (
    cancel_build,
    edit_edition,
    free_slug,
    outcome_of_round,
    plan_edition,
    request_build,
    rounds_without_outcome,
    start_publication,
)
from outcomes.actions.review import approve, publish_edition, return_to_draft, submit, withdraw

__all__ = [
    "approve",
    "build_edition",
    "cancel_build",
    "edit_edition",
    "free_slug",
    "outcome_of_round",
    "park_interrupted",
    "plan_edition",
    "publish_edition",
    "request_build",
    "return_to_draft",
    "rounds_without_outcome",
    "start_publication",
    "submit",
    "withdraw",
]
