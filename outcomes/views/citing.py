"""What the public record of an edition may still gain: a DOI, other topics, other languages."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from history.models import Entry
from history.seen import changed, shown
from outcomes import actions, rules
from outcomes.actions import citing, translating
from outcomes.actions.locking import lock_publication
from outcomes.citing_forms import DoiForm, OriginalForm, TopicsForm, TranslationForm
from outcomes.errors import Refused
from outcomes.models import Edition, Publication
from outcomes.views.starting import plan_translation, previewed
from outcomes.views.steps import check_writer, edition_of
from people.models import User
from people.sessions import person


def doi(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Store, change or take away the DOI of an edition."""
    edition = edition_of(request.user, slug, version)
    if not rules.can_set_doi(request.user, edition):
        raise PermissionDenied(_("The secretariat stores DOIs, once an edition is built. Write to it with yours."))
    form = DoiForm(request.POST if request.method == "POST" else None, edition=edition)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _set_doi(form, edition, person(request))
        except Refused as refusal:
            form.add_error("doi", str(refusal))
        else:
            if not changes:
                stored = form.cleaned_data["doi"]
                messages.success(request, _("The DOI is stored.") if stored else _("The DOI is taken away."))
                return redirect(edition)
    context: dict[str, Any] = {
        **changes,
        "title": _("DOI of this edition"),
        "lede": _(
            "%(title)s, edition %(version)s. The portal mints no DOIs: store the one that your agency gave. "
            "Page, citations and metadata name it at once; text and files of a published edition stay as they are."
        )
        % {"title": edition.title, "version": edition.version},
        "submit": _("Store"),
        "form": form,
        "cancel_url": edition.get_absolute_url(),
    }
    return render(request, "pages/form.html", context)


@transaction.atomic
def _set_doi(form: DoiForm, edition: Edition, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    fresh = citing.held(edition)
    edits = Entry.objects.about(fresh.publication).filter(verb__in=["doi_stored", "doi_removed"])
    changes = changed(form, shown(DoiForm(edition=fresh)), edits.filter(payload__version=fresh.version))
    if not changes:
        actions.set_doi(edition=fresh, by=by, doi=form.cleaned_data["doi"])
    return changes


def topics(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the challenges that a publication is about."""
    publication = _writable(request, slug)
    data = request.POST if request.method == "POST" else None
    form = TopicsForm(data, publication=publication)
    changes: dict[str, Any] = {}
    if data is not None and form.is_valid():
        try:
            changes = _set_topics(form, publication, person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not changes:
                messages.success(request, _("The topics are changed."))
                return redirect(publication)
    words = {
        **changes,
        "title": _("Topics of this publication"),
        "lede": _("Feeds, letters and catalogues follow at once; files in review and in print keep what they say."),
    }
    return _asked(request, publication, form, words)


@transaction.atomic
def _set_topics(form: TopicsForm, publication: Publication, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    held = lock_publication(publication.pk)
    edits = Entry.objects.about(held).filter(verb="topics_changed")
    changes = changed(form, shown(TopicsForm(publication=held)), edits)
    if not changes:
        actions.set_topics(publication=held, topics=form.cleaned_data["topics"], by=by)
    return changes


def original(request: HttpRequest, slug: str) -> HttpResponse:
    """Say of which publication this one is a translation, or of none."""
    publication = _writable(request, slug)
    form = OriginalForm(request.POST if request.method == "POST" else None, publication=publication)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _link(form, publication, person(request))
        except Refused as refusal:
            form.add_error("original", str(refusal))
        else:
            if not changes:
                messages.success(request, _("The other languages are named on the page now."))
                return redirect(publication)
    words = {
        **changes,
        "title": _("A translation of which publication?"),
        "lede": _("Readers find the other languages on each page, and search engines know that they belong together."),
    }
    return _asked(request, publication, form, words)


@transaction.atomic
def _link(form: OriginalForm, publication: Publication, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    fresh, source = translating.held(publication, form.cleaned_data["original"])
    edits = Entry.objects.about(fresh).filter(verb__in=["translation_linked", "translation_unlinked"])
    changes = changed(form, shown(OriginalForm(publication=fresh)), edits)
    if not changes:
        actions.link_translation(publication=fresh, original=source, by=by)
    return changes


def _asked(request: HttpRequest, of: Publication, form: Form, words: dict[str, Any]) -> HttpResponse:
    context = {**words, "submit": _("Save"), "form": form, "cancel_url": of.get_absolute_url()}
    return render(request, "pages/form.html", context)


def translate(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a translation: the same records, the words of the original to be written over."""
    publication = _writable(request, slug)
    last = publication.editions.order_by("-version")[0]
    form = TranslationForm(request.POST or None, last=last)
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                return previewed(request, lambda: plan_translation(person(request), last, form))
            planned = plan_translation(person(request), last, form)
            return redirect("outcomes:build", planned.publication.slug, planned.version)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "of": last,
        "title": _("Translate “%(title)s”") % {"title": last.title},
        "submit": _("Create and build"),
        "cancel_url": publication.get_absolute_url(),
    }
    return render(request, "outcomes/form.html", context)


def _writable(request: HttpRequest, slug: str) -> Publication:
    publication = get_object_or_404(Publication.objects.visible_to(request.user), slug=slug)
    check_writer(request.user, publication)
    return publication
