"""The worker's side of this room. Each task is safe if skipped, doubled or killed."""

from celery import shared_task

from meetings import actions


@shared_task(name="meetings.remind")
def remind() -> int:
    """Queue what is due; return how many letters are new."""
    return actions.remind()


@shared_task(name="meetings.mark_held")
def mark_held() -> int:
    """Let the clock say that a meeting is over; return how many are."""
    return actions.mark_held()


@shared_task(name="meetings.remind_polls")
def remind_polls() -> int:
    """Ask those once more who have not answered a date poll; return how many letters are new."""
    return actions.remind_polls()
