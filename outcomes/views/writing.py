"""Writing: the next edition, the prose of one, its preview, and how its build goes."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from history.models import Entry
from history.seen import changed, shown
from outcomes import actions
from outcomes.actions.drafting import MARKDOWN
from outcomes.actions.locking import locked
from outcomes.characters import clean
from outcomes.errors import Refused
from outcomes.forms import EditionForm
from outcomes.models import Edition, Publication
from outcomes.preview import article as previewed
from outcomes.record_fields import chosen
from outcomes.tidy import tidied
from outcomes.views.starting import plan
from outcomes.views.steps import check_writer, edition_of
from people.models import User

State = Edition.State


def next_edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a correction or a new state of a publication: the next edition, from what the last one said."""
    publication = get_object_or_404(Publication.objects.visible_to(request.user), slug=slug)
    check_writer(request.user, publication)
    last = publication.editions.short().order_by("-version")[0]
    form = EditionForm(
        request.POST or None,
        template=last.template,
        groups=publication.groups.all(),
        initial=_as_before(last),
        language_stays=True,
    )
    form.fields["change_note"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan(_person(request), publication, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("outcomes:build", *_address(planned))
    title = _("Next edition of “%(title)s”") % {"title": last.title}
    context = {"form": form, "title": title, "submit": _("Create and build"), "cancel_url": last.get_absolute_url()}
    return render(request, "outcomes/form.html", context)


def edit(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Change the prose and the sources before review; saving builds anew."""
    edition = edition_of(request.user, slug, version)
    title = edition.title
    if edition.state not in Edition.EDITABLE:
        state = State(edition.state).label
        messages.error(request, _("The edition is %(state)s, so its text no longer changes.") % {"state": state})
        return redirect(edition)
    form = _form_of(edition, request.POST or None)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _save(request, edition, form)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(edition)
        if not changes:
            return redirect("outcomes:build", slug, version)
    context = {
        **changes,
        "form": form,
        "title": _("Edit “%(title)s”") % {"title": title},
        "submit": _("Save and build"),
        "cancel_url": edition.get_absolute_url(),
        "preview_url": reverse("outcomes:preview", args=[slug, version]),
    }
    return render(request, "outcomes/form.html", context)


def build(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """How the build goes, step k of n; POST asks for one."""
    edition = edition_of(request.user, slug, version)
    if request.method == "POST":
        try:
            actions.request_build(edition=edition, by=_person(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("outcomes:build", slug, version)
    steps = [
        _("Gather the records and freeze the data"),
        _("Write the article"),
        _("Write the data and the citations"),
        _("Set the PDF"),
        _("Write the Word file"),
        _("Store the files"),
    ]
    context = {"edition": edition, "publication": edition.publication, "steps": steps, "total": len(steps)}
    return render(request, "outcomes/build.html", context)


def cancel(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Call a build off; the draft stays as it is."""
    edition = edition_of(request.user, slug, version)
    if request.method != "POST":
        return redirect("outcomes:build", slug, version)
    try:
        actions.cancel_build(edition=edition, by=_person(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The build is called off. You can edit the edition and build it again."))
    return redirect("outcomes:build", slug, version)


def preview(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The article as it would read; POST shows words that are not saved yet."""
    edition = edition_of(request.user, slug, version)
    if edition.state not in {*Edition.EDITABLE, State.BUILDING}:
        return redirect(edition)
    for name in ("title", "abstract", "plain_summary", "next_steps", "change_note"):
        if name in request.POST:
            text = clean(request.POST[name]).strip()
            setattr(edition, name, tidied(text)[0] if name in MARKDOWN else text)
    try:
        article = previewed(edition)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outcomes:edit", slug, version)
    context = {"edition": edition, "publication": edition.publication, "article": article, "is_planned": True}
    return render(request, "outcomes/preview.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the middleware lets nobody else in
    return request.user


def _address(edition: Edition) -> tuple[str, int]:
    return edition.publication.slug, edition.version


def _as_before(last: Edition) -> dict[str, Any]:
    names = ("title", "abstract", "plain_summary", "next_steps", "language", "licence")
    kept = {name: getattr(last, name) for name in names}
    return kept | chosen(last)


def _form_of(edition: Edition, data: QueryDict | None = None) -> EditionForm:
    return EditionForm(
        data,
        template=edition.template,
        groups=edition.publication.groups.all(),
        instance=edition,
        initial=chosen(edition),
        language_stays=edition.version > 1,
    )


@transaction.atomic
def _save(request: HttpRequest, edition: Edition, form: EditionForm) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    fresh = locked(edition)  # the form has written on its own copy
    deeds = Entry.objects.about(fresh.publication).filter(verb="edition_edited")
    changes = changed(form, shown(_form_of(fresh)), deeds)
    if not changes:
        actions.edit_edition(edition=edition, by=_person(request), sources=form.sources, **form.prose)
    return changes
