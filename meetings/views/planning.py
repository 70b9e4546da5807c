"""The forms of those who plan: new, edit, cancel, postpone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meetings import actions, kinds, timeline
from meetings.errors import MeetingError
from meetings.forms import MeetingForm, NewMeetingForm, ReasonForm
from meetings.models import Meeting, ReminderRule
from meetings.rules import Standing, steered_by
from meetings.views.doors import admit, meeting_for
from notices.letters import letter_of
from people.models import User
from people.sessions import person
from workinggroups.models import Membership, WorkingGroupQuerySet

# Suggestions; every IANA zone is taken.
CITIES = (
    "Athens Berlin Bratislava Brussels Bucharest Budapest Copenhagen Dublin Helsinki Lisbon Ljubljana Luxembourg "
    "Madrid Malta Paris Prague Riga Rome Sofia Stockholm Tallinn Vienna Vilnius Warsaw Zagreb"
)
ZONES = [f"Europe/{city}" for city in CITIES.split()] + ["Asia/Nicosia", "Atlantic/Azores", "Atlantic/Canary"]


def new(request: HttpRequest) -> HttpResponse:
    """Schedule a meeting, keep it as a draft, or record one of the past."""
    planner = person(request)
    groups = steered_by(planner)
    if not groups:
        refuse(planner)
    form = NewMeetingForm(request.POST or None, groups=groups, initial=_preset(request, groups))
    if request.method == "POST" and form.is_valid():
        try:
            meeting, said = _make(form, planner)
        except MeetingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect(meeting)
    return render(request, "meetings/form.html", _page(form))


def refuse(reader: User) -> None:
    if Membership.objects.active().filter(user=reader).exists():
        raise PermissionDenied(_("Meetings are scheduled by the leader of a group and by the secretariat."))
    raise Http404


def _preset(request: HttpRequest, groups: WorkingGroupQuerySet) -> dict[str, Any]:
    wanted = request.GET.get("group")
    return {"group": wanted or groups[0].slug}


def _make(form: NewMeetingForm, by: User) -> tuple[Meeting, str]:
    """Call the one verb that the form asks for; return the meeting and what to say."""
    group = form.cleaned_data["group"]
    verb: Callable[..., Meeting] = actions.schedule
    said = _("The meeting is scheduled and the invitations are on their way.")
    if form.is_past:
        verb, said = actions.record_past, _("The meeting is recorded.")
    elif form.data.get("do") == "draft":
        verb, said = actions.draft, _("The draft is saved. Nobody is invited yet.")
    return verb(group=group, by=by, agenda=form.lines(), **form.details()), said


def _page(form: MeetingForm, meeting: Meeting | None = None) -> dict[str, Any]:
    rules = ReminderRule.objects.filter(group=None, meeting=None, is_active=True)
    reminders = [(timeline.offset_text(rule), letter_of(kinds.reminder(rule.letter)).describes) for rule in rules]
    return {"form": form, "meeting": meeting, "zones": ZONES, "reminders": reminders}


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a planned meeting; a draft or a postponed one can be announced at once."""
    planner = person(request)
    meeting, may = meeting_for(planner, slug)
    admit(may.can_plan, may, _("Meetings are changed by the leader of the group and by the secretariat."))
    admit(may.can_edit, may, _("This meeting is over or cancelled; its details stay as they are."))
    form = MeetingForm(request.POST or None, instance=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            said = _change(form, slug, planner)
        except MeetingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("meetings:detail", slug)
    return render(request, "meetings/form.html", _page(form, Meeting.objects.select_related("group").get(slug=slug)))


@transaction.atomic
def _change(form: MeetingForm, slug: str, by: User) -> str:
    meeting = Meeting.objects.get(slug=slug)  # the form has written on its own copy
    meeting = actions.edit(meeting=meeting, by=by, agenda=form.lines(), **form.details())
    if meeting.state == Meeting.State.SCHEDULED:
        return _("The meeting is changed. Whoever was invited hears of a new time, place or link.")
    if form.data.get("do") != "invite":
        return _("The draft is saved. Nobody is invited yet.")
    actions.announce(meeting=meeting, by=by)
    return _("The meeting is scheduled and the invitations are on their way.")


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
    """Take the date away, with a reason; a new one is set by editing."""
    page = {
        "title": _("Postpone this meeting?"),
        "text": _("Everybody who was invited gets a letter. Set the new date later, and they are invited again."),
        "submit": _("Postpone the meeting"),
        "done": _("The meeting is postponed."),
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
    context = {**page, "form": form, "danger": True, "cancel_url": meeting.get_absolute_url()}
    return render(request, "pages/confirm.html", context)


def _possible(verb: Callable[..., Meeting], may: Standing) -> bool:
    return may.can_cancel if verb is actions.cancel else may.can_postpone
