"""Pages of a series: plan it from a pattern, change or cancel many meetings at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.seen import shown
from meetings import actions, cautions, times
from meetings.actions import Slot
from meetings.errors import MeetingError
from meetings.forms.series import SeriesCancelForm, SeriesEditForm, SeriesForm
from meetings.forms.series import others as of_others
from meetings.models import Meeting
from meetings.rules import Standing
from meetings.views import together
from meetings.views.doors import admit, meeting_for
from meetings.views.planning import ZONES, groups_of, over, preset
from people.models import User
from people.sessions import person
from workinggroups.views.doors import group_first


@group_first
def series_new(request: HttpRequest) -> HttpResponse:
    """Show the dates of a pattern first, then make a meeting of each that was kept."""
    planner = person(request)
    groups = groups_of(planner)
    form = SeriesForm(request.POST or None, groups=groups, initial=preset(request, groups))
    context: dict[str, Any] = {"form": form, "zones": ZONES}
    if request.method == "POST" and form.is_valid():
        if form.data.get("shown") == form.dates_shown() and form.data.get("do") in {"invite", "draft"}:
            made = _make(form, request, planner)
            if made:
                return redirect(made)
        context |= {"dates": _dates(form, request.POST.getlist("keep")), "shown": form.dates_shown()}
    return render(request, "meetings/series_form.html", context)


def _make(form: SeriesForm, request: HttpRequest, by: User) -> Meeting | None:
    given, invite = form.cleaned_data, form.data.get("do") == "invite"
    plan = actions.Plan(given["group"], given["title"], form.rule())
    slots = form.kept(request.POST.getlist("keep"))
    try:
        series = actions.plan_series(plan=plan, slots=slots, by=by, invite=invite, **form.details())
    except MeetingError as error:
        form.add_error(None, str(error))
        return None
    text = ngettext("%(n)d meeting is planned.", "%(n)d meetings are planned.", len(slots)) % {"n": len(slots)}
    told = _("Each member gets one letter with all dates.") if invite else _("Nobody is invited yet.")
    messages.success(request, f"{text} {told}")
    return series.meetings.order_by("starts_at").select_related("group")[0]


def _dates(form: SeriesForm, kept: list[str]) -> list[dict[str, Any]]:
    group, zone = form.cleaned_data["group"].pk, form.cleaned_data["timezone"]
    return [
        {
            "day": day,
            "when": times.span(slot.starts_at, slot.ends_at, _at(slot, group, zone).zone),
            "kept": not kept or day in kept,
            "cautions": cautions.of_time(_at(slot, group, zone)),
        }
        for day, slot in form.slots.items()
    ]


def _at(slot: Slot, group: int, zone: str) -> Meeting:
    return Meeting(group_id=group, timezone=zone, starts_at=slot.starts_at, ends_at=slot.ends_at)


def series_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change this meeting, this and the later ones, or all; one letter to each person for the whole edit."""
    meeting, may = _in_series(request, slug)
    form = SeriesEditForm(request.POST or None, meeting=meeting)
    page = {
        "template": "meetings/series_edit.html",
        "done": _("%(n)d meetings are changed. Whoever is invited hears of it in one letter."),
        "may": may,
        "changes": None,
        "changed_by": None,
    }

    def save() -> list[Meeting]:
        scope, details = form.cleaned_data["scope"], form.details()
        with transaction.atomic():
            page.update(_changed(form, meeting, scope))
            if page["changes"]:
                return []
            return actions.edit_series(meeting=meeting, scope=scope, by=person(request), shift=form.shift(), **details)

    return _many(request, meeting, form, save, page)


def _changed(form: SeriesEditForm, meeting: Meeting, scope: str) -> dict[str, Any]:
    """Return what somebody else has changed meanwhile in the meetings of the scope; they are locked then."""
    for each in actions.in_scope(meeting, scope):
        actions.locked(each)
    meeting = actions.locked(meeting)
    others = of_others(meeting, scope)
    labels = dict.fromkeys(others, _("Another meeting of the series"))
    return together.changed(form, shown(SeriesEditForm(meeting=meeting)) | others, meeting, labels)


def series_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel this meeting, this and the later ones, or all, with a reason."""
    meeting, may = _in_series(request, slug)
    form = SeriesCancelForm(request.POST or None)

    def save() -> list[Meeting]:
        given = form.cleaned_data
        return actions.cancel_series(meeting=meeting, scope=given["scope"], by=person(request), reason=given["reason"])

    page = {
        "template": "pages/confirm.html",
        "done": _("%(n)d meetings are cancelled. Whoever was invited hears of it in one letter."),
        "title": _("Cancel meetings of this series?"),
        "text": meeting.title,
        "submit": _("Cancel them"),
        "danger": True,
        "may": may,
    }
    return _many(request, meeting, form, save, page)


def _in_series(request: HttpRequest, slug: str) -> tuple[Meeting, Standing]:
    meeting, may = meeting_for(person(request), slug)
    admit(may.can_plan, may, _("Meetings are changed by the leader of the group and by the secretariat."))
    if meeting.series_id is None:
        raise Http404
    admit(may.can_edit or request.method == "POST", may, over())
    return meeting, may


def _can_edit(form: Form, may: Standing) -> bool:
    """The meeting may be over or cancelled since the page was opened: what was typed is kept."""
    if not may.can_edit:
        form.add_error(None, over())
    return may.can_edit


def _many(
    request: HttpRequest, meeting: Meeting, form: Form, save: Callable[[], list[Meeting]], page: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and _can_edit(form, page["may"]):
        try:
            changed = save()
        except times.NoSuchTime:
            form.add_error(None, _("On one of the days this time does not exist: the clocks go forward."))
        except MeetingError as error:
            form.add_error(None, str(error))
        else:
            if changed:
                messages.success(request, page["done"] % {"n": len(changed)})
                return redirect(meeting)
    others = Meeting.objects.filter(series=meeting.series_id).select_related("group").order_by("starts_at", "pk")
    context = {**page, "meeting": meeting, "form": form, "others": others, "cancel_url": meeting.get_absolute_url()}
    return render(request, page["template"], context)
