"""The group's comments on an edition in review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from outcomes import actions
from outcomes.errors import Refused
from outcomes.models import Edition
from outcomes.step_forms import CommentForm
from outcomes.views.reading import edition_for, show
from people.sessions import person


def comment(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Keep what a member says; what cannot be kept stands in the form again. GET is the page for who is signed in."""
    reader = person(request)
    edition = edition_for(reader, slug, version)
    if request.method != "POST":
        return show(request, reader, edition) if edition.state == Edition.State.IN_REVIEW else redirect(edition)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show(request, reader, edition, form)
    try:
        actions.comment(edition=edition, by=reader, text=form.cleaned_data["text"])
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return show(request, reader, edition, form)
    messages.success(request, _("Your comment is kept."))
    return redirect(f"{edition.get_absolute_url()}#comments")
