"""The banner that says that the schedule has stopped. Load with `{% load alive %}`; it costs one query."""

from django import template

from history.clock import database_now
from s3cop.models import Heartbeat

register = template.Library()


@register.inclusion_tag("parts/schedule_banner.html")
def schedule_banner() -> dict[str, bool]:
    """Draw nothing while the schedule runs."""
    return {"is_alive": is_alive()}


def is_alive() -> bool:
    beat = Heartbeat.objects.first()
    return beat is not None and database_now() - beat.beaten_at < Heartbeat.STALE_AFTER
