"""Webinars and conferences: the list and the page of one for everybody, the forms of the secretariat."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from history.models import Entry
from history.seen import shown
from meetings import actions, sheets
from meetings.actions.registrations import is_open, seats_left
from meetings.errors import MeetingError
from meetings.filters import WebinarFilter
from meetings.forms import ReasonForm
from meetings.forms.webinars import AfterwardsForm, RecordingForm, WebinarForm
from meetings.languages import named
from meetings.models import Webinar
from meetings.rules import can_plan_webinars
from meetings.views import together
from meetings.views.attendance import attached
from meetings.views.planning import ZONES
from people.models import User
from people.sessions import person, viewer

PER_PAGE = 25
DEEDS = {
    "drafted": gettext_lazy("Drafted"),
    "announced": gettext_lazy("Announced"),
    "recorded": gettext_lazy("Recorded afterwards"),
    "edited": gettext_lazy("Changed"),
    "registration opened": gettext_lazy("Registration opened"),
    "registration closed": gettext_lazy("Registration closed"),
    "held": gettext_lazy("Held"),
    "recording published": gettext_lazy("Recording published"),
    "cancelled": gettext_lazy("Cancelled"),
}
Verb = Callable[..., Webinar]
State = Webinar.State
STEPS: dict[str, tuple[State, Verb, Any]] = {
    "announce": (State.ANNOUNCED, actions.announce_webinar, gettext_lazy("Announce")),
    "open": (State.REGISTRATION_OPEN, actions.open_registration, gettext_lazy("Open registration")),
    "close": (State.REGISTRATION_CLOSED, actions.close_registration, gettext_lazy("Close registration")),
}


@login_not_required
def webinars(request: HttpRequest) -> HttpResponse:
    """List what comes and what was, of all groups or one."""
    reader, now = viewer(request), timezone.now()
    chosen = WebinarFilter(request.GET, queryset=Webinar.objects.visible_to(reader))
    context = {
        "filter": chosen,
        "upcoming": chosen.qs.upcoming(now),
        "page_obj": Paginator(chosen.qs.past(now), PER_PAGE).get_page(request.GET.get("page")),
        "can_plan": can_plan_webinars(reader),
    }
    return render(request, "meetings/webinars.html", context)


@login_not_required
def webinar(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one: when, by whom, how to register; afterwards recording, captions, slides and what was said."""
    reader, now = viewer(request), timezone.now()
    shown = get_object_or_404(Webinar.objects.visible_to(reader), slug=slug)
    entries = Entry.objects.about(shown).published()
    context = {
        "webinar": shown,
        "groups": list(shown.groups.order_by("name", "pk")),
        "reports": _reports(shown) if shown.state in Webinar.OVER else [],
        "own_when": shown.when_for(reader),
        "is_over": shown.state in Webinar.OVER,
        "languages": named(shown.languages),
        "is_open": is_open(shown, now),
        "seats_left": seats_left(shown) if is_open(shown, now) else None,
        "history": [{"at": e.at, "deed": DEEDS.get(e.verb, e.verb), "reason": e.reason} for e in entries],
        "can_plan": can_plan_webinars(reader),
        "steps": [(name, label) for name, (state, _verb, label) in STEPS.items() if _possible(shown, state)],
        "can_cancel": _possible(shown, State.CANCELLED),
        "can_publish": _possible(shown, State.RECORDING_PUBLISHED),
    }
    return render(request, "meetings/webinar.html", context)


def _reports(shown: Webinar) -> list[Any]:
    """The editions in print that tell of it and of what it was built on: they stand in a room above."""
    told = shown.edition_sources.filter(edition__state="published").select_related("edition__publication")
    return [source.edition for source in told.order_by("-edition__published_at", "pk")]


def _possible(shown: Webinar, state: State) -> bool:
    return state in Webinar.TRANSITIONS[State(shown.state)]


def planner(request: HttpRequest) -> User:
    """Return the signed-in person if webinars are theirs to plan. Raises PermissionDenied."""
    reader = person(request)
    if can_plan_webinars(reader):
        return reader
    raise PermissionDenied(_("Webinars and conferences are planned by the secretariat."))


def _planned(request: HttpRequest, slug: str) -> tuple[User, Webinar]:
    """Return who plans it, and the webinar. Raises PermissionDenied, Http404."""
    by = planner(request)
    return by, get_object_or_404(Webinar.objects.visible_to(by), slug=slug)


def webinar_new(request: HttpRequest) -> HttpResponse:
    """Draft one to come, or record one that has taken place."""
    by = planner(request)
    form = WebinarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        past = form.data.get("do") == "record"
        verb: Verb = actions.record_webinar if past else actions.draft_webinar
        made = _attempt(form, lambda: verb(by=by, groups=form.cleaned_data["groups"], **form.details()))
        if made:
            said = _("It is recorded, and public.") if past else _("The draft is saved. Only the secretariat sees it.")
            messages.success(request, said)
            return redirect(made)
    return render(request, "meetings/webinar_form.html", {"form": form, "webinar": None, "zones": ZONES})


def _attempt(form: Any, do: Callable[[], Webinar]) -> Webinar | None:
    """Return what was made, or None with the refusal in the form."""
    try:
        return do()
    except MeetingError as error:
        form.add_error(None, str(error))
        return None


def webinar_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change it; what somebody else has changed since the page was opened is shown first."""
    by, stored = _planned(request, slug)
    form = WebinarForm(request.POST or None, instance=Webinar.objects.get(pk=stored.pk))
    context: dict[str, Any] = {"form": form, "webinar": stored, "zones": ZONES}
    if request.method == "POST" and form.is_valid():
        groups = form.cleaned_data["groups"]
        verb = partial(actions.edit_webinar, by=by, groups=groups, **form.details())
        made, changes = _save(form, stored, verb)
        if made:
            messages.success(request, _("It is changed. Registered people hear of a new time, place or link."))
            return redirect(made)
        context |= changes
    return render(request, "meetings/webinar_form.html", context)


def _save(form: WebinarForm | AfterwardsForm, stored: Webinar, verb: Verb) -> tuple[Webinar | None, dict[str, Any]]:
    """Return what was saved, or None and what somebody else has changed meanwhile."""
    with transaction.atomic():
        webinar = actions.locked_webinar(stored)
        changes = together.changed(form, shown(type(form)(instance=webinar)), webinar)
        made = None if changes else _attempt(form, lambda: verb(webinar=webinar))
    return made, changes


def webinar_afterwards(request: HttpRequest, slug: str) -> HttpResponse:
    """Add what remains; with the button "publish" the recording comes out."""
    by, stored = _planned(request, slug)
    if stored.state not in {State.HELD, State.RECORDING_PUBLISHED}:
        raise PermissionDenied(_("What remains of it is added once it has been held."))
    publishes = request.POST.get("do") == "publish"
    kind = RecordingForm if publishes or stored.state == State.RECORDING_PUBLISHED else AfterwardsForm
    form = kind(request.POST or None, instance=Webinar.objects.get(pk=stored.pk))
    context: dict[str, Any] = {"form": form, "webinar": stored}
    if request.method == "POST" and form.is_valid():
        verb: Verb = actions.publish_recording if publishes else actions.edit_webinar
        made, changes = _save(form, stored, partial(verb, by=by, **form.details()))
        if made:
            messages.success(request, _("The page shows it now."))
            return redirect(made)
        context |= changes
    return render(request, "meetings/webinar_afterwards.html", context)


def webinar_step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Announce, open or close registration, after asking once more."""
    by, stored = _planned(request, slug)
    if step not in STEPS:
        raise Http404
    _state, verb, label = STEPS[step]
    if request.method == "POST":
        try:
            verb(webinar=stored, by=by)
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Done. The page says so now."))
        return redirect(stored)
    context = {"title": stored.title, "text": TEXTS[step], "submit": label, "cancel_url": stored.get_absolute_url()}
    return render(request, "pages/confirm.html", context)


TEXTS = {
    "announce": gettext_lazy("Everybody can read the page, and the calendars show it. Nobody can register yet."),
    "open": gettext_lazy("Everybody can register from now on, until the moment you set, or the start."),
    "close": gettext_lazy("Nobody can register any more. Who is registered stays so."),
}


def webinar_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Cancel for good, with a reason."""
    by, stored = _planned(request, slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_webinar(webinar=stored, by=by, reason=form.cleaned_data["reason"])
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("It is cancelled. Registered people get a letter."))
        return redirect(stored)
    context = {
        "title": _("Cancel “%(title)s”?") % {"title": stored.title},
        "text": _("Everybody registered gets a letter, and it stays in calendars as cancelled."),
        "submit": _("Cancel it"),
        "form": form,
        "danger": True,
        "cancel_url": stored.get_absolute_url(),
    }
    return render(request, "pages/confirm.html", context)


def webinar_registrations(request: HttpRequest, slug: str) -> HttpResponse:
    """Who registered, and what they ask: for the secretariat, until it is deleted."""
    _by, stored = _planned(request, slug)
    people = list(stored.registrations.order_by("registered_at", "pk"))
    counts = {state: sum(each.state == state for each in people) for state in ("confirmed", "waiting")}
    context = {"webinar": stored, "people": people, **counts}
    return render(request, "meetings/webinar_registrations.html", context)


@require_safe
def registrations_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as CSV."""
    rows = sheets.registrations(_planned(request, slug)[1])
    return attached(sheets.as_csv(rows), "text/csv; charset=utf-8", f"{slug}-registrations.csv")


@require_safe
def registrations_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as an Excel file."""
    rows = sheets.registrations(_planned(request, slug)[1])
    return attached(sheets.as_xlsx(rows, _("Registrations")), sheets.XLSX, f"{slug}-registrations.xlsx")
