"""Putting a challenge on the agendas of the group's meetings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from challenges import actions
from challenges.errors import Refused
from challenges.forms import AgendaItemsForm
from challenges.models import Challenge
from challenges.views.doors import person, posted
from challenges.views.sorting import steered


def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the items that deal with it; the agendas show it, and where it came up earlier."""
    challenge = steered(request, slug)[0]
    form = AgendaItemsForm(posted(request), challenge=challenge)
    if request.method == "POST" and form.is_valid() and _set(request, form, challenge):
        return redirect(challenge)
    page = {
        "title": _("Put it on an agenda"),
        "overline": challenge.title,
        "lede": _lede(form),
        "submit": _("Save"),
        "cancel_url": challenge.get_absolute_url(),
    }
    return render(request, "pages/form.html", {"form": form, **page})


def _lede(form: AgendaItemsForm) -> str:
    if form.fields:
        return _("Choose the items that deal with it. Each agenda then shows it, and where it came up earlier.")
    return _("No meeting of the group has an agenda yet. Write one first, on the page of the meeting.")


def _set(request: HttpRequest, form: AgendaItemsForm, challenge: Challenge) -> bool:
    try:
        actions.set_agenda_items(challenge=challenge, items=form.items(), by=person(request))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The agendas are linked with this challenge."))
    return True
