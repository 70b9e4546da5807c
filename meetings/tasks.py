"""The worker's side of this room. Each task is safe if skipped, doubled or killed."""

from celery import shared_task

from meetings import actions


@shared_task(name="meetings.remind")
def remind() -> int:
    """Queue what is due; return how many letters are new."""
    return actions.remind() + actions.remind_owners()


@shared_task(name="meetings.mark_held")
def mark_held() -> int:
    """Let the clock say that a meeting is over; return how many are."""
    return actions.mark_held()


@shared_task(name="meetings.remind_polls")
def remind_polls() -> int:
    """Ask those once more who have not answered a date poll; return how many letters are new."""
    return actions.remind_polls()


@shared_task(name="meetings.advance_webinars")
def advance_webinars() -> int:
    """Close registrations, note what is over, and send the join link to the registered; return how many changed."""
    return actions.advance_webinars() + actions.remind_registered()


@shared_task(name="meetings.forget_registrants")
def forget_registrants() -> int:
    """Delete who registered for a webinar some weeks ago; return how many people are forgotten."""
    return actions.forget_registrants()
