"""The group's comments on an edition in review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from outcomes import actions
from outcomes.errors import Refused
from outcomes.models import Edition
from outcomes.step_forms import CommentForm
from people.sessions import person


def comment(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Keep what a member says; an empty comment is told beside the form's place on the page."""
    visible = Edition.objects.visible_to(request.user).select_related("publication")
    edition = get_object_or_404(visible, publication__slug=slug, version=version)
    if request.method != "POST":
        return redirect(edition)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what you want to say, in at most 5,000 characters."))
        return redirect(f"{edition.get_absolute_url()}#comments")
    try:
        actions.comment(edition=edition, by=person(request), text=form.cleaned_data["text"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your comment is kept."))
    return redirect(f"{edition.get_absolute_url()}#comments")
