"""Putting a challenge on the agendas of the group's meetings."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from challenges import actions
from challenges.actions.register import locked
from challenges.errors import Refused
from challenges.forms import AgendaItemsForm
from challenges.models import Challenge
from challenges.views.doors import person, posted
from challenges.views.sorting import steered
from history.models import Entry
from history.seen import changed, shown


def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the items that deal with it; the agendas show it, and where it came up earlier."""
    challenge = steered(request, slug)[0]
    form = AgendaItemsForm(posted(request), challenge=challenge)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        changes = _set(request, form, challenge)
        if not changes and form.is_valid():
            messages.success(request, _("The agendas are linked with this challenge."))
            return redirect(challenge)
    page = {
        **changes,
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


def _set(request: HttpRequest, form: AgendaItemsForm, challenge: Challenge) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile; a refusal stands in the form."""
    with transaction.atomic():
        fresh = locked(challenge)
        edits = Entry.objects.about(fresh).filter(verb="put_on_agenda")
        changes = changed(form, shown(AgendaItemsForm(challenge=fresh)), edits)
        try:
            if not changes:
                actions.set_agenda_items(challenge=fresh, items=form.items(), by=person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return changes
