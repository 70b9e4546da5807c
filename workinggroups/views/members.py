"""The members' area: who belongs to the group, whom one invites, roles and endings."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from history.clock import database_now
from history.models import Entry
from history.seen import changed, shown
from people.models import User
from people.sessions import person
from workinggroups import actions, rules
from workinggroups.errors import EndsBeforeStartError, EndsLaterError, GroupError, NotAllInvitedError
from workinggroups.forms import EndForm, InviteForm, PauseForm, RoleForm
from workinggroups.models import Membership, WorkingGroup
from workinggroups.views.doors import admit

INVITING = gettext_lazy("Invitations go out from the secretariat and from the leader of the group. Ask one of them.")
MANAGING = gettext_lazy(
    "Roles are changed, memberships paused and ended by the secretariat, and for members and observers by the "
    "group’s leader."
)


def _group(request: HttpRequest, slug: str) -> tuple[User, WorkingGroup]:
    """Return the reader and the group; 404 for somebody outside."""
    user = person(request)
    group = get_object_or_404(WorkingGroup.objects.visible_to(user), slug=slug)
    admit(user, group, allowed=rules.can_enter(user, group))
    return user, group


def _members_address(group: WorkingGroup) -> str:
    return reverse("workinggroups:members", args=[group.slug])


@never_cache
def members(request: HttpRequest, slug: str) -> HttpResponse:
    user, group = _group(request, slug)
    manageable = rules.roles_to_give(user, group)
    held = [(seat, seat.role in manageable) for seat in group.memberships.unended().with_people().by_name()]
    context = {
        "group": group,
        "memberships": [pair for pair in held if pair[0].status == Membership.Status.ACTIVE],
        "paused": [pair for pair in held if pair[0].status == Membership.Status.PAUSED] if manageable else [],
        "can_edit": rules.can_edit(user, group),
        "can_manage": bool(manageable),
        "roles_to_invite": rules.roles_to_invite(user, group),
        "invitations": group.invitations.pending().select_related("invited_by") if manageable else [],
        "former": _former(group) if manageable else [],
    }
    return render(request, "workinggroups/members.html", context)


def _former(group: WorkingGroup) -> Any:
    ended = group.memberships.filter(status=Membership.Status.ENDED).select_related("user__organisation")
    return ended.order_by("-ended_on", "pk")


@never_cache
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    user, group = _group(request, slug)
    roles = rules.roles_to_invite(user, group)
    admit(user, group, allowed=bool(roles), sentence=INVITING)
    form = InviteForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid() and _invited(form, group, user):
        messages.success(request, _on_its_way(form.cleaned_data["email"]))
        return redirect(_members_address(group))
    context = {
        "title": _("Invite people"),
        "overline": group.name,
        "lede": _(
            "Each person gets a letter with a link. Accepting creates the membership, and the account if need be."
        ),
        "form": form,
        "submit": _("Send the invitations"),
        "cancel_url": _members_address(group),
    }
    return render(request, "pages/form.html", context)


def _invited(form: InviteForm, group: WorkingGroup, user: User) -> bool:
    values = form.cleaned_data
    emails = values["email"]
    try:
        actions.invite_all(group=group, emails=emails, role=values["role"], helix=values["helix"], by=user)
    except NotAllInvitedError as error:
        alone = len(emails) == 1
        form.add_error("email", list(error.reasons.values()) if alone else error.sentences)
        return False
    return True


def _on_its_way(emails: list[str]) -> str:
    if len(emails) == 1:
        return _("The invitation to %s is on its way.") % emails[0]
    return _("%d invitations are on their way.") % len(emails)


@never_cache
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back an invitation: GET asks, POST does it."""
    user, group = _group(request, slug)
    invitation = get_object_or_404(group.invitations.all(), pk=pk)
    admit(user, group, allowed=rules.can_invite(user, group, invitation.role), sentence=INVITING)
    if request.method == "POST":
        try:
            actions.withdraw_invitation(invitation=invitation, by=user)
        except GroupError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The invitation to %s was withdrawn.") % invitation.email)
        return redirect(_members_address(group))
    text = _("The link in the letter to %s will no longer work.") % invitation.email
    return _confirm(request, group, title=_("Withdraw the invitation?"), text=text, submit=_("Withdraw"))


def _managed(request: HttpRequest, slug: str, pk: int) -> tuple[User, WorkingGroup, Membership]:
    """Return the reader, the group and one of its memberships that the reader may change."""
    user, group = _group(request, slug)
    membership = get_object_or_404(group.memberships.select_related("user", "group"), pk=pk)
    admit(user, group, allowed=rules.can_manage(user, group, membership.role), sentence=MANAGING)
    return user, group, membership


@never_cache
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    user, group, membership = _managed(request, slug, pk)
    roles = rules.roles_to_give(user, group)
    form = RoleForm(request.POST or None, roles=roles, membership=membership)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _give(form, roles, membership, user)
        except GroupError as error:
            form.add_error(None, str(error))
        else:
            if not changes:
                said = {"person": membership.user, "role": membership.get_role_display()}
                messages.success(request, _("%(person)s: the role is now %(role)s.") % said)
                return redirect(_members_address(group))
    title = _("Change the role of %s?") % membership.user
    text = _("Now: %s. Rounds that are open keep their electors.") % membership.get_role_display()
    return _confirm(request, group, title=title, text=text, submit=_("Change the role"), form=form, **changes)


@transaction.atomic
def _give(form: RoleForm, roles: list[Membership.Role], membership: Membership, by: User) -> dict[str, Any]:
    """Give the role that was chosen, or return which one somebody else has given meanwhile. Raises GroupError."""
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    membership.refresh_from_db(fields=["role"])
    edits = Entry.objects.about(membership).filter(verb="role_changed")
    changes = changed(form, shown(RoleForm(roles=roles, membership=membership)), edits)
    if not changes:
        membership.role = actions.change_role(membership=membership, role=form.cleaned_data["role"], by=by).role
    return changes


@never_cache
def pause(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    managed = _managed(request, slug, pk)
    words = {
        "title": _("Pause the membership of %s?") % managed[2].user,
        "text": _(
            "Until it goes on, the person is not counted, sees no members’ area, gets no letters about meetings "
            "and is no elector of new rounds. Open rounds keep their electors. Coming meetings leave the calendar."
        ),
        "submit": _("Pause the membership"),
    }
    return _turned(request, managed, actions.pause_membership, words, _("The membership of %s is paused."))


@never_cache
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    managed = _managed(request, slug, pk)
    role = managed[2].get_role_display()
    words = {
        "title": _("Let the membership of %s go on?") % managed[2].user,
        "text": _("In the role of before: %s. The person is invited to coming meetings.") % role,
        "submit": _("Let it go on"),
    }
    return _turned(request, managed, actions.resume_membership, words, _("The membership of %s goes on."))


def _turned(
    request: HttpRequest,
    managed: tuple[User, WorkingGroup, Membership],
    verb: Callable[..., Membership],
    words: dict[str, str],
    done: str,
) -> HttpResponse:
    """Ask once more, with a reason; a refusal stands in the form."""
    user, group, membership = managed
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(membership=membership, by=user, reason=form.cleaned_data["reason"])
        except GroupError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done % membership.user)
            return redirect(_members_address(group))
    return _confirm(request, group, form=form, **words)


@never_cache
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    user, group, membership = _managed(request, slug, pk)
    form = EndForm(request.POST or None, initial={"ended_on": database_now().date()})
    if request.method == "POST" and form.is_valid() and _ended(form, membership, user):
        messages.success(request, _("The membership of %s has ended.") % membership.user)
        return redirect(_members_address(group))
    title = _("End the membership of %s?") % membership.user
    text = _(
        "The person no longer sees the members’ area and is no longer named or counted. Ballots given stay counted."
    )
    return _confirm(request, group, title=title, text=text, submit=_("End the membership"), form=form, danger=True)


def _ended(form: EndForm, membership: Membership, user: User) -> bool:
    ended_on: dt.date = form.cleaned_data["ended_on"]
    try:
        actions.end_membership(membership=membership, by=user, ended_on=ended_on, reason=form.cleaned_data["reason"])
    except (EndsBeforeStartError, EndsLaterError) as error:
        form.add_error("ended_on", str(error))
    except GroupError as error:
        form.add_error(None, str(error))
    return not form.errors


def _confirm(request: HttpRequest, group: WorkingGroup, *, form: Form | None = None, **words: Any) -> HttpResponse:
    context = {"form": form, "cancel_url": _members_address(group), **words}
    return render(request, "pages/confirm.html", context)
