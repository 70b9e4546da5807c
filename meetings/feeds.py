"""Calendars to subscribe to. Ready blocks are kept beside the meetings: a feed is two queries, "unchanged" one."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Extract
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings import ical
from meetings.models import Meeting, MeetingQuerySet
from people.sessions import viewer
from workinggroups.models import WorkingGroup

SHOWN = Q(announced_at__isnull=False) & ~Q(calendar_block="")
THEIRS = Q(meetings__announced_at__isnull=False) & ~Q(meetings__calendar_block="")


class Version(NamedTuple):
    """Moves whenever a feed does. The sum is there for two changes that commit in the other order than they began."""

    name: str
    meetings: int
    changed_at: dt.datetime | None
    epochs: Decimal | None

    @property
    def etag(self) -> str:
        return _etag("|".join(map(str, self)))


def _etag(text: str) -> str:
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """All announced meetings."""
    figures = Meeting.objects.filter(SHOWN).aggregate(
        n=Count("pk"), latest=Max("changed_at"), epochs=Sum(Extract("changed_at", "epoch"))
    )
    name = _("S3 Community of Practice: meetings")
    version = Version(name, figures["n"], figures["latest"], figures["epochs"])
    return _answer(request, version, Meeting.objects.in_calendars())


@login_not_required
@require_safe
def group_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The announced meetings of one group."""
    figures = (
        WorkingGroup.objects.filter(slug=slug)
        .annotate(
            n=Count("meetings", filter=THEIRS),
            latest=Max("meetings__changed_at", filter=THEIRS),
            epochs=Sum(Extract("meetings__changed_at", "epoch"), filter=THEIRS),
        )
        .values_list("name", "n", "latest", "epochs")
        .first()
    )
    if figures is None:
        raise Http404
    return _answer(request, Version(*figures), Meeting.objects.in_calendars().filter(group__slug=slug))


def _answer(request: HttpRequest, version: Version, meetings: MeetingQuerySet) -> HttpResponseBase:
    unchanged = get_conditional_response(request, etag=version.etag)
    if unchanged is not None:
        unchanged["ETag"] = version.etag
        return unchanged
    blocks = meetings.values_list("calendar_block", flat=True)
    return _calendar(ical.feed(blocks, version.name), version.etag, "calendar.ics")


@login_not_required
@require_safe
def calendar_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One meeting, to add to a calendar by hand."""
    visible = Meeting.objects.visible_to(viewer(request)).in_calendars()
    meeting = get_object_or_404(visible, slug=slug)
    text = ical.feed([meeting.calendar_block], meeting.title)
    response = _calendar(text, _etag(text), f"{meeting.slug}.ics")
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _calendar(text: str, etag: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"ETag": etag, "Content-Disposition": f'inline; filename="{name}"'},
    )
