"""Public pages of groups, and the form behind their texts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from history.models import Entry
from history.seen import changed, shown
from people.models import User
from people.sessions import person, viewer
from workinggroups import overview, rules
from workinggroups.actions import describe
from workinggroups.forms import DescriptionForm, description_of
from workinggroups.models import WorkingGroup
from workinggroups.views.doors import admit


@login_not_required
def group_list(request: HttpRequest) -> HttpResponse:
    groups = overview.with_seats().visible_to(viewer(request))
    rows = [{"group": group, "composition": overview.composition(group.seats)} for group in groups]  # type: ignore[attr-defined]  # Prefetch sets it
    return render(request, "workinggroups/list.html", {"rows": rows})


@login_not_required
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a group. Another name of the group leads here for good."""
    reader = viewer(request)
    group = overview.with_history().visible_to(reader).filter(slug=slug).first()
    if group is None:
        return _renamed(slug)
    actions = {
        "can_enter": rules.can_enter(reader, group),
        "can_edit": rules.can_edit(reader, group),
        "can_invite": bool(rules.roles_to_invite(reader, group)) if reader else False,
    }
    return render(request, "workinggroups/detail.html", overview.page(group) | actions)


def _renamed(slug: str) -> HttpResponse:
    group = WorkingGroup.objects.with_alias(slug)
    if group is None:
        raise Http404
    return redirect(group, permanent=True)


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The texts of the group's page: summary, aims, target, contact."""
    user = person(request)
    group = get_object_or_404(WorkingGroup.objects.visible_to(user), slug=slug)
    sentence = _("Only the secretariat changes what a group’s page says. Write to it with your proposal.")
    admit(user, group, allowed=rules.can_edit(user, group), sentence=sentence)
    form = DescriptionForm(request.POST or None, initial=description_of(group))
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        changes = _describe(form, group, user)
        if not changes:
            messages.success(request, _("The page was saved."))
            return redirect(group)
    context = {
        **changes,
        "title": _("Edit the page of the group"),
        "overline": group.name,
        "form": form,
        "submit": _("Save the page"),
        "cancel_url": group.get_absolute_url(),
    }
    return render(request, "pages/form.html", context)


@transaction.atomic
def _describe(form: DescriptionForm, group: WorkingGroup, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile."""
    held = WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    edits = Entry.objects.about(held).filter(verb="described")
    changes = changed(form, shown(DescriptionForm(initial=description_of(held))), edits)
    if not changes:
        describe(group=held, description=form.description(), by=by)
    return changes
