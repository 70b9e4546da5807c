"""Public pages of groups, and the form behind their texts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from history.models import Entry
from history.seen import changed, shown
from people.models import User
from people.sessions import person, viewer
from workinggroups import overview, rules
from workinggroups.actions import describe, set_up
from workinggroups.errors import NameTakenError
from workinggroups.forms import GroupForm
from workinggroups.models import WorkingGroup
from workinggroups.views.doors import admit


@login_not_required
def group_list(request: HttpRequest) -> HttpResponse:
    reader = viewer(request)
    groups = overview.with_seats().visible_to(reader)
    rows = [{"group": group, "composition": overview.composition(group.seats)} for group in groups]  # type: ignore[attr-defined]  # Prefetch sets it
    return render(request, "workinggroups/list.html", {"rows": rows, "can_set_up": rules.is_secretariat(reader)})


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


def new(request: HttpRequest) -> HttpResponse:
    """Set up a group: the secretariat's first step in an empty portal."""
    user = person(request)
    if not rules.is_secretariat(user):
        raise Http404
    form = GroupForm(request.POST or None, initial={"contact_email": settings.CONTACT_EMAIL})
    if request.method == "POST" and form.is_valid():
        group = _set_up(form, user)
        if group:
            messages.success(request, _("The group is set up. Invite its people next."))
            return redirect(group)
    context = {
        "title": _("Set up a working group"),
        "lede": _("The group gets a public page at once. All but its short name in addresses can be changed later."),
        "form": form,
        "submit": _("Set up the group"),
        "cancel_url": reverse("workinggroups:list"),
    }
    return render(request, "pages/form.html", context)


def _set_up(form: GroupForm, by: User) -> WorkingGroup | None:
    try:
        return set_up(identity=form.identity(), description=form.description(), by=by)
    except NameTakenError as error:
        form.add_error("name", str(error))
        return None


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What the group is and what its page says."""
    user = person(request)
    group = get_object_or_404(WorkingGroup.objects.select_related("criterion").visible_to(user), slug=slug)
    sentence = _("Only the secretariat changes what a group’s page says. Write to it with your proposal.")
    admit(user, group, allowed=rules.can_edit(user, group), sentence=sentence)
    form = GroupForm(request.POST or None, group=group)
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
def _describe(form: GroupForm, group: WorkingGroup, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile."""
    held = WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    edits = Entry.objects.about(held).filter(verb="described")
    changes = changed(form, shown(GroupForm(group=held)), edits)
    if not changes:
        describe(group=held, description=form.description(), identity=form.identity(), by=by)
    return changes
