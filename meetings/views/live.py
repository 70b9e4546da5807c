"""What is on now: the page for the projector and everybody invited, and the one from which it is run."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from meetings.actions import agenda as verbs
from meetings.errors import MeetingError
from meetings.models import AgendaItem, Meeting
from meetings.views.doors import admit, meeting_for
from people.sessions import person


def live(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the current item, how long it still has, and the next one; the page reads itself again."""
    meeting, may = meeting_for(person(request), slug)
    admit(may.can_join, may, "")
    page = {"meeting": meeting, "may": may, **now_on(meeting, timezone.now())}
    return render(request, "meetings/live.html", page)


def now_on(meeting: Meeting, now: dt.datetime) -> dict[str, Any]:
    """Return the items, the running one, when it should end, and what comes after it."""
    items = list(meeting.agenda.select_related("lead").order_by("position"))
    running = next((item for item in items if item.began_at and not item.ended_at), None)
    last = max((n for n, item in enumerate(items) if item.began_at), default=-1)
    waiting = [item for item in items[last + 1 :] if not item.began_at]
    until = _until(running)
    page: dict[str, Any] = {
        "items": items,
        "running": running,
        "until": until,
        "until_text": time_format(until.astimezone(meeting.zone)) if until else "",
        "left": max(0, -((now - until) // dt.timedelta(minutes=1))) if until else 0,
        "over": max(0, (now - until) // dt.timedelta(minutes=1)) if until else 0,
        "next": waiting[0] if waiting else None,
        "is_over": bool(items) and not running and not waiting,
    }
    page["stage"] = "-".join(str(page[name].pk if page[name] else 0) for name in ("running", "next"))
    page["stage"] += "-over" if page["over"] else ""
    return page


def _until(item: AgendaItem | None) -> dt.datetime | None:
    return item.began_at + dt.timedelta(minutes=item.minutes) if item and item.began_at and item.minutes else None


def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin and end items, in any order."""
    planner = person(request)
    meeting, may = meeting_for(planner, slug)
    admit(may.can_plan, may, _("The meeting is run by the leader of the group and by the secretariat."))
    if request.method == "POST":
        wanted = request.POST.get("begin") or request.POST.get("end") or ""
        item = get_object_or_404(meeting.agenda, pk=int(wanted) if wanted.isascii() and wanted.isdecimal() else 0)
        try:
            if "begin" in request.POST:
                verbs.begin_item(item=item, by=planner)
            else:
                verbs.end_item(item=item, by=planner)
        except MeetingError as error:
            messages.error(request, str(error))
        return redirect("meetings:live_run", slug)
    return render(request, "meetings/live_run.html", {"meeting": meeting, **now_on(meeting, timezone.now())})
