"""The banner that says that the schedule has stopped. Load with `{% load alive %}`; it costs one query."""

from django import template
from django.db.models.functions import Now

from s3cop.models import Heartbeat

register = template.Library()


@register.inclusion_tag("parts/schedule_banner.html")
def schedule_banner() -> dict[str, bool]:
    """Draw nothing while the schedule runs."""
    return {"is_alive": is_alive()}


def is_alive() -> bool:
    """By the database's clock, like everything that is due."""
    return Heartbeat.objects.filter(beaten_at__gt=Now() - Heartbeat.STALE_AFTER).exists()
