"""Calendars to subscribe to. Ready blocks are kept beside the meetings: a feed is two queries, "unchanged" one."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.prepared import cursor_of
from meetings import calendars, ical
from meetings.models import Meeting, MeetingQuerySet, Webinar, WebinarQuerySet
from people.sessions import viewer

FIGURES = """
    SELECT count(*), max(changed_at), sum(extract(epoch FROM changed_at)) FROM (
        SELECT changed_at FROM meetings_meeting WHERE announced_at IS NOT NULL AND calendar_block <> ''
        UNION ALL
        SELECT changed_at FROM meetings_webinar WHERE announced_at IS NOT NULL AND calendar_block <> ''
    ) AS shown
"""
FIGURES_OF_GROUP = """
    SELECT g.name, count(shown.changed_at), max(shown.changed_at), sum(extract(epoch FROM shown.changed_at))
    FROM workinggroups_workinggroup g
    LEFT JOIN LATERAL (
        SELECT m.changed_at FROM meetings_meeting m
        WHERE m.group_id = g.id AND m.announced_at IS NOT NULL AND m.calendar_block <> ''
        UNION ALL
        SELECT w.changed_at FROM meetings_webinar w JOIN meetings_webinar_groups o ON o.webinar_id = w.id
        WHERE o.workinggroup_id = g.id AND w.announced_at IS NOT NULL AND w.calendar_block <> ''
    ) AS shown ON true
    WHERE g.slug = %s
    GROUP BY g.id
"""
# The meetings of one's groups, but for those to which another comes in one's place, and the webinars one's own mail
# address is registered for. Each with whether it is on.
OWN = """
    reader AS (
        SELECT person.id, lower(person.email) AS email
        FROM meetings_calendaraddress AS address
        JOIN people_user AS person ON person.id = address.user_id AND person.is_active
        WHERE address.token = %s
    ),
    own AS (
        SELECT m.calendar_block, m.join_url, m.changed_at, m.starts_at, m.id, 1 AS kind, m.state = 'scheduled' AS is_on
        FROM reader
        JOIN workinggroups_membership AS seat ON seat.user_id = reader.id AND seat.status = 'active'
        JOIN meetings_meeting AS m ON m.group_id = seat.group_id
        WHERE m.announced_at IS NOT NULL AND m.calendar_block <> '' AND NOT EXISTS (
            SELECT FROM meetings_attendee AS a
            WHERE a.meeting_id = m.id AND a.user_id = reader.id AND a.substitute <> ''
        )
        UNION ALL
        SELECT w.calendar_block, w.join_url, w.changed_at, w.starts_at, w.id, 2,
               w.state IN ('announced', 'registration_open', 'registration_closed')
        FROM reader
        JOIN meetings_registration AS place ON lower(place.email) = reader.email AND place.state = 'confirmed'
        JOIN meetings_webinar AS w ON w.id = place.webinar_id
        WHERE w.announced_at IS NOT NULL AND w.calendar_block <> ''
    )
"""
OWN_FIGURES = f"""
    WITH {OWN}
    SELECT count(own.id), max(own.changed_at), sum(extract(epoch FROM own.changed_at)),
           count(*) FILTER (WHERE own.is_on)
    FROM reader LEFT JOIN own ON true
    GROUP BY reader.id
"""  # noqa: S608 - put together from literals
OWN_BLOCKS = f"""
    WITH {OWN}
    SELECT calendar_block, CASE WHEN is_on THEN join_url ELSE '' END FROM own ORDER BY starts_at, kind, id
"""  # noqa: S608 - likewise


class Version(NamedTuple):
    """Moves whenever a feed does. The sum is there for two changes that commit in the other order than they began."""

    name: str
    meetings: int
    changed_at: dt.datetime | None
    epochs: Decimal | None

    def __str__(self) -> str:
        return "|".join(map(str, self))


def _etag(text: str) -> str:
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """All announced meetings, webinars and conferences."""
    with cursor_of(connection) as cursor:
        cursor.execute(FIGURES)
        version = Version(_("S3 Community of Practice: meetings"), *cursor.fetchone())
    return _answer(request, version, _blocks(Meeting.objects.in_calendars(), Webinar.objects.in_calendars()))


def _blocks(meetings: MeetingQuerySet, webinars: WebinarQuerySet) -> Iterator[str]:
    """Asks the database only when the first block is wanted."""
    parts = [rows.order_by().values_list("calendar_block", "starts_at", "pk") for rows in (meetings, webinars)]
    for block, *_order in parts[0].union(parts[1], all=True).order_by("starts_at", "pk"):
        yield block


@login_not_required
@require_safe
def group_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The announced meetings of one group, and the webinars that belong to it."""
    with cursor_of(connection) as cursor:
        cursor.execute(FIGURES_OF_GROUP, [slug])
        figures = cursor.fetchone()
    if figures is None:
        raise Http404
    meetings = Meeting.objects.in_calendars().filter(group__slug=slug)
    return _answer(
        request, Version(*figures), _blocks(meetings, Webinar.objects.in_calendars().filter(groups__slug=slug))
    )


@login_not_required
@require_safe
def personal_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """All meetings of one person's groups and the webinars they come to, with the join links.

    Whoever knows the address reads it; no sign-in. Kept by nobody on the way, and told to no page behind a link.
    """
    with cursor_of(connection) as cursor:
        cursor.execute(OWN_FIGURES, [token])
        figures = cursor.fetchone()
    if figures is None:
        raise Http404
    *counted, coming = figures
    version = Version(_("My meetings"), *counted)
    response = _unchanged(request, f"{version}|{coming}") or _personal(token, version.name, f"{version}|{coming}")
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _personal(token: str, name: str, version: str) -> HttpResponseBase:
    with cursor_of(connection) as cursor:
        cursor.execute(OWN_BLOCKS, [token])
        blocks = [calendars.own_block(block, join_url) for block, join_url in cursor.fetchall()]
    return _calendar(ical.feed(blocks, name), _etag(version), "meetings.ics")


def _unchanged(request: HttpRequest, version: str) -> HttpResponseBase | None:
    etag = _etag(version)
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged["ETag"] = etag
    return unchanged


def _answer(request: HttpRequest, version: Version, blocks: Iterable[str]) -> HttpResponseBase:
    unchanged = _unchanged(request, str(version))
    if unchanged is not None:
        return unchanged
    return _calendar(ical.feed(blocks, version.name), _etag(str(version)), "calendar.ics")


@login_not_required
@require_safe
def calendar_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One meeting, to add to a calendar by hand."""
    visible = Meeting.objects.visible_to(viewer(request)).in_calendars()
    meeting = get_object_or_404(visible, slug=slug)
    text = ical.feed([meeting.calendar_block], meeting.title)
    response = _calendar(text, _etag(text), f"{meeting.slug}.ics")
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@login_not_required
@require_safe
def webinar_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One webinar, to add to a calendar by hand."""
    webinar = get_object_or_404(Webinar.objects.in_calendars(), slug=slug)
    text = ical.feed([webinar.calendar_block], webinar.title)
    response = _calendar(text, _etag(text), f"{webinar.slug}.ics")
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _calendar(text: str, etag: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"ETag": etag, "Content-Disposition": f'inline; filename="{name}"'},
    )
