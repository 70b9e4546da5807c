"""The agenda on a page of its own, to read and print; and the page on which it is made."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from history.seen import Change
from meetings import actions, programme
from meetings.actions import agenda as verbs
from meetings.actions.points import carry_over, follow_up_title
from meetings.errors import MeetingError
from meetings.forms import agenda_seen
from meetings.forms.programme import PasteForm, arranged, rows
from meetings.models import Meeting
from meetings.rules import standing
from meetings.views.doors import admit, meeting_for
from meetings.views.together import last_editor
from people.models import User
from people.sessions import person, viewer


@login_not_required
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the agenda with everything that hangs on it."""
    reader = viewer(request)
    visible = Meeting.objects.visible_to(reader).select_related("group")
    meeting = get_object_or_404(programme.with_agenda(visible, reader, timezone.now()), slug=slug)
    may = standing(reader, meeting)
    page: dict[str, Any] = {"meeting": meeting, "may": may}
    page |= programme.of(meeting, names=may.can_join)
    if may.can_join:
        page["carried"] = programme.carried(meeting)
    return render(request, "meetings/agenda.html", page)


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Arrange the items, or paste some more; what somebody else has changed since is shown first."""
    planner, meeting = _planner(request, slug)
    pasting = request.POST.get("do") == "paste"
    sent = request.method == "POST"
    formset = rows(meeting, request.POST if sent and not pasting else None)
    paste = PasteForm(request.POST if pasting else None)
    form = paste if pasting else formset
    seen, changes = agenda_seen.opened(request.POST), list[Change]()
    if sent and form.is_valid():
        try:
            changes = _save(meeting, planner, formset, paste if pasting else None, seen)
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            if not changes:
                messages.success(request, _("The agenda is saved."))
                again = pasting or request.POST.get("do") == "stay"
                return redirect("meetings:agenda_edit" if again else "meetings:detail", slug)
    now = agenda_seen.shown(meeting)
    if changes and seen is not None:
        formset = rows(meeting, agenda_seen.taken_over(request.POST, seen, now))
    meeting = programme.with_papers(Meeting.objects.select_related("group"), planner, timezone.now()).get(slug=slug)
    set_down = list(meeting.agenda.order_by("position"))
    page = {
        "changes": changes,
        "changed_by": last_editor(meeting) if changes else None,
        "seen": agenda_seen.sealed(now if changes or seen is None else seen),
        "meeting": meeting,
        "formset": formset,
        "paste": paste,
        "form": paste,
        "carried": programme.carried(meeting),
        "is_carried": any(item.title == follow_up_title() for item in set_down),
        "minutes_planned": sum(item.minutes or 0 for item in set_down),
    }
    return render(request, "meetings/agenda_form.html", page)


@transaction.atomic
def _save(
    meeting: Meeting, by: User, formset: Any, paste: PasteForm | None, seen: agenda_seen.Texts | None
) -> list[Change]:
    """Save the agenda, or return what somebody else has changed in it. Raises WrongState."""
    meeting = actions.locked(meeting)
    if paste is not None:
        verbs.arrange(meeting=meeting, by=by, items=[*_as_is(meeting), *paste.cleaned_data["pasted"]])
        return []
    people = {str(value): label for value, label in formset.form_kwargs["people"]}
    changes = agenda_seen.meanwhile(seen, agenda_seen.shown(meeting), people)
    if not changes:
        verbs.arrange(meeting=meeting, by=by, items=arranged(formset))
    return changes


def _as_is(meeting: Meeting) -> list[verbs.Item]:
    return [
        verbs.Item(item.title, item.pk, item.minutes, item.lead_id, item.speaker, item.notes)
        for item in meeting.agenda.order_by("position")
    ]


@require_POST
def carry(request: HttpRequest, slug: str) -> HttpResponse:
    """Put what is open from last time on the agenda."""
    planner, meeting = _planner(request, slug)
    try:
        carry_over(meeting=meeting, by=planner)
    except MeetingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The open action points are the first item of the agenda."))
    return redirect("meetings:agenda_edit", slug)


def _planner(request: HttpRequest, slug: str) -> tuple[User, Meeting]:
    reader = person(request)
    meeting, may = meeting_for(reader, slug)
    admit(may.can_plan, may, _("The agenda is made by the leader of the group and by the secretariat."))
    return reader, meeting
