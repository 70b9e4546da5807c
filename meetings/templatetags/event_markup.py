"""The tag that describes an announced meeting to search engines, for the head of its page."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from meetings.event_markup import Event, json_ld
from meetings.models import Meeting

register = template.Library()


@register.simple_tag
def event_markup(meeting: Meeting) -> SafeString:
    """Nothing for a meeting that is not public, or whose hours nobody knows."""
    if meeting.announced_at is None or meeting.local_start is None:
        return mark_safe("")
    event = Event(
        title=meeting.title,
        summary=meeting.summary,
        begins=meeting.local_start,
        ends=meeting.local_end,
        mode=meeting.mode,
        state=meeting.state,
        place=meeting.place,
        page=settings.SITE_URL + meeting.get_absolute_url(),
        organiser=meeting.group.name,
        organiser_page=settings.SITE_URL + meeting.group.get_absolute_url(),
    )
    return mark_safe(f'<script type="application/ld+json">{json_ld(event)}</script>')  # noqa: S308 - see json_ld
