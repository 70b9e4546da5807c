"""Writing: the next edition, the prose of one, its preview, and how its build goes."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from history.models import Entry
from history.seen import changed, shown
from outcomes import actions
from outcomes.actions.locking import locked
from outcomes.errors import Gone, Refused, WrongState
from outcomes.forms import EditionForm
from outcomes.models import Edition, Publication
from outcomes.preview import article as written
from outcomes.record_fields import chosen
from outcomes.views.starting import plan, previewed
from outcomes.views.steps import check_writer, edition_of, turned_back
from people.models import User
from people.sessions import person

State = Edition.State
OK, CONFLICT = 200, 409


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
            if "preview" in request.POST:
                return previewed(request, lambda: plan(person(request), publication, form))
            return redirect("outcomes:build", *_address(plan(person(request), publication, form)))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    title = _("Next edition of “%(title)s”") % {"title": last.title}
    context = {"form": form, "of": last, "title": title, "submit": _("Create and build")}
    return render(request, "outcomes/form.html", context | {"cancel_url": last.get_absolute_url()})


def edit(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Change the prose and the sources before review; saving builds anew. Nothing typed is lost, come what may."""
    edition = edition_of(request.user, slug, version)
    if request.method != "POST" and edition.state not in Edition.EDITABLE:
        messages.error(request, actions.why_closed(edition))
        return redirect(edition)
    context: dict[str, Any] = {"of": edition, "title": _("Edit “%(title)s”") % {"title": edition.title}}
    form, status = _form_of(edition, request.POST or None), OK
    try:
        came = _take(request, edition, form) if request.method == "POST" else {}
    except Refused as refusal:
        form.add_error(None, str(refusal))
        came, status = {}, CONFLICT
    if isinstance(came, HttpResponse):
        return came
    context |= {"form": form, "submit": _("Save and build"), "cancel_url": edition.get_absolute_url(), **came}
    return render(request, "outcomes/form.html", context, status=status)


def _take(request: HttpRequest, edition: Edition, form: EditionForm) -> HttpResponse | dict[str, Any]:
    """What comes of a sent form: a preview, the build, or what somebody else has changed meanwhile. Raises Refused."""
    if edition.state not in Edition.EDITABLE:
        raise WrongState(actions.why_closed(edition))
    if not form.is_valid():
        return {}
    if "preview" in request.POST:
        return previewed(request, lambda: _edited(form, edition, person(request)))
    return _save(form, edition, person(request)) or redirect("outcomes:build", *_address(edition))


def build(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """How the build goes, step k of n; POST asks for one."""
    edition = edition_of(request.user, slug, version)
    if request.method == "POST":
        try:
            actions.request_build(edition=edition, by=person(request))
        except Gone as refusal:
            return turned_back(request, edition, refusal)
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
        actions.cancel_build(edition=edition, by=person(request))
    except Gone as refusal:
        return turned_back(request, edition, refusal)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The build is called off. You can edit the edition and build it again."))
    return redirect("outcomes:build", slug, version)


def preview(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The article as it would read with what is saved."""
    edition = edition_of(request.user, slug, version)
    if edition.state not in {*Edition.EDITABLE, State.BUILDING}:
        return redirect(edition)
    try:
        article = written(edition)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outcomes:edit", slug, version)
    context = {"edition": edition, "publication": edition.publication, "article": article, "is_planned": True}
    return render(request, "outcomes/preview.html", context)


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


def _edited(form: EditionForm, edition: Edition, by: User) -> Edition:
    return actions.edit_edition(edition=edition, by=by, sources=form.sources, **form.prose)


@transaction.atomic
def _save(form: EditionForm, edition: Edition, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    fresh = locked(edition)
    edits = Entry.objects.about(fresh.publication).filter(verb="edition_edited")
    changes = changed(form, shown(_form_of(fresh)), edits)
    if not changes:
        _edited(form, fresh, by)
    return changes
