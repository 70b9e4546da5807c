"""A webinar in calendars: the public entry beside the row, and the entry in the letter to a registered person."""

from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from meetings import ical
from meetings.calendars import absolute
from meetings.models import Registration, Webinar


def public_block(webinar: Webinar) -> str:
    """Return the VEVENT for feeds, without the join link; empty for one that is not announced or has no exact time.

    Always in the site's first language: its bytes must not depend on who saved the row.
    """
    if webinar.announced_at is None or webinar.starts_at is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return ical.block(_occasion(webinar))


def entry(registration: Registration) -> str:
    """Return the calendar file for one registered person, with the join link. Nobody is asked to answer it."""
    webinar = registration.webinar
    occasion = _occasion(webinar)
    if webinar.join_url:
        link = _("Join online: %(url)s") % {"url": webinar.join_url}
        occasion = replace(occasion, description=f"{occasion.description}\n{link}")
    return ical.feed([ical.block(occasion)], webinar.title)


def _occasion(webinar: Webinar) -> ical.Occasion:
    if webinar.starts_at is None or webinar.ends_at is None:
        raise ValueError(f"{webinar.slug} has no exact time and thus no calendar entry")
    return ical.Occasion(
        uid=str(webinar.uid),
        starts_at=webinar.starts_at,
        ends_at=webinar.ends_at,
        changed_at=webinar.changed_at,
        sequence=webinar.sequence,
        title=webinar.title,
        description="\n".join(filter(None, [webinar.when, webinar.summary])),
        place=webinar.where,
        url=absolute(webinar.get_absolute_url()),
        is_cancelled=webinar.state == Webinar.State.CANCELLED,
    )
