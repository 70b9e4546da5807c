"""Open registration: a form for everybody, and the signed link of the letter. GET shows, POST changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meetings import actions, webinar_calendar
from meetings.actions.registrations import is_open, place_in_queue, seats_left
from meetings.errors import MeetingError, RegistrationClosed
from meetings.forms.webinars import RegistrationForm
from meetings.models import Registration, Webinar
from meetings.registration_tokens import registration_of, token_of
from people.limits import HOUR, limited, network_of, too_often
from people.sessions import viewer

SAID = {
    Registration.State.CONFIRMED: gettext_lazy("You are registered. A letter with the link follows."),
    Registration.State.WAITING: gettext_lazy("You are on the waiting list. A letter tells you when a seat is yours."),
    Registration.State.CANCELLED: gettext_lazy("Your registration is cancelled."),
}
CONFLICT, TOO_MANY = 409, 429
MOST_OF_NETWORK, MOST_OF_ADDRESS = 30, 5  # within an hour; a whole office may sit behind one network address
LINK, NETWORK = 30, 240


@login_not_required
@never_cache
def webinar_register(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the wish to come; the answer is the same for every address, known or not."""
    webinar = get_object_or_404(Webinar.objects.published(), slug=slug)
    form = RegistrationForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        if _asks_too_often(request, form):
            response = _form(request, webinar, form, TOO_MANY)
            response["Retry-After"] = str(HOUR)
            return response
        try:
            actions.register(webinar=webinar, visitor=form.visitor())
        except RegistrationClosed:
            return _form(request, webinar, form, CONFLICT)
        context = {"webinar": webinar, "email": form.cleaned_data["email"]}
        return render(request, "meetings/webinar_asked.html", context)
    return _form(request, webinar, form)


def _form(request: HttpRequest, webinar: Webinar, form: RegistrationForm, status: int = 200) -> HttpResponse:
    takes = status != CONFLICT and is_open(webinar, timezone.now())
    context = {"webinar": webinar, "form": form, "takes": takes, "submit": _("Register"), "is_full": False}
    if takes and seats_left(webinar) == 0:
        context |= {"submit": _("Join the waiting list"), "is_full": True}
    return render(request, "meetings/webinar_register.html", context, status=status)


def _asks_too_often(request: HttpRequest, form: RegistrationForm) -> bool:
    """Each wish sends a letter: neither one network nor one mailbox is to get or cause too many."""
    address = form.cleaned_data["email"].lower()
    counted = [
        too_often("register", network_of(request), MOST_OF_NETWORK),
        too_often("register", address, MOST_OF_ADDRESS),
    ]
    if any(counted):
        form.add_error(None, _("This was tried too often within an hour. What you typed is kept: send it again later."))
    return any(counted)


def _known(request: HttpRequest) -> dict[str, str]:
    reader = viewer(request)
    return {"name": str(reader), "email": reader.email} if reader else {}


@login_not_required
@never_cache
@require_safe
def registration_file(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar entry of whoever is registered, with the join link."""
    found = registration_of(token)
    if found is None or found.state != Registration.State.CONFIRMED or not found.webinar.calendar_block:
        raise Http404
    name = f"{found.webinar.slug}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Referrer-Policy": "no-referrer"}
    return HttpResponse(webinar_calendar.entry(found), content_type="text/calendar; charset=utf-8", headers=headers)


@login_not_required
@never_cache
@limited("registration", link=LINK, network=NETWORK)
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: look at the registration, confirm it, cancel it."""
    found = registration_of(token)
    if found is None:
        return render(request, "meetings/registration.html", {"registration": None, "webinar": None}, status=404)
    if request.method == "POST":
        return _change(request, found, token)
    return _shown(request, found)


def _change(request: HttpRequest, found: Registration, token: str) -> HttpResponse:
    verb = actions.cancel_registration if request.POST.get("do") == "cancel" else actions.confirm
    try:
        changed = verb(registration=found)
    except MeetingError as error:
        found.refresh_from_db()
        return _shown(request, found, error=str(error))
    messages.success(request, SAID[Registration.State(changed.state)])
    return redirect("meetings:registration", token)


def _shown(request: HttpRequest, found: Registration, error: str = "") -> HttpResponse:
    webinar = found.webinar
    context = {
        "registration": found,
        "token": token_of(found),
        "webinar": webinar,
        "error": error,
        "queue": place_in_queue(found),
        "can_confirm": found.state == Registration.State.PENDING and is_open(webinar, timezone.now()),
        "can_cancel": found.state != Registration.State.CANCELLED and webinar.state in Webinar.PLANNED,
    }
    return render(request, "meetings/registration.html", context, status=CONFLICT if error else 200)
