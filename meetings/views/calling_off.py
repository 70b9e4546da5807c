"""The pages that call a meeting off, each with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meetings import actions
from meetings.errors import MeetingError
from meetings.forms import ReasonForm
from meetings.models import Meeting
from meetings.rules import Standing
from meetings.views.doors import admit, meeting_for
from people.sessions import person


def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel for good, with a reason."""
    page = {
        "title": _("Cancel this meeting?"),
        "text": _("Everybody who was invited gets a letter, and the meeting stays in calendars as cancelled."),
        "submit": _("Cancel the meeting"),
        "done": _("The meeting is cancelled."),
    }
    return _call_off(request, slug, actions.cancel, page)


def postpone(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the date away, with a reason; a new one is set by editing, or asked for in a date poll."""
    page = {
        "title": _("Postpone this meeting?"),
        "text": _("Everybody who was invited gets a letter. Set the new date later, and they are invited again."),
        "submit": _("Postpone the meeting"),
        "done": _("The meeting is postponed. Set the new date, or ask the group for one."),
    }
    return _call_off(request, slug, actions.postpone, page)


def _call_off(request: HttpRequest, slug: str, verb: Callable[..., Meeting], page: dict[str, str]) -> HttpResponse:
    planner = person(request)
    meeting, may = meeting_for(planner, slug)
    admit(may.can_plan, may, _("Meetings are called off by the leader of the group and by the secretariat."))
    admit(_possible(verb, may), may, _("This meeting can no longer be called off."))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(meeting=meeting, by=planner, reason=form.cleaned_data["reason"])
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, page["done"])
        return redirect(meeting)
    context = {**page, "form": form, "danger": True, "overline": meeting, "cancel_url": meeting.get_absolute_url()}
    return render(request, "pages/confirm.html", context)


def _possible(verb: Callable[..., Meeting], may: Standing) -> bool:
    return may.can_cancel if verb is actions.cancel else may.can_postpone
