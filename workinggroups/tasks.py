"""The worker's side of this room."""

from celery import shared_task

from workinggroups import actions


@shared_task(name="workinggroups.expire_invitations")
def expire_invitations() -> int:
    """Close invitations that nobody answered in time; return how many."""
    return actions.expire_invitations()
