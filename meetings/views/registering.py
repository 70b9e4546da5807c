"""Open registration: a form for everybody, and the signed link of the letter. GET shows, POST changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from meetings import actions
from meetings.actions.registrations import is_open, seats_left
from meetings.errors import MeetingError, RegistrationClosed
from meetings.forms.webinars import RegistrationForm
from meetings.models import Registration, Webinar
from meetings.registration_tokens import registration_of
from people.sessions import viewer

CONFLICT = 409


@login_not_required
@never_cache
def webinar_register(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the wish to come; the answer is the same for every address, known or not."""
    webinar = get_object_or_404(Webinar.objects.published(), slug=slug)
    takes = is_open(webinar, timezone.now()) and seats_left(webinar) != 0
    form = RegistrationForm(request.POST or None, initial=_known(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.register(webinar=webinar, visitor=form.visitor())
        except RegistrationClosed:
            takes, status = False, CONFLICT
        else:
            context = {"webinar": webinar, "email": form.cleaned_data["email"]}
            return render(request, "meetings/webinar_asked.html", context)
    context = {"webinar": webinar, "form": form, "takes": takes}
    return render(request, "meetings/webinar_register.html", context, status=status)


def _known(request: HttpRequest) -> dict[str, str]:
    reader = viewer(request)
    return {"name": str(reader), "email": reader.email} if reader else {}


@login_not_required
@never_cache
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: look at the registration, confirm it, cancel it."""
    found = registration_of(token)
    if found is None:
        return render(request, "meetings/registration.html", {"registration": None, "webinar": None}, status=404)
    if request.method == "POST":
        return _change(request, found, token)
    return _shown(request, found)


def _change(request: HttpRequest, found: Registration, token: str) -> HttpResponse:
    cancels = request.POST.get("do") == "cancel"
    try:
        if cancels:
            actions.cancel_registration(registration=found)
        else:
            actions.confirm(registration=found)
    except MeetingError as error:
        found.refresh_from_db()
        return _shown(request, found, error=str(error))
    said = _("Your registration is cancelled.") if cancels else _("You are registered. A letter with the link follows.")
    messages.success(request, said)
    return redirect("meetings:registration", token)


def _shown(request: HttpRequest, found: Registration, error: str = "") -> HttpResponse:
    webinar = found.webinar
    context = {
        "registration": found,
        "webinar": webinar,
        "error": error,
        "can_confirm": found.state == Registration.State.PENDING and is_open(webinar, timezone.now()),
        "can_cancel": found.state != Registration.State.CANCELLED and webinar.state in Webinar.PLANNED,
    }
    return render(request, "meetings/registration.html", context, status=CONFLICT if error else 200)
