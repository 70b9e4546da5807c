"""Sorting the register: name a challenge, edit, move, merge, undo a merger, split."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges import actions, rules
from challenges.actions.register import locked
from challenges.errors import Refused
from challenges.forms import ChallengeForm, MergeForm, ReasonForm, SplitForm
from challenges.models import Challenge
from challenges.views.doors import confirmed, not_yours, person, posted, refuse
from challenges.views.register import chosen_group, own_groups
from history.models import Entry
from history.seen import changed, shown
from people.models import User
from workinggroups.views.doors import group_first

Status = Challenge.Status


@group_first
def new(request: HttpRequest) -> HttpResponse:
    """Propose a challenge, or add one; the group comes with the address, or is the only one."""
    user = person(request)
    group = chosen_group(request, own_groups(user))
    if isinstance(group, HttpResponse):
        return group
    steers = rules.can_run(user, group)
    form = ChallengeForm(posted(request), group=group, steers=steers, parent=request.GET.get("cluster", ""))
    if request.method == "POST" and form.is_valid():
        challenge = _added(form, user, Status.IDENTIFIED if steers else Status.PROPOSED)
        if challenge:
            said = (
                _("“%s” stands in the register.") if steers else _("“%s” is proposed. The leaders of the group decide.")
            )
            messages.success(request, said % challenge)
            return redirect(request.get_full_path() if "another" in request.POST else challenge)
    page = {
        "title": _("Add a challenge") if steers else _("Propose a challenge"),
        "overline": f"{_('Challenge register')}: {group.name}",
        "submit": _("Add") if steers else _("Propose"),
        "another": _("Add, then another") if steers else "",
        "cancel_url": reverse("challenges:list"),
    }
    return render(request, "challenges/form.html", {"form": form, **page})


def _added(form: ChallengeForm, user: User, status: str) -> Challenge | None:
    """Add what the valid form says; what the register refuses becomes the form's error."""
    try:
        return actions.add_challenge(entry=form.entry(), status=status, by=user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    challenge, user = steered(request, slug)
    form = ChallengeForm(posted(request), group=challenge.group, steers=True, challenge=challenge)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _edit(form, challenge, user)
        except Refused as refusal:
            form.add_error("parent", str(refusal))
        if not changes and form.is_valid():
            messages.success(request, _("The challenge was changed. Rounds that asked about it keep their wording."))
            return redirect(challenge)
    page = {"title": _("Edit the challenge"), "overline": challenge.group.name, "submit": _("Save")}
    context = {"form": form, "cancel_url": challenge.get_absolute_url(), **page, **changes}
    return render(request, "challenges/form.html", context)


@transaction.atomic
def _edit(form: ChallengeForm, challenge: Challenge, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises Refused."""
    fresh = locked(challenge)
    now = shown(ChallengeForm(group=fresh.group, steers=True, challenge=fresh))
    changes = changed(form, now, Entry.objects.about(fresh).filter(verb="edited"))
    if not changes:
        actions.edit_challenge(challenge=fresh, entry=form.entry(), by=by)
    return changes


def move(request: HttpRequest, slug: str, status: str) -> HttpResponse:
    """Take a step of the life cycle by hand."""
    challenge, user = steered(request, slug)
    if status not in actions.next_by_hand(challenge):
        messages.error(request, _("This step is not possible now."))
        return redirect(challenge)
    wanted = Status(status)
    needed = actions.needs_reason(challenge, wanted)
    form = ReasonForm(posted(request), required=needed)
    page = {
        "title": _("Mark “%(title)s” as %(status)s?") % {"title": challenge, "status": wanted.label},
        "text": _("It is %(status)s now. The step and its reason stand in the public history.")
        % {"status": Status(challenge.status).label},
        "submit": _("Mark as %(status)s") % {"status": wanted.label},
        "cancel_url": challenge.get_absolute_url(),
    }

    def step(_form: Any) -> None:
        actions.move_challenge(challenge=challenge, to=status, by=user, reason=form.cleaned_data["reason"])

    return confirmed(request, step, page=page, done=_("Done."), form=form)


def merge(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the challenge that stays."""
    challenge, user = _sorted(request, slug)
    form = MergeForm(posted(request), challenge=challenge)
    if request.method == "POST" and form.is_valid():
        try:
            actions.merge_challenge(challenge=challenge, by=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is merged. For 14 days that can be undone, unless a round asks about it."))
            return redirect(challenge)
    lede = _("Its page stays and points to the other; subdimensions and agenda items move. Rounds keep their wording.")
    return _form_page(request, challenge, form, title=_("Merge “%s”") % challenge, lede=lede, submit=_("Merge"))


def undo_merge(request: HttpRequest, slug: str) -> HttpResponse:
    challenge, user = steered(request, slug)
    if not actions.can_undo(challenge):
        messages.error(request, _("A merger can be undone for 14 days, and only until a round has asked about it."))
        return redirect(challenge)
    form = ReasonForm(posted(request))
    page = {
        "title": _("Undo the merging of “%s”?") % challenge,
        "text": _("It will be %(status)s again. The step and its reason stand in the public history.")
        % {"status": Status(challenge.status_before).label},
        "submit": _("Undo the merger"),
        "cancel_url": challenge.get_absolute_url(),
    }

    def step(_form: Any) -> None:
        actions.undo_merge(challenge=challenge, by=user, reason=form.cleaned_data["reason"])

    return confirmed(request, step, page=page, done=_("It stands in the register again."), form=form)


def split(request: HttpRequest, slug: str) -> HttpResponse:
    """Name the challenges that one is split into."""
    challenge, user = _sorted(request, slug)
    form = SplitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason, park = form.cleaned_data["reason"], form.cleaned_data["park"]
        try:
            found = actions.split_challenge(challenge=challenge, parts=form.parts(), by=user, reason=reason, park=park)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ngettext("%s challenge was added.", "%s challenges were added.", len(found)) % len(found)
            messages.success(request, said)
            return redirect(challenge)
    lede = _("The new challenges stand beside it and link back to it. Rounds that asked about it keep their wording.")
    return _form_page(request, challenge, form, title=_("Split “%s”") % challenge, lede=lede, submit=_("Split"))


def _form_page(request: HttpRequest, challenge: Challenge, form: Any, **page: str) -> HttpResponse:
    about = {"overline": challenge.group.name, "cancel_url": challenge.get_absolute_url()}
    return render(request, "challenges/form.html", {"form": form, **about, **page})


def _sorted(request: HttpRequest, slug: str) -> tuple[Challenge, User]:
    """Return the challenge if the person may merge or split it and its life cycle allows that."""
    challenge, user = steered(request, slug)
    if not challenge.sortable:
        raise PermissionDenied(_("Only a challenge that is neither in focus nor put aside can be merged or split."))
    return challenge, user


def steered(request: HttpRequest, slug: str) -> tuple[Challenge, User]:
    """Return the challenge if the person sorts the register of its group."""
    user = person(request)
    challenge = get_object_or_404(Challenge.objects.visible_to(user).select_related("group", "parent"), slug=slug)
    if not rules.can_edit(user, challenge):
        refuse(user, challenge.group, not_yours())
    return challenge, user
