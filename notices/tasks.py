"""The worker's side of this room."""

import time

from celery import shared_task

from notices import delivery
from notices.postbox import Postbox

LONGEST = 50.0  # seconds; the next tick goes on where this one stopped


@shared_task(name="notices.deliver")
def deliver() -> int:
    """Send what is due, batch after batch, until nothing is due or time is up; return how many letters were handled."""
    until, handled = time.monotonic() + LONGEST, 0
    with Postbox() as postbox:
        while time.monotonic() < until:
            claimed = delivery.deliver(postbox=postbox)
            if not claimed:
                break
            handled += claimed
    return handled
