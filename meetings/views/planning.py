"""The forms of those who plan: a new meeting, one of the past, and changes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from history.seen import shown
from meetings import actions, cautions, kinds, rule_words, times
from meetings.errors import MeetingError, WrongState
from meetings.forms import MeetingForm, NewMeetingForm, PastMeetingForm
from meetings.forms.planning import agenda_is_set
from meetings.models import Meeting, ReminderRule
from meetings.rules import steered_by
from meetings.views import together
from meetings.views.doors import admit, meeting_for
from notices.letters import letter_of
from people.models import User
from people.sessions import person
from workinggroups.models import Membership, WorkingGroupQuerySet
from workinggroups.views.doors import group_first

# Suggestions; every IANA zone is taken.
CITIES = (
    "Athens Berlin Bratislava Brussels Bucharest Budapest Copenhagen Dublin Helsinki Lisbon Ljubljana Luxembourg "
    "Madrid Malta Paris Prague Riga Rome Sofia Stockholm Tallinn Vienna Vilnius Warsaw Zagreb"
)
ZONES = [f"Europe/{city}" for city in CITIES.split()] + ["Asia/Nicosia", "Atlantic/Azores", "Atlantic/Canary"]


@group_first
def new(request: HttpRequest) -> HttpResponse:
    """Schedule a meeting, or keep it as a draft."""
    planner = person(request)
    groups = groups_of(planner)
    form = NewMeetingForm(request.POST or None, groups=groups, initial=preset(request, groups))
    if request.method == "POST" and form.is_valid():
        if form.data.get("do") == "preview":
            return render(request, "meetings/form.html", _page(form) | _preview(form, form.cleaned_data["group"].pk))
        meeting = _attempt(form, lambda: _make(form, planner))
        if meeting:
            drafted = meeting.state == Meeting.State.DRAFT
            messages.success(request, _draft_saved() if drafted else _invited())
            return redirect(meeting)
    return render(request, "meetings/form.html", _page(form))


@group_first
def record(request: HttpRequest) -> HttpResponse:
    """Record a meeting of the past: a choice of its own, so that a mistyped year elsewhere stays an error."""
    planner = person(request)
    groups = groups_of(planner)
    form = PastMeetingForm(request.POST or None, groups=groups, initial=preset(request, groups))
    if request.method == "POST" and form.is_valid():
        details = form.details()
        meeting = _attempt(form, lambda: _record(form, planner, **details))
        if meeting:
            messages.success(request, _("The meeting is recorded. Nobody is invited."))
            return redirect(meeting)
    return render(request, "meetings/record.html", {"form": form, "zones": ZONES})


def groups_of(planner: User) -> WorkingGroupQuerySet:
    """Return the groups one plans for; who plans for none gets no form. Raises PermissionDenied, Http404."""
    groups = steered_by(planner)
    if groups:
        return groups
    if Membership.objects.active().filter(user=planner).exists():
        raise PermissionDenied(_("Meetings are scheduled by the leader of a group and by the secretariat."))
    raise Http404


def preset(request: HttpRequest, groups: WorkingGroupQuerySet) -> dict[str, Any]:
    wanted = request.GET.get("group")
    return {"group": wanted or groups[0].slug}


def _attempt(form: MeetingForm, do: Callable[[], Meeting]) -> Meeting | None:
    """Return what was made, or None with the refusal in the form."""
    try:
        return do()
    except MeetingError as error:
        form.add_error(None, str(error))
        return None


def _make(form: NewMeetingForm, by: User) -> Meeting:
    verb = actions.draft if form.data.get("do") == "draft" else actions.schedule
    return verb(group=form.cleaned_data["group"], by=by, agenda=form.lines(), **form.details())


def _record(form: PastMeetingForm, by: User, **details: Any) -> Meeting:
    return actions.record_past(group=form.cleaned_data["group"], by=by, agenda=form.lines(), **details)


def _draft_saved() -> str:
    return _("The draft is saved. Nobody is invited yet.")


def _invited() -> str:
    return _("The meeting is scheduled and the invitations are on their way.")


def _page(form: MeetingForm, meeting: Meeting | None = None) -> dict[str, Any]:
    rules = ReminderRule.objects.filter(group=None, meeting=None, is_active=True)
    reminders = [(rule_words.offset_text(rule), letter_of(kinds.reminder(rule.letter)).describes) for rule in rules]
    return {"form": form, "meeting": meeting, "zones": ZONES, "reminders": reminders}


def _preview(form: MeetingForm, group: int, meeting: Meeting | None = None) -> dict[str, Any]:
    """Read the date back, and say what one should know before people are invited."""
    given = form.cleaned_data
    if not given["starts_at"]:
        return {"preview": {"when": _("Date to be found"), "cautions": []}}
    planned = Meeting(pk=meeting.pk if meeting else None, group_id=group, timezone=given["timezone"])
    planned.starts_at, planned.ends_at = given["starts_at"], given["ends_at"]
    when = times.span(given["starts_at"], given["ends_at"], planned.zone)
    return {"preview": {"when": when, "cautions": cautions.of_time(planned)}}


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a planned meeting; a draft or a postponed one can be announced at once."""
    planner = person(request)
    meeting, may = meeting_for(planner, slug)
    admit(may.can_plan, may, _("Meetings are changed by the leader of the group and by the secretariat."))
    admit(may.can_edit or request.method == "POST", may, over())
    form = MeetingForm(request.POST or None, instance=meeting)
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if not may.can_edit:  # since the page was opened: what was typed is kept
            form.add_error(None, over())
        elif form.data.get("do") == "preview":
            more = _preview(form, meeting.group_id, meeting)
        else:
            more = _save(request, form, slug)
        if not more and form.is_valid():
            return redirect("meetings:detail", slug)
    stored = Meeting.objects.select_related("group").get(slug=slug)
    return render(request, "meetings/form.html", _page(form, stored) | more)


def over() -> str:
    return _("This meeting is over or cancelled; its details stay as they are.")


def _save(request: HttpRequest, form: MeetingForm, slug: str) -> dict[str, Any]:
    """Save and say so; or return what somebody else has changed meanwhile, with which the form is shown again."""
    with transaction.atomic():
        meeting = actions.locked(Meeting.objects.get(slug=slug))  # the form has written on its own copy
        more = together.changed(form, shown(MeetingForm(instance=meeting)), meeting)
        saved = None if more else _attempt(form, lambda: _change(form, meeting, person(request)))
    if saved:
        messages.success(request, _said(form, saved))
    return more


@transaction.atomic
def _change(form: MeetingForm, meeting: Meeting, by: User) -> Meeting:
    if form.lines() and meeting.agenda.exists():  # set since the form was looked at, a moment ago
        raise WrongState(agenda_is_set())
    meeting = actions.edit(meeting=meeting, by=by, agenda=form.lines() or None, **form.details())
    if meeting.state == Meeting.State.SCHEDULED or form.data.get("do") != "invite":
        return meeting
    return actions.announce(meeting=meeting, by=by)


def _said(form: MeetingForm, meeting: Meeting) -> str:
    if meeting.state != Meeting.State.SCHEDULED:
        return _draft_saved()
    if form.data.get("do") == "invite":
        return _invited()
    return _("The meeting is changed. Whoever was invited hears of a new time, place or link.")
