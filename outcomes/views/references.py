"""Works of others: the public list, and how the secretariat adds, imports, changes and removes them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from history.models import Entry
from history.seen import changed, shown
from outcomes import rules
from outcomes.actions import references as actions
from outcomes.filters import ReferenceFilter
from outcomes.models import Reference
from outcomes.reference_forms import ImportForm, ReferenceForm
from people.models import User
from people.sessions import person, viewer
from workinggroups.models import WorkingGroup

PER_PAGE = 50


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list as a bibliography, by words and by group."""
    asked = ReferenceFilter(request.GET, Reference.objects.listed())
    works = Paginator(asked.qs.prefetch_related("groups"), PER_PAGE)
    context = {
        "page_obj": works.get_page(request.GET.get("page")),
        "groups": WorkingGroup.objects.order_by("name", "pk"),
        "words": asked.form.cleaned_data.get("q", ""),
        "chosen": asked.form.cleaned_data.get("group") or [],
        "can_edit": rules.can_edit_references(viewer(request)),
    }
    return render(request, "outcomes/references.html", context)


def new(request: HttpRequest) -> HttpResponse:
    user = _editor(request)
    form = ReferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reference = actions.add_reference(reference=form.instance, **_links(form), by=user)
        except ValidationError as refusal:  # somebody was faster
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The reference is listed."))
            return redirect(reference)
    return _form(request, form, _("Add a reference"), _("Add"))


def edit(request: HttpRequest, citekey: str) -> HttpResponse:
    user = _editor(request)
    reference = get_object_or_404(Reference.objects.listed(), citekey=citekey)
    form = ReferenceForm(request.POST or None, instance=reference)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        changes = _change(form, citekey, user)
        if not changes:
            messages.success(request, _("The reference was changed."))
            return redirect(reference)
    return _form(request, form, _("Change the reference"), _("Save"), **changes)


@transaction.atomic
def _change(form: ReferenceForm, citekey: str, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile."""
    stored = get_object_or_404(Reference.objects.select_for_update(no_key=True), citekey=citekey)
    changes = changed(form, shown(ReferenceForm(instance=stored)), Entry.objects.about(stored))
    if not changes:
        actions.edit_reference(reference=form.instance, **_links(form), by=by)
    return changes


def remove(request: HttpRequest, citekey: str) -> HttpResponse:
    user = _editor(request)
    reference = get_object_or_404(Reference.objects.listed(), citekey=citekey)
    if request.method == "POST":
        actions.remove_reference(reference=reference, by=user)
        messages.success(request, _("The reference was removed."))
        return redirect("outcomes:references")
    page = {
        "title": _("Remove this reference?"),
        "text": reference.title,
        "submit": _("Remove"),
        "danger": True,
        "cancel_url": reference.get_absolute_url(),
    }
    return render(request, "pages/confirm.html", page)


def bring_in(request: HttpRequest) -> HttpResponse:
    """Import what was pasted: all entries, or none and the reasons beside the field."""
    user = _editor(request)
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            n = len(actions.import_references(works=form.works, groups=form.cleaned_data["groups"], by=user))
        except ValidationError as refusal:  # somebody was faster
            form.add_error(None, refusal.messages)
        else:
            said = ngettext("%(n)s reference was listed.", "%(n)s references were listed.", n)
            messages.success(request, said % {"n": n})
            return redirect("outcomes:references")
    return _form(request, form, _("Import references"), _("Import"))


def _editor(request: HttpRequest) -> User:
    user = person(request)
    if not rules.can_edit_references(user):
        raise PermissionDenied(_("The secretariat keeps the list of references. Write to it what is missing."))
    return user


def _links(form: ReferenceForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("groups", "topics")}


def _form(request: HttpRequest, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    page = {"form": form, "title": title, "submit": submit, "overline": _("References"), **more}
    return render(request, "pages/form.html", page | {"cancel_url": reverse("outcomes:references")})
